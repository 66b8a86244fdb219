"""Markdown as the prose uses it: CommonMark with tables left out, formulas and heading ids in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererProtocol
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from markupsafe import Markup, escape
from mdit_py_plugins.dollarmath import dollarmath_plugin

__all__ = ["Markdown", "paragraphs", "raw_html"]

_HEADING_ID = re.compile(r" \{: #([a-z0-9-]+)\}$")


class Markdown:
    """Renders blocks and single lines; a formula becomes an empty element with its LaTeX."""

    def __init__(self) -> None:
        self._parser = _parser(html=True)
        self._strict = _parser(html=False)

    def block(self, text: str) -> Markup:
        """Render a file of prose."""
        return Markup(self._parser.render(text))

    def inline(self, text: str) -> Markup:
        """Render one line, without a paragraph around it."""
        return Markup(self._parser.renderInline(text))

    def text(self, text: str) -> Markup:
        """Render one line of words, in which HTML is text like any other."""
        return Markup(self._strict.renderInline(text))


def raw_html(text: str) -> Iterator[tuple[int, str]]:
    """Yield each piece of HTML in a text, with the line on which its block begins."""
    for token in _parser(html=True).parse(text):
        line = token.map[0] + 1 if token.map else 1
        for part in [token, *(token.children or [])]:
            if part.type in ("html_block", "html_inline"):
                yield line, part.content.strip()


def paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each paragraph begins and ends in a text; those of list items without its mark.

    A heading is none, nor is a listing.
    """
    lines = text.split("\n")
    tokens = _parser(html=True).parse(text)
    for opening, inline in pairwise(tokens):
        if opening.type == "paragraph_open" and inline.map:
            first, last = inline.map
            begin = sum(len(line) + 1 for line in lines[:first])
            begin += max(lines[first].find(inline.content.split("\n")[0]), 0)
            yield begin, sum(len(line) + 1 for line in lines[:last]) - 1


def _parser(html: bool) -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": html, "xhtmlOut": False})
    parser.use(dollarmath_plugin, allow_blank_lines=False, double_inline=False)
    # A displayed formula is an equation with a number and words; $$ would show bare LaTeX.
    parser.disable("math_block")
    parser.add_render_rule("math_inline", _formula)
    parser.core.ruler.push("heading_ids", _move_heading_ids)
    return parser


def _formula(
    renderer: RendererProtocol,
    tokens: list[Token],
    index: int,
    options: OptionsDict,
    environment: EnvType,
) -> str:
    del renderer, options, environment
    return f'<span class="math" data-tex="{escape(tokens[index].content.strip())}"></span>'


def _move_heading_ids(state: object) -> None:
    """Move the id that ends a heading's text into the heading's attributes."""
    tokens: list[Token] = state.tokens  # type: ignore[attr-defined]
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open" and inline.children:
            last = inline.children[-1]
            if match := _HEADING_ID.search(last.content):
                opening.attrSet("id", match.group(1))
                last.content = last.content[: match.start()]
