"""The page for the screen: the composed HTML with its formulas as MathML, and what a reader uses.

Paper has no use for any of it: pictures that open large and take their room before they come,
labels that are links to themselves, marks that lead from a claim to its verdict, and fonts that
wait until the reader moves.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Mapping
from os.path import normpath
from pathlib import Path
from typing import Any

from lxml import etree, html
from lxml.html import HtmlElement, builder
from PIL import Image

from juchi.core.atomic import write_text
from juchi.core.errors import UserError, run_command
from juchi.html.document import LATER, serialise
from juchi.html.forms import WEB, leave_form
from juchi.html.marks import link_claims
from juchi.html.mathematics import formula_key, read_typeset
from juchi.html.tables import CONTINUED, name_regions
from juchi.html.web_parts import ADDRESS
from juchi.plan.figures import NARROW
from juchi.prose.calls import Messages, read_messages

__all__ = ["drawing_size", "fill_in", "main"]

_PIXELS_PER_POINT = 4 / 3
_TEXT = 627  # pixels: the width of a figure that is as wide as the text
# What may not begin a line.
_MARKS = re.compile(r"[,.;:!?)\]’”»，。；：！？、）】」』》]+")
# In em: a formula in running text that no line of a phone may hold, and one that none may.
_LONG, _WIDE = 14, 34
_SIZE = re.compile(r'<svg [^>]*?width="([\d.]+)pt" height="([\d.]+)pt"')
_RELATIONS = frozenset("=<>≤≥≈∼≪≫∈≠")
# What only the layout of paper or an earlier step reads.
_NOTES = (
    *("data-title", "data-source", "data-place", "data-kind", "data-claim", "data-panels"),
    *("data-number", "data-attached", "data-quoted", CONTINUED, ADDRESS),
)
_KINDS = ("reference", "fact")  # links that their addresses and contents tell apart


def fill_in(page: Path, mathematics: Path, words: Messages, base: Path) -> str:
    """Return the composed page as the screen shows it.

    Parameters
    ----------
    page, mathematics
        What `juchi.html.compose` and `juchi.html.mathematics` wrote.
    words
        The language's words.
    base
        The folder that the page will lie in: addresses of pictures start there.
    """
    root: HtmlElement = html.parse(str(page), html.HTMLParser(encoding="utf-8")).getroot()
    leave_form(root, WEB)
    _set_formulas(root, mathematics)
    _open_figures(root, base, words["reading"])
    name_regions(root)
    _link_labels(root)
    link_claims(root, words)
    _reach_what_scrolls(root)
    _postpone_fonts(root)
    _print_from_the_browser(root)
    _leave_out_notes(root)
    return serialise(root)


def _leave_out_notes(root: HtmlElement) -> None:
    """Leave out what no reader of the page gains by: every byte is one to wait for."""
    for element in root.iter():
        for note in _NOTES:
            element.attrib.pop(note, None)
        if element.get("class") in _KINDS:
            del element.attrib["class"]
    for table in root.iter("table"):
        cells = table.xpath("./tbody/tr/td")
        if cells and all(cell.get("class") == "number" for cell in cells):
            table.set("class", f"{table.get('class', '')} numbers".strip())
            for cell in cells:
                del cell.attrib["class"]
    for value in list(root.iter("data")):
        # A number that is printed as exact as it is.
        alone = value.getparent().tag != "a" and not len(value)
        if alone and value.text and value.get("value") == value.text:
            value.drop_tag()


def _set_formulas(root: HtmlElement, mathematics: Path) -> None:
    """Put the MathML in the place of each formula; its LaTeX stays as ``data-tex``."""
    typeset = read_typeset(mathematics)
    for place in list(root.iter("span")):
        tex = place.attrib.pop("data-tex", None)
        if tex is None:
            continue
        display = "display" in place.get("class")
        drawn = typeset[formula_key(tex, display)]
        formula = etree.fromstring(drawn.mathml)
        _keep_source(formula, tex)
        if alternative := place.attrib.pop("data-alt", None):
            formula.set("aria-label", alternative)
        else:
            formula.set("alttext", drawn.speech)
        if display:
            place.append(formula)
        else:
            _close_up(formula[0])
            is_long = drawn.width > _LONG
            shown = _scrolling(formula, drawn.width) if is_long else formula
            shown.tail, place.tail = place.tail, None
            place.getparent().replace(place, shown)
            if not is_long:
                _keep_mark(shown)


def _keep_mark(formula: Any) -> None:  # noqa: ANN401 - lxml is untyped
    """Keep the mark behind a formula on its line: browsers would break between the two."""
    match = _MARKS.match(formula.tail or "")
    if match:
        kept = builder.SPAN({"class": "kept"})
        formula.getparent().replace(formula, kept)
        kept.append(formula)
        kept.tail, formula.tail = formula.tail[match.end() :], match[0]


def _scrolling(formula: Any, width: float) -> HtmlElement:  # noqa: ANN401 - lxml is untyped
    """Return a formula in a box in which it scrolls, on a phone or everywhere."""
    kind = "long wide" if width > _WIDE else "long"
    return builder.SPAN({"class": kind, "tabindex": "0"}, formula)


def _keep_source(formula: Any, tex: str) -> None:  # noqa: ANN401 - lxml is untyped
    """Note a formula's LaTeX in an attribute: as an annotation it would weigh twice as much."""
    (semantics,) = formula
    formula.remove(semantics)
    formula.append(semantics[0])
    formula.set("data-tex", tex)


