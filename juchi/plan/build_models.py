"""The models of `fonts.yaml` and `tolerances.yaml` in `config/`."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from juchi.plan.models import Distinct, Model, Text, conflict

__all__ = ["Fonts", "Tolerances"]

_SPDX = "^[A-Za-z0-9.+-]+$"

Reason = Annotated[str, Field(min_length=20)]


class Face(Model):
    """One face."""

    weight: int = Field(description="CSS font-weight, 100 to 900", ge=100, le=900)
    style: Literal["normal", "italic"] = Field(description="CSS font-style")
    file: str = Field(
        description="the font file below node_modules/; matplotlib needs a .ttf",
        pattern=r"^node_modules/(@?[A-Za-z0-9_-][A-Za-z0-9._-]*/)+"
        r"[A-Za-z0-9_-][A-Za-z0-9._-]*\.(ttf|woff2?)$",
    )


class Typeface(Model):
    """One typeface."""

    licence: str = Field(
        description="SPDX identifier of a licence that allows embedding and changing the font",
        pattern=_SPDX,
    )
    features: Distinct[
        Annotated[
            str, Field(description="a feature's tag of four characters", pattern="^[a-z0-9]{4}$")
        ]
    ] = Field(description="OpenType features that the subsets keep")
    faces: tuple[Face, ...] = Field(
        description="the weights and styles, one file each; all have the same characters",
        min_length=1,
    )


_FAMILY = "^[A-Za-z0-9]+( [A-Za-z0-9]+)*$"


class Fonts(Model):
    """The catalogue of typefaces."""

    families: dict[Annotated[str, Field(pattern=_FAMILY)], Typeface] = Field(
        description="typefaces by the names that article.yaml uses",
        min_length=1,
        json_schema_extra={
            "propertyNames": {
                "description": "a name of ASCII letters, digits and single spaces",
                "pattern": _FAMILY,
            }
        },
    )


class Runs(Model):
    """Which runs two platforms have in common."""

    table: Text = Field(description="a published file with one row a run")
    of: Text = Field(description="the column that says which configuration a run is of")
    run: Text = Field(description="the column that names a run among them")
    end: Text = Field(description="the column of where a run ends")
    near: float = Field(description="how near to each other two runs end that are the same", ge=0)
    share: float = Field(
        description="the share of the runs of a configuration that have to be the same", ge=0, le=1
    )
    exponent: Text | None = Field(
        default=None,
        description="the column of the Lyapunov exponent; runs are chaotic if its median is above "
        "zero",
    )
    restless: Text | None = Field(
        default=None,
        description="the column that is 1 for a run that keeps moving; without exponents it "
        "decides",
    )
    restless_share: float = Field(
        default=0.5,
        description="the share of restless runs from which a configuration counts as chaotic",
        gt=0,
        le=1,
    )


class Tolerance(Model):
    """A tolerance."""

    facts: tuple[Text, ...] = Field(description="patterns of the names of facts", min_length=1)
    sources: tuple[Text, ...] | None = Field(
        default=None, description="patterns of the sources of facts", min_length=1
    )
    absolute: float | None = Field(default=None, description="a difference", ge=0)
    relative: float | None = Field(
        default=None, description="a share of the larger size", ge=0, lt=1
    )
    intervals: float | None = Field(
        default=None,
        description="how many times the half widths of both confidence intervals",
        ge=0,
    )
    factor: float | None = Field(
        default=None, description="how many times the smaller size the larger may be", ge=1
    )
    why: Reason = Field(description="one sentence that says why it is so large")

    @model_validator(mode="after")
    def _some_measure(self) -> Self:
        measures = ("absolute", "relative", "intervals", "factor")
        if all(getattr(self, name) is None for name in measures):
            raise conflict(
                "", "no measure", f"at least one of {', '.join(measures)}", "say how far apart"
            )
        return self


class Tolerances(Model):
    """How two builds are compared."""

    named_by: tuple[Text, ...] = Field(
        default=(), description="the columns that name a row, where a table has them"
    )
    runs: Runs | None = Field(default=None, description="which runs two platforms have in common")
    facts: tuple[Tolerance, ...] = Field(
        default=(), description="tolerances between platforms, the first match holds"
    )
