"""Blocks between colons, ``::: note``, and the alerts of GitHub, which are the same blocks."""

from __future__ import annotations

import re
from dataclasses import replace

from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from juchi.core.errors import UserError
from juchi.prose.attributes import Attributes, read_attributes
from juchi.prose.tokens import line_of

__all__ = [
    "CALLOUTS",
    "CONDITIONAL",
    "GENERAL",
    "PAPER",
    "THEOREMS",
    "WEB",
    "div",
    "read_alerts",
    "read_divs",
    "refuse_unknown_kind",
]

CALLOUTS = ("note", "tip", "important", "warning", "caution")
# By the class of the block: what the identifier begins with.
THEOREMS = {
    **{"theorem": "thm", "lemma": "lem", "corollary": "cor", "proposition": "prp"},
    **{"conjecture": "cnj", "definition": "def", "example": "exm", "exercise": "exr"},
    **{"remark": "rem", "proof": "prf", "algorithm": "alg"},
}
# A note of a whole table; what one form alone has, and as Quarto says it.
GENERAL = "table-note"
WEB, PAPER = "web-only", "paper-only"
CONDITIONAL = ("content-visible", "content-hidden")
# Blocks in which a heading is that of a part of the section.
_HAS_SECTIONS = {WEB, PAPER, *CONDITIONAL}
# So many tokens are a title.
_TITLE = 3
_COLONS = re.compile(r":{3,}\s*(?P<info>.*)")
_FENCE = re.compile(r"`{3,}|~{3,}")
# `{note} Title`, as MyST has it.
_DIRECTIVE = re.compile(r"\{([a-z][a-z-]*)\}(?:\s+(.*))?")
_ALERT = re.compile(r"\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\]\s*", re.IGNORECASE)


def div(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read a block from its colons with words to those without, which may hold others."""
    opening = None if state.is_code_block(start) else _COLONS.fullmatch(_line(state, start))
    if opening is None:
        return False
    if not opening["info"]:
        raise UserError(
            state.env["source"].place(start),
            "a line `:::` that closes nothing",
            "a line `::: kind` above each",
            "take it out, or name the kind behind the colons, as `::: note`",
        )
    if silent:
        return True
    last = _end(state, start, end)
    token = state.push("container_div_open", "div", 1)
    token.block, token.map = True, [start, last]
    attributes = _described(opening["info"].strip(), state.env["source"].place(start))
    title = attributes.values.get("title")
    token.meta = {"attributes": attributes, "title": _push_title(state, start, title)}
    parent, line_max = state.parentType, state.lineMax
    state.parentType, state.lineMax = "container", last
    state.md.block.tokenize(state, start + 1, last)
    state.parentType, state.lineMax = parent, line_max
    state.push("container_div_close", "div", -1).block = True
    state.line = last + 1
    return True


def _end(state: StateBlock, start: int, end: int) -> int:
    """Return the line that closes a block; one that none closes is a `UserError`."""
    depth, fence = 1, ""
    for line in range(start + 1, end):
        text = _line(state, line)
        if found := _FENCE.match(text):
            fence = "" if fence and text.startswith(fence) else fence or found[0]
        elif not fence and (colons := _COLONS.fullmatch(text)):
            depth += 1 if colons["info"] else -1
        if depth == 0:
            return line
    raise UserError(
        state.env["source"].place(start),
        f"a block that is not closed: {_line(state, start)[:60]!r}",
        "a line `:::` below each line `::: kind`",
        "write the line where the block ends",
    )


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]].strip()


def read_alerts(state: StateCore) -> None:
    """Make a callout of each quotation that begins as `[!NOTE]` does."""
    opened: list[tuple[Token, bool]] = []
    for at, token in enumerate(state.tokens):
        if token.type == "blockquote_open":
            opened.append((token, _take_alert(token, state.tokens[at + 1 : at + 4])))
        elif token.type == "blockquote_close" and opened.pop()[1]:
            token.type, token.tag = "container_div_close", "div"


def _take_alert(quote: Token, following: list[Token]) -> bool:
    if [token.type for token in following[:2]] != ["paragraph_open", "inline"]:
        return False
    children = following[1].children or []
    match = _ALERT.fullmatch(children[0].content) if children else None
    if match is None or (len(children) > 1 and children[1].type != "softbreak"):
        return False
    del children[:2]
    if not children:
        following[0].hidden = following[2].hidden = True
    quote.type, quote.tag = "container_div_open", "div"
    quote.meta = {"attributes": Attributes(None, (match[1].lower(),)), "title": None}
    return True


def _described(info: str, place: str) -> Attributes:
    """Read what stands behind the colons of a block: its kind and title, or attributes."""
    if kind := _DIRECTIVE.fullmatch(info):
        info = " ".join(filter(None, kind.groups()))
    if info.startswith("{") and info.endswith("}"):
        return read_attributes(info[1:-1], place)
    name, _, title = info.partition(" ")
    return Attributes(None, (name,), {"title": title.strip()} if title else {})


def _push_title(state: StateBlock, line: int, title: str | None) -> Token | None:
    """Push the title of a block, to be read as a line of prose; it is printed with the block."""
    if not title:
        return None
    state.push("title_open", "", 1).block = True
    inline = state.push("inline", "", 0)
    inline.content, inline.map, inline.children = title, [line, line + 1], []
    inline.hidden = True
    state.push("title_close", "", -1).block = True
    return inline


def read_divs(state: StateCore) -> None:
    """Take the heading that begins a block as its title, as Quarto does."""
    for block in [token for token in state.tokens if token.type == "container_div_open"]:
        first = state.tokens.index(block) + 1
        heading = state.tokens[first + _TITLE * bool(block.meta["title"])]
        is_title = not _HAS_SECTIONS.intersection(block.meta["attributes"].classes)
        if heading.type == "heading_open" and is_title:
            _take_title(state, block, heading)


def _take_title(state: StateCore, block: Token, heading: Token) -> None:
    at = state.tokens.index(heading)
    inline, closing = state.tokens[at + 1 : at + 3]
    if block.meta["title"]:
        raise UserError(
            state.env["source"].place(line_of(heading)),
            f"the heading {inline.content!r} in a block",
            "a title once: a heading that begins a block is its title",
            "take the other title out",
        )
    heading.type, closing.type, inline.hidden = "title_open", "title_close", True
    attributes: Attributes = block.meta["attributes"]
    values = {**attributes.values, "title": inline.content}
    block.meta = {"attributes": replace(attributes, values=values), "title": inline}


def refuse_unknown_kind(attributes: Attributes, place: str) -> None:
    """Refuse a block of a kind that is not known."""
    name = "".join(attributes.classes[:1])
    kinds = (*CALLOUTS, *THEOREMS, GENERAL, WEB, PAPER)
    if name.removeprefix("callout-") not in (*kinds, *CONDITIONAL):
        raise UserError(
            place,
            f"a block of the kind {name!r}" if name else "a block of no kind",
            f"one of {', '.join(kinds)}",
            "name the kind behind the colons, as `::: note`; the block ends with a line `:::`",
        )
