"""Spaces at the ends of printed lines, for those who read a PDF by its text and not by its look.

A line that is broken at a space loses that space in layout, as CSS asks. In a tagged PDF the words
of two lines would then run together: ISO 32000-1, 14.8.2.5, wants word breaks spelt out. Inside the
context `spelt_word_breaks` the last text of such a line, or of one that is broken by force, is
drawn with a space behind it, where nobody sees it; nothing moves. So is a text before a space that
stands alone between two elements, which WeasyPrint does not draw. A line of Chinese that is broken
between two characters stays as it is.

This leans on WeasyPrint's insides, see `juchi.pdf.weasyprint_patches`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from weasyprint.draw import text as drawing
from weasyprint.formatting_structure import boxes
from weasyprint.layout import inline

from juchi.pdf.weasyprint_patches import replaced

__all__ = ["spelt_word_breaks"]


@contextmanager
def spelt_word_breaks() -> Iterator[None]:
    """Draw the spaces at which lines are broken while the context is open.

    Layout and drawing (`weasyprint.HTML.write_pdf`) both have to run inside.

    Raises
    ------
    UserError
        If the installed WeasyPrint is not the version that this module was written for.
    """
    place, breaks = "juchi/pdf/word_breaks.py", _Breaks()
    with (
        replaced(place, inline, "split_text_box", breaks.splitting),
        replaced(place, inline, "remove_last_whitespace", breaks.removing),
        replaced(place, drawing, "draw_first_line", _drawing),
    ):
        yield


class _Breaks:
    """Finds the text boxes that a space or a forced break follows.

    Attributes
    ----------
    lone_space
        Whether the last text that was split off was a space alone, which leaves no box.
    """

    def __init__(self) -> None:
        self.lone_space = False

    def splitting(self, plain: Callable[..., Any]) -> Callable[..., Any]:
        """Return a `split_text_box` that notes where a space or a break is left out."""

        def split_text_box(
            context: object,
            box: Any,  # noqa: ANN401 - WeasyPrint is untyped
            width: float | None,
            skip: int,
            is_line_start: bool = True,
        ) -> Any:  # noqa: ANN401
            piece, end, forced = plain(context, box, width, skip, is_line_start)
            split_off = box.text.encode()[skip:end].decode()
            self.lone_space = piece is None and split_off != ""
            if piece is not None and end is not None:
                piece.is_before_space = split_off[len(piece.text) :].isspace()
            return piece, end, forced

        return split_text_box

    def removing(self, plain: Callable[..., None]) -> Callable[..., None]:
        """Return a `remove_last_whitespace` that notes what it removes, and lone spaces before."""

        def remove_last_whitespace(context: object, line: Any) -> None:  # noqa: ANN401
            leaves = list(_leaves(line))
            texts = [box.text if isinstance(box, boxes.TextBox) else None for box in leaves]
            texts.append(" " if self.lone_space else None)
            for box, text, behind in zip(leaves, texts, texts[1:], strict=False):
                if text and behind is not None and not behind.strip():
                    box.is_before_space = True
            if leaves and texts[-2] and texts[-2].endswith(" "):
                leaves[-1].is_before_space = True
            plain(context, line)

        return remove_last_whitespace


def _drawing(plain: Callable[..., Any]) -> Callable[..., Any]:
    """Return a `draw_first_line` that draws the space behind a text."""

    def draw_first_line(stream: object, textbox: Any, *rest: object) -> Any:  # noqa: ANN401
        layout = textbox.pango_layout
        if getattr(textbox, "is_before_space", False) and not layout.text.endswith(" "):
            layout.set_text(f"{layout.text} ", justify=True)
        return plain(stream, textbox, *rest)

    return draw_first_line


def _leaves(box: Any) -> Iterator[Any]:  # noqa: ANN401
    if isinstance(box, boxes.LineBox | boxes.InlineBox):
        for child in box.children:
            yield from _leaves(child)
    else:
        yield box
