"""The claims ledger: the seed's words, the predicate, what was measured, and the verdict."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from report.patterns import fill
from report.tables.table import Context, Table, identifier, origin

__all__ = ["build", "quoted"]


def quoted(article: Mapping[str, Any]) -> list[str]:
    """Return nothing: the facts of a claim are those that it has read."""
    del article
    return []


def build(context: Context) -> Table:
    """Return one row for each claim, in the declared order."""
    words = context.words
    claims = context.article["claims"]
    return Table(
        head=[words["tables"][key] for key in ("statement", "test", "measured", "verdict")],
        rows=[_row(name, entry, context) for name, entry in claims.items()],
        kinds=["text"] * 4,
        row_ids=[f"claim-{name}" for name in claims],
    )


def _row(name: str, entry: Mapping[str, Any], context: Context) -> list[str | Markup]:
    words = context.words
    ruling = context.rulings[name]
    quote = Markup('<span lang="{}">“{}”</span>{}').format(
        words["seed_language"],
        entry["quote"],
        fill(words["tables"]["seed_section"], section=entry["section"]),
    )
    statement = Markup('{} <span class="seed-words">{}</span>').format(
        words["claims"][name]["statement"], quote
    )
    verdict = Markup(
        '<b class="verdict" data-verdict="{}">{}</b><br><a class="reference" href="#{}"></a>'
        '<br><a href="#said-{}">{}</a><span class="screen-only"><br><a href="{}">{}</a></span>'
    ).format(
        ruling.verdict,
        words["verdicts"][ruling.verdict],
        entry["shown"],
        name,
        words["tables"]["said"],
        origin("claim", name),
        words["provenance"]["origin"],
    )
    return [statement, words["claims"][name]["test"], _measured(ruling.facts, context), verdict]


def _measured(facts: Mapping[str, float], context: Context) -> Markup:
    """Return the facts that the verdict rests on; the thresholds stand in the predicate."""
    lines = [
        Markup('<span class="evidence"><a href="{}">{}</a> <span>{}</span></span>').format(
            origin("fact", fact), identifier(fact), context.printed(fact)
        )
        for fact in facts
        if not fact.startswith("threshold.")
    ]
    return Markup("").join(lines)
