"""Where sentences end, and the statements that semicolons part them into.

Our own since the libraries tried (pysbd, syntok, sentencex) lose the ends of sentences in brackets
or Chinese quotation marks, and an end that is lost hides a sentence behind its neighbour.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["Abbreviations", "sentences", "statements"]

_CLOSERS = r"""["'”’»）)\]】」』*_]*+"""
# “ and « close before a space where „ and » open, as in German.
_NARROW_CLOSERS = _CLOSERS.replace("»", "»“‘«›‹")
_END = re.compile(
    rf"(?P<wide>[。！？]+{_CLOSERS}(?![，、；：—]))|(?P<narrow>[.!?]+{_NARROW_CLOSERS}(?=\s|\Z))"
)
_WORD_BEFORE = re.compile(r"[^\s(（\[“‘„‚»«\"']*\Z")
_CLOSED = re.compile(r"""["'”’“‘»«›‹)\]]""")
_OPENERS = " \t\n\"'“‘„‚«»‹›（([*_"
_SEMICOLONS = ";；"
_BRACKETS = {"(": 1, "（": 1, ")": -1, "）": -1}


@dataclass(frozen=True)
class Abbreviations:
    """A language's words that end on a full stop.

    Attributes
    ----------
    inside
        Those that never end a sentence, such as ``e.g.``.
    either
        Those that end one where a capital letter follows, such as ``etc.``.
    """

    inside: frozenset[str]
    either: frozenset[str]


def sentences(text: str, abbreviations: Abbreviations) -> Iterator[tuple[int, int]]:
    """Yield where each sentence of a paragraph begins and ends.

    In doubt there is an end: a sentence that is cut shows itself, one that is hidden does not.
    """
    start = 0
    for match in _END.finditer(text):
        if match["wide"] or _ends(text, match, abbreviations):
            yield start, match.end()
            start = match.end()
    if text[start:].strip():
        yield start, len(text)


def _ends(text: str, match: re.Match[str], abbreviations: Abbreviations) -> bool:
    """Return whether a full stop, question mark or exclamation mark ends its sentence."""
    following = text[match.end() :].lstrip(_OPENERS)[:1]
    # "Is it?" he asked.
    if _CLOSED.search(match["narrow"]) and following.islower():
        return False
    if not match["narrow"].startswith("."):
        return True
    before = _WORD_BEFORE.search(text, 0, match.start())
    word = before[0] if before else ""
    if len(word) > 1:  # I.e. at the start of a sentence
        word = word if f"{word}." in abbreviations.inside else word[0].lower() + word[1:]
    if f"{word}." in abbreviations.inside or (len(word) == 1 and word.isalpha() and word.isupper()):
        return False
    return f"{word}." not in abbreviations.either or following.isupper()


def statements(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield where the parts of a sentence begin and end; semicolons outside brackets part them."""
    depth = 0
    for position in range(start, end):
        character = text[position]
        depth += _BRACKETS.get(character, 0)
        if character in _SEMICOLONS and depth <= 0:
            yield start, position + 1
            start = position + 1
    yield start, end
