"""The ledger of claims: each statement, its test, what was measured, and the verdict.

A statement may quote passages of a source that makes it. A table shows what `config/article.yaml`
declares under one key; see `part`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from markupsafe import Markup

from juchi.exhibits.table import Context, Table, identifier, origin
from juchi.prose.messages import fill
from juchi.results.evaluation import Evaluation

__all__ = ["build", "part", "quoted"]


def quoted(settings: Mapping[str, Any], article: Mapping[str, Any]) -> list[str]:
    """Return nothing: the facts of a claim are those that it has read."""
    del settings, article
    return []


def build(context: Context) -> Table:
    """Return one row for each claim, in the declared order."""
    return part("claims", "statement", context)


def part(key: str, what: str, context: Context) -> Table:
    """Return the rows declared under a key of the article; `what` names what they state."""
    words = context.words
    claims = context.article[key]
    return Table(
        head=[words["tables"][column] for column in (what, "test", "measured", "verdict")],
        rows=[_row(name, entry, context) for name, entry in claims.items()],
        kinds=["text"] * 4,
        row_ids=[f"claim-{name}" for name in claims],
        cards=True,
    )


def _row(name: str, entry: Mapping[str, Any], context: Context) -> list[str | Markup]:
    evaluation = context.evaluations[name]
    return [
        _statement(name, entry, context.words),
        _test(name, evaluation, context.words),
        _measured(evaluation.judged_by, context),
        _verdict(name, entry, evaluation, context.words),
    ]


def _statement(name: str, entry: Mapping[str, Any], words: Mapping[str, Any]) -> Markup:
    """Return the statement with the passages that make it; without one it is our own question."""
    passages = [
        Markup('<span class="quoted-words"><span lang="{}">{}</span>{}</span>').format(
            words["quoted_language"],
            fill(words["tables"]["passage"], words=quote["words"]),
            fill(words["tables"]["quoted_section"], section=quote["section"]),
        )
        for quote in entry.get("quotes", [])
    ]
    if not passages and "quotes" in entry:
        question = words["tables"]["own_question"]
        passages = [Markup('<span class="quoted-words">{}</span>').format(question)]
    statement = words["claims"][name]["statement"]
    return Markup("{} {}").format(statement, Markup("").join(passages))


def _test(name: str, evaluation: Evaluation, words: Mapping[str, Any]) -> Markup:
    """Return the predicate, what has to hold for it to be asked, and when it was fixed."""
    provided = _sentences(evaluation.preconditions, words)
    provisos = [words["tables"]["provided"] + provided] if provided else []
    return Markup(" ").join(
        [
            words["claims"][name]["test"],
            *map(Markup('<span class="proviso">{}</span>').format, provisos),
            Markup('<span class="proviso">{}</span>').format(words["fixed"][evaluation.fixed]),
        ]
    )


def _sentences(preconditions: Iterable[str], words: Mapping[str, Any]) -> Markup:
    separator = Markup("{}").format(words["tables"]["sentence_separator"])
    return separator.join(words["preconditions"][each] for each in preconditions)


def _verdict(
    name: str, entry: Mapping[str, Any], evaluation: Evaluation, words: Mapping[str, Any]
) -> Markup:
    """Return the verdict, why there is none if it is void, and where the case is shown."""
    unmet = Markup("")
    if evaluation.unmet:
        unmet = Markup('<br><span class="unmet">{}{}</span>').format(
            words["tables"]["unmet"],
            _sentences(evaluation.unmet, words),
        )
    return Markup(
        '<b class="verdict" data-verdict="{}">{}</b>{}<br><a class="reference" href="#{}"></a>'
        '<br><a href="#said-{}">{}</a><span class="screen-only"><br><a href="{}">{}</a></span>'
    ).format(
        evaluation.verdict,
        words["verdicts"][evaluation.verdict],
        unmet,
        entry["shown"],
        name,
        words["tables"]["said"],
        origin("claim", name),
        words["provenance"]["origin"],
    )


def _measured(facts: Iterable[str], context: Context) -> Markup:
    """Return the facts that the predicate has read; the thresholds stand in it.

    Those of the preconditions are told on the page of provenance.
    """
    lines = [
        Markup('<span class="evidence"><a href="{}">{}</a> <span>{}</span></span>').format(
            origin("fact", fact), identifier(fact), context.printed(fact)
        )
        for fact in facts
        if not fact.startswith("threshold.")
    ]
    return Markup("").join(lines)
