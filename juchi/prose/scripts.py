"""What is raised or lowered within a line, ``m^2^`` and ``H~2~O``, and the tilde of a range.

In Chinese a tilde between words says `to`, as in ``周一~周五``, and no space parts it from them:
two ranges in one sentence would lower what stands between. The characters around tell which it is.
"""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

from juchi.core.call_marks import CALL, EDGE, START
from juchi.core.characters import is_wide

__all__ = ["scripts"]

_ELEMENTS = {"~": "sub", "^": "sup"}
_SENTENCE = re.compile("[，。；：、！？]")
_SPACE = re.compile(r"(?<!\\)(?:\\\\)*\s")
_RANGE_SIGN = "～"
# A hyphen that is a minus sign: before a number, and behind no letter or digit.
_MINUS = re.compile(r"(?<![^\W_])-(?=\d)")


def scripts(parser: MarkdownIt) -> None:
    """Let a parser read what is raised or lowered."""
    parser.inline.ruler.after("emphasis", "script", _script)


def _script(state: StateInline, silent: bool) -> bool:
    sign, start = state.src[state.pos], state.pos
    if silent or sign not in _ELEMENTS or sign in (_at(state, start - 1), _at(state, start + 1)):
        return False
    end = _end(state, sign)
    if end and _is_script(state, start, end):
        _push(state, _ELEMENTS[sign], end)
        return True
    if sign == "~" and _is_word(_at(state, start - 1)) and _is_word(_at(state, start + 1)):
        state.pending += _RANGE_SIGN
        state.pos += 1
        return True
    return False


def _at(state: StateInline, place: int) -> str:
    return state.src[place] if 0 <= place < state.posMax else ""


def _is_word(character: str) -> bool:
    return is_wide(character) and character.isalnum()


def _end(state: StateInline, sign: str) -> int:
    """Return where the same sign stands again, with no space before it; 0 where it does not."""
    start, state.pos = state.pos, state.pos + 1
    while state.pos < state.posMax and state.src[state.pos] != sign:
        state.md.inline.skipToken(state)
    end, state.pos = state.pos, start
    is_empty = end <= start + 1 or end >= state.posMax
    return 0 if is_empty or _SPACE.search(state.src[start + 1 : end]) else end


def _is_script(state: StateInline, start: int, end: int) -> bool:
    """Tell whether the text between two signs is raised or lowered, and no part of a sentence."""
    before, behind, text = _at(state, start - 1), _at(state, end + 1), state.src[start + 1 : end]
    if _SENTENCE.search(text) or (_is_word(before) and _is_word(behind)):
        return False
    if state.src[start] == "^":
        return True
    if before in (CALL, EDGE):
        return text[0] not in (START, EDGE) and not text[0].isdigit()
    if before.isdigit() or (before and before in "%‰℃°"):
        return not text[0].isdigit()
    is_mixed = any(map(_is_word, text)) and re.search("[A-Za-z]", text)
    return not (is_mixed and before.isalpha() and behind.isascii() and behind.isalnum())


def _push(state: StateInline, tag: str, end: int) -> None:
    maximum = state.posMax
    state.push(f"{tag}_open", tag, 1).markup = state.src[state.pos]
    state.pos, state.posMax = state.pos + 1, end
    before = len(state.tokens)
    state.md.inline.tokenize(state)
    if state.pending:
        state.pushPending()
    for token in state.tokens[before:]:
        if token.type == "text":
            token.content = _MINUS.sub("\u2212", token.content)
    state.push(f"{tag}_close", tag, -1).markup = state.src[end]
    state.pos, state.posMax = end + 1, maximum
