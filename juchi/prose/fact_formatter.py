"""Facts as a language prints them: the calls of the prose that quote facts, in every medium."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from juchi.core.errors import UnplacedError
from juchi.prose.counting import Counting
from juchi.prose.formats import NumberFormat
from juchi.prose.printed import NBSP, Html, Medium, Printed, Spoken, arranged
from juchi.prose.quantities import Options, Quantities
from juchi.results.facts import Fact
from juchi.results.units import PLAIN

__all__ = ["FactFormatter"]

_HTML = Html()
# The calls that print a number with the digits that are said of it.
_ROUNDED = ("fact", "number", "plain")
# The word under `units` for what the style `points` prints.
_POINT = "point"


class FactFormatter:
    """Prints facts in one language.

    Parameters
    ----------
    facts, formats
        The facts, and how each is printed, by name.
    numbers
        The numbers of the language.
    words
        Its words: patterns of the interval, of ranges and of what is counted.
    """

    def __init__(
        self,
        facts: Mapping[str, Fact],
        formats: Mapping[str, Options],
        numbers: NumberFormat,
        words: Mapping[str, Any],
    ) -> None:
        self.facts = facts
        self.numbers = numbers
        self.words = words
        self.quantities = Quantities(facts, formats, numbers, words["units"])
        self._counting = Counting(words, numbers)
        self._calls: dict[str, Callable[[Sequence[str], Options, Medium], str]] = {
            "fact": self._fact,
            "plain": self._plain,
            "number": self._number,
            "interval": self._interval,
            "measured": self._measured,
            "range": self._range,
            "count": self._count,
            "ordinal": self._ordinal,
        }

    def write(self, function: str, names: Sequence[str], options: Options, medium: Medium) -> str:
        """Return what a call of the prose prints of facts.

        Raises
        ------
        UnplacedError
            Where the facts cannot be printed so; the caller knows file and line.
        """
        if function in _ROUNDED:
            self.quantities.require_digits(names[0], options)
        return self._calls[function](names, options, medium)

    @property
    def spoken(self) -> Medium:
        """The medium of alternative texts: words."""
        return Spoken(self.words, self.numbers.locale)

    def bare(self, name: str) -> Markup:
        """Return a fact as it stands in a table: with its unit of physics, but 512 for 512 steps.

        A word stands for a number that there is not.
        """
        return Markup(self._plain([name], {}, _HTML))

    def full(self, name: str) -> Markup:
        """Return a fact with its unit, and with what it counts."""
        return Markup(self._fact([name], {}, _HTML))

    def in_words(self, name: str, of: str = "") -> Markup:
        """Return a fact as `full`, but a count in words; `of` is the fact how many there are."""
        if self.facts[name].unit in self.words["units"] and self.quantities.is_whole(name):
            return Markup(self._count([name, of] if of else [name], {}, _HTML))
        return self.full(name)

    def interval(self, name: str) -> Markup | None:
        """Return the confidence interval of a fact, in brackets; None where it has none."""
        if self.facts[name].interval is None:
            return None
        return Markup(self._interval([name], {}, _HTML))

    def exact(self, name: str) -> str:
        """Return a fact's value to the last bit, as machines read it, a list with spaces."""
        value = self.facts[name].value
        if isinstance(value, str):
            return value
        return " ".join(map(repr, value if isinstance(value, list) else [value]))

    # --- the calls ---

    def _fact(self, names: Sequence[str], options: Options, medium: Medium) -> str:
        (name,) = names
        text, value = self._plain(names, options, medium), self.facts[name].value
        if not isinstance(value, list | str):
            printed = self.quantities.printed(name, value, options)
            text = self._counted(self._noun(name, options), printed, text, medium)
        return medium.linked(name, self.exact(name), text)

    def _noun(self, name: str, options: Options) -> str:
        """Return what a fact counts: percentage points, where no other word is declared."""
        unit = self.facts[name].unit
        if unit not in PLAIN or self.quantities.style(name, options) != "points":
            return unit
        if _POINT not in self.words["units"]:
            raise UnplacedError(
                f"{name} in percentage points, for which this language has no words",
                f"the key units.{_POINT} in messages.yaml",
                'add it, in English as { one: "{number} percentage point", other: "{number} '
                'percentage points" }',
            )
        return _POINT

    def _plain(self, names: Sequence[str], options: Options, medium: Medium) -> str:
        return self._values(names[0], options, medium)

    def _number(self, names: Sequence[str], options: Options, medium: Medium) -> str:
        (name,) = names
        text = self._values(name, options, medium, has_unit=False)
        return medium.linked(name, self.exact(name), text)

    def _values(self, name: str, options: Options, medium: Medium, *, has_unit: bool = True) -> str:
        """Return the number of a fact, all numbers of a list, or a word for none."""
        value = self.facts[name].value
        if isinstance(value, str):
            return medium.words(self.words["no_number"][value])
        values = value if isinstance(value, list) else [value]
        printed = [self.quantities.printed(name, each, options) for each in values]
        if len(printed) == 1 and has_unit:
            return medium.number(printed[0])
        texts = [medium.number(each.bare) for each in printed]
        text = medium.words(self.numbers.separator).join(texts)
        return medium.in_unit(text, printed[-1]) if printed and has_unit else text

    def _interval(self, names: Sequence[str], options: Options, medium: Medium) -> str:
        (name,) = names
        interval = self.facts[name].interval
        if interval is None:
            raise UnplacedError(
                f"{name}, a fact without a confidence interval",
                "a mean, a share, a median or a quantile",
                "quote it with fact() instead of interval()",
            )
        low, high = self.quantities.bounds(name, interval, options)
        # A sign of per cent stands at each end, as that of the style percent does.
        is_shared = not (high.unit and high.unit.pattern)
        ends = (low.bare, high.bare) if is_shared else (low, high)
        texts = dict(zip(("low", "high"), map(medium.number, ends), strict=True))
        pattern = str(self.words["interval"])
        # No line ends between the two.
        pattern = pattern.replace(" ", NBSP) if isinstance(medium, Html) else pattern
        text = arranged(medium, pattern, **texts)
        text = medium.in_unit(text, high) if is_shared else text
        # Alone it would be read as one of plain numbers; what is counted the fact beside it says.
        noun = self._noun(name, options)
        return self._counted(noun, high, text, medium) if noun == _POINT else text

    def _range(self, names: Sequence[str], options: Options, medium: Medium) -> str:
        first, last = names
        low, high = self.quantities.ends(first, last, options)
        if (low.digits, low.exponent) == (high.digits, high.exponent):
            return self._fact([last], options, medium)
        is_marked = low.is_plain and high.is_plain and not isinstance(medium, Spoken)
        is_shared = high.unit is None or not high.unit.is_sign
        ends = (low.before(high).bare, high.bare) if is_shared else (low, high)
        texts = [
            medium.linked(name, self.exact(name), medium.number(end))
            for name, end in zip(names, ends, strict=True)
        ]
        pattern = self.words["range"]["marks" if is_marked else "words"]
        text = arranged(medium, pattern, first=texts[0], last=texts[1])
        text = medium.in_unit(text, high) if is_shared else text
        return self._counted(self._noun(last, options), high, text, medium)

    def _measured(self, names: Sequence[str], options: Options, medium: Medium) -> str:
        (name,) = names
        concise = options.get("form") == "concise" and not isinstance(medium, Spoken)
        # A unit behind the brackets is that of both numbers, and so is what is counted.
        noun = self._noun(name, options)
        counts = isinstance(medium, Html) and noun in self.words["units"]
        has_unit = self.quantities.measured_in(name) and not isinstance(medium, Spoken)
        bracketed = counts or bool(has_unit)
        printed = self.quantities.measured(name, options, concise=concise, bracketed=bracketed)
        text = self._counted(noun, printed, medium.number(printed), medium)
        return medium.linked(name, self.exact(name), text)

    def _count(self, names: Sequence[str], options: Options, medium: Medium) -> str:
        name, noun = names[0], options.get("noun", self.facts[names[0]].unit)
        if noun not in self.words["units"]:
            told = f"noun {noun!r}" if "noun" in options else f"unit {noun!r} of the fact"
            raise UnplacedError(
                f"a count whose {told} is no word for what is counted",
                f"one of {', '.join(self.words['units'])}: what `units` in messages.yaml names",
                'add the word there, and make it the `unit` of the fact or say noun="..."',
            )
        number, *wholes = (self.quantities.whole(each) for each in names)
        if any(whole < number for whole in wholes):
            raise UnplacedError(
                f"{name} = {number} of {names[1]} = {wholes[0]}",
                "no more than there are",
                "correct one of the two names",
            )
        text = self._counting.count(number, noun, everything=wholes == [number])
        return self._said(name, text, options, medium)

    def _ordinal(self, names: Sequence[str], options: Options, medium: Medium) -> str:
        (name,) = names
        number = self.quantities.whole(name, least=1)
        text = self._counting.ordinal(number, spelled=options.get("form") != "digits")
        return self._said(name, text, options, medium)

    def _said(self, name: str, text: str, options: Options, medium: Medium) -> str:
        said = text[:1].upper() + text[1:] if options.get("capital") else text
        return medium.linked(name, self.exact(name), medium.words(said))

    def _counted(self, noun: str, printed: Printed, text: str, medium: Medium) -> str:
        """Return a number on a page with what it counts, in the plural of what is printed."""
        if not isinstance(medium, Html) or noun not in self.words["units"]:
            return text
        forms = self.words["units"][noun]
        pattern = forms.get(self.numbers.plural(printed.number), forms["other"])
        return arranged(medium, pattern, number=text)
