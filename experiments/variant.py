"""One variant of the experiment, as the configuration declares it. Free of torch."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

__all__ = ["Variant"]


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
        The training set, as the model sees it before `input_scale` and `target_shift`.
    input_scale
        Factor applied to every input.
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

    @classmethod
    def from_config(cls, name: str, values: dict[str, Any]) -> Variant:
        """Make a variant of a validated entry of the configuration."""
        lists = {key: tuple(values[key]) for key in ("inputs", "targets")}
        return cls(name=name, **{**values, **lists})

    @classmethod
    def from_json(cls, text: str) -> Variant:
        """Read what `to_json` wrote."""
        values = json.loads(text)
        return cls.from_config(values.pop("name"), values)

    def to_json(self) -> str:
        """Write in a canonical form: the same variant gives the same text."""
        return json.dumps(asdict(self), sort_keys=True, separators=(",", ":"))
