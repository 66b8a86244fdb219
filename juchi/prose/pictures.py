"""Pictures in the prose: ``![caption](pictures/photo.jpg){#fig-photo width=60% alt="…"}``.

As in Pandoc and Quarto, a picture alone in its paragraph is a figure; with an identifier it has a
number. Pictures between ``::: {#fig-name layout-ncol=2}`` and ``:::`` are the panels of one figure,
whose caption is the last paragraph there. Within a line a picture is as high as the line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import PurePosixPath
from string import ascii_lowercase
from urllib.parse import unquote

from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.image import image
from markdown_it.token import Token

from juchi.core.errors import UserError
from juchi.prose.attributes import Attributes, read_attributes
from juchi.prose.tokens import end_of_div, line_of

__all__ = [
    "KINDS",
    "Panels",
    "Picture",
    "picture",
    "read_panels",
    "read_pictures",
    "web_name",
]

# The ends of the names of pictures, and of what the site shows of them.
KINDS = {".png": ".png", ".jpg": ".jpg", ".jpeg": ".jpg", ".svg": ".svg", ".pdf": ".svg"}
_FOLDER = "pictures/"
_NAME = re.compile(r"(?!/)(?:(?!\.)[A-Za-z0-9_.-]+/)*(?!\.)[A-Za-z0-9_.-]+")
# What the build makes; a picture of it is a figure that `config/article.yaml` declares.
_MADE = ("build/", "results/")
_ATTRIBUTES = re.compile(r'\{:?((?:[^{}"]|"[^"]*")*)\}')
_WIDTH = re.compile(r"(?!0+(?:\.0*)?%)(\d{1,2}(?:\.\d+)?|100(?:\.0*)?)%")
_KNOWN = ("width", "alt", "fig-alt", "source", "licence")
_TURNED = frozenset({"landscape"})
_COLUMNS = range(1, 7)
# The part of the text's width that a picture as high as a line has, for its pixels.
_IN_LINE = 1 / 36


@dataclass(frozen=True)
class Picture:
    """A picture that the prose shows.

    Attributes
    ----------
    path
        Its file, seen from the folder of the article.
    place
        File and line of the prose.
    id
        The identifier; None for a picture without a number.
    alt
        What is said to those who do not see it; empty for a decoration.
    width
        In percent of the width of the text, or of the panel; None for that of the picture.
    source, licence
        Where it is from, and under which licence it is shown; empty for the article's own.
    letter
        That of a panel; empty for a picture on its own.
    landscape
        Whether it stands on a page of its own that is turned.
    share
        The part of the width of the text that a panel has.
    """

    path: str
    place: str
    id: str | None = None
    alt: str = ""
    width: float | None = None
    source: str = ""
    licence: str = ""
    letter: str = ""
    landscape: bool = False
    share: float = 1

    @property
    def part(self) -> float | None:
        """The part of the width of the text that it is to take; None as wide as it is."""
        return None if self.width is None else self.share * self.width / 100


@dataclass(frozen=True)
class Panels:
    """A figure of several pictures, by the identifiers of these."""

    id: str
    place: str
    columns: int = 1
    landscape: bool = False
    panels: tuple[str, ...] = ()


def web_name(path: str) -> str:
    """Return the name of a picture below the site's folder of pictures.

    Examples
    --------
    >>> web_name("pictures/map.pdf")
    'map.svg'
    """
    plain = PurePosixPath(path.removeprefix(_FOLDER))
    return str(plain.with_suffix(KINDS[plain.suffix.lower()]))


# --- reading ---


def picture(state: StateInline, silent: bool) -> bool:
    """Read a picture within a line, and the attributes in braces right behind it."""
    if not image(state, silent):
        return False
    if match := _ATTRIBUTES.match(state.src, state.pos):
        if not silent:
            state.tokens[-1].meta = {"attributes": match[1]}
        state.pos = match.end()
    return True


def read_pictures(state: StateCore) -> None:
    """Make a figure of each picture alone in its paragraph, and read those within lines."""
    tokens: list[Token] = []
    around: list[Token] = []
    for token in state.tokens:
        if token.type == "container_div_open":
            around.append(token)
        elif token.type == "container_div_close":
            around.pop()
        tokens.append(token)
        if token.type == "paragraph_close":
            paragraph = tokens[-3:]
            images = _images(paragraph[1])
            if images and (len(images) == 1 or _is_figure(around[-1:])):
                tokens[-3:] = [
                    part
                    for line, each in images
                    for part in _as_figure(state, each, line_of(paragraph[0]) + line)
                ]
    state.tokens = tokens
    for token in tokens:
        _read_inline(state, token)


def _images(inline: Token) -> list[tuple[int, Token]]:
    """Return the pictures of a paragraph of nothing else, with their lines in it."""
    found, line = [], 0
    for child in inline.children or []:
        if child.type == "image":
            found.append((line, child))
        elif child.type == "softbreak":
            line += 1
        elif child.type != "text" or child.content.strip():
            return []
    return found


def _is_figure(div: Sequence[Token]) -> bool:
    given = [token.meta["attributes"] for token in div]
    return any((each.id or "").startswith("fig-") and {*each.classes} <= _TURNED for each in given)


def _as_figure(state: StateCore, token: Token, line: int) -> list[Token]:
    place = state.env["source"].place(line)
    shown = _read(token, place)
    opening, closing = Token("picture_open", "", 1), Token("picture_close", "", -1)
    caption = Token("inline", "", 0, children=token.children, content=token.content, hidden=True)
    for each in (opening, caption):
        each.map = [line, line + 1]
    opening.block = closing.block = caption.block = True
    opening.meta = {"picture": shown, "caption": caption if token.children else None}
    return [opening, caption, closing]


def _read(token: Token, place: str) -> Picture:
    """Return a picture that is a figure, by its address and its attributes."""
    attributes = read_attributes(token.meta.get("attributes"), place)
    attributes.only(place, *_KNOWN, classes=("landscape",))
    id_ = attributes.named(place, "picture", "fig")
    values = attributes.values
    alt = values.get("alt", values.get("fig-alt"))
    if alt is None or (not alt.strip() and (id_ or token.children)):
        raise UserError(
            place,
            "a picture without an alternative text",
            'what it shows, for those who do not see it: {alt="…"}',
            'write alt="…" between the braces behind the picture; alt="" is for a decoration, '
            "which has neither name nor caption",
        )
    return Picture(
        _path(token, place),
        place,
        id_,
        alt,
        _width(values["width"], place) if "width" in values else None,
        values.get("source", ""),
        values.get("licence", ""),
        landscape="landscape" in attributes.classes,
    )


def _path(token: Token, place: str) -> str:
    """Return the file of a picture; what is no file of the article is a `UserError`."""
    path = unquote(str(token.attrGet("src") or ""))
    if token.attrGet("title"):
        raise UserError(
            place,
            f"the title {token.attrGet('title')!r} of a picture",
            "a caption between the square brackets",
            "write what it says there",
        )
    suffix = PurePosixPath(path).suffix.lower()
    if re.match(r"[a-z][a-z0-9+.-]+:|//", path):
        found, hint = "an address", "save the picture in the folder pictures/ and name that file"
    elif path.startswith(_MADE):
        found, hint = (
            "a file that the build makes",
            "declare it under figures in config/article.yaml, as `name: {picture: "
            f'{path}}}`, and call figure("name", alt="…")',
        )
    elif not _NAME.fullmatch(path):
        found, hint = (
            "no plain name of a file",
            "use ASCII letters, digits, dots, hyphens and underscores, below the article's folder",
        )
    elif suffix not in KINDS:
        found, hint = f"a file of the kind {suffix or 'that has no ending'}", "save it as PNG"
    else:
        return path
    raise UserError(
        place,
        f"{found} as a picture: {path}",
        "a file of the article such as pictures/photo.jpg: PNG, JPEG, SVG or PDF",
        hint,
    )


def _width(text: str, place: str) -> float:
    match = _WIDTH.fullmatch(text)
    if match is None:
        raise UserError(
            place,
            f"the width {text!r} of a picture",
            "more than 0 and up to 100 percent of the width of the text, as width=60%",
            "write percent: the text is as wide on every screen as it has room, and 148 mm on "
            "paper",
        )
    return float(match[1])


def _read_inline(state: StateCore, token: Token) -> None:
    """Read the pictures within a line: each is as high as the line, and its words are its alt."""
    line, children = line_of(token), token.children or []
    for child, behind in pairwise([*children, Token("text", "", 0)]):
        if child.type == "image":
            place = state.env["source"].place(line)
            kinds = {inner.type for inner in child.children or []}
            braces = child.meta.get("attributes") or behind.content.startswith("{")
            if braces or not kinds <= {"text", "call", "softbreak"}:
                raise UserError(
                    place,
                    "a picture within a line that has attributes, or markup in its words",
                    "![what it shows](pictures/icon.svg) within a line; a figure alone in its "
                    'paragraph, with attributes such as {#fig-name alt="…"}',
                    "put an empty line before the picture and one behind it, and no quotation mark "
                    "between those of an attribute",
                )
            path = _path(child, place)
            shown = Picture(path, place, alt=child.content, width=100, share=_IN_LINE)
            child.meta = {"picture": shown}
        line += child.type in ("softbreak", "hardbreak")


# --- panels ---


def read_panels(state: StateCore) -> None:
    """Make one figure of the pictures of each block whose identifier is that of a figure."""
    tokens = state.tokens
    for opening in [token for token in tokens if token.type == "container_div_open"]:
        if _is_figure([opening]):
            first = tokens.index(opening)
            last = end_of_div(tokens, first)
            tokens[first : last + 1] = _as_panels(tokens[first : last + 1], state)


def _as_panels(block: list[Token], state: StateCore) -> list[Token]:
    """Return the tokens of a figure of several pictures."""
    opening, closing = block[0], block[-1]
    attributes: Attributes = opening.meta["attributes"]
    place = state.env["source"].place(line_of(opening))
    attributes.only(place, "layout-ncol", classes=("landscape",))
    caption, inner = _without_caption(block[1:-1])
    pictures = [token for token in inner if token.type == "picture_open"]
    strange = [t for t in inner if not t.type.startswith("picture_") and not t.hidden]
    if strange or not 0 < len(pictures) <= len(ascii_lowercase):
        raise UserError(
            state.env["source"].place(line_of(strange[0])) if strange else place,
            f"a {strange[0].tag or strange[0].type} in a figure of several pictures"
            if strange
            else "a figure of several pictures with none",
            "pictures, each alone in its paragraph, and a last paragraph as the caption",
            "put an empty line before each picture; what is no picture belongs outside of `:::`",
        )
    columns = _columns(attributes, len(pictures), place)
    for letter, token in zip(ascii_lowercase, pictures, strict=False):
        token.meta["picture"] = _as_panel(token.meta["picture"], letter, attributes, columns)
    ids = tuple(token.meta["picture"].id for token in pictures)
    opening.type, closing.type = "panels_open", "panels_close"
    shown = Panels(str(attributes.id), place, columns, "landscape" in attributes.classes, ids)
    opening.meta = {"panels": shown, "caption": caption[1] if caption else None}
    return [opening, *inner, *caption, closing]


def _without_caption(tokens: list[Token]) -> tuple[list[Token], list[Token]]:
    """Return the last paragraph, if it is no picture, and the tokens before it."""
    if [token.type for token in tokens[-3:]] != ["paragraph_open", "inline", "paragraph_close"]:
        return [], tokens
    caption = tokens[-3:]
    caption[0].type, caption[2].type = "caption_open", "caption_close"
    caption[1].hidden = True
    return caption, tokens[:-3]


def _columns(attributes: Attributes, count: int, place: str) -> int:
    text = attributes.values.get("layout-ncol", "1")
    if not text.isdecimal() or int(text) not in _COLUMNS:
        raise UserError(
            place,
            f"layout-ncol={text}",
            f"a whole number from {_COLUMNS[0]} to {_COLUMNS[-1]}",
            "say in how many columns the pictures stand",
        )
    return min(int(text), count)


def _as_panel(shown: Picture, letter: str, attributes: Attributes, columns: int) -> Picture:
    if shown.landscape:
        raise UserError(
            shown.place,
            "a panel on a turned page",
            "the whole figure turned, or none of it",
            "move .landscape to the line that begins the figure",
        )
    values = {**vars(shown), "id": shown.id or f"{attributes.id}-{letter}", "letter": letter}
    return Picture(**{**values, "share": 1 / columns})
