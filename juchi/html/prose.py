# ruff: noqa: D102 - the methods of the renderer have the names of the tokens that they render
"""Prose as HTML: the tokens of a file, with what its calls print in the place of the calls."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol
from urllib.parse import quote

from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from markupsafe import Markup, escape

from juchi.core.call_marks import CALL, MARK, START
from juchi.core.characters import is_wide
from juchi.core.errors import UserError
from juchi.exhibits.table import Cell, Table
from juchi.html.cross_words import said_twice
from juchi.html.own_links import require_address
from juchi.html.snippets import highlighted_code, listing
from juchi.prose.attributes import Attributes
from juchi.prose.calls import forms
from juchi.prose.citeproc import Mention
from juchi.prose.citing import Cited
from juchi.prose.inlines import Inline, as_printed, from_words
from juchi.prose.lettered_lists import STYLES, sign
from juchi.prose.markdown import Document, parse_cell
from juchi.prose.pictures import Panels, Picture
from juchi.prose.pipe_tables import rows_of
from juchi.prose.source import Call
from juchi.prose.tokens import line_of

__all__ = ["Renderer", "Writer", "note_html", "words_as_html"]

_MARKED = re.compile(rf"{quote(START)}(\d+){quote(CALL)}")
# What a note may hold, and what stands for it within a line: a paragraph may hold no block.
_IN_NOTE = {
    "paragraph": '<span class="note-part">',
    "bullet_list": '<span class="note-list" role="list">',
    "ordered_list": '<span class="note-list" role="list">',
    "list_item": '<span class="note-item" role="listitem">',
}


class Writer(Protocol):
    """What puts something in the place of the calls of a file, in the order in which they stand."""

    def call(self, call: Call) -> Markup:
        """Return what a call prints."""

    def as_text(self, call: Call) -> str:
        """Return what a call prints where no markup may stand: in code and addresses."""

    def in_link(self, call: Call) -> Markup:
        """Return what a call prints in the words of a link, where no other link may stand."""

    def in_formula(self, call: Call) -> str:
        """Return what a call prints as LaTeX."""

    def formula(self, tex: str, place: str, written: str) -> str:
        """Return the LaTeX of a formula, which is written so at a place, without macros."""

    def opened(self, call: Call, *, again: bool) -> Markup:
        """Return the beginning of a text around which a call stands; again in a next paragraph."""

    def closed(self, call: Call) -> Markup:
        """Return its end."""

    def cited(self, mentions: Sequence[Mention]) -> Markup:
        """Return a citation."""

    def referred(self, targets: Sequence[str], *, is_first: bool = False) -> Markup:
        """Return cross references to places of the article; the first words of a sentence."""

    def numbered(self, targets: Sequence[str], place: str) -> Markup:
        """Return the numbers of places of the article alone, each a link."""

    def printed_forms(self, targets: Sequence[str], *, is_first: bool) -> Sequence[str]:
        """Return what cross references to places may print, the likeliest first, N for a number."""

    def noted(self, text: Markup, name: str | None = None) -> Markup:
        """Return a note, and what calls it; one with a name is called several times in a table."""

    def displayed(self, tex: str, attributes: Attributes, place: str) -> Markup:
        """Return a displayed formula."""

    def enclosed(
        self, attributes: Attributes, place: str, title: Markup | None
    ) -> tuple[Markup, Markup]:
        """Return the beginning and the end of a block that is fenced by colons."""

    def tabled(
        self, table: Table, caption: Markup | None, attributes: Attributes, place: str
    ) -> Markup:
        """Return a table of the prose."""

    def pictured(self, picture: Picture, caption: Markup | None) -> Markup:
        """Return a picture with its caption."""

    def paneled(self, panels: Panels, caption: Markup | None) -> tuple[Markup, Markup]:
        """Return the beginning and the end of a figure of several pictures."""

    def inlined(self, picture: Picture) -> Markup:
        """Return a picture within a line."""


class Renderer(RendererHTML):
    """Renders one file of prose, or a text in it; each method the token of its name."""

    def __init__(self, document: Document, writer: Writer, headings: Sequence[str] = ()) -> None:
        super().__init__()
        self._document = document
        self._writer = writer
        self._headings = list(headings)
        self._links = 0
        # The line of the text that is being printed.
        self._at = 0
        everything = [document.tokens, *document.notes.values()]
        found = [token for tokens in everything for token in tokens if token.map]
        self._lines = {id(token.children): line_of(token) for token in found if token.children}
        self._in_table = False
        self._ends: list[Markup] = []

    def render(self, tokens: Sequence[Token], options: OptionsDict, env: EnvType) -> str:
        """Return blocks; a table is made as a whole, and a caption by what it belongs to."""
        shown = [token for token in tokens if token.type != "inline" or not token.hidden]
        parts: list[str] = []
        behind = 0
        for at, token in enumerate(shown):
            if token.type == "table_open":
                parts.append(super().render(shown[behind:at], options, env))
                close = (n for n in range(at, len(shown)) if shown[n].type == "table_close")
                behind = next(close) + 1
                parts.append(self._table(shown[at:behind]))
        return "".join([*parts, super().render(shown[behind:], options, env)])

    def block(self) -> Markup:
        """Return the whole as blocks."""
        return Markup(self.render(self._document.tokens, _OPTIONS, {}))

    def inline(self) -> Markup:
        """Return a text of one paragraph without a paragraph around it, such as a caption."""
        kinds = [token.type for token in self._document.tokens]
        if kinds not in ([], ["paragraph_open", "inline", "paragraph_close"]):
            raise UserError(
                self._document.source.place(0),
                "a caption of several paragraphs, or with a list, a table or code",
                "one paragraph",
                "keep the caption short; what is longer belongs into the text or a note",
            )
        return Markup("").join(self._line(token) for token in self._document.tokens)

    def note(self, tokens: Sequence[Token] | None = None) -> Markup:
        """Return a text as a note, with its paragraphs and lists but no other blocks."""
        own = self._document.tokens if tokens is None else tokens
        parts: list[Markup] = []
        counters: list[tuple[Token, int]] = []
        paragraphs = [t for t in own if t.type == "paragraph_open" and not t.hidden]
        alone = len(paragraphs) <= 1
        for token in own:
            kind = token.type.removesuffix("_open").removesuffix("_close")
            if token.type == "inline":
                parts.append(self._line(token))
            elif kind not in _IN_NOTE:
                raise UserError(
                    self._document.place(token),
                    f"a note with a {kind.replace('_', ' ')}",
                    "paragraphs and lists",
                    "put it into the text, and let the note refer to it",
                )
            elif kind != "paragraph" or not (token.hidden or alone):
                parts.append(Markup(_IN_NOTE[kind] if token.nesting == 1 else "</span>"))
            self._count(token, counters, parts)
        return Markup("").join(parts)

    def _count(self, token: Token, counters: list[tuple[Token, int]], parts: list[Markup]) -> None:
        """Print the sign of an item of a list in a note."""
        match token.type:
            case "bullet_list_open" | "ordered_list_open":
                counters.append((token, int(token.attrGet("start") or 1)))
            case "bullet_list_close" | "ordered_list_close":
                counters.pop()
            case "list_item_open":
                around, number = counters[-1]
                letter = str(around.attrGet("type") or "1")
                shown = "•" if around.tag == "ul" else sign(number, letter, around.markup)
                parts.append(Markup("{} ").format(shown))
                counters[-1] = around, number + 1

    def renderInline(  # noqa: N802 - its name in markdown-it
        self, tokens: Sequence[Token], options: OptionsDict, env: EnvType
    ) -> str:
        self._at = self._lines.get(id(tokens), self._at)
        return super().renderInline(tokens, options, env)

    def _line(self, token: Token) -> Markup:
        return Markup(self.renderInline(token.children or [], _OPTIONS, {}))

    # --- calls ---

    def call(self, tokens: Sequence[Token], at: int, *_: OptionsDict | EnvType) -> str:
        call = tokens[at].meta["call"]
        if call.kind == "reference":
            self._refuse_said_twice(tokens, at, call.names, is_first=False)
        return self._writer.in_link(call) if self._links else self._writer.call(call)

    def mark_open(self, tokens: Sequence[Token], at: int, *_: OptionsDict | EnvType) -> str:
        meta = tokens[at].meta
        return self._writer.opened(meta["call"], again=meta.get("again", False))

    def mark_close(self, tokens: Sequence[Token], at: int, *_: OptionsDict | EnvType) -> str:
        return self._writer.closed(tokens[at].meta["call"])

    def cite(self, tokens: Sequence[Token], at: int, *_: OptionsDict | EnvType) -> str:
        meta = tokens[at].meta
        return self._writer.cited(
            [self._mention(work, meta["narrative"]) for work in meta["works"]]
        )

    def _mention(self, work: Cited, narrative: bool) -> Mention:
        mode = "@" if narrative else "-" * work.without_author
        prefix, suffix = self._around(work.prefix), self._around(work.suffix)
        return Mention(work.key, prefix, suffix, work.locator, mode)

    def _around(self, tokens: Sequence[Token]) -> list[Inline]:
        """Return what stands around a work: words, and what is no word as it is printed."""
        inlines: list[Inline] = []
        for at, token in enumerate(tokens):
            if token.type == "text":
                inlines.extend(from_words(token.content))
            elif token.type == "softbreak":
                inlines.extend(from_words(self.softbreak(tokens, at)))
            else:
                inlines.append(as_printed(self.renderInline([token], _OPTIONS, {})))
        return inlines

    def refs(self, tokens: Sequence[Token], at: int, *_: OptionsDict | EnvType) -> str:
        meta = tokens[at].meta
        if meta["is_alone"]:
            place = self._document.source.place(self._at)
            return self._writer.numbered(meta["targets"], place)
        self._refuse_said_twice(tokens, at, meta["targets"], is_first=meta["is_first"])
        return self._writer.referred(meta["targets"], is_first=meta["is_first"])

    def _refuse_said_twice(
        self, tokens: Sequence[Token], at: int, targets: Sequence[str], *, is_first: bool
    ) -> None:
        """Refuse a word beside a cross reference that is printed with it."""
        forms = self._writer.printed_forms(targets, is_first=is_first)
        before, behind = _words(tokens[:at]), _words(tokens[at + 1 :])
        found = (said_twice(before, printed, behind) for printed in forms)
        if twice := next(filter(None, found), None):
            shown = " ".join(forms[0].split())
            raise UserError(
                self._document.source.place(self._at),
                f"{twice!r} beside a cross reference that is printed with it",
                f"the reference alone: it prints {shown!r}, with its number for N",
                f"take {twice!r} out, or print the number alone, as `[-@fig-name]`; how a language "
                "calls it stands under `labels` and `several` in its messages.yaml",
            )

    def footnote_ref(self, tokens: Sequence[Token], at: int, *_: OptionsDict | EnvType) -> str:
        meta = tokens[at].meta
        name = meta.get("label") if self._in_table else None
        note = self._document.note(meta["id"])
        own = note.source is self._document.source
        text = self.note(note.tokens) if own else Renderer(note, self._writer).note()
        return self._writer.noted(text, name)

    def _filled(self, text: str) -> str:
        call = self._document.source.call
        return MARK.sub(lambda match: self._writer.as_text(call(match)), text)

    def _formula(self, written: str, place: str) -> str:
        call = self._document.source.call
        tex = MARK.sub(lambda match: self._writer.in_formula(call(match)), written)
        return self._writer.formula(tex, place, MARK.split(written)[0])

    # --- lines ---

    def link_open(self, tokens: Sequence[Token], at: int, *_: OptionsDict | EnvType) -> str:
        self._links += 1
        # Markdown has written an address in the signs that addresses may have.
        href = _MARKED.sub(rf"{START}\1{CALL}", str(tokens[at].attrGet("href") or ""))
        href = self._filled(href)
        place = self._document.source.place(self._at)
        require_address(href, place)
        own = Markup(' data-place="{}"').format(place) if href.startswith("#") else Markup("")
        title = tokens[at].attrGet("title")
        named = Markup(' title="{}"').format(self._filled(str(title))) if title else Markup("")
        return Markup('<a href="{}"{}{}>').format(href, named, own)

    def link_close(self, *_: Sequence[Token] | int | OptionsDict | EnvType) -> str:
        self._links -= 1
        return "</a>"

    def code_inline(self, tokens: Sequence[Token], at: int, *_: OptionsDict | EnvType) -> str:
        return Markup("<code>{}</code>").format(self._filled(tokens[at].content))

    def math_inline(self, tokens: Sequence[Token], at: int, *_: OptionsDict | EnvType) -> str:
        place = self._document.source.place(self._at)
        return _inline_formula(self._formula(tokens[at].content, place))

    def softbreak(self, tokens: Sequence[Token], at: int, *_: OptionsDict | EnvType) -> str:
        """Return a line's end as a space, or as nothing between Chinese characters and marks."""
        self._at += 1
        before = tokens[at - 1].content[-1:] if at else ""
        after = tokens[at + 1].content[:1] if at + 1 < len(tokens) else ""
        is_joined = is_wide(after) and (is_wide(before) or after in _CLOSING)
        return "" if is_joined else "\n"

    def html_inline(self, tokens: Sequence[Token], at: int, *_: OptionsDict | EnvType) -> str:
        """Return the box of a task; other HTML is refused."""
        done = 'checked="checked"' in tokens[at].content
        return f'<span class="task">{"✓" if done else "□"}</span>'

    def image(self, tokens: Sequence[Token], at: int, *_: OptionsDict | EnvType) -> str:
        picture: Picture = tokens[at].meta["picture"]
        return self._writer.inlined(replace(picture, alt=self._filled(picture.alt)))

    # --- blocks ---

    def ordered_list_open(self, tokens: Sequence[Token], at: int, *_: OptionsDict | EnvType) -> str:
        """Return the beginning of a list, whose style sheet sets its signs as they are written."""
        token = tokens[at]
        letter = str(token.attrGet("type") or "1")
        signs = STYLES[letter] + _AROUND.get(token.markup, "")
        plain = Markup("") if signs == "decimal" else Markup(' class="{}"').format(signs)
        return Markup("<ol{}{}>\n").format(Markup(self.renderAttrs(token)), plain)

    def dl_open(self, *_: Sequence[Token] | int | OptionsDict | EnvType) -> str:
        return '<dl class="definitions">\n'

    def dt_open(self, *_: Sequence[Token] | int | OptionsDict | EnvType) -> str:
        return '<dt class="term">'

    def paragraph_open(self, tokens: Sequence[Token], at: int, *_: OptionsDict | EnvType) -> str:
        self._refuse_mark_behind_display(tokens, at)
        hidden = tokens[at].hidden or self._displays(tokens[at + 1])
        return "" if hidden else "<p>"

    def _refuse_mark_behind_display(self, tokens: Sequence[Token], at: int) -> None:
        """Refuse a paragraph that begins with the mark of the displayed formula before it."""
        found = _MARKS.match(tokens[at + 1].content)
        if not found or not self._is_equation(tokens, at - 1):
            return
        raise UserError(
            self._document.place(tokens[at]),
            f"a paragraph that begins with {found[0]!r}, behind a displayed formula",
            "the mark in the line of its formula",
            f"write {found[0]!r} at the end of the formula",
        )

    def _is_equation(self, tokens: Sequence[Token], end: int) -> bool:
        """Tell whether the block that ends there is a displayed formula."""
        if end < 0 or tokens[end].type != "paragraph_close":
            return end >= 0 and tokens[end].type == "display"
        calls = [each for each in tokens[end - 1].children or [] if each.type == "call"]
        return (
            bool(calls)
            and forms()[calls[0].meta["call"].function].kind == "equation"
            and (self._displays(tokens[end - 1]))
        )

    def paragraph_close(self, tokens: Sequence[Token], at: int, *_: OptionsDict | EnvType) -> str:
        hidden = tokens[at].hidden or self._displays(tokens[at - 1])
        return "" if hidden else "</p>\n"

    def _displays(self, inline: Token) -> bool:
        """Tell whether a paragraph is nothing but a figure, a table, an equation or code."""
        children = inline.children or []
        found = [
            child
            for child in children
            if child.type == "call" and forms()[child.meta["call"].function].display
        ]
        if found and len(children) > 1:
            call = found[0].meta["call"]
            raise UserError(
                call.place,
                f"{call.function}({', '.join(map(repr, call.names))}) in the middle of a paragraph",
                "a call that stands alone between two empty lines",
                "put an empty line before it and one behind it",
            )
        return bool(found)

    def heading_open(self, tokens: Sequence[Token], at: int, *_: OptionsDict | EnvType) -> str:
        heading = self._headings.pop(0)
        classes = Markup(' class="{}"').format(" ".join(tokens[at].meta["attributes"].classes))
        given = classes if tokens[at].meta["attributes"].classes else Markup("")
        return Markup('<{} id="{}"{}>').format(tokens[at].tag, heading, given)

    def display(self, tokens: Sequence[Token], at: int, *_: OptionsDict | EnvType) -> str:
        token = tokens[at]
        place = self._document.place(token)
        tex = self._formula(token.content, place)
        return self._writer.displayed(tex, token.meta["attributes"], place)

    def fence(self, tokens: Sequence[Token], at: int, *_: OptionsDict | EnvType) -> str:
        token = tokens[at]
        place = self._document.place(token)
        return highlighted_code(self._filled(token.content), token.info.strip(), place)

    def listing_open(self, tokens: Sequence[Token], at: int, *_: OptionsDict | EnvType) -> str:
        meta = tokens[at].meta
        start, end = listing(meta["attributes"].id, self._caption(meta))
        self._ends.append(end)
        return start

    def listing_close(self, *_: Sequence[Token] | int | OptionsDict | EnvType) -> str:
        return self._ends.pop()

    def code_block(self, tokens: Sequence[Token], at: int, *_: OptionsDict | EnvType) -> str:
        return highlighted_code(self._filled(tokens[at].content), "", "")

    def container_div_open(
        self, tokens: Sequence[Token], at: int, *_: OptionsDict | EnvType
    ) -> str:
        token = tokens[at]
        place = self._document.place(token)
        title = token.meta["title"]
        printed = self._line(title) if title else None
        start, end = self._writer.enclosed(token.meta["attributes"], place, printed)
        self._ends.append(end)
        return start

    def container_div_close(self, *_: Sequence[Token] | int | OptionsDict | EnvType) -> str:
        return self._ends.pop()

    def picture_open(self, tokens: Sequence[Token], at: int, *_: OptionsDict | EnvType) -> str:
        meta = tokens[at].meta
        shown = replace(meta["picture"], alt=self._filled(meta["picture"].alt))
        return self._writer.pictured(shown, self._caption(meta))

    def picture_close(self, *_: Sequence[Token] | int | OptionsDict | EnvType) -> str:
        return ""

    def panels_open(self, tokens: Sequence[Token], at: int, *_: OptionsDict | EnvType) -> str:
        meta = tokens[at].meta
        start, end = self._writer.paneled(meta["panels"], self._caption(meta))
        self._ends.append(end)
        return start

    def panels_close(self, *_: Sequence[Token] | int | OptionsDict | EnvType) -> str:
        return self._ends.pop()

    def _caption(self, meta: Mapping[str, Token | None]) -> Markup | None:
        inline = meta.get("caption")
        return self._line(inline) if inline else None

    def caption_open(self, *_: Sequence[Token] | int | OptionsDict | EnvType) -> str:
        return ""

    caption_close = title_open = title_close = caption_open

    def _table(self, tokens: Sequence[Token]) -> Markup:
        """Return a table with its caption."""
        opening = tokens[0]
        self._in_table = True
        caption = self._caption(opening.meta)
        heads: list[list[Cell]] = []
        body: list[list[Cell]] = []
        for row in rows_of(tokens):
            cells = [Cell(self._line(text), **start.meta) for start, text, _ in row]
            (heads if row and row[0][0].type == "th_open" else body).append(cells)
        self._in_table = False
        kinds = [_KINDS[each] for each in opening.meta["aligned"]]
        table = Table(heads[-1], body, kinds, groups=heads[:-1], row_heads=False)
        attributes = opening.meta.get("attributes", Attributes())
        return self._writer.tabled(table, caption, attributes, self._document.place(opening))


