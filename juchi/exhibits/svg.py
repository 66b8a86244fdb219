"""Drawings that others have made (R, gnuplot, Inkscape, Vega), as the site and the paper show them.

An SVG file may hold scripts, links, animations and fonts that nobody has. Here it becomes one that
draws and can do nothing else: what only an editor reads is left out, styles become attributes, the
words outlines in the fonts of the article, and what could not be drawn the same in a browser and on
paper is refused by its name. The drawing begins with its size in points.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from juchi.core.errors import UserError
from juchi.exhibits.svg_style import SPACE, SVG, inline_styles, style_of
from juchi.exhibits.svg_text import Outliner

__all__ = ["length_of", "normalized_svg", "open_svg", "size_of"]

_LINK = "{http://www.w3.org/1999/xlink}href"
_DRAWN = {
    *("svg", "g", "defs", "symbol", "use", "path", "rect", "circle", "ellipse", "line"),
    *("polyline", "polygon", "text", "tspan", "image", "linearGradient", "radialGradient", "stop"),
    *("clipPath", "mask", "pattern", "marker"),
}
# Said to nobody: the alternative text of the page says what the picture shows.
_SILENT = {"title", "desc", "metadata"}
_INNER = re.compile(r"#[\w.:-]+|data:image/(?:png|jpeg);base64,[\sA-Za-z0-9+/=]+")
_OUTWARD = re.compile(r"url\(\s*['\"]?(?!['\"]?#)|expression|\\", re.IGNORECASE)
# Properties that browsers know and WeasyPrint does not.
_UNPRINTED = ("filter", "mix-blend-mode", "writing-mode", "baseline-shift", "letter-spacing")
_PLAIN = ("none", "normal", "auto", "0", "lr-tb", "lr", "horizontal-tb", "baseline", "0px")
# In CSS pixels.
_UNITS = {"": 1, "px": 1, "pt": 4 / 3, "pc": 16, "in": 96, "cm": 96 / 2.54, "mm": 96 / 25.4}
_LENGTH = re.compile(r"\s*(\d*\.?\d+(?:[eE][+-]?\d+)?)\s*(px|pt|pc|in|cm|mm|)\s*")
_POINTS = 3 / 4
# How files begin that are no drawings, whatever they are called.
_KINDS = {b"\x89PNG": "PNG", b"\xff\xd8\xff": "JPEG", b"%PDF": "PDF"}


def open_svg(content: bytes, place: str) -> Any:  # noqa: ANN401 - lxml is untyped
    """Return the root of a drawing; what is none, or could do anything, is a `UserError`."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        if kind := next(
            (kind for start, kind in _KINDS.items() if content.startswith(start)), None
        ):
            raise UserError(
                place,
                f"a {kind}, though its name ends in .svg",
                "a drawing in SVG",
                f"name it .{kind.lower()}, or write SVG; in R: svg(…)",
            ) from error
        raise _refused(place, f"broken markup ({error})", "export it again as plain SVG") from error
    doctype = root.getroottree().docinfo.internalDTD
    if doctype is not None and any(True for _ in doctype.iterentities()):
        raise _refused(place, "entities of its own", "export it as plain SVG")
    if root.tag != f"{SVG}svg":
        raise _refused(place, f"a root <{_name(root)}>", "export it as plain SVG")
    _leave_out(root)
    for fault in _faults(root):
        raise _refused(place, fault, "convert it to plain paths in the program that drew it")
    return root


def _refused(place: str, found: str, hint: str) -> UserError:
    return UserError(
        place,
        f"a drawing with {found}",
        "an SVG file that only draws: shapes, words, gradients, clips and pictures within it",
        hint,
    )


def _name(element: Any) -> str:  # noqa: ANN401
    return str(etree.QName(element).localname)


