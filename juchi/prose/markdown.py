r"""Markdown as authors know it from Pandoc, Quarto and MyST, read once into tokens.

CommonMark with tables, notes, definition and task lists, ``~~strikethrough~~``, H~2~O and m^2^,
displayed formulas ``$$…$$ {#eq-name}``, pictures ``![caption](file){#fig-name}``, listings
``{.python #lst-name}``, callouts and theorems ``::: note``, citations ``[@key, p. 12]``, and cross
references ``@fig-name``. What looks like markup and is not understood is refused with its file and
line, and never printed as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import pairwise
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.tasklists import tasklists_plugin

from juchi.core.call_marks import CALL, CLOSE, EDGE, MARK, OPEN, START
from juchi.core.errors import UserError
from juchi.prose.attributes import Attributes, read_attributes
from juchi.prose.citing import citation, read_citations, reference
from juchi.prose.divs import div, read_alerts, read_divs
from juchi.prose.emphasis import emphasis_beside_wide_characters, struck_beside_wide_characters
from juchi.prose.lettered_lists import lettered_list
from juchi.prose.listings import read_fences, read_listings
from juchi.prose.pictures import picture, read_panels, read_pictures
from juchi.prose.pipe_tables import pipe_table
from juchi.prose.refusals import refuse_stray
from juchi.prose.scripts import scripts
from juchi.prose.source import Call, Source
from juchi.prose.tokens import leaves, line_of
from juchi.prose.typography import PLAIN, Typography, set_by

__all__ = ["Document", "parse", "parse_cell", "parse_words"]

_ENDS = {CALL: "call", OPEN: "mark_open", CLOSE: "mark_close"}
_LAST_ATTRIBUTES = re.compile(r"\s*\{:?\s*([^{}]*)\}\s*$")
_DISPLAY = re.compile(r"\$\$\s*(?:\{(?P<attributes>[^{}]*)\})?\s*$")
_CAPTION = re.compile(r"(?:Table)?: +")
# An address in the text, behind its scheme, and the punctuation behind it that is the sentence's.
_SPACES = {"\\ ": "\N{NO-BREAK SPACE}", r"\,": "\N{NARROW NO-BREAK SPACE}"}
_SCHEME = re.compile(r"(?<![A-Za-z0-9])https?$")
_ADDRESS = re.compile(
    rf"://[^\s<>\[\]`\"{START}{CALL}{EDGE}\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]+"
)
_TRAILING = re.compile(r"[?!.,:;*_~']+$")


@dataclass(frozen=True, eq=False)
class Document:
    """A file of prose in tokens.

    Attributes
    ----------
    source
        The text with its calls.
    tokens
        Its blocks, without those of notes.
    notes
        The blocks of each note, by the number in the token that calls it; those that a caption
        calls, which is a document of its own, have numbers below zero.
    named
        The same of the notes that have names, by these.
    lent
        Of a caption the notes of the text around it that it calls, by number.
    """

    source: Source
    tokens: list[Token]
    notes: dict[int, list[Token]]
    named: Mapping[str, list[Token]] = field(default_factory=dict)
    lent: Mapping[int, Document] = field(default_factory=dict)

    def note(self, number: int) -> Document:
        """Return a note that is called here."""
        if number in self.lent:
            return self.lent[number]
        return replace(self, tokens=self.notes[number])

    def place(self, token: Token) -> str:
        """Return file and line of a block."""
        return self.source.place(line_of(token))


@cache
def parse(source: Source, typography: Typography = PLAIN) -> Document:
    """Return a file of prose in tokens.

    Raises
    ------
    UserError
        With file and line, for HTML, and for markup that is not understood.
    """
    around = parse(source.around, typography) if "[^" in source.text and source.around else None
    environment: dict[str, Any] = {"source": source}
    if around:
        environment["footnotes"] = {"refs": {f":{label}": -1 for label in around.named}}
    tokens, notes = _without_notes(_parser(typography).parse(source.text, environment))
    only_in_a_table = _called_in_a_table(tokens)
    known = environment.get("footnotes", {})
    lent = _lent(known, around) if around else {}
    numbered = _numbered(notes, known, only_in_a_table, source, lent)
    named = {label: blocks[1:] for label, blocks in notes.items() if isinstance(label, str)}
    return Document(source, tokens, numbered, named, lent)


def parse_words(text: str) -> list[Token]:
    """Return words in tokens, such as the cell of a table: HTML in them is text like any other."""
    return _words().parseInline(text)


def parse_cell(text: str, environment: dict[str, Any]) -> list[Token]:
    """Return the words of a cell of a table, which may have notes; those go to the environment."""
    return _cells().parseInline(text, environment)


# --- parsers ---


@cache
def _parser(typography: Typography) -> MarkdownIt:
    """Return a parser of prose."""
    parser = _of_words()
    parser.options.update(html=True)  # it is to be found, and refused
    set_by(parser, typography)
    parser.enable(["table", "strikethrough"])
    parser.use(struck_beside_wide_characters)
    for plugin in (deflist_plugin, scripts, tasklists_plugin):
        parser.use(plugin)
    parser.use(footnote_plugin, move_to_end=False)
    parser.block.ruler.at("table", pipe_table, {"alt": ["paragraph", "reference"]})
    parser.block.ruler.before("fence", "div", div, {"alt": ["paragraph", "blockquote", "list"]})
    inside = ["paragraph", "reference", "blockquote", "list"]
    parser.block.ruler.before("list", "lettered_list", lettered_list, {"alt": inside})
    parser.block.ruler.before("fence", "display", _display, {"alt": ["paragraph"]})
    parser.inline.ruler.before("link", "citation", citation)
    parser.inline.ruler.before("link", "reference", reference)
    parser.inline.ruler.before("text", "call", _call)
    parser.inline.ruler.before("escape", "nonbreaking", _nonbreaking)
    parser.inline.ruler.before("escape", "address", _address)
    parser.inline.ruler.at("image", picture)
    for character in (START, EDGE):
        parser.inline.add_terminator_char(character)
    parser.core.ruler.before("inline", "fences", read_fences)
    # From the last to the first, behind the parsing of lines; task lists get their boxes after it.
    rules = (refuse_stray, _read_captions, _read_headings, read_citations, read_listings)
    blocks = (read_panels, read_pictures, read_alerts, read_divs, _read_inline_notes)
    for rule in (*rules, *blocks):
        parser.core.ruler.after("inline", rule.__name__, rule)
    parser.core.ruler.push("marks", _close_marks)
    return parser


def _of_words() -> MarkdownIt:
    """Return a parser of words: emphasis, code and formulas, in which HTML is text."""
    parser = MarkdownIt("commonmark", {"html": False, "xhtmlOut": False})
    parser.use(dollarmath_plugin, allow_blank_lines=False, double_inline=False)
    parser.use(emphasis_beside_wide_characters)
    # It has its label in parentheses; see `_display`.
    parser.disable("math_block")
    return parser


@cache
def _cells() -> MarkdownIt:
    """Return a parser of words with notes, `^[text]`."""
    return _of_words().use(footnote_plugin, move_to_end=False)


_words = cache(_of_words)


# --- calls ---


def _call(state: StateInline, silent: bool) -> bool:
    """Read a mark: a call, or where the text begins or ends around which one stands."""
    match = MARK.match(state.src, state.pos)
    if match is None:
        return False
    if not silent:
        token = state.push(_ENDS[match["end"] or CALL], "", 0)
        token.meta = {"call": state.env["source"].call(match)}
        # Beside it a quotation mark opens or closes as beside a word.
        token.content = "x"
    state.pos = match.end()
    return True


def _address(state: StateInline, silent: bool) -> bool:
    """Read an address that stands in the text, as GitHub's Markdown does: a link to itself."""
    scheme = _SCHEME.search(state.pending)
    match = _ADDRESS.match(state.src, state.pos)
    if silent or scheme is None or match is None or state.linkLevel:
        return False
    address = _TRAILING.sub("", match[0])
    while address.endswith(")") and address.count(")") > address.count("("):
        address = _TRAILING.sub("", address[:-1])
    whole = scheme[0] + address
    state.pending = state.pending[: scheme.start()]
    opening = state.push("link_open", "a", 1)
    opening.attrs, opening.markup = {"href": state.md.normalizeLink(whole)}, "autolink"
    token = state.push("text_special", "", 0)
    token.content, token.markup = state.md.normalizeLinkText(whole), "address"
    state.push("link_close", "a", -1)
    state.pos += len(address)
    return True


