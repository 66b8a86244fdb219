"""The spaces around cross references in Chinese text, whichever of them an author types.

What a reference prints decides: `见图 2 中`, but `见第 2 节中` and `由式 (2) 得`. Between Chinese
characters stands no space, between them and numbers or brackets of the keyboard one.
"""

from __future__ import annotations

import re

from lxml.html import HtmlElement

__all__ = ["set_spaces"]

_HAN = r"[\u3400-\u9fff]"
_NARROW = r"[A-Za-z0-9()]"
_TOGETHER = re.compile(rf"(?<={_HAN})\s+(?=\ue000{_HAN})|(?<={_HAN}\ue000)\s+(?={_HAN})")
_APART = re.compile(rf"(?<={_HAN})(?=\ue000{_NARROW})|(?<={_NARROW}\ue000)(?={_HAN})")
_EDGE = "\ue000"  # of a reference


def set_spaces(root: HtmlElement) -> None:
    """Set the spaces beside each reference of a page whose labels are written."""
    for place in root.xpath("//a[@class='reference'] | //span[@class='references']"):
        if not next(place.iterancestors("html")).get("lang", "").startswith("zh"):
            return
        if place.getparent().get("class") == "references":
            continue
        shown = place.text_content()
        before, around = place.getprevious(), place.getparent()
        text = (around.text if before is None else before.tail) or ""
        text = _spaced(f"{text}{_EDGE}{shown[:1]}").partition(_EDGE)[0]
        place.tail = _spaced(f"{shown[-1:]}{_EDGE}{place.tail or ''}").partition(_EDGE)[2]
        if before is None:
            around.text = text
        else:
            before.tail = text


def _spaced(text: str) -> str:
    return _APART.sub(" ", _TOGETHER.sub("", text))
