"""The mean in front of a later layer: activations, normalisation and methods, each at its own rate.

Networks of the same widths on the same images. A network is an activation with or without
normalisation: of the outputs over the units of a layer, or over the samples, before or behind the
activation; or with nothing but the mean of the outputs taken away, over either. Each has the
learning rate of its grid that brings it to the target in the fewest updates, chosen with seeds that
are not reported.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from experiments import handwriting
from experiments.activations import ACTIVATIONS
from experiments.columns import curve, stacked
from experiments.network import Network
from experiments.optimisers import METHODS
from experiments.resampling import Grid, chosen, difference_interval
from experiments.settings import LaterNetwork, LaterSettings, whole
from juchi.core.errors import run_command
from juchi.core.progress import track
from juchi.core.tables import Columns
from juchi.results.estimates import Estimate, mean_estimate
from juchi.results.experiment import Result, experiment_command

__all__ = ["Descent", "Images", "batch", "main", "run", "steps_to_target"]

Array = NDArray[np.float64]

_FUNCTIONS = {
    **{name: each.function for name, each in ACTIVATIONS.items()},
    "gelu": functional.gelu,
    "silu": functional.silu,
}
# What a variance is kept above, as PyTorch has it.
_EPSILON = 1e-5
_UNITS, _SAMPLES = 1, 2
# What is done behind an activation: along which axis, and whether by the deviation as well.
_BEHIND = {
    "layer": (_UNITS, True),
    "batch_behind": (_SAMPLES, True),
    "layer_mean": (_UNITS, False),
    "batch_mean": (_SAMPLES, False),
}


@dataclass(frozen=True)
class Images:
    """The training parts of some seeds: inputs ``(seeds, 64, samples)``, labels without the 64."""

    seeds: tuple[int, ...]
    inputs: Tensor
    labels: Tensor

    @classmethod
    def of(cls, seeds: range, samples: int) -> Images:
        """Divide the images for each seed."""
        images = handwriting.load()
        parts = [handwriting.divide(images, samples, 0, seed).training for seed in seeds]
        inputs = torch.stack([part.inputs.T for part in parts])
        return cls(tuple(seeds), inputs, torch.stack([part.labels for part in parts]))

    def repeated(self, times: int) -> Images:
        """Return all of them several times, one after another."""
        inputs, labels = self.inputs.repeat(times, 1, 1), self.labels.repeat(times, 1)
        return Images(self.seeds * times, inputs, labels)

    def some(self, rows: slice | NDArray[np.intp]) -> Images:
        """Return those of some of the seeds, by their places."""
        seeds = tuple(np.array(self.seeds)[rows].tolist())
        return Images(seeds, self.inputs[rows], self.labels[rows])


def batch(seed: int, step: int, samples: int, size: int) -> NDArray[np.intp]:
    """Return the samples of a mini-batch: a new order in each epoch, what is left over is left out.

    Shape ``(size,)``.
    """
    within = samples // size
    order = np.random.default_rng([2, seed, step // within]).permutation(samples)
    first = step % within * size
    return np.asarray(order[first : first + size])


def _normalised(values: Tensor, axis: int, scaled: bool = True) -> Tensor:
    """Take away the mean along an axis; scaled, divide by the standard deviation as well."""
    away = values - values.mean(dim=axis, keepdim=True)
    if not scaled:
        return away
    return away / torch.sqrt(away.square().mean(dim=axis, keepdim=True) + _EPSILON)


@dataclass(frozen=True)
class Descent:
    """A kind of network that learns some images, one network for each seed.

    The layers are those of `experiments.network`, and so are the draws: the activation has no part
    in either. All parameters are one tensor, shape ``(seeds, parameters)``.
    """

    settings: LaterSettings
    kind: LaterNetwork
    images: Images

    @cached_property
    def layout(self) -> Network:
        """The shapes of the layers, and what PyTorch draws for them by default."""
        widths = (handwriting.PIXELS, *self.settings.hidden, handwriting.CLASSES)
        return Network(widths, "sigmoid")

    def start(self) -> Tensor:
        """Return the parameters that each seed draws.

        With ``start: centred`` each bias behind an activation is less by half the sum of its
        weights: a sigmoid network so begins as the function that the centred sigmoid has with the
        same draws.
        """
        drawn = {seed: self.layout.initial(seed) for seed in self.images.seeds}
        place = torch.stack([drawn[seed] for seed in self.images.seeds])
        if self.kind.start == "centred":
            for weight, bias in list(self.layers(place))[1:]:
                bias.sub_(weight.sum(dim=2, keepdim=True) / 2)
        return place

    def layers(self, place: Tensor) -> Iterator[tuple[Tensor, Tensor]]:
        """Yield the weights ``(seeds, out, in)`` and the biases ``(seeds, out, 1)`` of a layer."""
        parts = iter(torch.split(place, self.layout.sizes, dim=1))
        for shape in self.layout.shapes:
            yield next(parts).view(-1, *shape), next(parts)[:, :, None]

    def loss(self, place: Tensor, images: Images) -> Tensor:
        """Return the mean cross-entropy of every seed's network, shape ``(seeds,)``."""
        values, normalisation = images.inputs, self.kind.normalisation
        *hidden, last = self.layers(place)
        for weight, bias in hidden:
            values = torch.baddbmm(bias, weight, values)
            if normalisation == "batch_before":
                values = _normalised(values, _SAMPLES)
            values = _FUNCTIONS[self.kind.activation](values)
            if normalisation in _BEHIND:
                values = _normalised(values, *_BEHIND[normalisation])
        logits = torch.baddbmm(last[1], last[0], values)
        each = functional.cross_entropy(logits, images.labels, reduction="none")
        return each.mean(dim=1)

    def step(self, place: Tensor, number: int) -> tuple[Array, Array]:
        """Return the loss over all images, and the gradient of what an update sees."""
        place = place.detach().requires_grad_()
        seen = self._seen(number)
        loss = self.loss(place, seen)
        (gradient,) = torch.autograd.grad(loss.sum(), place)
        if seen is not self.images:
            with torch.no_grad():
                loss = self.loss(place, self.images)
        return np.asarray(loss.detach()), np.asarray(gradient)

    def _seen(self, number: int) -> Images:
        """Return the images of an update."""
        if not self.settings.batch:
            return self.images
        seeds, samples = self.images.seeds, self.images.labels.shape[1]
        rows = [batch(seed, number, samples, self.settings.batch) for seed in seeds]
        chosen = torch.from_numpy(np.array(rows))
        each = chosen[:, None, :].expand(-1, self.images.inputs.shape[1], -1)
        inputs = self.images.inputs.gather(_SAMPLES, each)
        return Images(seeds, inputs, self.images.labels.gather(1, chosen))