def _leave_out(root: Any) -> None:  # noqa: ANN401
    """Leave out what only editors and search engines read."""
    for element in list(root.iter(etree.Element)):
        if etree.QName(element).namespace != SVG[1:-1] or _name(element) in _SILENT:
            if element.getparent() is not None:
                _remove(element)
            continue
        for name in list(element.attrib):
            if name.startswith("{") and name not in (_LINK, SPACE):
                del element.attrib[name]
        if "href" in element.attrib:
            element.set(_LINK, element.attrib.pop("href"))
        if _name(element) == "a":  # links within a picture lead nowhere
            element.tag = f"{SVG}g"
            element.attrib.pop(_LINK, None)
    etree.cleanup_namespaces(root)


def _remove(element: Any) -> None:  # noqa: ANN401
    """Remove an element; words behind it stay."""
    parent, before, tail = element.getparent(), element.getprevious(), element.tail or ""
    parent.remove(element)
    if before is None:
        parent.text = (parent.text or "") + tail
    else:
        before.tail = (before.tail or "") + tail


def _faults(root: Any) -> Iterator[str]:  # noqa: ANN401
    """Yield what could do something, or is drawn in another way on paper than on the screen."""
    for element in root.iter(etree.Element):
        name = _name(element)
        if name not in _DRAWN and name != "style":
            yield f"an element <{name}>"
        for key, value in element.attrib.items():
            if key.lower().startswith("on"):
                yield f"an attribute {key}, which runs a script"
            elif key != _LINK and _OUTWARD.search(value):
                yield f"{key}={value[:60]!r}, which reaches out of it"
        if not _INNER.fullmatch(element.get(_LINK, "#x")):
            yield f"a link to {element.get(_LINK)[:60]!r}"
        if name == "style" and (fault := re.search(r"@[\w-]+|url\(\s*['\"]?(?!#)", _css(element))):
            yield f"{fault[0]!r} in its style sheet"


def _css(element: Any) -> str:  # noqa: ANN401
    return re.sub(r"/\*.*?\*/", "", element.text or "", flags=re.DOTALL)


def size_of(root: Any, place: str) -> tuple[float, float]:  # noqa: ANN401
    """Return the width and the height of a drawing in CSS pixels."""
    box = [float(each) for each in re.findall(r"[-+.\deE]+", root.get("viewBox", ""))]
    width, height = length_of(root, "width"), length_of(root, "height")
    if (width is None or height is None) and len(box) == 4:  # noqa: PLR2004 - left, top, width, height
        width, height = box[2:]
    if not (width and height and width > 0 and height > 0):
        raise _refused(place, "no size", "give it a width and a height, or a viewBox")
    return width, height


def length_of(root: Any, side: str) -> float | None:  # noqa: ANN401
    """Return the width or the height that a drawing says it has, in CSS pixels; or None."""
    told = _LENGTH.fullmatch(root.get(side, ""))
    return float(told[1]) * _UNITS[told[2]] if told else None


def normalized_svg(content: bytes, place: str, outliner: Outliner) -> bytes:
    """Return a drawing that only draws; see the head of this module."""
    root = open_svg(content, place)
    width, height = size_of(root, place)
    inline_styles(root, lambda found: _refused(place, found, "write its styles as attributes"))
    _refuse_unprinted(root, place)
    outliner.outline(root, place)
    view = root.get("viewBox", f"0 0 {width:g} {height:g}")
    sides = {"width": f"{width * _POINTS:.6g}pt", "height": f"{height * _POINTS:.6g}pt"}
    others = {name: value for name, value in root.attrib.items() if name not in (*sides, "viewBox")}
    root.attrib.clear()
    for name, value in {**sides, "viewBox": view, **others}.items():
        root.set(name, value)
    whole: bytes = etree.tostring(root)
    return whole + b"\n"


def _refuse_unprinted(root: Any, place: str) -> None:  # noqa: ANN401
    for element in root.iter(etree.Element):
        for name, value in style_of(element).items():
            if name in _UNPRINTED and value not in _PLAIN:
                raise _refused(
                    place,
                    f"{name}: {value}, which paper does not show",
                    "convert it to plain paths in the program that drew it",
                )
