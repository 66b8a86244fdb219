"""Places within a work that is cited: ``p. 12``, ``chap. 3``, ``S. 12``, ``第 12 页``.

They are read in the words of several languages, and set in those of the style. Tables, equations,
numbers and the like, for which most styles have no words, are named as they were written, and so is
a second place, as in ``p. 12, eq. 3``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from juchi.core.characters import is_wide
from juchi.prose.place_words import LABELS, NAMES, WORDS, kind_of, label_of, speaks

__all__ = ["LABELS", "NAMED", "Locator", "in_words", "normal", "read_locator"]

# The kind of a place for which CSL has no words; those that are known here.
NAMED = "named"
_WORD = "|".join(re.escape(word) for word in sorted(WORDS, key=len, reverse=True))
_WIDE_WORD = "|".join(word for word in sorted(WORDS, key=len, reverse=True) if is_wide(word[0]))
_ROMAN = r"[ivxlcdm]+\b|[IVXLCDM]+\b"
_NUMBER = (
    r"[A-Za-z]{0,3}\d+(?:(?!ff?\.)[a-z])?(?!(?!ff\.)[a-z]{2})(?:[.:]\d+)*(?:\(\w{1,4}\))*"
    r"(?:\s?ff?\.)?"
)
# What parts places, and what is between the first one and the last one.
_AND = r"(?:,?\s(?:and|und|et|y|e)\s|\s?[,，、&和及与]\s?)"
_DASH = r"(?:\s?(?:--?-?|[–—~～至到])\s?(?:pp?\.\s?)?|\s(?:to|bis)\s)"
_ROMANS = rf"(?:{_ROMAN})"
_JOIN = rf"(?:{_DASH}|{_AND})"
_NUMBERS = rf"{_NUMBER}(?:{_JOIN}{_NUMBER}(?![A-Za-z0-9%]))*"
_ANY = rf"(?:{_NUMBERS}|{_ROMANS}(?:{_JOIN}(?:{_ROMANS}|{_NUMBER}))*)"
_NAME = "|".join(re.escape(word) for word in sorted(NAMES, key=len, reverse=True))
_SIGN = rf"(?:\({_NUMBER}\)|{_NUMBER}|(?-i:[A-Z])(?:\.\d+)*(?!\w|\.\s?\d))"
_NAMED_FORM = re.compile(
    rf"(?P<word>{_NAME})\s?(?P<number>{_SIGN}(?:{_JOIN}{_SIGN})*)(?!\w)", re.IGNORECASE
)
_FORMS = [
    # `第 12 页` and `12 页`, `p. 12` and `页 12`, `12`.
    re.compile(rf"第?\s?(?P<number>{_NUMBERS})\s?(?P<word>{_WIDE_WORD})"),
    re.compile(rf"(?P<word>{_WORD})\s?(?P<number>{_ANY})(?!\w)", re.IGNORECASE),
    re.compile(rf"(?P<word>)(?P<number>{_NUMBERS})(?=\s*(?:[,.;，。；]|$))"),
]
_BRACED = re.compile(r"\s*[,，]?\s*\{(?P<inner>[^{}]*)\}")
# A place of another kind, as `Theorem A`: it is on no page of that name.
_OTHER = re.compile(r"[^\W\d_]{2,}[.\s]")
# Several places: with what parts them, or from one to another that is written as it is.
_LISTED = re.compile(r"[,，、&和及与]|\b(?:and|und|et|y|e)\b")
_RANGE = re.compile(
    rf"(?<![\w.-])(?:([A-Za-z]*)\d+[\w.]*-\1\d|(?:{_ROMAN})-(?:{_ROMAN})|[A-Za-z]-[A-Za-z]\b)"
)
_COMMA = re.compile(r"\s*[,，;；]\s*")
# Between two places: Chinese ones may follow each other at once, as in 第 3 章第 2 节.
_BETWEEN = re.compile(rf"{_COMMA.pattern}|\s?(?=第)")


@dataclass(frozen=True)
class Locator:
    """A place within a work.

    Attributes
    ----------
    label
        What it counts, as CSL calls it; or `NAMED`, of which the number is the whole.
    number
        Which ones.
    written
        The whole as it was written.
    more
        Further places behind it, as they were written.
    word
        The word for its kind, if there is one.
    """

    label: str
    number: str
    written: str
    more: str = ""
    word: str = field(default="", repr=False, compare=False)

    @property
    def is_single(self) -> bool:
        """Whether it is one place: `12`, `4a`, `A-12`, and neither `3-5` nor `3, 7`."""
        return not (_LISTED.search(self.number) or _RANGE.search(self.number))


def read_locator(text: str) -> tuple[Locator | None, str]:
    """Return the place that a text begins with, and the rest of the text.

    Examples
    --------
    >>> read_locator(", pp. 3-5 and more")
    (Locator(label='page', number='3-5', written='pp. 3-5', more=''), ' and more')
    >>> read_locator(", as they say")
    (None, ', as they say')
    """
    if braced := _BRACED.match(text):
        locator, behind = _in_braces(braced["inner"].strip())
        lead = text[: braced.start("inner") - 1] if locator is None else ""
        return locator, f"{lead}{behind}{text[braced.end() :]}"
    start = re.match(r"\s*[,，]?\s*", text)
    locator, rest = _read(text[start.end() :] if start else text)
    return _with_more(locator, rest) if locator else (None, text)


def _in_braces(inner: str) -> tuple[Locator | None, str]:
    """Return the places that braces hold together, or their text as that of no place."""
    locator, rest = _read(inner)
    if locator:
        locator, rest = _with_more(locator, rest)
        comma = _COMMA.match(rest)
        if comma and _OTHER.match(rest, comma.end()):
            locator, rest = replace(locator, more=f"{locator.more}{rest}"), ""
    if locator is None or rest:
        label, _, number = inner.partition(" ")
        known = _label(label)
        if known is None and _OTHER.match(inner):
            return None, inner
        locator = Locator(known or "page", number if known else inner, inner)
    return locator, ""


def _with_more(locator: Locator, rest: str) -> tuple[Locator, str]:
    """Return a place with those that follow behind commas, each with its word, and the rest."""
    while comma := _BETWEEN.match(rest):
        another, behind = _read(rest[comma.end() :])
        if another is None or (another.label != NAMED and another.written == another.number):
            break
        more = f"{locator.more}{comma[0]}{_ranged(another.written)}"
        locator, rest = replace(locator, more=more), behind
    return locator, rest


def _ranged(written: str) -> str:
    """Return places as they were written, with the dash of a range."""
    return re.sub(r"(?<=[\w)])--?-?(?=[\w(])", "–", written)


def _read(text: str) -> tuple[Locator | None, str]:
    if named := _NAMED_FORM.match(text):
        written = _ranged(named[0])
        return Locator(NAMED, written, written, word=named["word"]), text[named.end() :]
    for form in _FORMS:
        match = form.match(text)
        label = _label(match["word"]) if match else None
        if match and label:
            number = normal(match["number"])
            locator = Locator(label, number, match[0], word=match["word"])
            return locator, text[match.end() :]
    return None, text


def normal(number: str) -> str:
    """Return several places in the signs of every language: `12, 15-18`."""
    return re.sub(_AND, ", ", re.sub(_DASH, "-", number.strip()))


def _label(word: str) -> str | None:
    """Return what a word for a kind of place means to CSL; a number alone is that of a page."""
    return label_of(word) if word else "page"


def in_words(written: str, language: str, forms: Mapping[str, str]) -> str:
    """Return places in the words of a language; in those of the author where it has none.

    Parameters
    ----------
    written
        The places as they were written, with what parts them.
    language
        The language, without its region.
    forms
        Of each kind how a place of it is written, and behind `|` how several are.

    Examples
    --------
    >>> in_words("Kap. 3, S. 5", "en", {"page": "p. {}|pp. {}", "chapter": "chap. {}"})
    'chap. 3, p. 5'
    """
    done, rest = "", written
    while rest:
        comma = _BETWEEN.match(rest)
        between, rest = (comma[0], rest[comma.end() :]) if comma else ("", rest)
        locator, behind = _read(rest)
        if locator is None:
            end = _COMMA.search(rest)
            behind = rest[end.start() :] if end else ""
        is_foreign = language not in ("zh", "ja") and (not between or is_wide(between[0]))
        done += ", " if done and locator and is_foreign else between
        done += _worded(locator, language, forms) if locator else rest[: len(rest) - len(behind)]
        rest = behind
    return done


def _worded(locator: Locator, language: str, forms: Mapping[str, str]) -> str:
    kind = kind_of(locator.word) if locator.word else locator.label
    form = forms.get(kind or "", "")
    if not form or (locator.word and speaks(language, locator.word)):
        return _ranged(locator.written)
    is_named = locator.label == NAMED
    number = normal(locator.number[len(locator.word) :].strip()) if is_named else locator.number
    one, _, several = form.partition("|")
    is_single = replace(locator, number=number).is_single
    if language in ("zh", "ja"):
        number = number.replace(", ", "、")
    return (one if is_single or not several else several).format(_ranged(number))