def steps_to_target(
    settings: LaterSettings, kind: LaterNetwork, images: Images, rates: Sequence[float]
) -> Array:
    """Return the updates to the target loss at each rate, shape ``(rates, seeds)``.

    It is the limit where the target is not reached. The loss is that over all training images, also
    where an update sees a few of them.
    """
    descent = Descent(settings, kind, images.repeated(len(rates)))
    place, move = descent.start(), METHODS[settings.method]()
    rate = torch.tensor(rates).to(torch.float64).repeat_interleave(len(images.seeds))[:, None]
    steps, runs = np.full(len(rate), float(settings.limit)), np.arange(len(rate))
    for number in range(settings.limit):
        loss, gradient = descent.step(place, number)
        arrived = loss <= settings.target_loss
        steps[runs[arrived]] = number
        going = ~arrived & np.isfinite(loss)
        if not going.all():
            # What has arrived or diverged is trained no further.
            runs, place, rate, gradient = runs[going], place[going], rate[going], gradient[going]
            descent = replace(descent, images=descent.images.some(np.flatnonzero(going)))
            move.keep(going)
        if not len(runs):
            break
        place = place.detach() - rate * torch.from_numpy(np.asarray(move(gradient)))
    return steps.reshape(len(rates), -1)


@dataclass(frozen=True)
class _Trained:
    """What a network did: its rates, its grid, in logarithms of updates, and its rate's row."""

    rates: Sequence[float]
    grid: Grid
    row: int

    @property
    def rate(self) -> float:
        return self.rates[self.row]

    @property
    def logarithms(self) -> Array:
        return np.asarray(self.grid.measured[self.row])

    @property
    def updates(self) -> Array:
        """Those of the reported seeds, whole, shape ``(seeds,)``."""
        return np.exp(self.logarithms).round()


