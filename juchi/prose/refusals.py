"""What looks like markup and is not understood: refused with file and line, and what to write."""

from __future__ import annotations

import re
from itertools import groupby

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from juchi.core.errors import UserError
from juchi.prose.source import MARK
from juchi.prose.tokens import leaves

__all__ = ["refuse_stray"]

# What stays in a text when markup was meant that is not known here, or was not closed.
_STRAY = re.compile(
    r"(?P<citation>\[[^\]]*@\w|@(?:fig|tbl|tab|eq|sec)-\w)"
    r"|(?P<tex>\\(?:ref|eqref|cref|cite[pt]?|label|begin|end|textbf|emph|footnote|section)\b)"
    r"|(?P<div>^:::)"
    r"|(?P<note>\[\^[^\]]+\])"
    r"|(?P<display>\$\$)"
    r"|(?P<picture>!\[[^\]]*\][({\[])"
    r"|(?P<attributes>\{[#.:][\w-])"
    r"|(?P<highlight>==\S.*\S==)"
    r"|(?P<pipes>^\|.*\|\s*$)"
    r"|(?P<struck>~~)"
    r"|(?P<comment>\{#\s|\s#\})"
)
# The dashes below the head of a simple table, one run for each column.
_COLUMNS = re.compile(r"-{2,}(?:[ \t]+-{2,})+\s*$")
_SIGN = re.compile(r"\S*(?:\*\S|\S\*)\S*|\S*\$\S*")
_HINTS = {
    "citation": (
        "a citation as `[@key, p. 12]` or `@key`, a cross reference as `@fig-name`",
        "close the bracket, and put a space before the sign @",
    ),
    "tex": (
        "Markdown; LaTeX stands in formulas alone",
        "write `@fig-name`, `[@key]`, `**strong**`, `*emphasis*`, `[^note]` or a heading with `#`",
    ),
    "div": (
        "a line `::: note`, text, and a line `:::` that closes it",
        "put each on a line of its own",
    ),
    "note": (
        "a note whose text stands in a paragraph of its own, `[^name]: text`",
        "write the text of the note, or a backslash before the bracket",
    ),
    "display": (
        "a displayed formula on lines of its own, between `$$` and `$$`",
        "begin a line with `$$`, or write `$…$` within a line",
    ),
    "picture": (
        'a picture as `![caption](pictures/photo.jpg){#fig-photo alt="…"}`',
        "let no space stand in the name of the file or before the braces",
    ),
    "attributes": (
        "attributes at the end of a heading, of a displayed formula or of a picture",
        "remove the braces, or write a backslash before them where they are text",
    ),
    "highlight": (
        "**strong** or *emphasised* words",
        "highlight with asterisks: a marker pen is not supported",
    ),
    "pipes": (
        "a table with a line `|---|---|` below its head, and as many cells in each row",
        "see that the second line has a cell of dashes for each column",
    ),
    "comment": ("a comment as `<!-- words that nobody sees -->`", "write it so, or leave it out"),
    "struck": ("words between `~~` and `~~`", "close what is struck out on the same line"),
}


def refuse_stray(state: StateCore) -> None:
    """Refuse HTML, and what looks like markup and has stayed text."""
    _refuse_simple_tables(state)
    for (line, kind), group in groupby(
        leaves(state.tokens), lambda leaf: (leaf[0], _kind(leaf[1]))
    ):
        content = "".join(token.content for _, token in group)
        place = state.env["source"].place(line)
        if kind in ("html_block", "html_inline"):
            raise UserError(
                place,
                f"HTML in the prose: {MARK.sub('…', content).strip()}",
                "Markdown, and calls of the functions",
                "write `&lt;` for a sign that is meant as text, or put it between backticks",
            )
        if kind == "text":
            _refuse_stray_text(content, place)


def _refuse_simple_tables(state: StateCore) -> None:
    """Refuse the dashes of a simple table of Pandoc's, which would be a line across the page."""
    lines = state.src.splitlines()
    for token in state.tokens:
        if token.type in ("hr", "heading_open") and token.map:
            dashes = lines[token.map[1] - 1].lstrip("> ")
            if _COLUMNS.match(dashes):
                raise UserError(
                    state.env["source"].place(token.map[1] - 1),
                    f"markup that is not understood: {dashes[:60]!r}",
                    "a table with pipes, and a line `|---|---|` below its head",
                    "put pipes around each cell; a line across the page is `---`",
                )


def _kind(token: Token) -> str:
    """Return the type of a token; a backslash that escapes nothing is text."""
    is_text = token.type == "text_special" and token.content == token.markup
    return "text" if is_text else token.type


def _refuse_stray_text(text: str, place: str) -> None:
    if match := _STRAY.search(text):
        expected, hint = _HINTS[match.lastgroup or ""]
        raise UserError(place, f"markup that is not understood: {match[0][:60]!r}", expected, hint)
    if match := _SIGN.search(text):
        raise UserError(
            place,
            f"markup that reached the page: {match[0][:60]!r}",
            "emphasis and formulas that Markdown understands",
            "put punctuation outside the asterisks, close each dollar sign, and write a backslash "
            "before a sign that is meant as text",
        )