def _nonbreaking(state: StateInline, silent: bool) -> bool:
    r"""Read a backslash before a space: a space at which no line is broken, as Pandoc has it.

    Before a comma it is a thin one, as LaTeX has it.
    """
    space = _SPACES.get(state.src[state.pos : state.pos + 2])
    if space is None:
        return False
    if not silent:
        state.pending += space
    state.pos += 2
    return True


def _close_marks(state: StateCore) -> None:
    """Close at the end of each paragraph what a mark has opened, and open it in the next one."""
    edges = list(state.env["source"].edges)
    opened: list[Token] = []
    line = 0
    for token in state.tokens:
        line = line_of(token, line)
        if token.type != "inline" or token.children is None:
            continue
        while edges and edges[0][0] < line:
            _, call, end = edges.pop(0)
            _turn(opened, _mark(_ENDS[end], call, again=False))
        again = [_mark("mark_open", one.meta["call"], again=one.meta["again"]) for one in opened]
        for child in token.children:
            _turn(opened, child)
        ended = [_mark("mark_close", one.meta["call"], again=True) for one in reversed(opened)]
        token.children = [*again, *token.children, *ended]
        for one in opened:
            one.meta["again"] = True


def _turn(opened: list[Token], mark: Token) -> None:
    if mark.type == "mark_open":
        opened.append(_mark("mark_open", mark.meta["call"], again=mark.meta.get("again", True)))
    elif mark.type == "mark_close" and opened:
        opened.pop()


