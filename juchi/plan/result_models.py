"""The models of `experiments.yaml`, `facts.yaml` and `thresholds.yaml` in `config/`."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, RootModel, model_validator

from juchi.plan.models import Distinct, FactName, Model, Name, Text, conflict
from juchi.results.facts import Style

__all__ = ["Experiments", "FactFormat", "Facts", "Style", "Thresholds"]

_PATH = "^[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$"

Reason = Annotated[str, Field(min_length=20)]


class Experiment(Model):
    """One experiment: the module of its name in experiments/ carries it out."""

    common: dict[Name, Any] = Field(
        default={}, description="settings that its configurations share"
    )
    configurations: dict[Name, dict[Name, Any] | None] = Field(
        description="what each configuration changes, and the one that it is `like` but for that",
        min_length=1,
    )


class Analysis(BaseModel):
    """What one analysis reads, beside its own settings: the module of its name carries it out."""

    model_config = ConfigDict(strict=True, frozen=True, extra="allow")

    of: Distinct[Name] = Field(
        default=(), description="the experiments and configurations whose results it reads"
    )
    files: Distinct[
        Annotated[
            str,
            Field(
                description="a path below the project",
                pattern=_PATH,
            ),
        ]
    ] = Field(default=(), description="the sources that it reads")


class Experiments(Model):
    """The experiments and what is made of their results."""

    preset: Name = Field(
        default="default",
        description="the name of this choice of sizes, which the article tells",
    )
    experiments: dict[Name, Annotated[Experiment, Field(description="an experiment")]] = Field(
        default={}, description="experiments by the names of their modules"
    )
    analyses: dict[Name, Annotated[Analysis, Field(description="an analysis")] | None] = Field(
        default={}, description="analyses by the names of their modules"
    )


class FactFormat(Model):
    """How a fact is printed."""

    style: Style | None = Field(
        default=None,
        description="how the number is printed; decimal where it is not said; points prints a "
        "difference of shares in percentage points, with these words behind it (units.point in "
        "messages.yaml); year prints a whole number without marks between its digits",
    )
    digits: int | None = Field(
        default=None,
        description="significant digits (2.366 with 3 is 2.37, 22.7 with 1 is 20); decimals for "
        "fixed, percent, points and per mille; digits of the mantissa for scientific",
        ge=0,
        le=17,
    )
    sign: bool | None = Field(
        default=None, description="whether a number above zero has a plus, as +0.3"
    )
    below: float | None = Field(
        default=None,
        description="a number less than this one, and above zero, is printed as less than it: "
        "< 0.001",
        gt=0,
    )


class FactSource(FactFormat):
    """One fact: exactly one source, and how it is printed."""

    column: Text | None = Field(default=None, description="a column of a table of samples")
    statistic: (
        Literal["mean", "share", "count", "median", "quantile", "smallest", "largest"] | None
    ) = Field(default=None, description="what is taken of the column over its rows")
    at: float | None = Field(
        default=None,
        description="which quantile it is: the share of values below it",
        gt=0,
        lt=1,
    )
    key: Text | None = Field(default=None, description="a single number of a result")
    setting: Text | None = Field(default=None, description="a key of the configuration")
    expression: Text | None = Field(
        default=None,
        description="other facts, added, subtracted, multiplied, divided or raised to a power",
    )
    of: Name | None = Field(
        default=None,
        description="the configuration or analysis whose result it is of, where that is not the "
        "first part of its name",
    )
    file: str | None = Field(
        default=None,
        description="another result (CSV, Parquet, JSON) that it is of",
        pattern=_PATH,
    )
    where: dict[str, Annotated[str | float, Field(description="a value of the column")]] | None = (
        Field(
            default=None,
            description="values of other columns that a row must have to count",
            min_length=1,
        )
    )
    omit_missing: bool | None = Field(
        default=None,
        description="whether rows are left out in which the column has no number: NA, nan, an "
        "empty cell",
    )
    certain: Reason | None = Field(
        default=None,
        description="why there is no chance in the statistic: it has one value whatever is drawn, "
        "and no interval",
    )
    standard_error: Text | None = Field(
        default=None,
        description="the key of its standard error, beside it among the numbers or settings",
    )
    unit: Text | None = Field(
        default=None,
        description="a unit of physics (m/s, m s^-1, J/(kg K), °C), a word for what is counted "
        "that `units` in messages.yaml has, 1, or share of one",
    )

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        given = [name for name in _SOURCES if getattr(self, name) is not None]
        if len(given) != 1:
            raise conflict(
                "",
                " and ".join(given) or "no source",
                f"exactly one source: one of {', '.join(_SOURCES)}",
                "keep the one that the number comes from",
            )
        for name, sources in _BESIDE.items():
            if getattr(self, name) is not None and given[0] not in sources:
                raise conflict(
                    name,
                    f"{name} beside {given[0]}",
                    f"{name} beside {' or '.join(sources)}",
                    f"take out the key {name!r}",
                )
        if given == ["column"] and self.statistic is None:
            raise conflict(
                "statistic",
                "no such key",
                "what is taken of the column over its rows: mean, share, count, median, quantile, "
                "smallest or largest",
                "add the key 'statistic'"
                + ("; where one row is left, `statistic: largest` is its value" * bool(self.where)),
            )
        if (self.statistic == "quantile") != (self.at is not None):
            raise conflict(
                "at",
                f"at beside {self.statistic}" if self.at else "a quantile without `at`",
                "at beside quantile, such as 0.9 for the value that nine in ten are below",
                "take out the key 'at'" if self.at else "add the key 'at'",
            )
        if self.of and self.file:
            raise conflict("file", "file beside of", "one of the two", "take out one of them")
        return self


_SOURCES = ("column", "key", "setting", "expression")
# What may stand beside some sources only.
_BESIDE = {
    "statistic": ("column",),
    "where": ("column",),
    "omit_missing": ("column",),
    "certain": ("column",),
    "at": ("column",),
    "standard_error": ("key", "setting"),
    "of": ("column", "key", "setting"),
    "file": ("column", "key"),
}


class Together(Model):
    """Facts that are rounded together."""

    facts: Distinct[FactName] = Field(description="their names", min_length=2)
    decimals: int = Field(
        description="how many decimals each is printed with, of percent where they are in percent",
        ge=0,
        le=17,
    )
    total: float | None = Field(
        default=None,
        description="what they add up to, also as they are printed: 1 for all shares of a whole",
    )


class Facts(Model):
    """The facts: every number that the article may print."""

    confidence: float = Field(
        default=0.95,
        description="the level of all intervals of means, shares and medians",
        gt=0,
        lt=1,
    )
    every: dict[Name, dict[Name, FactSource]] = Field(
        default={}, description="facts of every configuration of an experiment, by experiment"
    )
    named: dict[FactName, FactSource] = Field(default={}, description="facts by dotted name")
    together: dict[Name, Annotated[Together, Field(description="a group of facts")]] = Field(
        default={}, description="facts that are printed with one number of decimals, by group"
    )


class Threshold(Model):
    """A threshold."""

    value: float = Field(description="the threshold")
    why: Reason = Field(description="one sentence that says why it is drawn there")


class Thresholds(RootModel[dict[Name, Threshold]]):
    """Thresholds by name."""

    model_config = ConfigDict(strict=True, frozen=True, allow_inf_nan=False)