# What stands around the signs of a list, but a full stop behind.
_AROUND = {")": "-closed", "()": "-enclosed"}
_CLOSING = "，。；：、！？）》」』】〉"
# Those that begin no paragraph; a name such as .gitignore may.
_MARKS = re.compile(rf"[{_CLOSING}]|[,.;:!?)](?=\s|$)")
# What tokens are among the words beside a reference: their text, a space, or nothing.
_IN_WORDS = {
    **dict.fromkeys(("text", "text_special"), ""),
    **dict.fromkeys(("softbreak", "hardbreak"), " "),
    **{f"{kind}_{end}": "" for kind in ("em", "strong", "s", "link") for end in ("open", "close")},
    **dict.fromkeys(("mark_open", "mark_close"), ""),
}
# A column of numbers is set flush right by whoever writes its dashes with a colon on that side.
_KINDS = {"": "text", "left": "text", "right": "decimal", "center": "centred"}
_OPTIONS = OptionsDict(
    {
        "maxNesting": 20,
        "html": True,
        "linkify": False,
        "typographer": False,
        "quotes": "",
        "xhtmlOut": False,
        "breaks": False,
        "langPrefix": "",
        "highlight": None,
    }
)


class _Words(RendererHTML):
    def __init__(self, formula: Callable[[str], str]) -> None:
        super().__init__()
        self._formula = formula

    def math_inline(self, tokens: Sequence[Token], at: int, *_: OptionsDict | EnvType) -> str:
        return _inline_formula(self._formula(tokens[at].content))

    def text_special(self, tokens: Sequence[Token], at: int, *_: OptionsDict | EnvType) -> str:
        """Return an escaped sign of a note, which is joined with no text around it."""
        return escape(tokens[at].content)

    def footnote_ref(
        self, tokens: Sequence[Token], at: int, options: OptionsDict, env: EnvType
    ) -> str:
        note = env["footnotes"]["list"][tokens[at].meta["id"]]["tokens"]
        return note_html(Markup(self.renderInline(note, options, env)))


def words_as_html(text: str, formula: Callable[[str], str] = str) -> Markup:
    """Return words that may hold emphasis, code, formulas and notes, such as those of a cell.

    `formula` returns the LaTeX of a formula without macros.
    """
    environment: dict[str, Any] = {}
    return Markup(_Words(formula).render(parse_cell(text, environment), _OPTIONS, environment))


def _words(tokens: Sequence[Token]) -> str:
    """Return the words of a part of a line; what is no word, such as a formula, is a letter."""
    return "".join(_IN_WORDS.get(token.type, "x") or token.content for token in tokens)


def note_html(text: Markup, name: str | None = None) -> Markup:
    """Return a note and its call; in a table, one with a name may be called several times."""
    named = Markup(' data-note="{}"').format(name) if name else Markup("")
    return Markup(
        '<span class="note-call"></span><span class="footnote" role="note"{}>{}</span>'
    ).format(named, text)


def _inline_formula(tex: str) -> Markup:
    return Markup('<span class="math" data-tex="{}"></span>').format(tex.strip())
