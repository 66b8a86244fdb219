"""The model of a table that is made from a file of data, without a module."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from juchi.plan.models import Distinct, Model, Name, Text, conflict
from juchi.plan.result_models import Style

__all__ = ["DataTable"]

_PERCENT = 100


class TableColumn(Model):
    """A column of the file, and how it is shown."""

    column: Text = Field(description="its name in the file")
    head: Text | None = Field(
        default=None,
        description="the key of its head under tables.heads.<table> in messages.yaml; its name in "
        "the file where it is not said",
    )
    group: Text | None = Field(
        default=None,
        description="the key of a head that it shares with its neighbours of the same group",
    )
    style: Style | Literal["text"] | None = Field(
        default=None,
        description="how its numbers are printed, as those of facts; text leaves them as they "
        "stand, as identifiers",
    )
    digits: int | None = Field(
        default=None,
        description="significant digits, or decimals where the style is fixed, percent, points or "
        "permille: as those of facts",
        ge=0,
        le=17,
    )
    sign: bool | None = Field(
        default=None, description="whether a number above zero has a plus, as +0.3"
    )
    show_missing: bool | None = Field(
        default=None,
        description="whether a dash is shown in rows in which the column has no value: NA, nan, an "
        "empty cell; they are refused where it is not said",
    )
    align: Literal["text", "number", "decimal", "centred"] | None = Field(
        default=None, description="decimal for numbers and text for all else where it is not said"
    )
    words: Name | None = Field(
        default=None,
        description="the key under tables.values in messages.yaml that has words for its values",
    )
    width: float | None = Field(
        default=None, description="its width in percent of the table", gt=0, le=_PERCENT
    )


def _as_mapping(value: Any) -> Any:  # noqa: ANN401 - any YAML value
    """Return a column of which nothing is said but its name as one of which more is said."""
    return {"column": value} if isinstance(value, str) else value


Column = Annotated[
    TableColumn, BeforeValidator(_as_mapping, json_schema_input_type=Text | TableColumn)
]
Value = str | float | bool


class DataTable(Model):
    """A table that is made from a file of data."""

    data: str = Field(
        description="samples or curves of a configuration or an analysis (paths:curves), a result "
        "(results/rain.csv), or a file of the article (data/cities.csv)",
        pattern=r"^([a-z][a-z0-9_]*:(samples|curves)|([A-Za-z0-9_][A-Za-z0-9._-]*/)+"
        r"[A-Za-z0-9_][A-Za-z0-9._-]*\.(csv|parquet))$",
    )
    columns: tuple[Column, ...] = Field(
        description="its columns in order, each its name in the file, or a mapping that says more "
        "({column: name, digits: 3}); the first one names the rows",
        min_length=1,
    )
    where: dict[str, Value | tuple[Value, ...]] = Field(
        default={}, description="the value, or the values, that a column has in the rows shown"
    )
    sort: Distinct[Text] = Field(
        default=(),
        description="columns by which the rows are sorted; one with - before it from the largest",
    )
    first: int | None = Field(
        default=None, description="how many rows are shown, from the first on", ge=1
    )
    landscape: bool = Field(default=False, description="whether it takes a turned page on paper")

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        shown = [(column.column, column.head) for column in self.columns]
        if twice := [name for name, head in shown if shown.count((name, head)) > 1]:
            raise conflict(
                "columns",
                f"the column {twice[0]!r} twice under one head",
                "each column once, or with another `head` each time",
                "take one of them out, or name a `head` for it",
            )
        return self

    @model_validator(mode="after")
    def _widths(self) -> Self:
        widths = [column.width for column in self.columns if column.width is not None]
        if widths and (len(widths) < len(self.columns) or sum(widths) > _PERCENT):
            raise conflict(
                "columns",
                f"the widths {', '.join(f'{width:g}' for width in widths)}",
                f"a width for every column or for none, together {_PERCENT} at most",
                "correct the widths",
            )
        return self