def run(settings: LaterSettings) -> Result:
    """Tune and train every network, and compare the pairs that are declared.

    `at_edge` counts the compared networks whose rate is an end of the grid, `given_up` the runs of
    each pair's second network that do not arrive. One of the first counts as the limit, which makes
    the quotient too small.
    """
    seeds = range(settings.seeds + settings.tuning_seeds)
    images = Images.of(seeds, settings.training_samples)
    trained = {
        name: _trained(settings, settings.networks[name], images)
        for name in track(settings.trained, len(settings.trained))
    }
    compared = {name for pair in settings.compared.values() for name in pair}
    seconds = {second for _, second in settings.compared.values()}
    scalars: dict[str, Any] = {"at_edge": 0, "given_up": 0}
    for name, each in trained.items():
        updates = np.exp(each.logarithms)
        if name in compared:
            scalars["at_edge"] += int(each.row in (0, len(each.rates) - 1))
        if name in seconds:
            scalars["given_up"] += int((each.updates >= settings.limit).sum())
        scalars[f"rate_{name}"] = whole(each.rate)
        scalars[f"steps_{name}"] = asdict(mean_estimate(updates, settings.confidence))
    for name, pair in settings.compared.items():
        quotient = _quotient(trained[pair[0]], trained[pair[1]], settings.confidence)
        scalars[f"{name}_quotient"] = asdict(quotient)
    scalars["normed_difference"] = _difference(settings, images, trained)
    return Result(_samples(settings, trained), _curves(settings, trained), scalars)


def _trained(settings: LaterSettings, kind: LaterNetwork, images: Images) -> _Trained:
    """Try every rate with the tuning seeds; train the reported ones where one may be chosen."""
    tuning, reported = images.some(slice(settings.seeds, None)), images.some(slice(settings.seeds))
    rates = kind.rates(settings.rates)
    tried = steps_to_target(settings, kind, tuning, rates)
    measured = np.full((len(rates), settings.seeds), np.nan)
    row = int(tried.mean(axis=1).argmin())
    rows = sorted({row, *map(int, chosen(tried))})
    updates = steps_to_target(settings, kind, reported, [rates[each] for each in rows])
    # An update at least: a network that begins at the target has no logarithm.
    measured[rows] = np.log(np.maximum(updates, 1))
    return _Trained(rates, Grid(tried, measured), row)


def _quotient(first: _Trained, second: _Trained, confidence: float) -> Estimate:
    """Return how many times as many updates the first takes, seed by seed: the geometric mean.

    The interval allows for the choice of the rates; see `experiments.resampling`.
    """
    mean = float((first.logarithms - second.logarithms).mean())
    low, high = difference_interval(second.grid, first.grid, confidence)
    middle, low, high = (float(np.exp(each)) for each in (mean, low, high))
    return Estimate(middle, len(first.logarithms), low, high)


def _difference(settings: LaterSettings, images: Images, trained: Mapping[str, _Trained]) -> float:
    """Return the largest difference in updates of networks that are to be the same, at one rate."""
    reported = images.some(slice(settings.seeds))
    first, *others = settings.same
    rates = [trained[first].rate]
    steps = trained[first].updates
    differences = [
        np.abs(steps_to_target(settings, settings.networks[name], reported, rates) - steps).max()
        for name in others
    ]
    return float(max(differences, default=0.0))


def _samples(settings: LaterSettings, trained: Mapping[str, _Trained]) -> Columns:
    """Return a row for each network and reported seed: its rate, and its updates to the target.

    `given_up` tells that it stopped at the limit, which counts as its updates.
    """
    return stacked(
        {
            "network": np.full(settings.seeds, name, dtype=object),
            "seed": np.arange(settings.seeds, dtype=np.int32),
            "rate": np.full(settings.seeds, each.rate),
            "steps": each.updates,
            "given_up": each.updates >= settings.limit,
        }
        for name, each in trained.items()
    )


def _curves(settings: LaterSettings, trained: Mapping[str, _Trained]) -> Columns:
    """Return the mean updates of the tuning seeds over the rates, by network."""
    return stacked(
        curve(name, each.rates, each.grid.tuning.mean(axis=1)) for name, each in trained.items()
    )


def main() -> None:
    """Run the configuration that the command line gives."""
    experiment_command(__doc__, LaterSettings, run)


if __name__ == "__main__":
    run_command(main)
