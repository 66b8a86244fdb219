"""What sticks out of its place on paper: found in the pages as they are laid out, and refused.

WeasyPrint lays out whatever it is given and warns of nothing that does not fit: a formula runs
over its number and off the sheet, a table loses its last columns, a figure covers the number of the
page. Here every box of every page is compared with its place: a block with the block around it, a
text or a picture with its block, all of them with the content box of the page (above the notes),
and running heads with the margin. A figure also has to be on the page of its caption.

This reads WeasyPrint's tree of boxes, see `juchi.pdf.weasyprint_patches`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from lxml.html import HtmlElement
from weasyprint.formatting_structure import boxes
from weasyprint.layout.absolute import AbsolutePlaceholder

from juchi.core.errors import UserError
from juchi.prose.calls import forms

__all__ = [
    "Overfull",
    "find_overfull",
    "refuse_overfull",
    "shrink_tables",
    "spaced",
    "written_at",
]

TOLERANCE = 1.0  # CSS pixels: roundings, and what letters hang over
PER_MM = 96 / 25.4
SMALLEST = 8.0  # CSS pixels, 6 points: the smallest type of a table
# Boxes that have no place of their own; what is in them has.
_TRANSPARENT = (boxes.InlineBox, boxes.TableRowGroupBox, boxes.TableRowBox)
_INLINE = (boxes.LineBox, boxes.InlineBox)
# Figures that may go on on the next page, by their class.
_PARTED = ("table", "listing")
_WORDS = 50  # characters of a text in a message
_SHOWN = 5  # faults in a message


class _Frame(NamedTuple):
    """Where a box has to stay, in CSS pixels from the corner of the sheet."""

    left: float
    right: float
    top: float
    bottom: float


@dataclass(frozen=True)
class Overfull:
    """Something that sticks out of its place.

    Attributes
    ----------
    path
        Its box, and before it all boxes around it.
    page
        The number of the page, from 1.
    side
        ``left``, ``right``, ``top`` or ``bottom``.
    excess, room
        By how much it sticks out there, and how much room it has in that direction; CSS pixels.
    """

    path: tuple[Any, ...]
    page: int
    side: str
    excess: float
    room: float

    @property
    def subject(self) -> Subject:
        """What the author calls it."""
        inside = [box for box in self.path if getattr(box, "element", None) is not None]
        if len(inside) <= 1:  # the page's own box: a running head or foot, which no element holds
            words = " ".join(getattr(self.path[-1], "text", "").split())
            return Subject("text", words[:_WORDS], None, None)
        return _subject(inside)


@dataclass(frozen=True)
class Subject:
    """What an author calls a thing on a page.

    Attributes
    ----------
    kind
        ``figure``, ``table``, ``equation``, ``formula`` or ``text``.
    name
        Its name, or how it begins.
    element
        The HTML element.
    source
        The file of prose that it stands in; None for what no prose holds.
    """

    kind: str
    name: str
    element: Any
    source: str | None


def find_overfull(pages: Sequence[Any]) -> list[Overfull]:
    """Return all that sticks out on WeasyPrint's pages, each thing once, where it is worst."""
    walk = _Walk()
    for number, page in enumerate(pages, start=1):
        walk.visit_page(number, page._page_box)
    found: dict[Any, Overfull] = {}
    for fault in [*walk.found, *walk.parted_figures()]:
        element = fault.subject.element
        if element not in found or fault.excess > found[element].excess:
            found[element] = fault
    return list(found.values())


