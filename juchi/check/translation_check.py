"""Both languages say the same: the same headings and quotes, in the same order."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from juchi.prose.calls import MARKS, forms, message_keys
from juchi.prose.reading import Quote

__all__ = ["NUMBER", "Prose", "differences", "message_differences"]

# What has to agree, kind by kind: within a sentence, a fact may stand before or after a citation.
_SHOWN = ("figure", "table", "equation", "label")
NUMBER = "number of the literature"
_RUNNING = ("fact", "citation", "reference", "footnote", "preset", NUMBER)


def _kinds() -> dict[str, tuple[str, ...]]:
    """Return the kinds of calls that follow each other alike in all languages, by their name."""
    own = [form.kind for form in forms().values()]
    added = [kind for kind in own if kind not in (*_SHOWN, *MARKS, *_RUNNING)]
    return {
        **{kind: (kind,) for kind in (*_SHOWN, *added)},
        # What the text in a call rests on: one row, so that the kinds follow each other alike.
        "evidence": MARKS,
        **{kind: (kind,) for kind in _RUNNING},
    }


@dataclass(frozen=True)
class Prose:
    """One language's prose, as far as it must agree with the others: headings and quotes."""

    language: str
    headings: Mapping[str, list[str]]
    quotes: list[Quote]

    def of(self, section: str, kinds: Collection[str]) -> list[Quote]:
        """Return the quotes of some kinds in one section, in order."""
        return [quote for quote in self.quotes if quote.section == section and quote.kind in kinds]


def differences(first: Prose, other: Prose) -> Iterator[str]:
    """Yield a message for each section and kind in which two languages differ, at its start."""
    for section in first.headings:
        here, there = first.headings[section], other.headings[section]
        if here != there:
            yield (
                f"parity: section {section!r} has the headings {', '.join(here)} in "
                f"{first.language!r} and {', '.join(there)} in {other.language!r}"
            )
        for name, kinds in _kinds().items():
            yield from _first_difference(name, kinds, first, other, section)


def _first_difference(
    name: str, kinds: Collection[str], first: Prose, other: Prose, section: str
) -> Iterator[str]:
    pairs = zip_longest(first.of(section, kinds), other.of(section, kinds))
    for here, there in pairs:
        if here is None or there is None or (here.kind, here.names) != (there.kind, there.names):
            yield f"parity: {name} differs: {_told(here, first)}; {_told(there, other)}"
            return


def _told(quote: Quote | None, prose: Prose) -> str:
    if quote is None:
        return f"nothing more in {prose.language!r}"
    return f"{', '.join(quote.names) or quote.kind} at {quote.place}"


def message_differences(words: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """Yield a message for each key that one language's words have and another's lack."""
    keys = {language: message_keys(values) for language, values in words.items()}
    everything = sorted(set().union(*keys.values()))
    for language, known in keys.items():
        for key in everything:
            if key not in known:
                yield f"parity: templates/{language}/messages.yaml lacks the key {key!r}"
