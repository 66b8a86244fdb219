"""Quotation marks, dashes and ellipses as a language sets them, for what a keyboard has keys for.

Prose has them as rules of its parser; titles, names and other words that are no Markdown by
`typeset`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import cycle, pairwise

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_core.smartquotes import smartquotes
from markdown_it.token import Token

from juchi.core.characters import is_wide
from juchi.core.errors import UnplacedError

__all__ = ["PLAIN", "Typography", "set_by", "typeset"]

_PAIR = re.compile(r"(\S)(\s*)(\S)")
_MARKS = re.compile(rf"(?:{_PAIR.pattern}){{2}}")
# What has none of the signs that a language sets in a way of its own.
_SIGN = re.compile(r"[\"']|--|\.\.\.")
# What is no word in a text: code, a formula, an address.
_KEPT = re.compile(r"(`[^`]+`|\$[^$]+\$|https?://\S+)")


@dataclass(frozen=True)
class Typography:
    """How a language sets what a keyboard has no key for.

    Attributes
    ----------
    quotes
        Double quotation marks and single ones, each to open and to close: four signs. Spaces that
        stand inside of them, as French has them, are typed between the two of a pair.
    dash, span, ellipsis
        What ``---``, ``--`` and ``...`` become.
    """

    quotes: str = "“”‘’"
    dash: str = "—"
    span: str = "–"
    ellipsis: str = "…"

    def __post_init__(self) -> None:
        if not _MARKS.fullmatch(self.quotes):
            raise UnplacedError(
                f"the quotation marks {self.quotes!r}",
                "four marks, to open and to close, double and single, as “”‘’",
                "French has spaces inside of a pair: «  »“”",
            )

    @property
    def marks(self) -> list[str]:
        """Return the four marks, each with the spaces on its inner side.

        Examples
        --------
        >>> Typography(quotes="«  »‹›").marks
        ['« ', ' »', '‹', '›']
        """
        return [mark for pair in _PAIR.findall(self.quotes) for mark in _apart(*pair)]


def _apart(opens: str, spaces: str, closes: str) -> tuple[str, str]:
    """Return two marks, each with half of the spaces between them."""
    half = len(spaces) // 2
    return opens + spaces[:half], spaces[half:] + closes


PLAIN = Typography()


def set_by(parser: MarkdownIt, typography: Typography) -> None:
    """Let a parser set texts as a language does."""
    parser.options.update(typographer=True, quotes=typography.marks)
    parser.enable("smartquotes")
    parser.core.ruler.before("smartquotes", "signs", _signs(typography))
    parser.core.ruler.after("smartquotes", "apostrophes", _apostrophes)


def typeset(text: str, typography: Typography) -> str:
    """Return words as prose would set them; code, formulas and addresses in them stay."""
    if not _SIGN.search(text):
        return text
    inline = Token("inline", "", 0, content=text)
    inline.children = [
        Token("kept" if at % 2 else "text", "", 0, content=part)
        for at, part in enumerate(_KEPT.split(text))
    ]
    state = StateCore(text, _setter(typography), {}, [inline])
    for rule in (_signs(typography), smartquotes, _apostrophes):
        rule(state)
    return "".join(child.content for child in inline.children)


@cache
def _setter(typography: Typography) -> MarkdownIt:
    return MarkdownIt("zero", {"typographer": True, "quotes": typography.marks})


def _signs(typography: Typography) -> Callable[[StateCore], None]:
    """Return a rule that sets dashes, ellipses, and quotation marks beside Chinese characters."""
    marks = typography.marks

    def rule(state: StateCore) -> None:
        for token in state.tokens:
            texts = [child for child in token.children or [] if child.type == "text"]
            for child in texts:
                text = child.content.replace("...", typography.ellipsis)
                child.content = text.replace("---", typography.dash).replace("--", typography.span)
            for sign, pair in (('"', marks[:2]), ("'", marks[2:])):
                if any(_beside_wide(sign, child.content) for child in texts):
                    _alternate(texts, sign, pair)

    return rule


def _apostrophes(state: StateCore) -> None:
    """Set the sign of what is left out at the beginning of a word, as in 'tis and the '90s.

    It is a single quotation mark that opens and that nothing closes.
    """
    for token in state.tokens:
        for child in token.children or []:
            if child.type == "text":
                child.content = re.sub(r"(?<!\w)'(?=\w)", "’", child.content)


def _beside_wide(sign: str, text: str) -> bool:
    return any(
        sign in pair and any(is_wide(character) for character in pair) for pair in pairwise(text)
    )


def _alternate(texts: Sequence[Token], sign: str, pair: Sequence[str]) -> None:
    """Open and close in turn: Chinese has no spaces that would tell which of the two is meant."""
    turn = cycle(pair)
    for child in texts:
        child.content = re.sub(re.escape(sign), lambda _: next(turn), child.content)
