"""The remedies: each as the post prescribes it, and as it should be used, with the reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from markupsafe import Markup

from juchi.exhibits.table import Context, Table, origin

__all__ = ["build", "quoted"]

# The ways in which a remedy is used; the post does not prescribe all of them.
_USES = ("prescribed", "proper")
_COLUMNS = (
    "learning_rate",
    "eta_star",
    "sawtooth_share",
    "learned_share",
    "early_loss_ratio",
    "loss_ratio",
)


def quoted(settings: Mapping[str, Any], article: Mapping[str, Any]) -> list[str]:
    """Return the facts of every row."""
    del article
    return [f"{name}.{column}" for _, _, name in _rows(settings) for column in _COLUMNS]


def build(context: Context) -> Table:
    """Return one row for each use of each remedy, in the declared order."""
    words = context.words
    rows = list(_rows(context.settings))
    return Table(
        head=[
            words["tables"]["remedy"],
            *(words["columns"][column] for column in _COLUMNS),
            words["tables"]["mechanism"],
        ],
        rows=[
            [
                _heading(remedy, use, name, words),
                *(context.printed(f"{name}.{column}") for column in _COLUMNS),
                words["remedies"][remedy][use],
            ]
            for remedy, use, name in rows
        ],
        kinds=["text", *["number"] * len(_COLUMNS), "text"],
        row_ids=[f"remedy-{remedy}-{use}" for remedy, use, _ in rows],
        cards=True,
    )


def _rows(settings: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield each remedy, a use of it, and the configuration that uses it so."""
    for remedy, uses in settings["rows"].items():
        for use in _USES:
            if uses.get(use):
                yield remedy, use, uses[use]


def _heading(remedy: str, use: str, name: str, words: Mapping[str, Any]) -> Markup:
    """Return the remedy, which leads to the configuration whose facts these are, and its use."""
    return Markup('<a href="{}">{}</a><br><span class="use">{}</span>').format(
        origin("subject", name),
        words["remedies"][remedy]["name"],
        words["remedies"][remedy].get(f"{use}_as", words["tables"][use]),
    )
