"""Counts and places in a row in words: no start, two starts, all 512 starts; the second, 12th."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from juchi.core.characters import is_wide
from juchi.core.errors import UnplacedError
from juchi.prose.formats import NumberFormat

__all__ = ["Counting"]


class Counting:
    """Counts in one language.

    Parameters
    ----------
    words
        The language's words: those of ``counting``, ``ordinals`` and ``units``.
    numbers
        How it prints numbers.
    """

    def __init__(self, words: Mapping[str, Any], numbers: NumberFormat) -> None:
        self._words = words
        self._numbers = numbers

    def count(self, number: int, noun: str, *, everything: bool = False) -> str:
        """Return a count with what is counted; `everything` says that there are no others.

        A noun may have words of its own, under the number, under `only` for the one that there is,
        and under `all` for all of several; it has to where gender or case decides (`of_noun`).
        """
        counting = self._spelled("counting")
        forms = self._words["units"][noun]
        spelled = str(number) in counting["words"]
        own = "only" if everything and number == 1 else str(number)
        if own in forms and not (everything and number > 1):
            return str(forms[own])
        if str(number) in counting.get("of_noun", ()):
            raise _unsaid(number, noun, own)
        text = counting["words"][str(number)] if spelled else self._digits(number)
        if everything and number > 1 and "all" in forms:
            return _joined(forms["all"], text)
        if everything and number > 0:
            whole = counting["all"]
            text = _joined(whole.get(str(number), whole["other"]), text)
        category = self._numbers.plural(Decimal(number))
        category = counting.get("plural", {}).get(str(number), category)
        return _joined(forms.get(category, forms["other"]), text)

    def ordinal(self, number: int, *, spelled: bool = True) -> str:
        """Return which one in a row it is: in words where they are short, or in digits."""
        ordinals = self._spelled("ordinals")
        if spelled and str(number) in ordinals["words"]:
            return str(ordinals["words"][str(number)])
        category = str(self._numbers.locale.ordinal_form(number))
        pattern = ordinals.get(category, ordinals["other"])
        return _joined(pattern, self._digits(number))

    def _digits(self, number: int) -> str:
        return self._numbers.text(number, "decimal", None)

    def _spelled(self, key: str) -> Mapping[str, Any]:
        """Return the words for numbers; a language whose messages do not have them is refused."""
        if key not in self._words:
            raise UnplacedError(
                f"a number in words in a language without `{key}` in its messages.yaml",
                "the words for numbers under that key, as juchi/theme/messages/en.yaml has them",
                "add them, or print the fact in digits with fact()",
            )
        words: Mapping[str, Any] = self._words[key]
        return words


def _unsaid(number: int, noun: str, key: str) -> UnplacedError:
    """Return the refusal of a count whose word hangs on the gender and the case of its noun."""
    return UnplacedError(
        f"{number} {noun} in words, in a language in which the word for {number} hangs on its noun",
        f'the words under units.{noun}."{key}" in messages.yaml, number and noun together',
        'add them there, as the sentence needs them; another case is another noun, noun="..."',
    )


def _joined(pattern: str, text: str) -> str:
    """Return a pattern with a number in it; between Chinese characters there is no space."""
    before, place, after = pattern.partition("{number}")
    if not place:
        return pattern
    if is_wide(text[:1]) and is_wide(before.rstrip()[-1:]):
        before = before.rstrip()
    if is_wide(text[-1:]) and is_wide(after.lstrip()[:1]):
        after = after.lstrip()
    return f"{before}{text}{after}"
