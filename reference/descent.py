"""One weight: trained again from the same starts, by gradients worked out by hand.

All models are ``f(p a + q)`` with fixed features a of the samples:

- ``scalar``: ``p = w``, ``q = 0``, a the inputs;
- ``biased``: ``p = w``, ``q = b``;
- ``batchnorm``: a the centred inputs, ``p = gain h(w)``, ``q = bias`` with
  ``h = w / sqrt(w^2 s^2 + eps)``, s^2 the variance of the inputs (Ioffe & Szegedy 2015). All that
  is left of the gradient through the batch's mean and variance is
  ``h' = eps / (w^2 s^2 + eps)^(3/2)``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.activation import CURVES
from reference.agreement import ROUNDING, Measure, near
from reference.generator import Generator
from reference.loss import Loss, Valley, minimiser

__all__ = ["Run", "fed_inputs", "flip_share", "measures", "starts", "train"]

Array = NDArray[Any]

# torch.nn.BatchNorm1d's default.
_EPS = 1e-5
_SATURATION = 0.01
# Twins of every start, and by how many units in the last place they are moved aside: as far as
# the rounding of a few operations in another order moves a weight.
_TWINS = 8
_UNITS = 4
# With 8 degrees of freedom a normal deviate exceeds 7.1 times its measured deviation (and the root
# of 1 + 1/9, for the comparison with one more such number) once in 10,000 times.
_DEVIATIONS = 7.5
_ALIKE = f"{_DEVIATIONS} deviations of {_TWINS} twin runs begun some {_UNITS} last places aside"
# One listing in float32 and another differ by this much where nothing amplifies the rounding.
_ROUNDING32 = 1e-5


def fed_inputs(configuration: Mapping[str, Any]) -> Array:
    """Return the inputs as the model gets them: moved, divided, then scaled."""
    x = np.array(configuration["inputs"], dtype=float)
    if configuration["input_transform"] != "raw":
        x = x - x.mean()
    if configuration["input_transform"] == "standardised":
        x = x / math.sqrt(np.square(x).mean())
    return np.asarray(configuration["input_scale"] * x)


def starts(count: int) -> tuple[Array, Array]:
    """Return weight and bias of ``torch.nn.Linear(1, 1)`` for the seeds 0, 1, ...; ``(count,)``."""
    drawn = [Generator(seed).linear(1, 1, bias=True) for seed in range(count)]
    return np.array([w[0, 0] for w, _ in drawn]), np.array([b[0] for _, b in drawn])


@dataclass(frozen=True)
class Run:
    """What a training shows of each start.

    Attributes
    ----------
    weight, loss
        Row t after t updates, shape ``(steps + 1, starts)``.
    gains, largest
        By parameter: the sum of its squared slopes, the last row without; its largest slope in
        size; ``(starts,)``, like all that follows.
    saturated
        Share of samples with ``f' < 1 %`` of the largest, at the end.
    lowest
        The lowest output on the way.
    first_fed, final_fed
        What the activation is fed, at the start and at the end, shape ``(samples, starts)``.
    """

    weight: Array
    loss: Array
    gains: Mapping[str, Array]
    largest: Mapping[str, Array]
    saturated: Array
    lowest: Array
    first_fed: Array
    final_fed: Array


class _Model:
    """A configuration's model on its data, in one precision."""

    def __init__(self, configuration: Mapping[str, Any], dtype: Any) -> None:  # noqa: ANN401 - a dtype
        self.curve = CURVES[configuration["activation"]]
        self.normalised = configuration["model"].startswith("batchnorm")
        x = fed_inputs(configuration)
        self.variance = dtype.type(np.square(x - x.mean()).mean())
        self.a = (x - x.mean() if self.normalised else x).astype(dtype)[:, None]
        y = np.array(configuration["targets"], dtype=float) + configuration["target_shift"]
        self.y = y.astype(dtype)[:, None]

    def fed(self, now: Mapping[str, Array]) -> Array:
        """Return ``z = p a + q``, shape ``(samples, starts)``."""
        if self.normalised:
            stretched = now["gain"] * now["weight"] / self.root(now["weight"])
            return np.asarray(stretched * self.a + now["bias"])
        z = now["weight"] * self.a
        return np.asarray(z + now["bias"] if "bias" in now else z)

    def root(self, weight: Array) -> Array:
        """Return ``sqrt(w^2 s^2 + eps)``."""
        return np.asarray(np.sqrt(weight * weight * self.variance + _EPS))

    def gradient(self, now: Mapping[str, Array], pull: Array) -> dict[str, Array]:
        """Return the slopes of the loss from ``2 r f'``, the slope of each sample's square by z."""
        along = (pull * self.a).sum(axis=0) / len(self.y)
        slopes = {"weight": along}
        if self.normalised:
            root = self.root(now["weight"])
            slopes["weight"] = along * now["gain"] * _EPS / root**3
            slopes["gain"] = along * now["weight"] / root
        if "bias" in now:
            slopes["bias"] = pull.sum(axis=0) / len(self.y)
        return slopes


