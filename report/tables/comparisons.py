"""The family of paired comparisons: what each pair isolates, the difference, its size, its p."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from juchi.exhibits.table import Context, Table, origin

__all__ = ["build", "quoted"]

_COLUMNS = (
    "steps_difference",
    "steps_effect",
    "steps_p_holm",
    "accuracy_difference",
    "accuracy_effect",
    "accuracy_p_holm",
)


def quoted(settings: Mapping[str, Any], article: Mapping[str, Any]) -> list[str]:
    """Return the facts of every row."""
    del article
    return [f"comparison.{pair}_{column}" for pair in settings["pairs"] for column in _COLUMNS]


def build(context: Context) -> Table:
    """Return one row for each pair, in the declared order."""
    words = context.words["tables"]
    own = words["comparisons"]
    pairs = context.settings["pairs"]
    rows = [
        [_heading(pair, own), own["isolates"][pair]]
        + [context.printed(f"comparison.{pair}_{column}") for column in _COLUMNS]
        for pair in pairs
    ]
    return Table(
        head=[words["pair"], words["isolates"], *(own["columns"][column] for column in _COLUMNS)],
        rows=rows,
        kinds=["text", "text"] + ["number"] * len(_COLUMNS),
        row_ids=[f"pair-{pair}" for pair in pairs],
    )


def _heading(pair: str, own: Mapping[str, Any]) -> Markup:
    """Return the pair, linked to where the first of its numbers comes from."""
    return Markup('<a href="{}">{}</a>').format(
        origin("fact", f"comparison.{pair}_{_COLUMNS[0]}"), own["pairs"][pair]
    )