class _Walk:
    """The walk through all boxes of all pages.

    Attributes
    ----------
    found
        What sticks out.
    figures
        The boxes of each figure with the number of their page: more than one if it is parted.
    """

    def __init__(self) -> None:
        self.found: list[Overfull] = []
        self.figures: dict[Any, list[tuple[int, tuple[Any, ...]]]] = {}
        self.number = 0
        self.content = _Frame(0, 0, 0, 0)

    def visit_page(self, number: int, page: Any) -> None:  # noqa: ANN401 - WeasyPrint is untyped
        """Compare the boxes of a page with their places."""
        left, top = page.content_box_x(), page.content_box_y()
        self.number = number
        self.content = _Frame(left, left + page.width, top, top + page.height)
        notes = [box for box in page.children if isinstance(box, boxes.FootnoteAreaBox)]
        ends = [box.border_box_y() for box in notes if box.children]
        text = self.content._replace(bottom=min([self.content.bottom, *ends]))
        for box in page.children:
            if isinstance(box, boxes.MarginBox):
                # One line that ends in an ellipsis is cut to its box when it is drawn.
                if _is_cut(box.style):
                    continue
                self._visit(box, self._margin(box, page), (page,))
            else:
                self._visit(box, self.content if box in notes else text, (page,))

    def _margin(self, box: Any, page: Any) -> _Frame:  # noqa: ANN401
        """Return the place of a running head or foot: the width of its box, above or below."""
        height = page.margin_height()
        if box.position_y < self.content.top:
            return _across(box, _Frame(0, 0, 0, self.content.top))
        return _across(box, _Frame(0, 0, self.content.bottom, height))

    def _visit(self, box: Any, frame: _Frame, above: tuple[Any, ...]) -> None:  # noqa: ANN401
        """Compare what is in a box with a frame, and with the boxes in between."""
        path = (*above, box)
        # Anonymous boxes have the element of the box around them.
        is_outer = above[-1].element is not box.element
        if box.element_tag == "figure" and is_outer and not _is_one_of(box.element, *_PARTED):
            self.figures.setdefault(box.element, []).append((self.number, path))
        for child in box.children:
            if isinstance(child, AbsolutePlaceholder):
                child = child._box  # noqa: PLW2901
            inner = frame
            if isinstance(child, boxes.TextBox):
                self._compare_width(child, child.position_x, _text_width(child), frame, path)
            elif isinstance(child, boxes.LineBox):
                tallest = (*path, *_tallest(child))
                self._compare_height(
                    tallest[-1], child.position_y, child.height, frame, tallest[:-1]
                )
            elif isinstance(child, boxes.ReplacedBox):
                x, y = child.border_box_x(), child.border_box_y()
                self._compare_width(child, x, child.border_width(), frame, path)
                # In a line the line counts.
                if not isinstance(box, _INLINE):
                    self._compare_height(child, y, child.border_height(), frame, path)
            elif not isinstance(child, _TRANSPARENT):
                place = self.content if child.is_outside_marker else _hung(child, frame)
                x = child.border_box_x()
                self._compare_width(child, x, child.border_width(), place, path)
                inner = _across(child, frame)
            if child.children:
                self._visit(child, inner, path)

    def _compare_width(
        self,
        box: Any,  # noqa: ANN401
        left: float,
        width: float,
        frame: _Frame,
        above: tuple[Any, ...],
    ) -> None:
        room = frame.right - frame.left
        if left < frame.left - TOLERANCE:
            self._note(box, above, "left", frame.left - left, room)
        if left + width > frame.right + TOLERANCE:
            self._note(box, above, "right", left + width - frame.right, room)

    def _compare_height(
        self,
        box: Any,  # noqa: ANN401
        top: float,
        height: float,
        frame: _Frame,
        above: tuple[Any, ...],
    ) -> None:
        room = frame.bottom - frame.top
        if top < frame.top - TOLERANCE:
            self._note(box, above, "top", frame.top - top, room)
        if top + height > frame.bottom + TOLERANCE:
            self._note(box, above, "bottom", top + height - frame.bottom, room)

    def _note(
        self,
        box: Any,  # noqa: ANN401
        above: tuple[Any, ...],
        side: str,
        excess: float,
        room: float,
    ) -> None:
        self.found.append(Overfull((*above, box), self.number, side, excess, room))

    def parted_figures(self) -> Iterator[Overfull]:
        """Yield the figures that do not fit on one page with their captions."""
        for parts in self.figures.values():
            if len(parts) > 1:
                number, path = parts[0]
                room = path[0].height
                height = sum(path[-1].border_height() for _, path in parts)
                yield Overfull(path, number, "bottom", max(height - room, TOLERANCE), room)