def train(configuration: Mapping[str, Any], start: Mapping[str, Array]) -> Run:
    """Train from given initial parameters, in their own precision.

    ``v <- beta v + g; w <- w - eta v`` for each parameter in `start`; with the model
    ``batchnorm_frozen`` all but the weight.
    """
    model = _Model(configuration, start["weight"].dtype)
    eta, beta = (
        model.variance.dtype.type(configuration[key]) for key in ("learning_rate", "momentum")
    )
    now = dict(start)
    frozen = {"weight"} if configuration["model"] == "batchnorm_frozen" else set()
    velocity = {name: np.zeros_like(value) for name, value in now.items() if name not in frozen}
    gains, largest = ({name: np.zeros_like(v) for name, v in velocity.items()} for _ in range(2))
    weight, loss = [], []
    first_fed, lowest = model.fed(now), np.full_like(now["weight"], np.inf)
    for step in range(configuration["steps"] + 1):
        z = model.fed(now)
        f, slope = model.curve.derivatives(z, 1)
        residual = f - model.y
        gradient = model.gradient(now, 2 * residual * slope)
        weight.append(now["weight"])
        loss.append((residual * residual).sum(axis=0) / len(residual))
        lowest = np.minimum(lowest, f.min(axis=0))
        for name, v in velocity.items():
            g = gradient[name]
            largest[name] = np.maximum(largest[name], np.abs(g))
            if step < configuration["steps"]:
                gains[name] += g * g
                velocity[name] = beta * v + g
                now[name] = now[name] - eta * velocity[name]
    saturated = (slope < _SATURATION * model.curve.largest_slope).mean(axis=0)
    return Run(np.array(weight), np.array(loss), gains, largest, saturated, lowest, first_fed, z)


def flip_share(weight: Array, tolerance: float) -> Array:
    """Return the share of consecutive update pairs of opposite sign, over all rows, ``(starts,)``.

    The product of two updates is negative for opposite signs; pairs with an update no larger than
    `tolerance` do not count, and a run without any pair has the share zero.
    """
    update = np.diff(weight.astype(float), axis=0)
    update[np.abs(update) <= tolerance] = 0
    product = update[1:] * update[:-1]
    pairs = (product != 0).sum(axis=0)
    return np.asarray((product < 0).sum(axis=0) / np.where(pairs, pairs, 1))


def _loss_minimum(configuration: Mapping[str, Any]) -> tuple[dict[str, float], list[Measure]]:
    """Return least and constant loss, and the measures of the minimum."""
    curve, x = CURVES[configuration["activation"]], fed_inputs(configuration)
    y = np.array(configuration["targets"], dtype=float) + configuration["target_shift"]
    if configuration["model"] == "scalar":
        loss = Loss(curve, x, y)
        place = minimiser(loss)
        least, curvatures = (
            float(loss(np.array(place))),
            (float(loss.derivatives(np.array(place))[1]),) * 2,
        )
    else:
        if configuration["model"].startswith("batchnorm"):
            x = (x - x.mean()) / math.sqrt(np.square(x - x.mean()).mean() + _EPS)
        valley = Valley.of(curve, x, y)
        place, least, curvatures = valley.p, valley.loss, valley.curvatures
    name = configuration["name"]
    eta_star = 2 * (1 + configuration["momentum"]) / curvatures[0]
    constant = float(y.var())
    found = [
        near(f"{name}.w_star", place, reason="L' is zero there to rounding"),
        near(f"{name}.loss_star", least, reason="flat at the minimum"),
        near(f"{name}.constant_loss", constant),
        near(f"{name}.sharpness", curvatures[0]),
        near(f"{name}.eta_star", eta_star),
        near(f"{name}.rate_ratio", configuration["learning_rate"] / eta_star),
        near(f"{name}.condition_number", curvatures[0] / curvatures[1], 1e-8, "a quotient"),
    ]
    return {"least": least, "constant": constant}, found


