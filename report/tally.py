"""How many statements of the post are supported, supported with a condition, refuted: in words."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

from juchi.html.article_calls import Page
from juchi.prose.formats import NumberFormat
from juchi.prose.messages import fill
from juchi.results.evaluation import VERDICTS, VOID

__all__ = ["tally"]


def tally(page: Page) -> str:
    """Return how often each verdict was given on what the post states.

    The article's own questions are none of its statements. What cannot be judged is told if there
    is any.
    """
    claims, words = page.context.article["claims"], page.words
    judged = [name for name, entry in claims.items() if entry["quotes"]]
    verdicts = Counter(page.context.evaluations[name].verdict for name in judged)
    counted = {verdict: _count(verdicts[verdict], verdict, page) for verdict in VERDICTS}
    sentence = words["tally"]["void" if verdicts[VOID] else "judged"]
    return fill(str(sentence), statements=_count(len(judged), "statement", page), **counted)


def _count(number: int, noun: str, page: Page) -> str:
    """Return a number with its noun, in digits: those of one sentence are written alike."""
    locale = page.context.article["languages"][page.language]["locale"]
    numbers = NumberFormat(locale, page.words["list_separator"])
    forms = page.words["units"][noun]
    if str(number) in forms:
        return str(forms[str(number)])
    pattern = forms.get(numbers.plural(Decimal(number)), forms["other"])
    return fill(str(pattern), number=numbers.text(number, "decimal", None))
