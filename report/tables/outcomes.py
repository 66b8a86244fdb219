"""Variants and outcomes: what was set, whether the sawtooth is gone, whether it has learned."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from juchi.exhibits.table import Context, Table, origin

__all__ = ["build", "quoted"]

_COLUMNS = (
    "learning_rate",
    "momentum",
    "length",
    "eta_star",
    "sawtooth_share",
    "saturated",
    "learned_share",
    "final_loss",
    "loss_ratio",
)


def quoted(article: Mapping[str, Any]) -> list[str]:
    """Return the facts of every row."""
    return [f"{variant}.{column}" for variant in article["outcomes"] for column in _COLUMNS]


def build(context: Context) -> Table:
    """Return one row for each variant, in the declared order."""
    words = context.words
    return Table(
        head=[words["tables"]["variant"], *(words["columns"][column] for column in _COLUMNS)],
        rows=[
            [
                _heading(variant, words),
                *(context.printed(f"{variant}.{column}") for column in _COLUMNS),
            ]
            for variant in context.article["outcomes"]
        ],
        kinds=["text"] + ["number"] * len(_COLUMNS),
        row_ids=[f"variant-{variant}" for variant in context.article["outcomes"]],
    )


def _heading(variant: str, words: Mapping[str, Any]) -> Markup:
    """Return the variant, linked to where its numbers come from."""
    return Markup('<a href="{}">{}</a>').format(
        origin("subject", variant), words["variants"][variant]["name"]
    )
