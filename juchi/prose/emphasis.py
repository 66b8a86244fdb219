"""Emphasis beside characters that are written without spaces between words.

CommonMark lets asterisks begin or end emphasis by the spaces around them. Where a script has none,
``**重点。**后文`` would stay as it is typed: the mark before the asterisks is punctuation, and no
space follows. So a wide character beside the asterisks counts as a space does.
"""

from __future__ import annotations

from markdown_it import MarkdownIt
from markdown_it.common.utils import isWhiteSpace
from markdown_it.rules_inline import StateInline, emphasis

from juchi.core.characters import is_wide

__all__ = ["emphasis_beside_wide_characters"]


def emphasis_beside_wide_characters(parser: MarkdownIt) -> None:
    """Let asterisks open and close emphasis beside wide characters, as beside spaces."""
    parser.inline.ruler.at("emphasis", _tokenize)


def _tokenize(state: StateInline, silent: bool) -> bool:
    start, known = state.pos, len(state.delimiters)
    if not emphasis.tokenize(state, silent):
        return False
    before = state.src[start - 1] if start else " "
    after = state.src[state.pos] if state.pos < state.posMax else " "
    if state.src[start] == "*":
        for delimiter in state.delimiters[known:]:
            delimiter.open = delimiter.open or (is_wide(before) and not _is_space(after))
            delimiter.close = delimiter.close or (is_wide(after) and not _is_space(before))
    return True


def _is_space(character: str) -> bool:
    return isWhiteSpace(ord(character))