def _tallest(line: Any) -> tuple[Any, ...]:  # noqa: ANN401
    """Return a line with the boxes down to its tallest text or picture."""
    below = [_tallest(box) for box in line.children if not isinstance(box, AbsolutePlaceholder)]
    heights = [path[-1].height for path in below]
    return (line, *below[heights.index(max(heights))]) if below else (line,)


def _is_cut(style: Any) -> bool:  # noqa: ANN401
    return bool(style["text_overflow"] == "ellipsis" and style["white_space"] == "nowrap")


def _is_one_of(figure: Any, *kinds: str) -> bool:  # noqa: ANN401 - an HTML element
    return not {*kinds}.isdisjoint(figure.get("class", "").split())


def _across(box: Any, frame: _Frame) -> _Frame:  # noqa: ANN401
    """Return a frame as high as it was and as wide as a box."""
    left = box.border_box_x()
    return frame._replace(left=left, right=left + box.border_width())


def _hung(box: Any, frame: _Frame) -> _Frame:  # noqa: ANN401
    """Return a frame as much wider as a box is meant to hang out of it, by negative margins."""
    margins = (getattr(box, f"margin_{side}") for side in ("left", "right"))
    left, right = (min(0.0, margin) if isinstance(margin, float) else 0.0 for margin in margins)
    return frame._replace(left=frame.left + left, right=frame.right - right)


def _text_width(box: Any) -> float:  # noqa: ANN401
    """Return the width of a text without the spaces at its end, none of which is seen."""
    spaces = len(box.text) - len(box.text.rstrip())
    return float(max(0.0, box.width - spaces * box.style["font_size"]))


def shrink_tables(root: HtmlElement, found: Sequence[Overfull]) -> bool:
    """Give tables that are too wide smaller type, where `SMALLEST` does; return whether any got it.

    `root` is the page in HTML, which has to be laid out again then.
    """
    sizes: dict[str, float] = {}
    for fault in found:
        tables = [box for box in fault.path if box.element_tag == "table"]
        if tables and fault.subject.kind == "table" and fault.side == "right":
            size = tables[0].style["font_size"] * fault.room / (fault.room + fault.excess)
            if size >= SMALLEST:
                name = f"tab-{fault.subject.name}"
                sizes[name] = min(size, sizes.get(name, size))
    for name, size in sizes.items():
        for table in root.get_element_by_id(name).iter("table"):
            # A little less: a narrower cell may break its lines elsewhere.
            table.set("style", f"font-size: {size * 0.99:.3f}px")
    return bool(sizes)


def refuse_overfull(found: Sequence[Overfull], page: Path) -> None:
    """Refuse what sticks out, with the file and line of the author's where they are known.

    `page` is the composed page, for what stands in none of the author's files.
    """
    if not found:
        return
    first, *others = found
    more = [
        f"\n            {_place(each.subject, page)}: {_said(each)}" for each in others[:_SHOWN]
    ]
    left = len(others) - _SHOWN
    if left > 0:
        more.append(f"\n            and {left} more")
    expected, hint = _HELP[first.subject.kind]
    raise UserError(
        where=_place(first.subject, page),
        found=_said(first) + "".join(more),
        expected=expected,
        hint=hint.format(name=first.subject.name),
    )