def _columns(
    run: Run, configuration: Mapping[str, Any], floor: dict[str, float]
) -> dict[str, Array]:
    """Return what is measured of each start, by a name of its own."""
    tolerance, sawtooth = configuration["update_tolerance"], configuration["sawtooth_flip_share"]
    early = slice(0, configuration["early_step"] + 1)
    weight = run.weight
    flips = flip_share(weight[configuration["burn_in"] :], tolerance)
    closed = (floor["constant"] - run.loss[-1]) / (floor["constant"] - floor["least"])
    columns = {
        "flips": flips,
        "sawtooth": flips >= sawtooth,
        "amplitude": np.ptp(weight[configuration["burn_in"] :], axis=0),
        "travel": np.abs(weight[-1] - weight[0]),
        "final_loss": run.loss[-1],
        "loss_ratio": run.loss[-1] / floor["least"],
        "early_loss_ratio": run.loss[early][-1] / floor["least"],
        "closed": closed,
        "learned": closed >= 1 - configuration["learned_gap"],
        "saturated": run.saturated,
        "lowest": run.lowest,
        "first_variance": run.first_fed.var(axis=0),
        "final_mean": run.final_fed.mean(axis=0),
        "final_variance": run.final_fed.var(axis=0),
    }
    for factor in configuration.get("moved_burn_ins", ()):
        later = flip_share(weight[round(factor * configuration["burn_in"]) :], tolerance)
        columns[_moved("from", factor, "sawtooth")] = later >= sawtooth
    for line in configuration.get("moved_flip_shares", ()):
        columns[_moved("flips", line, "sawtooth")] = flips >= line
    for gap in configuration.get("moved_gaps", ()):
        columns[_moved("gap", gap, "learned")] = closed >= 1 - gap
    if "weight" in run.gains:
        columns["weight_share"] = run.gains["weight"] / sum(run.gains.values())
    columns |= {f"largest_{name}_slope": slope for name, slope in run.largest.items()}
    return columns


def _moved(of: str, value: float, seen: str) -> str:
    return f"{of}_{value:g}_{seen}".replace(".", "_")


# The facts: the name after the configuration's, what it is a statistic of, and which.
_FACTS: tuple[tuple[str, str, Any], ...] = (
    ("sawtooth_share", "sawtooth", np.mean),
    ("learned_share", "learned", np.mean),
    ("final_loss", "final_loss", np.mean),
    ("loss_ratio", "loss_ratio", np.mean),
    ("loss_ratio_median", "loss_ratio", np.median),
    ("early_loss_ratio", "early_loss_ratio", np.mean),
    ("saturated", "saturated", np.mean),
    ("flip_share", "flips", np.mean),
    ("amplitude", "amplitude", np.median),
    ("travel", "travel", np.median),
    ("gap_closed", "closed", np.min),
    ("lowest_output", "lowest", np.min),
    ("weight_share", "weight_share", np.median),
    ("largest_weight_slope", "largest_weight_slope", np.median),
    ("largest_gain_slope", "largest_gain_slope", np.median),
    ("first_variance", "first_variance", np.median),
    ("final_mean", "final_mean", np.median),
    ("final_variance", "final_variance", np.median),
)


def _beginnings(configuration: Mapping[str, Any]) -> dict[str, Array]:
    """Return the initial parameters, and behind them those of the twins, one set after another."""
    count = configuration["starts"]
    weight, bias = starts(count)
    dtype = np.float32 if configuration["engine"] == "listing" else np.float64
    rng = np.random.default_rng(0)
    units = rng.integers(-_UNITS, _UNITS + 1, (_TWINS, count))
    moved = weight * (1 + units * float(np.finfo(dtype).eps))
    begin = {"weight": np.concatenate([weight, moved.ravel()]).astype(dtype)}
    if configuration["model"] == "biased":
        begin["bias"] = np.tile(bias, _TWINS + 1).astype(dtype)
    elif configuration["model"].startswith("batchnorm"):
        begin |= {"gain": np.ones_like(begin["weight"]), "bias": np.zeros_like(begin["weight"])}
    return begin


def measures(configuration: Mapping[str, Any]) -> list[Measure]:
    """Recompute the facts of one configuration, whose settings say how the measures are taken, too.

    Where nearby starts separate exponentially, two right computations differ: so much as the
    twins, which differ by rounding, say. One start more or less is always allowed for.
    """
    floor, found = _loss_minimum(configuration)
    begin = _beginnings(configuration)
    columns = _columns(train(configuration, begin), configuration, floor)
    rounding = _ROUNDING32 if configuration["engine"] == "listing" else ROUNDING
    moved = [name for name in columns if name.startswith(("from_", "flips_", "gap_"))]
    shares = [(f"{name}_share", name, np.mean) for name in moved]
    for fact, column, statistic in (*_FACTS, *shares):
        if column not in columns:
            continue
        values = columns[column].reshape(_TWINS + 1, -1)
        each = statistic(values, axis=1).astype(float)
        least = rounding * abs(each[0]) + np.finfo(float).eps
        if values.dtype == bool:
            least += 1 / values.shape[1]
        width = _DEVIATIONS * float(each.std(ddof=1)) + least
        found.append(Measure(f"{configuration['name']}.{fact}", float(each[0]), width, _ALIKE))
    return found
