"""Emphasis beside characters that are written without spaces between words.

CommonMark lets asterisks and underscores begin or end emphasis by the spaces around them. Where a
script has none, ``**重点。**后文`` would stay as it is typed: the mark before the asterisks is
punctuation, and no space follows. So a wide character beside them counts as a space does. The same
holds for the tildes around what is struck out.
"""

from __future__ import annotations

from collections.abc import Callable

from markdown_it import MarkdownIt
from markdown_it.common.utils import isWhiteSpace
from markdown_it.rules_inline import StateInline, emphasis, strikethrough

from juchi.core.characters import is_wide

__all__ = ["emphasis_beside_wide_characters", "struck_beside_wide_characters"]

Rule = Callable[[StateInline, bool], bool]


def emphasis_beside_wide_characters(parser: MarkdownIt) -> None:
    """Let asterisks and underscores open and close emphasis beside wide characters."""
    parser.inline.ruler.at("emphasis", _beside_wide(emphasis.tokenize))


def struck_beside_wide_characters(parser: MarkdownIt) -> None:
    """Let two tildes open and close beside wide characters, too."""
    parser.inline.ruler.at("strikethrough", _beside_wide(strikethrough.tokenize))


def _beside_wide(rule: Rule) -> Rule:
    def tokenize(state: StateInline, silent: bool) -> bool:
        start, known = state.pos, len(state.delimiters)
        if not rule(state, silent):
            return False
        before = state.src[start - 1] if start else " "
        after = state.src[state.pos] if state.pos < state.posMax else " "
        for delimiter in state.delimiters[known:]:
            delimiter.open = delimiter.open or (is_wide(before) and not _is_space(after))
            delimiter.close = delimiter.close or (is_wide(after) and not _is_space(before))
        return True

    return tokenize


def _is_space(character: str) -> bool:
    return isWhiteSpace(ord(character))