_HELP = {
    "figure": (
        "a figure that fits on a page with its caption",
        "draw it lower, by a smaller height in figsize in report/figures/{name}.py, show a picture "
        "smaller, as {{width=60%}}, or shorten the caption",
    ),
    "table": (
        f"a table as wide as its place, in type of {SMALLEST * 0.75:g} points or more",
        "turn the page (`{{.landscape}}` behind its caption, `landscape: true` where a file or a "
        "module makes it), give its columns widths, leave out some, or make two tables of it",
    ),
    "equation": (
        "an equation that fits beside its number, broken before a relation or an operator",
        "break it with aligned or gathered and \\\\, or give a part of it a name of its own",
    ),
    "formula": (
        "a formula that fits into its line, broken before a relation or an operator",
        "shorten it, or make an equation of it, which has lines of its own",
    ),
    "text": (
        "text and pictures within the margins of the page",
        "shorten it or break it; a long word may have a space or a soft hyphen (U+00AD) in it",
    ),
}


def _said(fault: Overfull) -> str:
    subject = fault.subject
    name = repr(subject.name) if subject.kind in _NAMED else f"`{subject.name}`"
    directions = ("left", "right")
    measure = "width" if fault.side in directions else "height"
    return (
        f"the {subject.kind} {name} sticks out of its place on page {fault.page} of the PDF, at "
        f"the {fault.side} by {fault.excess / PER_MM:.1f} mm (its room is "
        f"{fault.room / PER_MM:.0f} mm of {measure})"
    )


_NAMED = ("figure", "table", "equation")


def _subject(boxes_of_elements: Sequence[Any]) -> Subject:
    """Return what an author calls the innermost of some nested boxes."""
    elements = list(dict.fromkeys(box.element for box in boxes_of_elements))
    source = next(filter(None, map(_source, elements)), None)
    for element in elements:
        name = element.get("id", "")
        if element.tag == "figure" and not _is_one_of(element, "listing"):
            kind = "table" if _is_one_of(element, "table") else "figure"
            return Subject(kind, name[len("fig-") :], element, source)
        if "equation" in (element.get("class") or "").split():
            return Subject("equation", name[len("eq-") :], element, source)
    for element in reversed(elements):
        if tex := element.get("data-tex"):
            return Subject("formula", f"${tex}$", element, source)
    inner = elements[-1] if elements else None
    words = " ".join("".join(inner.itertext()).split()) if inner is not None else ""
    return Subject("text", words[:_WORDS], inner, source)


def _source(element: Any) -> str | None:  # noqa: ANN401 - an HTML element
    """Return the file that an element comes from, if it says so."""
    source: str | None = element.get("data-source")
    name: str = element.get("id", "")
    if name.startswith("ref-"):
        return f"config/references.json: {name.removeprefix('ref-')}"
    return source


def _place(subject: Subject, page: Path) -> str:
    """Return the file of prose and the line of a subject, or what else is known of its place."""
    if subject.kind == "table" and (place := subject.element.get("data-place")):
        return str(place)
    return str(page) if subject.source is None else written_at(subject.source, _written(subject))


def written_at(source: str, pattern: str) -> str:
    """Return the file and line where a regular expression is first found; the file if it is not.

    The other files of the folder are looked through after `source`.
    """
    own = Path(source)
    for path in [own, *sorted(own.parent.glob("*.md"))]:
        text = path.read_text("utf-8") if path.is_file() else ""
        if match := re.search(pattern, text):
            return f"{path}:{text.count(chr(10), 0, match.start()) + 1}"
    return source


def _written(subject: Subject) -> str:
    """Return how the author has written a subject, as a regular expression."""
    if subject.kind in ("figure", "table", "equation"):
        calls = "|".join(name for name, form in forms().items() if form.kind == subject.kind)
        name = re.escape(subject.name)
        called = rf"(?:{calls})\(\s*[\"']{name}[\"']"
        return rf"{called}|\{{[^{{}}]*#(?:eq|fig|tbl|tab)-{name}(?![\w-])"
    return spaced(subject.name.strip("$"))


def spaced(words: str) -> str:
    """Return a regular expression for words with any spaces and line ends between them."""
    return r"\s+".join(map(re.escape, words.split()))
