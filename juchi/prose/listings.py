"""Code with a name and a caption, as Quarto writes it: ``{.python #lst-mean lst-cap="A mean."}``.

The braces stand behind the fence. Or the code, with its caption as the last paragraph, stands
between ``::: {#lst-mean}`` and ``:::``; there it may be a call that prints code of the article.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from juchi.core.errors import UserError
from juchi.prose.attributes import Attributes, read_attributes
from juchi.prose.calls import forms
from juchi.prose.tokens import end_of_div, line_of

__all__ = ["read_fences", "read_listings"]

_NAME = "lst"
_CAPTIONS = ("lst-cap", "caption")
# A language alone may stand before or between braces; `{python}` is a cell that would be run.
_INFO = re.compile(r"(?P<language>[^\s{]*)\s*\{(?P<attributes>\s*(?:[#.]|[\w-]+=).*)\}")
_PARAGRAPH = ["paragraph_open", "inline", "paragraph_close"]


def read_fences(state: StateCore) -> None:
    """Read the attributes behind each fence; one with a name or a caption becomes a listing."""
    tokens: list[Token] = []
    for token in state.tokens:
        tokens += _read(state, token) if token.type == "fence" else [token]
    state.tokens = tokens


def _read(state: StateCore, fence: Token) -> list[Token]:
    match = _INFO.fullmatch(fence.info.strip())
    if match is None:
        return [fence]
    place = state.env["source"].place(line_of(fence))
    attributes = read_attributes(match["attributes"], place)
    fence.info, *others = [match["language"]] * bool(match["language"]) + [*attributes.classes, ""]
    attributes = replace(attributes, classes=tuple(filter(None, others)))
    attributes.only(place, *_CAPTIONS).named(place, "listing", _NAME)
    captions = list(attributes.values.values())
    if len(captions) > 1:
        raise UserError(
            place,
            f"a listing with two captions, {' and '.join(attributes.values)}",
            "one of them",
            f"leave out {_CAPTIONS[1]}=",
        )
    caption = [_caption(text, fence) for text in captions if text.strip()]
    if not attributes.id and not caption:
        return [fence]
    return [_opening(attributes, caption, fence), *caption, fence, _closing()]


def _caption(text: str, fence: Token) -> Token:
    caption = Token("inline", "", 0, children=[], content=text, map=fence.map, hidden=True)
    caption.block = True
    return caption


def _opening(attributes: Attributes, caption: Sequence[Token], first: Token) -> Token:
    token = Token("listing_open", "", 1, map=first.map)
    token.block = True
    token.meta = {"attributes": attributes, "caption": caption[0] if caption else None}
    return token


def _closing() -> Token:
    token = Token("listing_close", "", -1)
    token.block = True
    return token


def read_listings(state: StateCore) -> None:
    """Make a listing of each block between colons whose identifier is that of one."""
    tokens = state.tokens
    for opening in [token for token in tokens if token.type == "container_div_open"]:
        if (opening.meta["attributes"].id or "").startswith(f"{_NAME}-"):
            first = tokens.index(opening)
            last = end_of_div(tokens, first)
            place = state.env["source"].place(line_of(opening))
            tokens[first : last + 1] = _as_listing(tokens[first : last + 1], place)


def _as_listing(block: list[Token], place: str) -> list[Token]:
    opening, *body, _ = block
    attributes: Attributes = opening.meta["attributes"]
    attributes.only(place)
    size = 1 if body[:1] and body[0].type == "fence" else len(_PARAGRAPH)
    code, caption = body[:size], body[size:]
    if not _is_code(code) or (caption and [token.type for token in caption] != _PARAGRAPH):
        raise UserError(
            place,
            "a listing that is not code and a paragraph",
            "one block of code or one call that prints code, and then the caption, if it has one",
            "the name stands in the line of the colons alone; put other text outside of `:::`",
        )
    if caption:
        caption[0].type, caption[2].type = "caption_open", "caption_close"
        caption[1].hidden = True
    return [_opening(attributes, caption[1:2], opening), *caption, *code, _closing()]


def _is_code(tokens: Sequence[Token]) -> bool:
    """Tell whether some blocks are code, or a paragraph with a call of the article's own alone."""
    if [token.type for token in tokens] != _PARAGRAPH:
        return [token.type for token in tokens] == ["fence"]
    calls = [child.meta["call"] for child in tokens[1].children or [] if child.type == "call"]
    if len(calls) != len(tokens[1].children or []) or len(calls) != 1:
        return False
    form = forms()[calls[0].function]
    return form.display and form.kind not in ("figure", "table", "equation")
