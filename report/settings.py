"""What the tables and the live model of this article are told in `config/article.yaml`."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from juchi.plan.models import ConfigurationName, Distinct, FactName, Model, Name, conflict

__all__ = ["LIVE", "TABLES"]

Row = Annotated[ConfigurationName, Field(description="a configuration")]


class Outcomes(Model):
    """The table of outcomes."""

    rows: Distinct[Row] = Field(
        description="configurations in the order of their rows", min_length=1
    )


class Uses(Model):
    """The configurations that use one remedy."""

    prescribed: ConfigurationName | None = Field(
        default=None, description="the configuration that uses it as the post prescribes"
    )
    proper: ConfigurationName = Field(description="the configuration that uses it properly")


class Remedies(Model):
    """The table of remedies."""

    rows: dict[Name, Uses] = Field(description="remedies in the order of their rows", min_length=1)


class Comparisons(Model):
    """The table of comparisons."""

    pairs: Distinct[Annotated[Name, Field(description="a pair")]] = Field(
        description="pairs of the analysis `comparison` in the order of their rows", min_length=1
    )


class VerdictRow(Model):
    """A row of the card of verdicts."""

    claims: Distinct[Annotated[Name, Field(description="a claim")]] = Field(
        description="the claims that it judges: one, or those of one passage", min_length=1
    )
    number: FactName = Field(description="the fact that it shows")
    of: FactName | None = Field(
        default=None, description="of a count, how many there are in all: then it is `all 512`"
    )


class Verdicts(Model):
    """The card of verdicts."""

    rows: tuple[VerdictRow, ...] = Field(description="its rows in order", min_length=1)


class Nothing(Model):
    """A table that is told nothing."""


class Control(Model):
    """A control of the live model: it has equal steps, or as many to a decade."""

    key: str = Field(description="its key in the address of the page", pattern="^[a-z]+$")
    least: float = Field(description="its lower end")
    most: float = Field(description="its upper end")
    step: float | None = Field(default=None, description="the step of its slider", gt=0)
    per_decade: int | None = Field(
        default=None, description="steps of its slider to a factor of ten", ge=1
    )

    @model_validator(mode="after")
    def _one_kind_of_steps(self) -> Self:
        if (self.step is None) == (self.per_decade is None):
            found = "neither step nor per_decade" if self.step is None else "step and per_decade"
            raise conflict("", found, "one of step and per_decade", "keep one of the two")
        return self


class Track(Model):
    """The track of a slider, which may have nearer ends than the field beside it."""

    least: float = Field(description="its left end")
    most: float = Field(description="its right end")
    step: float = Field(description="the step of the slider", gt=0)


class RateControl(Model):
    """The control of the learning rate: a slider on a diagram, and a field for any rate."""

    key: str = Field(description="its key in the address of the page", pattern="^[a-z]+$")
    least: float = Field(description="the least rate that the field takes", gt=0)
    most: float = Field(description="the largest rate that the field takes")
    track: Track = Field(description="what the slider moves on, drawn over the bifurcation diagram")

    @model_validator(mode="after")
    def _takes_its_track(self) -> Self:
        ends = self.track.least, self.track.most
        if not self.least <= ends[0] < ends[1] <= self.most:
            raise conflict(
                "track",
                f"a track from {ends[0]} to {ends[1]}",
                f"ends in ascending order from {self.least} to {self.most}, those of the field",
                "bring the ends of the track within least and most",
            )
        return self


class Controls(Model):
    """The controls of the live model."""

    learning_rate: RateControl = Field(description="the learning rate")
    momentum: Control = Field(description="the momentum")
    input_scale: Control = Field(description="the factor of the inputs")
    weight: Control = Field(description="the initial weight")
    steps: Control = Field(description="the number of steps")


class LiveModel(Model):
    """The live model of the page."""

    cases: Distinct[Row] = Field(
        description="configurations of one weight that it offers, the one that it opens with first",
        min_length=1,
    )
    start: FactName = Field(description="the fact that is its initial weight at first")
    regimes: ConfigurationName = Field(
        description="the configuration of the experiment regimes whose tolerances it takes"
    )
    controls: Controls = Field(description="its controls")


TABLES: dict[str, type[Model]] = {
    "outcomes": Outcomes,
    "remedies": Remedies,
    "comparisons": Comparisons,
    "verdicts": Verdicts,
    "ledger": Nothing,
    "findings": Nothing,
}
LIVE: type[Model] = LiveModel
