"""Signs of markup as an input method for Chinese writes them: as wide as the characters around."""

from __future__ import annotations

import re

__all__ = ["wide_markup"]

# Signs that stand so in Chinese prose, too, are taken for markup in pairs or before a name alone.
_ANYWHERE = re.compile(
    r"[｛{]｛|｛[{%#.]|[｝%]｝|[【［][@＠]\w|[［【][\^＾]|\[＾|\[＠|＠(?:fig|tbl|tab|eq|lst|sec|thm)-"
    r"|(?<![A-Za-z0-9._])＠[A-Za-z_]\w+|＄[^＄]+＄|(?P<stars>＊＊?)\w(?:[^＊]*\w)?(?P=stars)|｀|＼[A-Za-z]"
    r"|[!！][\[［][^\]］]*[\]］]（"
)
_AT_LINE = re.compile(r"[＃#]*＃+\s*[^\s\d]|：：：|[＞－]\s|｜[^｜]*｜.*｜\s*$")


def wide_markup(text: str, *, is_line: bool) -> str:
    """Return what looks like markup in such signs; empty where nothing does.

    Parameters
    ----------
    is_line
        Whether the text begins a line.
    """
    match = (_AT_LINE.match(text) if is_line else None) or _ANYWHERE.search(text)
    return match[0] if match else ""
