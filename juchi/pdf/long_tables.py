"""Tables that go on on the next page: above their repeated heads it says so.

WeasyPrint repeats the head of a table that is broken. Inside the context `continued_tables` a line
stands above it, with the words that the page has for each table (see
`juchi.html.tables.say_continued`): its label, and that it is continued. The line spans all columns
and changes the width of none.

This leans on WeasyPrint's insides, see `juchi.pdf.weasyprint_patches`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from weasyprint.formatting_structure import boxes
from weasyprint.layout import block

from juchi.html.tables import CONTINUED
from juchi.pdf.weasyprint_patches import replaced

__all__ = ["continued_tables"]

_BARE = {
    **{f"border_{side}_{part}": value for side in ("top", "bottom", "left", "right")
       for part, value in (("width", 0), ("style", "none"))},
    "text_align_all": "start",
    "text_align_last": "auto",
}  # fmt: skip


@contextmanager
def continued_tables() -> Iterator[None]:
    """Say of tables that they go on while the context is open; layout has to run inside.

    Raises
    ------
    UserError
        If the installed WeasyPrint is not the version that this module was written for.
    """
    with replaced("juchi/pdf/long_tables.py", block, "table_layout", _continuing):
        yield


def _continuing(plain: Callable[..., Any]) -> Callable[..., Any]:
    """Return a `table_layout` that puts a line above the head of what goes on."""

    def table_layout(
        context: object,
        table: Any,  # noqa: ANN401 - WeasyPrint is untyped
        bottom_space: float,
        skip_stack: Any,  # noqa: ANN401
        *arguments: Any,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401
        whole = table.children
        words = whole[0].element.get(CONTINUED) if whole and whole[0].is_header else None
        line = _line(table, words) if words and skip_stack else None
        if line is None:
            return plain(context, table, bottom_space, skip_stack, *arguments)
        head = whole[0].copy_with_children([line, *whole[0].children])
        table.children = [head, *whole[1:]]
        result = plain(context, table, bottom_space, skip_stack, *arguments)
        table.children = whole
        if result[0] is not None and hasattr(table, "collapsed_border_grid"):
            result[0].collapsed_border_grid = tuple(
                [_blank(lines[0]), *lines] for lines in table.collapsed_border_grid
            )
        return result

    return table_layout


def _line(table: Any, words: str) -> Any | None:  # noqa: ANN401
    """Return a row with these words, made from the first cell of the head that has text."""
    for row in table.children[0].children:
        for cell in row.children:
            spoken = _with_words(cell, words)
            if spoken is not None:
                spoken.style = spoken.style.copy()
                spoken.style.update(_BARE)
                spoken.grid_x, spoken.colspan, spoken.rowspan = 0, len(table.column_widths), 1
                return row.copy_with_children([spoken])
    return None


def _with_words(box: Any, words: str) -> Any | None:  # noqa: ANN401
    """Return a box down to its first text, which is replaced; None for one without text."""
    if isinstance(box, boxes.TextBox):
        return box.copy_with_text(words)
    for child in getattr(box, "children", ()):
        spoken = _with_words(child, words)
        if spoken is not None:
            return box.copy_with_children([spoken])
    return None


def _blank(line: list[Any]) -> list[Any]:
    """Return collapsed borders that are not drawn, as many as those of a line."""
    return [(score, ("none", 0, color)) for score, (_, _, color) in line]
