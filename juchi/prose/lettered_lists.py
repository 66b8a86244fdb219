"""Lists that Pandoc has and CommonMark has not: `a.`, `B)`, `(c)`, `iv.` and `(1)`.

Their signs become numbers of the same width, so that the rule of CommonMark's own lists reads them:
what stands in an item, and where it ends, is the same for all lists.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

from markdown_it.rules_block import StateBlock, list_block

from juchi.core.errors import UserError

__all__ = ["STYLES", "lettered_list", "sign"]

# The kinds of lists as CSS names them, by what HTML calls them.
STYLES = {
    **{"1": "decimal", "a": "lower-alpha", "A": "upper-alpha"},
    **{"i": "lower-roman", "I": "upper-roman"},
}

_SIGN = re.compile(
    r"(?P<open>\(?)(?P<sign>\d{1,3}|[ivxlcdm]+|[IVXLCDM]+|[A-Za-z])(?P<close>[.)])"
    r"(?P<gap>[ \t]*)(?P<text>.*)"
)
_ROMAN = re.compile(r"m{0,3}(cm|cd|d?c{0,3})(xc|xl|l?x{0,3})(ix|iv|v?i{0,3})", re.IGNORECASE)
_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}
_TOKENS = {1000: "m", 900: "cm", 500: "d", 400: "cd", 100: "c", 90: "xc", 50: "l", 40: "xl"}
_TOKENS |= {10: "x", 9: "ix", 5: "v", 4: "iv", 1: "i"}
# What stands first in `z. B.` and `i. e.`, which begin no list.
_ABBREVIATED = re.compile(r"[A-Za-z]\.")
# What was read last where a list looks for its next item.
_BETWEEN = "list_item_close"
# What begins no item stands no further than this behind its sign.
_INSIDE = 2


@dataclass(frozen=True)
class _Item:
    """The sign of an item.

    Attributes
    ----------
    letter
        What HTML calls its kind: ``1``, ``a``, ``A``, ``i`` or ``I``.
    ends
        What stands around it: ``.``, ``)`` or ``()``.
    sign
        Itself.
    width
        How many characters it and what stands around it have.
    text
        What stands behind it on its line.
    """

    letter: str
    ends: str
    sign: str
    width: int
    text: str

    @property
    def value(self) -> int:
        """Its place in its list."""
        return _value(self.sign, self.letter) or 0

    @property
    def may_be_alone(self) -> bool:
        """Whether it is a list without a second item: `a. evaluate`, and no `A. Smith`."""
        is_first = self.value == 1 and self.sign.islower() and self.ends != "()"
        return is_first and not _ABBREVIATED.match(self.text)

    def fits(self, other: Self) -> bool:
        """Tell whether another one may stand in the same list."""
        alike = (self.ends, bool(_value(other.sign, self.letter)))
        return alike == (other.ends, True)

    def precedes(self, other: Self) -> bool:
        """Tell whether another one is the next in the same list."""
        return self.fits(other) and _value(other.sign, self.letter) == self.value + 1


def lettered_list(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read a list whose items have letters, Roman numbers, or numbers between parentheses."""
    if state.is_code_block(start):
        return False
    # Of each open list of this kind its first sign, by how deep it stands.
    opened: dict[int, _Item] = state.env.setdefault("lettered", {})
    if silent and state.level in opened:
        return not _goes_on(state, start, opened[state.level])
    item = _item(state, start)
    if item is None or (silent and state.tokens[-1:] and state.tokens[-1].type == _BETWEEN):
        return False
    if silent:
        return _interrupts(state, start, end, item)
    if not (item.text and _begins(state, start, end, item)):
        return False
    return _read(state, start, end, item)


