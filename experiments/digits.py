"""Does a non-zero mean matter in a network? Handwritten digits, one activation at a time.

Networks of the same widths, with the same initial parameters for the same seed, on the same images
are trained by gradient descent with all samples in every step. Each activation has the learning
rate that brings it to the target in the fewest steps, of a grid that all share: chosen by the
training loss of seeds that are not reported. The test part has no part in any choice.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments import handwriting
from experiments.classifier import Run, arrive, train
from experiments.columns import stacked
from experiments.network import Network, sharpness
from experiments.resampling import chosen
from experiments.settings import DigitsSettings, key_of, whole
from experiments.signs import chance_coherence
from juchi.core.errors import UserError, run_command
from juchi.core.progress import track
from juchi.core.tables import Columns
from juchi.results.estimates import mean_estimate
from juchi.results.experiment import Result, experiment_command

__all__ = ["Sway", "Tuning", "main", "run", "sway", "tune"]

Array = NDArray[np.float64]

# An angle between consecutive updates takes two of them.
_FEWEST_UPDATES = 2


@dataclass(frozen=True)
class Tuning:
    """What the grid showed.

    Attributes
    ----------
    steps
        Updates to the target, the tuning's horizon where it was not reached, shape
        ``(rates, seeds)``.
    accuracy
        On the validation part, where the target was reached; NaN where it was not; same shape.
    rate
        The rate with the fewest steps on average; of several, the smallest.
    """

    steps: Array
    accuracy: Array
    rate: float


def tune(settings: DigitsSettings, images: handwriting.Images) -> Tuning:
    """Try every rate of the grid, with the seeds that follow the reported ones."""
    network = _network(settings)
    steps = np.full((len(settings.rates), settings.tuning_seeds), float(settings.tuning_steps))
    accuracy = np.full(steps.shape, np.nan)
    for column in track(range(settings.tuning_seeds), settings.tuning_seeds):
        seed = settings.seeds + column
        parts = _parts(settings, images, seed)
        for row, rate in enumerate(settings.rates):
            arrival = arrive(
                network,
                parts.training,
                seed,
                rate=rate,
                target=settings.target_loss,
                horizon=settings.tuning_steps,
            )
            if arrival is not None:
                steps[row, column] = arrival.steps
                _, accuracy[row, column] = network.evaluate(arrival.parameters, parts.validation)
    return Tuning(steps, accuracy, settings.rates[int(steps.mean(axis=1).argmin())])


@dataclass(frozen=True)
class Sway:
    """How the path swings at each rate of the grid; arrays of shape ``(rates, seeds)``.

    Attributes
    ----------
    cosine
        Mean cosine of consecutive updates, up to the target or the last step.
    coherence
        Mean sign coherence of the second layer's neurons, over the same steps.
    """

    cosine: Array
    coherence: Array


def sway(settings: DigitsSettings, images: handwriting.Images) -> Sway:
    """Follow a short run at every rate, with the first seeds of the tuning."""
    shape = (len(settings.rates), settings.sway_seeds)
    cosine, coherence = np.empty(shape), np.empty(shape)
    for column in track(range(settings.sway_seeds), settings.sway_seeds):
        seed = settings.seeds + column
        parts = _parts(settings, images, seed)
        for row, rate in enumerate(settings.rates):
            run = train(
                _network(settings),
                parts,
                seed,
                rate=rate,
                target=settings.target_loss,
                steps=settings.sway_steps,
                every=settings.sway_steps,
            )
            _check_target(settings, run)
            cosine[row, column] = run.mean_cosine
            coherence[row, column] = run.coherence[run.way, 0].mean()
    return Sway(cosine, coherence)


def _network(settings: DigitsSettings) -> Network:
    widths = (handwriting.PIXELS, *settings.hidden, handwriting.CLASSES)
    return Network(widths, settings.activation)


def _parts(settings: DigitsSettings, images: handwriting.Images, seed: int) -> handwriting.Parts:
    return handwriting.divide(images, settings.training_samples, settings.validation_samples, seed)


def run(settings: DigitsSettings) -> Result:
    """Tune the learning rate, then train the reported seeds at it."""
    images = handwriting.load()
    tuning, swings = tune(settings, images), sway(settings, images)
    runs, rows, others = [], [], []
    for seed in track(range(settings.seeds), settings.seeds):
        parts = _parts(settings, images, seed)
        trained = _reported(settings, parts, seed, tuning.rate)
        runs.append(trained)
        rows.append(_row(settings, parts, seed, trained))
        others.append(_at_rates(settings, parts, seed, tuning, trained))
    samples = {name: np.array([row[name] for row in rows]) for name in rows[0]}
    start = float(samples["sharpness_start"].mean())
    scalars = {
        **_scalars(settings, tuning, samples),
        **_rate_scalars(settings, tuning, swings, start),
    }
    curves = [_curves(settings, tuning, swings, runs), _tuning_curves(settings, tuning), *others]
    return Result(samples, stacked(curves), scalars)


def _reported(
    settings: DigitsSettings,
    parts: handwriting.Parts,
    seed: int,
    rate: float,
    *,
    watched: bool = True,
) -> Run:
    run = train(
        _network(settings),
        parts,
        seed,
        rate=rate,
        target=settings.target_loss,
        steps=settings.steps,
        every=settings.check_every,
        watched=watched,
    )
    _check_target(settings, run)
    return run


def _at_rates(
    settings: DigitsSettings, parts: handwriting.Parts, seed: int, tuning: Tuning, tuned: Run
) -> Columns:
    """Return what a seed does at each rate that other tuning seeds might have chosen.

    `steps_to_target_<seed>` and `test_accuracy_<seed>` are points over the rates, that of the tuned
    rate among them; see `experiments.resampling`.
    """
    rates = [settings.rates[row] for row in np.unique(chosen(tuning.steps))]
    runs = [
        tuned if rate == tuning.rate else _reported(settings, parts, seed, rate, watched=False)
        for rate in rates
    ]
    measured = {
        "steps_to_target": [float(run.way.stop) for run in runs],
        "test_accuracy": [run.accuracy for run in runs],
    }
    return _points({f"{name}_{seed}": (rates, values) for name, values in measured.items()})


def _tuning_curves(settings: DigitsSettings, tuning: Tuning) -> Columns:
    """Return the steps of each tuning seed over the rates, as `tuning_<seed>`."""
    curves = {
        f"tuning_{settings.seeds + column}": (settings.rates, steps)
        for column, steps in enumerate(tuning.steps.T)
    }
    return _points(curves)


def _points(curves: Mapping[str, tuple[Sequence[float], Sequence[float] | Array]]) -> Columns:
    """Return points without intervals: by name their places and their values."""
    places = np.concatenate([np.array(place, dtype=np.float64) for place, _ in curves.values()])
    values = np.concatenate([np.array(value, dtype=np.float64) for _, value in curves.values()])
    names = np.concatenate([np.full(len(place), name) for name, (place, _) in curves.items()])
    return {"quantity": names, "x": places, "value": values, "low": values, "high": values}


def _check_target(settings: DigitsSettings, run: Run) -> None:
    """Refuse a target that leaves no two updates to measure an angle between."""
    if run.reached is not None and run.reached < _FEWEST_UPDATES:
        raise UserError(
            where="config/experiments.yaml: experiments.digits.common.target_loss",
            found=f"{settings.target_loss}, which is reached in {run.reached} updates",
            expected=f"a loss that takes at least {_FEWEST_UPDATES} updates",
            hint="lower target_loss",
        )


def _row(
    settings: DigitsSettings, parts: handwriting.Parts, seed: int, run: Run
) -> dict[str, float]:
    """Return the measures of one run; the loss of one that diverged is infinite, or none."""
    row: dict[str, float] = {
        "seed": seed,
        "diverged": not np.isfinite(run.loss).all(),
        "reached": float(run.reached is not None),
        "steps_to_target": float(run.way.stop),
        "final_loss": float(run.loss[-1]),
        "chosen_step": run.chosen_step,
        "test_accuracy": run.accuracy,
        "test_samples": len(parts.test.labels),
        **_on_the_way(run),
    }
    network = _network(settings)
    places = {"start": network.initial(seed), "target": run.at_target}
    for name, parameters in places.items():
        row[f"sharpness_{name}"] = sharpness(
            network, parameters, parts.training, settings.sharpness_rounds
        )
    return row


def _on_the_way(run: Run) -> dict[str, float]:
    """Return means over the updates to the target; NaN for a run that diverged on the way."""
    way, loss = run.way, run.loss[: run.way.stop + 1]
    measured = {"update_cosine": run.mean_cosine, "loss_rises": float((np.diff(loss) > 0).mean())}
    for index in range(run.coherence.shape[1]):
        measured[f"coherence_{index + 2}"] = float(run.coherence[way, index].mean())
        measured[f"one_sided_{index + 2}"] = float(run.one_sided[way, index].mean())
    arrived = bool(np.isfinite(loss).all())
    return {name: value if arrived else math.nan for name, value in measured.items()}


def _curves(settings: DigitsSettings, tuning: Tuning, swings: Sway, runs: list[Run]) -> Columns:
    """Return curves by name: means over seeds with their intervals.

    The mean of a loss is geometric, as it is drawn on a logarithmic axis. `criterion`,
    `validation_accuracy` (where all seeds of the tuning reached the target) and `rate_cosine` are
    over the rates, all others over the steps. What single seeds do at the rates is beside them.
    """
    steps, rates = np.arange(settings.steps + 1.0), np.array(settings.rates)
    curves = [
        _curve("criterion", rates, tuning.steps, settings),
        _curve("validation_accuracy", rates, tuning.accuracy, settings),
        _curve("rate_cosine", rates, swings.cosine, settings),
    ]
    # A loss of exactly zero has no logarithm, and a run that has diverged has no loss.
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = _curve("loss", steps, np.log([run.loss for run in runs]).T, settings)
    curves.append({**logs, **{key: np.exp(logs[key]) for key in ("value", "low", "high")}})
    cosine = np.array([run.cosine[1:] for run in runs]).T
    curves.append(_curve("update_cosine", steps[1:], cosine, settings))
    for index in range(len(settings.hidden)):
        for measure in ("coherence", "one_sided"):
            values = np.array([getattr(run, measure)[:, index] for run in runs]).T
            curves.append(_curve(f"{measure}_{index + 2}", steps, values, settings))
    return stacked(curves)


def _curve(name: str, place: Array, values: Array, settings: DigitsSettings) -> Columns:
    """Return a curve from values of shape ``(places, seeds)``."""
    means = [mean_estimate(row, settings.confidence) for row in values]
    return {
        "quantity": np.full(len(place), name),
        "x": place,
        "value": np.array([mean.value for mean in means]),
        "low": np.array([mean.low for mean in means]),
        "high": np.array([mean.high for mean in means]),
    }


def _scalars(settings: DigitsSettings, tuning: Tuning, samples: Columns) -> dict[str, Any]:
    """Return the tuned rate, what chance would give, and how sharp the loss is for that rate."""
    scalars: dict[str, Any] = {
        "learning_rate": whole(tuning.rate),
        "parameters": sum(_network(settings).sizes),
    }
    for index, width in enumerate(settings.hidden):
        scalars[f"chance_coherence_{index + 2}"] = chance_coherence(width)
    for place in ("start", "target"):
        # One is the bound of linear stability: a sharpness of 2 / eta.
        share = samples[f"sharpness_{place}"] * tuning.rate / 2
        scalars[f"stability_{place}"] = asdict(mean_estimate(share, settings.confidence))
    return scalars


def _rate_scalars(
    settings: DigitsSettings, tuning: Tuning, swings: Sway, sharpness_start: float
) -> dict[str, Any]:
    """Return what was seen at each rate of the grid, such as ``steps_at_2_8`` for a rate of 2.8.

    An accuracy is only there for a rate with which all seeds of the tuning reach the target.
    """
    accuracy = tuning.accuracy.mean(axis=1)
    sure = np.flatnonzero(np.isfinite(accuracy))
    scalars: dict[str, Any] = {}
    measured = {
        "steps": tuning.steps,
        "validation": tuning.accuracy,
        "cosine": swings.cosine,
        "coherence": swings.coherence,
    }
    for row, rate in enumerate(settings.rates):
        for measure, values in measured.items():
            if measure != "validation" or row in sure:
                estimate = mean_estimate(values[row], settings.confidence)
                scalars[f"{measure}_at_{key_of(rate)}"] = asdict(estimate)
    # Half of what linear stability allows at the start: no direction is overshot there.
    calm = np.flatnonzero(np.array(settings.rates) * sharpness_start <= 1)
    if len(calm):
        rate = settings.rates[calm[-1]]
        scalars["calm_rate"] = whole(rate)
        for measure in ("cosine", "coherence"):
            scalars[f"calm_{measure}"] = scalars[f"{measure}_at_{key_of(rate)}"]
    if len(sure):
        best = int(sure[accuracy[sure].argmax()])
        estimate = mean_estimate(tuning.accuracy[best], settings.confidence)
        scalars["accurate_validation"] = asdict(estimate)
    return scalars


def main() -> None:
    """Run the configuration that the command line gives."""
    experiment_command(__doc__, DigitsSettings, run)


if __name__ == "__main__":
    run_command(main)
