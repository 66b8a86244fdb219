"""Lines that are broken where they are full, whatever space a text ends in.

WeasyPrint breaks a line text by text: up to a formula, a link, an emphasised word, and on from
there. Such a text mostly ends in a space. Where all of it fits but for that space, WeasyPrint 70
breaks it after its first word, and the line before is stretched over a hole of half its width.
Inside the context `full_lines`

- a common space at the end of a text takes no room, so the text stays whole and the line breaks
  behind it;
- a no-break space takes its room: the text is broken before its last word, with which it goes to
  the next line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import inf
from typing import Any

from weasyprint.layout import inline

from juchi.pdf.weasyprint_patches import replaced

__all__ = ["full_lines"]

SPACES = " \N{NO-BREAK SPACE}"
RESUME_AT, WIDTH = 2, 3  # places in what WeasyPrint's `split_first_line` returns

_COLLAPSING = ("normal", "nowrap", "pre-line")


@contextmanager
def full_lines() -> Iterator[None]:
    """Break lines where they are full while the context is open.

    Raises
    ------
    UserError
        If the installed WeasyPrint is not the version that this module was written for.
    """
    with replaced("juchi/pdf/linebreaks.py", inline, "split_first_line", _counting_last_space):
        yield


def _counting_last_space(plain: Callable[..., Any]) -> Callable[..., Any]:
    """Return a `split_first_line` that knows what room the space at the end of a text takes."""

    def split_first_line(
        text: str,
        style: Any,  # noqa: ANN401 - WeasyPrint is untyped
        context: object,
        max_width: float | None,
        justification_spacing: float,
        **options: bool,
    ) -> Any:  # noqa: ANN401
        def split(part: str, width: float | None) -> Any:  # noqa: ANN401
            return plain(part, style, context, width, justification_spacing, **options)

        line = split(text, max_width)
        words = text.rstrip(SPACES)
        if max_width in (None, inf) or words in ("", text):
            return line
        # A no-break space at the end, which alone does not fit, is none to Pango.
        if line[RESUME_AT] is None and line[WIDTH] <= max_width:
            return line
        bare = split(words, None)
        if bare[RESUME_AT] is not None or bare[WIDTH] > max_width:
            return line
        whole = split(text, None)
        if text.endswith(" "):
            return whole if style["white_space"] in _COLLAPSING else line
        return split(text, max_width - (whole[WIDTH] - bare[WIDTH]))

    return split_first_line
