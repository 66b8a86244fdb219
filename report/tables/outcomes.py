"""Configurations and outcomes: what was set, is the sawtooth gone, and has it learned."""

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


def quoted(settings: Mapping[str, Any], article: Mapping[str, Any]) -> list[str]:
    """Return the facts of every row."""
    del article
    return [f"{name}.{column}" for name in settings["rows"] for column in _COLUMNS]


def build(context: Context) -> Table:
    """Return one row for each configuration, in the declared order."""
    words, names = context.words, context.settings["rows"]
    return Table(
        head=[words["tables"]["configuration"], *(words["columns"][column] for column in _COLUMNS)],
        rows=[
            [_heading(name, words), *(context.printed(f"{name}.{column}") for column in _COLUMNS)]
            for name in names
        ],
        kinds=["text"] + ["number"] * len(_COLUMNS),
        row_ids=[f"configuration-{name}" for name in names],
    )


def _heading(name: str, words: Mapping[str, Any]) -> Markup:
    """Return the configuration, linked to where its numbers come from."""
    return Markup('<a href="{}">{}</a>').format(
        origin("subject", name), words["configurations"][name]["name"]
    )
