"""How many statements have which verdict, and when their criteria were fixed: in words."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

from juchi.html.article_calls import Page
from juchi.prose.formats import NumberFormat
from juchi.prose.messages import fill
from juchi.results.evaluation import VERDICTS, VOID, Fixed

__all__ = ["count", "fixed", "tally"]


def tally(page: Page) -> str:
    """Return how often each verdict was given on what the post states.

    The article's own questions are none of its statements. What cannot be judged is told if there
    is any.
    """
    words, judged = page.words, _stated(page)
    verdicts = Counter(page.context.evaluations[name].verdict for name in judged)
    counted = {verdict: count(verdicts[verdict], verdict, page) for verdict in VERDICTS}
    sentence = words["tally"]["void" if verdicts[VOID] else "judged"]
    return fill(str(sentence), statements=count(len(judged), "statement", page), **counted)


def fixed(page: Page) -> str:
    """Return how many criteria were fixed before the data, with the first of them, and later."""
    stated = _stated(page)
    own = [name for name in page.context.evaluations if name not in stated]
    on_post, on_own = (
        Counter(page.context.evaluations[name].fixed for name in names) for names in (stated, own)
    )
    numbers = {
        "statements": len(stated),
        "statements_early": on_post[Fixed.BEFORE] + on_post[Fixed.THRESHOLD],
        "statements_with": on_post[Fixed.WITH],
        "statements_late": on_post[Fixed.AFTER],
        "own": len(own),
        "own_before": on_own[Fixed.BEFORE],
    }
    told = {name: count(number, "criterion", page) for name, number in numbers.items()}
    return fill(str(page.words["fixed_criteria"]), **told)


def count(number: int, noun: str, page: Page) -> str:
    """Return a number with its noun, in digits: those of one sentence are written alike."""
    locale = page.context.article["languages"][page.language]["locale"]
    numbers = NumberFormat(locale, page.words["list_separator"])
    forms = page.words["units"][noun]
    if str(number) in forms:
        return str(forms[str(number)])
    pattern = forms.get(numbers.plural(Decimal(number)), forms["other"])
    return fill(str(pattern), number=numbers.text(number, "decimal", None))


def _stated(page: Page) -> list[str]:
    """Return the claims that the post makes."""
    return [name for name, entry in page.context.article["claims"].items() if entry["quotes"]]
