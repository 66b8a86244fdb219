"""What a file of prose holds, read off its tokens: quotes, headings, literal numbers, passages."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

from markdown_it.token import Token

from juchi.core.call_marks import MARK
from juchi.core.errors import UserError
from juchi.prose.citing import target
from juchi.prose.displays import labels
from juchi.prose.markdown import Document, parse, parse_words
from juchi.prose.pictures import Picture
from juchi.prose.source import Call, Source, Words, marked
from juchi.prose.tokens import leaves, line_of
from juchi.prose.verbatim import is_verbatim

__all__ = [
    "Numeral",
    "Passage",
    "Quote",
    "formula_numerals",
    "heading_ids",
    "headings",
    "numerals",
    "passages",
    "pictures",
    "plain_numerals",
    "quotes",
    "text_numerals",
]

_LEVELS = 3
_LABELLED = ("display", "table_open", "listing_open", "container_div_open")
# Numbers that others have found, as they stand in the text.
LITERATURE = "literature"
_CODE = ("fence", "code_block", "code_inline")
_QUOTED = "\N{OBJECT REPLACEMENT CHARACTER}"
_DIGITS = re.compile(r"\d+(?:[.,\u2044]\d+)*")
# The 2 of CO₂ is part of the name.
_LOWERED = re.compile(r"(?<=[^\W\d_])[₀-₉]+|(?<=\))[₀-₉]+")
# As those of m² and s⁻¹ are of the unit.
_POWERS = re.compile(
    r"(?<=[^\W\d_])⁻[⁰¹²³⁴-⁹]+|"
    r"(?:(?<![A-Za-zµμ])(?:[kcdmµμn]?m|[mµμn]?s|[kM]?Hz|[kMG]?eV|[KVA]))[²³⁴]"
)
# In a formula 2 and 1 are part of what it says, but not 0.73, 0{,}73, .73, 12 or 5\%.
_FRACTION = re.compile(r"(\\[dt]?frac)(\d)(\d)")
_FORMULA_NUMBER = re.compile(r"\d*\{?[.,]\}?\d+|\d{2,}|\d+\s*\\%")


@dataclass(frozen=True)
class Quote:
    """One call in the prose: its kind by `forms`, literal arguments, and where it stands."""

    kind: str
    names: tuple[str, ...]
    place: str
    section: str


@dataclass(frozen=True)
class Numeral:
    """Digits that stand literally in the prose.

    Attributes
    ----------
    text, place
        The digits, and file and line.
    kind
        Where they stand: in ``text``, in ``code``, in a call of ``literature`` that cites the work
        which says so, or in one that cites none and is ``uncited``.
    """

    text: str
    place: str
    kind: str = "text"


@dataclass(frozen=True)
class Passage:
    """A paragraph of prose, character by character.

    Attributes
    ----------
    text
        Its words; a formula, and code, is the sign `FORMULA`, and a call one that no text has.
    shown
        Of each character what a reader is told of it.
    lines, marks, kinds
        Of each character the line of the file, the innermost mark that it stands in, and, of
        a call, the kind of thing that it quotes.
    own
        Whether it is running text, and no caption and no note.
    """

    text: str
    shown: list[str]
    lines: list[int]
    marks: list[str | None]
    kinds: list[str | None]
    own: bool


# --- quotes ---


def quotes(text: str, path: Path) -> list[Quote]:
    """Return what a file quotes, in the order in which it stands there."""
    return list(_quotes(parse(marked(text, path)), path.stem))


def _quotes(document: Document, section: str) -> Iterator[Quote]:
    for line, token in leaves(document.tokens):
        yield from _quoted(document, token, line, section)


def _quoted(document: Document, token: Token, line: int, section: str) -> Iterator[Quote]:
    place = document.source.place(line)
    if token.type in ("call", "mark_open") and not token.meta.get("again"):
        yield from _called(token.meta["call"], section)
    elif token.type == "cite":
        keys = tuple(work.key for work in token.meta["works"])
        yield Quote("citation", keys, place, section)
        for part in _around(token):
            yield from _quoted(document, part, line, section)
    elif token.type == "refs":
        yield from (Quote("reference", (each,), place, section) for each in token.meta["targets"])
    elif token.type in _LABELLED and _labels(token):
        yield from (Quote("label", (name,), place, section) for name in _labels(token))
        yield from _in_text(document, token.content, section)
    elif token.type in ("picture_open", "panels_open"):
        yield from _pictured(document, token, section)
    elif token.type == "footnote_ref":
        yield Quote("footnote", (), place, section)
        note = document.note(token.meta["id"])
        for inner, part in leaves(note.tokens):
            yield from _quoted(note, part, inner, section)
    elif token.type not in ("mark_open", "mark_close"):
        # Of a link its address, which Markdown has written in the signs that addresses may have.
        address = unquote(str(token.attrGet("href") or "")) if token.type == "link_open" else ""
        yield from _in_text(document, token.content + address, section)


def _in_text(document: Document, text: str, section: str) -> Iterator[Quote]:
    for match in MARK.finditer(text):
        yield from _called(document.source.call(match), section)


def _around(token: Token) -> Iterator[Token]:
    """Yield what stands around the works of a citation."""
    for work in token.meta["works"]:
        yield from (*work.prefix, *work.suffix)


def _pictured(document: Document, token: Token, section: str) -> Iterator[Quote]:
    """Yield the identifier of a picture or of a figure of several, and the facts in its words."""
    shown = token.meta.get("picture") or token.meta["panels"]
    if shown.id:
        yield Quote("label", (shown.id,), shown.place, section)
    for match in MARK.finditer(getattr(shown, "alt", "")):
        yield from _called(document.source.call(match), section)


def _labels(token: Token) -> list[str]:
    """Return the identifiers of a block that can be referred to: its own and those of its lines."""
    attributes = token.meta.get("attributes")
    own = [target(attributes.id)] if attributes and attributes.id else []
    return own + (labels(token.content) if token.type == "display" else [])


def _called(call: Call, section: str) -> Iterator[Quote]:
    yield Quote(call.kind, call.names, call.place, section)
    for part in call.alternative:
        if isinstance(part, Call):
            yield from _called(part, section)
    if call.body:
        yield from _quotes(parse(call.body), section)


def pictures(text: str, path: Path) -> list[Picture]:
    """Return the pictures that a file shows, in the order in which they stand there."""
    return list(_pictures(parse(marked(text, path)))) if "![" in text else []


def _pictures(document: Document) -> Iterator[Picture]:
    for tokens in (document.tokens, *document.notes.values()):
        for _, token in leaves(tokens):
            meta = token.meta or {}
            if "picture" in meta:
                yield meta["picture"]
            elif token.type == "call" and meta["call"].body:
                yield from _pictures(parse(meta["call"].body))


# --- headings ---


def headings(text: str, path: Path, *, has_heading: bool = True) -> list[str]:
    """Return the identifiers of the headings of a section.

    What stands before each of them on the page, ``sec-``, may be written or not. The first one that
    is given none has the name of the file, another one this name and its place among the headings,
    the same in every language.
    """
    return heading_ids(parse(marked(text, path)), has_heading=has_heading)


def heading_ids(document: Document, *, has_heading: bool = True) -> list[str]:
    """Return the identifiers of the headings of a section that is parsed; see `headings`.

    A file that stands under a heading of the page, as the abstract does, has none of its own.
    """
    if not has_heading:
        _refuse_headings(document)
        return []
    path = document.source.path
    found: list[str] = []
    level = 0
    for token in document.tokens:
        if token.type == "heading_open":
            level = _level(token, level, document.place(token))
            default = f"{path.stem}-{len(found) + 1}" if found else path.stem
            given = token.meta["attributes"].id or default
            found.append(given.removeprefix("sec-"))
    if not found:
        raise UserError(
            f"{path}:1", "no heading", "a first heading", "begin the file with `# Title`"
        )
    return found


def _refuse_headings(document: Document) -> None:
    for token in document.tokens:
        if token.type == "heading_open":
            raise UserError(
                document.place(token),
                "a heading in a file that has none of its own",
                "text without headings: the page gives it the heading of its name",
                "take the heading out; its words stand in messages.yaml",
            )


def _level(token: Token, before: int, place: str) -> int:
    """Return the level of a heading; one that skips a level is a `UserError`."""
    level, deepest = int(token.tag[1:]), min(before + 1, _LEVELS)
    if level > deepest or (before and level == 1):
        raise UserError(
            place,
            f"a heading of level {level}",
            f"one of level {' or '.join(map(str, range(2, deepest + 1)))} here"
            if before
            else "a first heading of level 1",
            "a file is one section: its title has one `#`, its parts two, their parts three",
        )
    return level


# --- numbers ---


def numerals(text: str, path: Path, allowed: list[str]) -> list[Numeral]:
    """Return the digits that stand literally in a file's text and alternative texts.

    Digits of every kind count: full-width, raised, in fractions, as HTML entities; the numbers of
    list items, addresses of links, places within a work that is cited and the 2 of CO₂ or m² do
    not. In formulas see `formula_numerals`. Strings in `allowed` are names and do not count, nor
    does code in a file that shows it as it is written. Those that others have written are told
    apart by their kind.
    """
    code = not is_verbatim(text, path)
    return list(_numerals(parse(marked(text, path)), allowed, code=code))


def _numerals(document: Document, allowed: list[str], *, code: bool) -> Iterator[Numeral]:
    found: list[tuple[Numeral, int | None]] = []
    # A call may be closed and opened again, from paragraph to paragraph and from cell to cell.
    inside: int | None = None
    citing = set()
    for token, digits in _by_token(document, allowed, code=code):
        if token.type in ("mark_open", "mark_close"):
            call = token.meta["call"]
            if call.kind == LITERATURE:
                inside = id(call) if token.type == "mark_open" else None
        if inside and _cites(token):
            citing.add(inside)
        found += [(each, inside) for each in digits]
    for each, call_of in found:
        kind = LITERATURE if call_of in citing else "uncited"
        yield replace(each, kind=kind) if call_of else each


def _cites(token: Token) -> bool:
    """Tell whether a token cites a work, as `[@key]` or by a call."""
    called = token.meta["call"].kind if token.type == "call" else ""
    return token.type == "cite" or called == "citation"


def _by_token(
    document: Document, allowed: list[str], *, code: bool
) -> Iterator[tuple[Token, list[Numeral]]]:
    """Yield each token with the digits that stand in it."""
    everything = [document.tokens, *document.notes.values()]
    is_script = shown_address = False
    found = [pair for tokens in everything for pair in leaves(tokens)]
    cited = [
        (line, part) for line, token in found if token.type == "cite" for part in _around(token)
    ]
    for line, token in (*found, *cited):
        if shown_address and token.type == "text":
            continue
        shown_address = token.type == "link_open" and token.markup == "autolink"
        if token.type in ("sub_open", "sub_close", "sup_open", "sup_close"):
            is_script = token.nesting == 1
        place = document.source.place(line)
        if is_script and token.type == "text":
            # The 2 of H~2~O is no result, as in a formula.
            yield token, formula_numerals(MARK.sub(_QUOTED, token.content), place, allowed)
        elif token.type in ("fence", "code_block") and code:
            yield token, list(_in_listing(document, token, line, allowed))
        elif code or token.type not in _CODE:
            yield token, list(_in_token(token, place, allowed, code=code))


def _in_listing(
    document: Document, token: Token, line: int, allowed: list[str]
) -> Iterator[Numeral]:
    first = line + (token.type == "fence")
    for offset, part in enumerate(token.content.split("\n")):
        for each in plain_numerals(part, document.source.place(first + offset), allowed):
            yield replace(each, kind="code")


def _in_token(token: Token, place: str, allowed: list[str], *, code: bool) -> Iterator[Numeral]:
    if token.type in ("call", "mark_open") and not token.meta.get("again"):
        yield from _in_call(token.meta["call"], allowed, code=code)
    elif token.type in ("math_inline", "display"):
        yield from formula_numerals(MARK.sub(_QUOTED, token.content), place, allowed)
    elif token.type in ("text", "code_inline", "image"):
        yield from plain_numerals(token.content, place, allowed)
    elif token.type == "picture_open":
        yield from plain_numerals(token.meta["picture"].alt, place, allowed)


def _in_call(call: Call, allowed: list[str], *, code: bool) -> Iterator[Numeral]:
    for part in call.alternative:
        if isinstance(part, Words):
            yield from plain_numerals(part.text, part.place, allowed)
    if call.body:
        yield from _numerals(parse(call.body), allowed, code=code)


def text_numerals(text: str, path: Path, allowed: list[str]) -> list[Numeral]:
    """Return the digits of words, such as those of a figure or a table; see `numerals`."""
    return [
        numeral
        for line, token in leaves(parse_words(text))
        for numeral in (
            formula_numerals(token.content, f"{path}:{line + 1}", allowed)
            if token.type == "math_inline"
            else plain_numerals(token.content, f"{path}:{line + 1}", allowed)
        )
    ]


def plain_numerals(text: str, place: str, allowed: list[str]) -> list[Numeral]:
    """Return the digits of a text without markup; see `numerals`."""
    words = html.unescape(_without(allowed, MARK.sub("", text)))
    plain = unicodedata.normalize("NFKC", _POWERS.sub("", _LOWERED.sub("", words)))
    return [Numeral(hit, place) for hit in _DIGITS.findall(plain)]


def formula_numerals(tex: str, place: str, allowed: list[str]) -> list[Numeral]:
    r"""Return the numbers of a formula that look measured: decimals, long ones, percentages.

    The 2 of a square is part of the formula.
    """
    text = _FRACTION.sub(r"\1 \2 \3", _without(allowed, tex))
    return [Numeral(hit, place) for hit in _FORMULA_NUMBER.findall(text)]


def _without(names: list[str], text: str) -> str:
    """Blank out names: the longest that stands at a place, and none that is a part of a number."""
    if not names:
        return text
    return _names(tuple(names)).sub(lambda name: " " * len(name[0]), text)


@cache
def _names(names: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(map(_whole, sorted(names, key=len, reverse=True))))


def _whole(name: str) -> str:
    """Return the pattern of a name whose digits at its ends are no digits of a longer number."""
    before = r"(?<!\d)(?<!\d[.,])" if name[:1].isdecimal() else ""
    behind = r"(?!\d|[.,]\d)" if name[-1:].isdecimal() else ""
    return f"{before}{re.escape(name)}{behind}"


# --- passages ---


def passages(text: str, path: Path) -> list[Passage]:
    """Return the paragraphs of a file: those of its running text, then captions and notes."""
    return list(_passages(parse(marked(text, path)), own=True))


def _passages(document: Document, *, own: bool) -> Iterator[Passage]:
    beside: list[Document] = []
    yield from _of_tokens(document, document.tokens, beside, own=own)
    for tokens in document.notes.values():
        yield from _of_tokens(document, tokens, beside, own=False)
    for other in beside:
        yield from _passages(other, own=False)


def _of_tokens(
    document: Document, tokens: Sequence[Token], beside: list[Document], *, own: bool
) -> Iterator[Passage]:
    start = Token("paragraph_open", "", 1)
    line = 0
    for opening, inline in pairwise([start, *tokens]):
        line = line_of(inline, line)
        if inline.type == "inline" and not opening.type.startswith(("heading", "dt", "title")):
            yield _passage(document, inline, line, beside, own=own)


def _passage(
    document: Document, inline: Token, line: int, beside: list[Document], *, own: bool
) -> Passage:
    passage = Passage("", [], [], [], [], own)
    parts: list[str] = []
    opened: list[str] = []
    for place, token in leaves([inline]):
        call: Call | None = (token.meta or {}).get("call")
        if token.type == "mark_open" and call:
            opened.append(call.kind)
        elif token.type == "mark_close":
            opened.pop()
        elif call and call.body:
            beside.append(parse(call.body))
        text, shown, kind = _shown(token, call, document.source)
        parts.append(text)
        passage.shown.extend([shown] if shown else text)
        where = place if inline.map else line + place
        passage.lines.extend([document.source.lines[where]] * len(text))
        passage.marks.extend([opened[-1] if opened else None] * len(text))
        passage.kinds.extend([kind] * len(text))
    return replace(passage, text="".join(parts))


# It is as a word of one capital letter, and no initial, behind which no sentence would end.
FORMULA = "\N{ROMAN NUMERAL TEN}"
_SIGNS = {"math_inline": "$", "code_inline": "`"}
_KINDS = {"cite": "citation", "refs": "reference", "footnote_ref": "footnote"}


def _shown(token: Token, call: Call | None, source: Source) -> tuple[str, str, str | None]:
    """Return what stands for a token in a passage, what shows it, and the kind of its quote."""
    if token.type == "call" and call:
        return _QUOTED, " " if call.kind == "footnote" else "…", call.kind
    if token.type in _KINDS:
        kind = _KINDS[token.type]
        return _QUOTED, " " if kind == "footnote" else "…", kind
    if token.type in _SIGNS:
        sign, content = _SIGNS[token.type], MARK.sub("…", token.content)
        quoted = (source.call(match).kind for match in MARK.finditer(token.content))
        return FORMULA, f"{sign}{content}{sign}", next(quoted, None)
    if token.type in ("softbreak", "hardbreak"):
        return "\n", "", None
    return (token.content if token.type == "text" else ""), "", None
