"""One variant of the experiment, as the configuration declares it. Free of torch."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass
from typing import Any

__all__ = ["Variant"]


def _raw(inputs: tuple[float, ...]) -> tuple[float, ...]:
    return inputs


def _centred(inputs: tuple[float, ...]) -> tuple[float, ...]:
    mean = math.fsum(inputs) / len(inputs)
    return tuple(x - mean for x in inputs)


def _standardised(inputs: tuple[float, ...]) -> tuple[float, ...]:
    centred = _centred(inputs)
    deviation = math.sqrt(math.fsum(x * x for x in centred) / len(centred))
    # Inputs that are all the same have no scale to divide by, and are zero already.
    return tuple(x / (deviation or 1.0) for x in centred)


_TRANSFORMS = {"raw": _raw, "centred": _centred, "standardised": _standardised}


@dataclass(frozen=True)
class Variant:
    """Everything that decides the numbers of one training run.

    Attributes
    ----------
    name
        The key of the variant in the configuration, its name in every file and fact.
    engine
        ``batched``: float64, many initial weights at once; ``listing``: the seed's own loop over
        ``torch.nn`` in its default float32, one initial weight after another.
    activation
        A function of `experiments.activations`.
    model
        A model of `experiments.models`.
    inputs, targets
        The training set as it is declared, before `input_transform`, `input_scale` and
        `target_shift`.
    input_scale
        Factor applied to every input, after the transform.
    target_shift
        Added to every target; -1/2 for the activation that is shifted by -1/2.
    learning_rate, momentum
        eta and beta of ``v <- beta v + g; w <- w - eta v``.
    steps
        Number of updates.
    burn_in
        First step of the window over which the measures are taken.
    starts
        Number of initial weights.
    input_transform
        ``raw``: inputs as declared; ``centred``: less their mean; ``standardised``: centred, then
        divided by their standard deviation (over n, as batch normalisation has it).
    device
        Where the batched engine steps: ``cpu``, or ``cuda`` for a GPU.
    """

    name: str
    engine: str
    activation: str
    model: str
    inputs: tuple[float, ...]
    targets: tuple[float, ...]
    input_scale: float
    target_shift: float
    learning_rate: float
    momentum: float
    steps: int
    burn_in: int
    starts: int
    input_transform: str = "raw"
    device: str = "cpu"

    def fed_inputs(self) -> tuple[float, ...]:
        """Return the inputs as the model gets them: transformed, then scaled."""
        return tuple(self.input_scale * x for x in _TRANSFORMS[self.input_transform](self.inputs))

    @classmethod
    def from_config(cls, name: str, values: dict[str, Any]) -> Variant:
        """Make a variant of a validated entry of the configuration."""
        lists = {key: tuple(values[key]) for key in ("inputs", "targets")}
        return cls(name=name, **{**values, **lists})

    @classmethod
    def plain(
        cls, name: str, activation: str, inputs: tuple[float, ...], targets: tuple[float, ...]
    ) -> Variant:
        """Make the one-weight model without a bias or a transform, for a single plain step."""
        return cls(
            name=name,
            engine="batched",
            activation=activation,
            model="scalar",
            inputs=inputs,
            targets=targets,
            input_scale=1,
            target_shift=0,
            learning_rate=1,
            momentum=0,
            steps=1,
            burn_in=0,
            starts=1,
        )

    @classmethod
    def from_json(cls, text: str) -> Variant:
        """Read what `to_json` wrote."""
        values = json.loads(text)
        return cls.from_config(values.pop("name"), values)

    def to_json(self) -> str:
        """Write in a canonical form: the same variant gives the same text."""
        return json.dumps(asdict(self), sort_keys=True, separators=(",", ":"))