def _mark(kind: str, call: Call, *, again: bool) -> Token:
    token = Token(kind, "", 0)
    token.meta = {"call": call, "again": again}
    return token


# --- displayed formulas, headings ---


def _display(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read a displayed formula, from a line that begins with `$$` to one that ends so."""
    first = _line(state, start)
    if state.is_code_block(start) or not first.startswith("$$"):
        return False
    lines, last = [first[2:]], start
    while not (match := _DISPLAY.search(lines[-1])):
        last += 1
        if last >= end or not _line(state, last):
            return False
        lines.append(_line(state, last))
    if silent:
        return True
    lines[-1] = lines[-1][: match.start()]
    token = state.push("display", "", 0)
    token.content = "\n".join(lines).strip()
    token.map = [start, last + 1]
    token.meta = {"attributes": read_attributes(match["attributes"], _place(state, last))}
    state.line = last + 1
    return True


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]].strip()


def _place(state: StateBlock | StateCore | StateInline, line: int) -> str:
    place: str = state.env["source"].place(line)
    return place


def _read_headings(state: StateCore) -> None:
    """Take the attributes that end a heading out of its text."""
    for opening, inline in pairwise(state.tokens):
        if opening.type == "heading_open" and inline.children:
            place = _place(state, line_of(opening))
            opening.meta = {"attributes": _taken_attributes(inline.children[-1], place)}


def _taken_attributes(last: Token, place: str) -> Attributes:
    """Take the attributes that end a line out of its last token."""
    match = _LAST_ATTRIBUTES.search(last.content) if last.type == "text" else None
    if match:
        last.content = last.content[: match.start()]
    return read_attributes(match[1] if match else None, place)


def _read_captions(state: StateCore) -> None:
    """Move into each table the paragraph before or behind it that begins with a colon."""
    tokens = state.tokens
    for table in [token for token in tokens if token.type == "table_open"]:
        at = tokens.index(table)
        end = next(n for n in range(at, len(tokens)) if tokens[n].type == "table_close")
        for first in (end + 1, at - 3):
            if first >= 0 and _is_caption(tokens[first : first + 3]):
                caption = tokens[first : first + 3]
                _give_caption(state, table, caption)
                del tokens[first : first + 3]
                at = tokens.index(table)
                tokens[at + 1 : at + 1] = caption
                break


def _is_caption(tokens: Sequence[Token]) -> bool:
    kinds = [token.type for token in tokens]
    if kinds != ["paragraph_open", "inline", "paragraph_close"]:
        return False
    children = tokens[1].children
    return bool(children and _CAPTION.match(children[0].content))


def _give_caption(state: StateCore, table: Token, paragraph: Sequence[Token]) -> None:
    opening, inline, closing = paragraph
    opening.type, closing.type = "caption_open", "caption_close"
    children = inline.children or []
    children[0].content = _CAPTION.sub("", children[0].content, count=1)
    inline.hidden = True  # it is printed where its table begins
    attributes = _taken_attributes(children[-1], _place(state, line_of(opening)))
    table.meta.update(caption=inline, attributes=attributes)


# --- notes ---


def _read_inline_notes(state: StateCore) -> None:
    """Put each note `^[text]` behind the blocks, so that it is read as any other text is."""
    lines = _lines(state.tokens)
    for number, entry in state.env.get("footnotes", {}).get("list", {}).items():
        if "tokens" not in entry:
            continue
        inline = Token("inline", "", 0, children=entry["tokens"], content=entry["content"])
        line = lines.get(number, 0)
        inline.map, inline.block = [line, line + 1], True
        ends = [Token(f"footnote_reference_{end}", "", 0) for end in ("open", "close")]
        ends[0].meta = {"label": number}
        state.tokens += [ends[0], inline, ends[1]]


def _without_notes(tokens: list[Token]) -> tuple[list[Token], dict[str | int, list[Token]]]:
    """Return the blocks without those of notes, and those by the name or number of the note."""
    rest: list[Token] = []
    notes: dict[str | int, list[Token]] = {}
    place = rest
    for token in tokens:
        if token.type == "footnote_reference_open":
            notes[token.meta["label"]] = place = [token]
        elif token.type == "footnote_reference_close":
            place = rest
        else:
            place.append(token)
    return rest, notes


def _lent(known: Mapping[str, Any], around: Document) -> dict[int, Document]:
    """Return the notes of the text around a caption that are called in it, by number."""
    return {
        number: replace(around, tokens=around.named[entry["label"]])
        for number, entry in known.get("list", {}).items()
        if entry.get("label") in around.named
    }


def _numbered(
    notes: Mapping[str | int, list[Token]],
    known: Mapping[str, Any],
    only_in_a_table: set[str],
    source: Source,
    lent: Mapping[int, Document],
) -> dict[int, list[Token]]:
    """Return the blocks of notes by number; each is called once."""
    found: dict[int, list[Token]] = {}
    for number, entry in known.get("list", {}).items():
        name = number if "tokens" in entry else entry["label"]
        if number not in lent:
            found[number] = notes[name][1:]
    for label, (opening, *blocks) in notes.items():
        if isinstance(label, int):
            continue
        number = known["refs"][f":{label}"]
        in_text = 0 if number < 0 else known["list"][number]["count"]
        calls = in_text + _calls_in_captions(label, source)
        if not in_text:
            found[-len(found) - 1] = blocks
        if calls != 1 and not (in_text == calls and label in only_in_a_table):
            raise UserError(
                source.place(line_of(opening)),
                f"the note {label!r}, which is called {calls} times",
                f"one place that calls it, `[^{label}]`; a note of a table may have several there",
                "call it where it belongs, or take it out; another note has a name of its own",
            )
    return found


def _calls_in_captions(label: str, source: Source) -> int:
    """Return how often the captions of a text, and other bodies of its calls, call a note."""
    bodies = [call.body for call in source.calls if call.body]
    return sum(body.text.count(f"[^{label}]") + _calls_in_captions(label, body) for body in bodies)


def _lines(tokens: Sequence[Token]) -> dict[int, int]:
    """Return the line on which each note is called, by its number."""
    found: dict[int, int] = {}
    for line, token in leaves(tokens):
        if token.type == "footnote_ref":
            found.setdefault(token.meta["id"], line)
    return found


def _called_in_a_table(tokens: Sequence[Token]) -> set[str]:
    """Return the labels of the notes that one table calls, and nothing else does."""
    table, tables = 0, 0
    places: dict[str, set[int]] = {}
    for _, token in leaves(tokens):
        if token.type == "table_open":
            tables += 1
            table = tables
        elif token.type == "table_close":
            table = 0
        elif token.type == "footnote_ref" and "label" in token.meta:
            places.setdefault(token.meta["label"], set()).add(table)
    return {label for label, where in places.items() if len(where) == 1 and 0 not in where}
