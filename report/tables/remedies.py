"""The remedies: each as the seed prescribes it, and as it should be used, with the reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from markupsafe import Markup

from juchi.exhibits.table import Context, Table, identifier, origin

__all__ = ["build", "quoted"]

# The ways in which a remedy is used; the seed does not prescribe all of them.
_USES = ("prescribed", "proper")
_COLUMNS = (
    "learning_rate",
    "eta_star",
    "sawtooth_share",
    "learned_share",
    "early_loss_ratio",
    "loss_ratio",
)


def quoted(article: Mapping[str, Any]) -> list[str]:
    """Return the facts of every row."""
    return [f"{variant}.{column}" for _, _, variant in _rows(article) for column in _COLUMNS]


def build(context: Context) -> Table:
    """Return one row for each use of each remedy, in the declared order."""
    words = context.words
    rows = list(_rows(context.article))
    return Table(
        head=[
            words["tables"]["remedy"],
            *(words["columns"][column] for column in _COLUMNS),
            words["tables"]["mechanism"],
        ],
        rows=[
            [
                _heading(remedy, use, variant, words),
                *(context.printed(f"{variant}.{column}") for column in _COLUMNS),
                words["remedies"][remedy][use],
            ]
            for remedy, use, variant in rows
        ],
        kinds=["text", *["number"] * len(_COLUMNS), "text"],
        row_ids=[f"remedy-{remedy}-{use}" for remedy, use, _ in rows],
    )


def _rows(article: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield each remedy, a use of it, and the variant that uses it so."""
    for remedy, uses in article["remedies"].items():
        for use in _USES:
            if use in uses:
                yield remedy, use, uses[use]


def _heading(remedy: str, use: str, variant: str, words: Mapping[str, Any]) -> Markup:
    """Return the remedy, how it is used, and the variant, by which its facts are named."""
    return Markup('{}<br><span class="use">{}</span><br><a href="{}">{}</a>').format(
        words["remedies"][remedy]["name"],
        words["tables"][use],
        origin("subject", variant),
        identifier(variant),
    )
