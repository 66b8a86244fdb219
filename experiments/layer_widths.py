"""What the mean of a layer's outputs costs a network, the wider the more: before any training.

The largest eigenvalue of the Hessian at the start, with the sigmoid and with the centred one, in
networks of ever wider hidden layers on handwritten digits.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from experiments import handwriting
from experiments.columns import curve, stacked
from experiments.network import Network, Samples, sharpness
from experiments.settings import WidthsSettings
from juchi.core.errors import run_command
from juchi.core.progress import track
from juchi.core.tables import Columns
from juchi.results.estimates import mean_estimate
from juchi.results.experiment import Result, experiment_command

__all__ = ["main", "run"]

Array = NDArray[np.float64]

# The activation with a mean, and the same without.
_PAIR = ("sigmoid", "centred_sigmoid")


def run(settings: WidthsSettings) -> Result:
    """Measure both activations at every width with every seed, and fit a power of the width.

    A row of `samples` is a seed, with the power that fits its ratios.
    """
    images = handwriting.load()
    widths = np.array(settings.widths, dtype=np.float64)
    ratios = np.empty((settings.seeds, len(widths)))
    for seed in track(range(settings.seeds), settings.seeds):
        parts = handwriting.divide(images, settings.training_samples, 0, seed)
        for column, width in enumerate(settings.widths):
            uncentred, centred = (
                _sharpness(settings, activation, width, parts.training, seed)
                for activation in _PAIR
            )
            ratios[seed, column] = uncentred / centred
    # The slope of the least-squares line of log ratio over log width.
    powers = np.polyfit(np.log(widths), np.log(ratios).T, 1)[0]
    samples = {"seed": np.arange(settings.seeds, dtype=np.int32), "power": powers}
    named = {f"ratio_{width}": ratios[:, column] for column, width in enumerate(settings.widths)}
    scalars = {"narrowest": min(settings.widths), "widest": max(settings.widths)}
    return Result({**samples, **named}, _curve(settings, widths, ratios), scalars)


def _sharpness(
    settings: WidthsSettings,
    activation: str,
    width: int,
    training: Samples,
    seed: int,
) -> float:
    layers = (handwriting.PIXELS, *[width] * settings.hidden_layers, handwriting.CLASSES)
    network = Network(layers, activation)
    return sharpness(network, network.initial(seed), training, settings.sharpness_rounds)


def _curve(settings: WidthsSettings, widths: Array, ratios: Array) -> Columns:
    """Return the geometric mean of the ratios over the seeds, with its interval, and each seed."""
    means = [mean_estimate(np.log(column), settings.confidence) for column in ratios.T]
    # The interval of few seeds at a level near one has no end that a number can tell.
    with np.errstate(over="ignore"):
        middle, low, high = (
            np.exp([getattr(mean, name) for mean in means]) for name in ("value", "low", "high")
        )
    mean = curve("ratio", widths, middle, low, high)
    return stacked(
        [mean, *(curve(f"ratio_{seed}", widths, row) for seed, row in enumerate(ratios))]
    )


def main() -> None:
    """Run the configuration that the command line gives."""
    experiment_command(__doc__, WidthsSettings, run)


if __name__ == "__main__":
    run_command(main)
