"""The card of verdicts: what the post says, in its words, each with a verdict and one number.

A row has one statement, or those of one passage: for a cure, whether the sawtooth goes and whether
the model learns.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from markupsafe import Markup, escape

from juchi.core.errors import UserError
from juchi.exhibits.table import Context, Table, origin
from juchi.prose.messages import fill

__all__ = ["build", "quoted"]

# The words of the post, the verdicts, the number: in percent of the table.
_WIDTHS = (47, 25, 28)


def quoted(settings: Mapping[str, Any], article: Mapping[str, Any]) -> list[str]:
    """Return the facts of every row; a row with an unknown claim is a `UserError`."""
    for number, row in enumerate(settings["rows"]):
        for claim in row["claims"]:
            if claim not in article["claims"]:
                raise UserError(
                    f"config/article.yaml: tables.verdicts.rows.{number}.claims",
                    f"no claim {claim!r}",
                    f"one of {', '.join(article['claims'])}",
                    "correct the name, or declare it under claims",
                )
    return [fact for row in settings["rows"] for fact in (row["number"], row.get("of")) if fact]


def build(context: Context) -> Table:
    """Return one row for each entry, in the declared order."""
    own, rows = context.words["tables"]["verdicts"], context.settings["rows"]
    return Table(
        head=[own["said"], context.words["tables"]["verdict"], own["number"]],
        rows=[
            [_said(row["claims"], context), _verdicts(row["claims"], context), _found(row, context)]
            for row in rows
        ],
        kinds=["text"] * 3,
        row_ids=[f"verdict-{row['claims'][0]}" for row in rows],
        widths=_WIDTHS,
        cards=True,
    )


def _said(claims: Iterable[str], context: Context) -> Markup:
    """Return the passages, translated first where the language has words for them."""
    words = context.words
    passages = list(_passages(claims, context))
    original = Markup(' lang="{}">{}</span>').format(
        words["quoted_language"], _in_quotes((each for each, _ in passages), words)
    )
    if not all(translation for _, translation in passages):
        return Markup("<span") + original
    translated = _in_quotes((translation for _, translation in passages), words)
    return translated + Markup(' <span class="original"') + original


def _in_quotes(passages: Iterable[str], words: Mapping[str, Any]) -> Markup:
    separator = Markup("{}").format(words["tables"]["sentence_separator"])
    return separator.join(fill(words["tables"]["passage"], words=each) for each in passages)


def _passages(claims: Iterable[str], context: Context) -> Iterator[tuple[str, str]]:
    """Yield each passage once, with its translation or nothing; none that another one holds."""
    translations = context.words.get("translations", {})
    passages = {
        quote["words"]: translation
        for claim in claims
        for quote, translation in _paired(claim, context, translations.get(claim))
    }
    for words, translation in passages.items():
        if not any(words in other for other in passages if other != words):
            yield words, translation


def _paired(
    claim: str, context: Context, translations: list[str] | None
) -> list[tuple[Mapping[str, str], str]]:
    quotes = context.article["claims"][claim]["quotes"]
    translated = [""] * len(quotes) if translations is None else translations
    if len(translated) != len(quotes):
        raise UserError(
            f"templates/*/messages.yaml: translations.{claim}",
            f"{len(translated)} passages",
            f"{len(quotes)}, as config/article.yaml quotes",
            "translate each passage by itself, in the same order",
        )
    return list(zip(quotes, translated, strict=True))


def _verdicts(claims: list[str], context: Context) -> Markup:
    """Return the verdicts, each behind what it is on: one quotation may stand in several rows."""
    own = context.words["tables"]["verdicts"]
    pattern = Markup('<span class="part">{} {}</span>')
    return Markup("").join(
        pattern.format(fill(own["part"], part=own["parts"][each]), _verdict(each, context))
        for each in claims
    )


def _verdict(claim: str, context: Context) -> Markup:
    verdict = context.evaluations[claim].verdict
    return Markup('<b class="verdict" data-claim="{}" data-verdict="{}">{}</b>').format(
        claim, verdict, context.words["verdicts"][verdict]
    )


def _found(row: Mapping[str, Any], context: Context) -> Markup:
    """Return the number in a few words, linked to where it comes from."""
    number = Markup('<a class="fact" href="{}">{}</a>').format(
        origin("fact", row["number"]), context.in_words(row["number"], row.get("of") or "")
    )
    found = context.words["tables"]["verdicts"]["found"][row["claims"][0]]
    return fill(escape(found), number=number)
