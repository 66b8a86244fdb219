"""What `torch.nn.Linear` draws by default, against the uniform distribution it is said to be.

For each fan-in n, many layers are made as PyTorch makes them. Their weights, times the root of n,
should be draws of U(-1, 1).
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.special import kolmogi

from experiments.columns import stacked
from experiments.settings import InitialisationSettings
from juchi.core.errors import run_command
from juchi.core.tables import Columns
from juchi.results.experiment import Result, experiment_command

__all__ = [
    "default_draws",
    "kolmogorov_distance",
    "kolmogorov_limit",
    "main",
    "run",
    "same_as_kaiming",
]

Array = NDArray[np.float64]

# The histogram goes this far on both sides, so that draws outside of (-1, 1) would be seen.
_SHOWN = 1.1


def default_draws(fan_in: int, outputs: int, layers: int) -> Array:
    """Return the weights of freshly made layers times ``sqrt(fan_in)``.

    Shape ``(layers, fan_in * outputs)``, float64; the draws are float32, PyTorch's default. Each
    layer has a seed of its own, so that no fan-in gets the draws of another, stretched.
    """
    drawn = np.empty((layers, fan_in * outputs))
    for layer in range(layers):
        torch.manual_seed(zlib.crc32(f"{fan_in} inputs, layer {layer}".encode()))
        weight = torch.nn.Linear(fan_in, outputs, bias=False).weight.detach()
        drawn[layer] = weight.double().flatten().numpy()
    return drawn * math.sqrt(fan_in)


def kolmogorov_distance(sample: Array) -> float:
    """Return the largest difference between the sample's distribution function and U(-1, 1)'s.

    Times the root of the size it follows Kolmogorov's distribution (G. Ist. Ital. Attuari 4, 83,
    1933) if the sample is drawn from U(-1, 1).
    """
    size = len(sample)
    expected = np.clip((np.sort(sample) + 1) / 2, 0, 1)
    ranks = np.arange(size + 1) / size
    return float(max((ranks[1:] - expected).max(), (expected - ranks[:-1]).max()))


def kolmogorov_limit(false_alarm: float, tests: int) -> float:
    """Return the largest distance, times the root of the size, that independent tests allow.

    One of them exceeds it with the probability `false_alarm` if all samples are uniform: each of
    them with ``1 - (1 - false_alarm)^(1 / tests)`` (Sidak, JASA 62, 626, 1967), by Kolmogorov's
    distribution for large samples.
    """
    each = -math.expm1(math.log1p(-false_alarm) / tests)
    return float(kolmogi(each))


def same_as_kaiming(fan_in: int, outputs: int) -> bool:
    """Whether a layer draws, to the bit, what `kaiming_uniform_` does with the slope sqrt(5).

    Its bound is ``sqrt(2 / (1 + 5)) sqrt(3 / n) = sqrt(1 / n)``: a slope that no rectifier has
    takes the factor of He et al. (2015), ``sqrt(6 / n)`` for ReLU, back out.
    """
    torch.manual_seed(0)
    layer = torch.nn.Linear(fan_in, outputs, bias=False).weight.detach()
    torch.manual_seed(0)
    named = torch.nn.init.kaiming_uniform_(torch.empty(outputs, fan_in), a=math.sqrt(5))
    return torch.equal(layer, named)


def run(settings: InitialisationSettings) -> Result:
    """Draw layers of every fan-in and compare them with the uniform distribution."""
    drawn = {n: default_draws(n, _outputs(n, settings), settings.layers) for n in settings.fan_ins}
    return Result(
        samples=stacked([_layers(n, draws) for n, draws in drawn.items()]),
        curves=stacked([_histogram(n, draws, settings.bins) for n, draws in drawn.items()]),
        scalars=_scalars(drawn, settings),
    )


def _outputs(fan_in: int, settings: InitialisationSettings) -> int:
    return math.ceil(settings.weights / fan_in)


def _layers(fan_in: int, draws: Array) -> Columns:
    """One row for each layer.

    `reach`: its largest weight in size, as a share of ``sqrt(1 / n)``; `scaled_variance`: the
    sample variance times n; `variance_ratio`: the same over ``(b - a)^2 / 12 = 1 / (3 n)``.
    """
    layers = len(draws)
    return {
        "fan_in": np.full(layers, fan_in, dtype=np.int32),
        "layer": np.arange(layers, dtype=np.int32),
        "reach": np.abs(draws).max(axis=1),
        "scaled_variance": draws.var(axis=1, ddof=1),
        "variance_ratio": draws.var(axis=1, ddof=1) * 3,
    }


def _histogram(fan_in: int, draws: Array, bins: int) -> Columns:
    """One row for each bin of the weights, in units of the weight.

    `excess`: the sample's distribution function less that of U(-1, 1) at the bin's right edge,
    times the root of the number of draws.
    """
    edges = np.linspace(-_SHOWN, _SHOWN, bins + 1)
    counts, _ = np.histogram(draws, edges)
    unit = 1 / math.sqrt(fan_in)
    expected = np.clip((edges[1:] + 1) / 2, 0, 1)
    return {
        "fan_in": np.full(bins, fan_in, dtype=np.int32),
        "low": edges[:-1] * unit,
        "high": edges[1:] * unit,
        "density": counts / (draws.size * np.diff(edges) * unit),
        "excess": (np.cumsum(counts) / draws.size - expected) * math.sqrt(draws.size),
    }


def _scalars(drawn: Mapping[int, Array], settings: InitialisationSettings) -> dict[str, Any]:
    """Single numbers: of every fan-in, and the worst of all.

    `distance`: Kolmogorov's, times the root of the number of draws; `limit`: what the tests of all
    fan-ins together allow it to be; `reach`: the largest weight in size, as a share of
    ``sqrt(1 / n)``.
    """
    distances = {
        n: kolmogorov_distance(draws.ravel()) * math.sqrt(draws.size) for n, draws in drawn.items()
    }
    reaches = {n: float(np.abs(draws).max()) for n, draws in drawn.items()}
    return {
        "draws": min(draws.size for draws in drawn.values()),
        "tests": len(drawn),
        "distance": max(distances.values()),
        "limit": kolmogorov_limit(settings.false_alarm, len(drawn)),
        "highest_reach": max(reaches.values()),
        "lowest_reach": min(reaches.values()),
        "same_as_kaiming": all(same_as_kaiming(n, _outputs(n, settings)) for n in drawn),
        **{f"distance_{n}": distance for n, distance in distances.items()},
        **{f"reach_{n}": reach for n, reach in reaches.items()},
    }


def main() -> None:
    """Run the configuration that the command line gives."""
    experiment_command(__doc__, InitialisationSettings, run)


if __name__ == "__main__":
    run_command(main)