def _close_up(row: Any) -> None:  # noqa: ANN401 - lxml is untyped
    """Leave out the space beside a relation that begins or ends a formula, as TeX does."""
    if row.tag == "mrow" and len(row):
        for end, side in ((row[0], "lspace"), (row[-1], "rspace")):
            if end.tag == "mo" and end.text in _RELATIONS:
                end.set(side, "0")


def drawing_size(path: Path) -> tuple[int, int]:
    """Return the width and the height of an SVG file in CSS pixels."""
    if not path.is_file():
        raise UserError(
            str(path), "no such picture", "a figure that was drawn", "fix the address in the page"
        )
    with path.open(encoding="utf-8") as file:
        found = _SIZE.search(file.read(2000))
    if found is None:
        raise UserError(
            str(path),
            "a picture that does not begin with its size",
            "an SVG file with a width and a height in points",
            "draw the figure again",
        )
    width, height = (round(float(points) * _PIXELS_PER_POINT) for points in found.groups())
    return width, height


def _picture_size(path: Path) -> tuple[int, int]:
    """Return the width and the height of a picture in CSS pixels, at most as wide as the text."""
    if path.suffix == ".svg":
        return drawing_size(path)
    with Image.open(path) as picture:
        width, height = picture.size
    scale = min(1, _TEXT / width)
    return round(width * scale), round(height * scale)


def _open_figures(root: HtmlElement, base: Path, words: Mapping[str, str]) -> None:
    """Let each picture keep its room, come when it is near, and lead to itself in full size."""
    for picture in list(root.iter("picture")):
        (image,) = picture.iter("img")
        width, height = _picture_size(Path(normpath(base / image.get("src"))))
        for name, value in (("width", width), ("height", height), ("loading", "lazy")):
            image.set(name, str(value))
        _keep_room_on_phones(picture, base)
        link = builder.A({"class": "enlarge", "href": image.get("src"), "title": words["enlarge"]})
        picture.getparent().replace(picture, link)
        link.append(picture)


def _keep_room_on_phones(picture: HtmlElement, base: Path) -> None:
    """Tell the size of the drawing for phones, which is the same in every theme."""
    phone = [each for each in picture.iter("source") if NARROW in each.get("srcset")]
    if phone:
        width, height = drawing_size(Path(normpath(base / phone[-1].get("srcset"))))
        for source in phone:
            source.set("width", str(width))
            source.set("height", str(height))


def _link_labels(root: HtmlElement) -> None:
    """Make the numbers of headings and the labels of figures, tables and equations links."""
    for label in list(root.iter("span")):
        kind = label.get("class")
        if kind not in ("number", "label"):
            continue
        target = next((each for each in label.iterancestors() if each.get("id")), None)
        if target is not None and target.tag in ("h2", "h3", "h4", "figure", "div"):
            label.tag = "a"
            label.set("href", f"#{target.get('id')}")


def _reach_what_scrolls(root: HtmlElement) -> None:
    """Let the keyboard reach what scrolls inside itself where it is wider than the page."""
    for element in [*root.iter("pre"), *root.find_class("display")]:
        lines = element.xpath("ancestor::div[contains(@class, 'lines')]")
        (lines[0] if lines else element).set("tabindex", "0")


def _postpone_fonts(root: HtmlElement) -> None:
    """Link the fonts of later sections for print; a script lets the screen have them in time."""
    early = any(not _is_later(formula) for formula in root.iter("math"))
    for link in list(root.iter("link")):
        if link.get("href").endswith("/fonts.css"):
            link.attrib.pop("media", None)  # browsers print formulas as they show them
            late = {"rel": "stylesheet", "href": link.get("href").replace("fonts.css", "late.css")}
            if early and "-math/" in link.get("href"):
                link.addprevious(builder.LINK(late))
            else:
                link.addprevious(builder.LINK({**late, "class": "late", "media": "print"}))
                link.addprevious(builder.NOSCRIPT(builder.LINK(late)))


def _is_later(element: HtmlElement) -> bool:
    return any(LATER in (each.get("class") or "").split() for each in element.iterancestors())


def _print_from_the_browser(root: HtmlElement) -> None:
    """Leave the style sheet of the PDF to the PDF: browsers print by one of their own.

    Formulas they print as they show them; the PDF has pictures of them.
    """
    for link in root.iter("link"):
        link.set("href", link.get("href").replace("/print.css", "/browser-print.css"))
        if link.get("href").endswith("/mathematics.css"):
            link.attrib.pop("media", None)


def main() -> None:
    """Fill in the page that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("page", "mathematics", "words", "output"):
        parser.add_argument(f"--{name}", required=True, type=Path)
    arguments = parser.parse_args()
    page = fill_in(
        arguments.page,
        arguments.mathematics,
        read_messages(arguments.words),
        arguments.output.parent,
    )
    write_text(arguments.output, page)


if __name__ == "__main__":
    run_command(main)