def sign(number: int, letter: str, ends: str = ".") -> str:
    """Return what stands before an item of a list of a kind.

    Examples
    --------
    >>> sign(4, "a"), sign(28, "A", ")"), sign(14, "i", "()"), sign(2, "1")
    ('d.', 'AB)', '(xiv)', '2.')
    """
    text, rest = "", number
    if letter == "1":
        text = str(number)
    elif letter in "aA":
        while rest:
            rest, last = divmod(rest - 1, 26)
            text = chr(ord("a") + last) + text
    else:
        for value, token in _TOKENS.items():
            text += token * (rest // value)
            rest %= value
    shown = text.upper() if letter.isupper() else text
    return f"({shown})" if ends == "()" else f"{shown}{ends}"


def _read(state: StateBlock, start: int, end: int, first: _Item) -> bool:
    """Read a list that begins so."""
    opened, before, at = state.env["lettered"], state.src, len(state.tokens)
    level = state.level + 1
    opened[level] = first
    _number(state, start, first)
    done = list_block(state, start, end, False)
    del opened[level]
    if not done:
        state.src = before
        return False
    token = state.tokens[at]
    token.markup = first.ends
    token.attrs = {} if first.letter == "1" else {"type": first.letter}
    if first.value != 1:
        token.attrs["start"] = first.value
    return True


def _goes_on(state: StateBlock, line: int, first: _Item) -> bool:
    """Tell whether a line is the next item of a list, and have it read as such."""
    item = _item(state, line)
    if item is None or not first.fits(item):
        return False
    _number(state, line, item)
    return True


def _interrupts(state: StateBlock, line: int, end: int, item: _Item) -> bool:
    """Tell whether a line ends the paragraph before it: within an item of a list, as in Pandoc."""
    if any(first.fits(item) for first in state.env["lettered"].values()):
        return True
    if not (item.text and _begins(state, line, end, item)):
        return False
    if state.listIndent >= 0:
        return True
    if item.ends != "()" and _is_followed(state, line, end, item):
        raise UserError(
            state.env["source"].place(line),
            f"a list right below a line of text: {item.sign + item.ends + ' ' + item.text!r:.60}",
            "an empty line in front of a list with letters",
            "write the empty line, or a backslash before the full stop or the parenthesis",
        )
    return False


def _begins(state: StateBlock, line: int, end: int, item: _Item) -> bool:
    return item.may_be_alone or _is_followed(state, line, end, item)


def _is_followed(state: StateBlock, line: int, end: int, item: _Item) -> bool:
    """Tell whether the next item of the same list stands below."""
    own, behind_empty = state.sCount[line], False
    for below in range(line + 1, end):
        if state.isEmpty(below):
            behind_empty = True
            continue
        if state.sCount[below] < min(own, state.blkIndent):
            return False
        if state.sCount[below] < own + _INSIDE:
            if other := _item(state, below):
                return item.precedes(other)
            if behind_empty:
                return False
        behind_empty = False
    return False


def _item(state: StateBlock, line: int) -> _Item | None:
    """Return the sign of the item that a line begins."""
    text = state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]
    match = _SIGN.fullmatch(text)
    if match is None or (match["text"] and not match["gap"]):
        return None
    sign, ends = match["sign"], match["open"] + match["close"]
    # `A. Smith` is a name; so much is said in Pandoc's manual.
    is_name = ends == "." and len(sign) == 1 and sign.isupper() and match["gap"] == " "
    letter = _letter(sign)
    if ends == "(." or is_name or letter is None or (letter == "1" and ends != "()"):
        return None
    return _Item(letter, ends, sign, len(sign) + len(ends), match["text"])


def _letter(sign: str) -> str | None:
    """Return what kind of list a sign begins; a single letter but `i` is one of the alphabet."""
    if sign.isdigit():
        return "1"
    kind = "i" if len(sign) > 1 or sign in "iI" else "a"
    letter = kind.upper() if sign.isupper() else kind
    return letter if _value(sign, letter) else None


def _value(sign: str, letter: str) -> int | None:
    """Return the number that a sign stands for in a list of a kind, if it may stand there."""
    if letter == "1" or sign.isdigit():
        return int(sign) if letter == "1" and sign.isdigit() else None
    if letter.isupper() != sign.isupper():
        return None
    if letter in "aA":
        return ord(sign.lower()) - ord("a") + 1 if len(sign) == 1 else None
    if not _ROMAN.fullmatch(sign):
        return None
    values = [_VALUES[each] for each in sign.lower()]
    pairs = zip(values, [*values[1:], 0], strict=True)
    return sum(-one if one < following else one for one, following in pairs)


def _number(state: StateBlock, line: int, item: _Item) -> None:
    """Put a number of the same width in the place of a sign."""
    start = state.bMarks[line] + state.tShift[line]
    number = "1".zfill(item.width - 1) + item.ends[-1]
    state.src = state.src[:start] + number + state.src[start + item.width :]
