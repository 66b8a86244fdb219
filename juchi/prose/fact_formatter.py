"""Facts as a language prints them: with their units, and their intervals in brackets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup, escape

from juchi.prose.formats import MINUS, NBSP, NumberFormat, as_html, as_text
from juchi.prose.messages import fill
from juchi.results.facts import Fact

__all__ = ["FactFormatter"]


class FactFormatter:
    """Prints facts in one language.

    Parameters
    ----------
    facts, formats
        The facts, and how each is printed, by name.
    numbers
        The numbers of the language.
    words
        Its words: patterns of the interval and of the units.
    """

    def __init__(
        self,
        facts: Mapping[str, Fact],
        formats: Mapping[str, Mapping[str, Any]],
        numbers: NumberFormat,
        words: Mapping[str, Any],
    ) -> None:
        self.facts = facts
        self.formats = formats
        self.numbers = numbers
        self.words = words

    def bare(self, name: str) -> Markup:
        """Return a fact without its unit, as it stands in a table: a number, or a word for none."""
        if isinstance(self.facts[name].value, str):
            return self._word(name)
        return as_html(self.facts[name], self.formats[name], self.numbers)

    def text(self, name: str) -> str:
        """Return a fact as plain text, without its unit."""
        if isinstance(self.facts[name].value, str):
            return str(self._word(name))
        return as_text(self.facts[name], self.formats[name], self.numbers)

    def full(self, name: str) -> Markup:
        """Return a fact, with its unit where it is counted in steps."""
        fact, printed = self.facts[name], self.bare(name)
        if fact.unit != "step" or isinstance(fact.value, list | str):
            return printed
        units = self.words["units"]["step"]
        # Of the number as it is printed: 0.96 steps, rounded to one digit, are 1 step.
        style, digits = self.formats[name].get("style", "decimal"), self.formats[name].get("digits")
        plural = self.numbers.plural(fact.value, style, digits)
        return fill(escape(units.get(plural, units["other"])), number=printed)

    def latex(self, name: str) -> str:
        """Return a fact as it stands in a formula, without its unit."""
        return self.text(name).replace("%", r"\%").replace(NBSP, r"\,").replace(MINUS, "-")

    def interval(self, name: str) -> Markup | None:
        """Return the confidence interval of a fact, in brackets; None where it has none."""
        interval = self.facts[name].interval
        if interval is None:
            return None
        style, digits = self.formats[name].get("style", "decimal"), self.formats[name].get("digits")
        low, high = (self.numbers.html(bound, style, digits) for bound in interval)
        return fill(escape(self.words["interval"]), low=low, high=high)

    def exact(self, name: str) -> str:
        """Return a fact's value to the last bit, as machines read it, a list with spaces."""
        value = self.facts[name].value
        if isinstance(value, str):
            return value
        return " ".join(map(repr, value if isinstance(value, list) else [value]))

    def _word(self, name: str) -> Markup:
        return escape(self.words["no_number"][self.facts[name].value])
