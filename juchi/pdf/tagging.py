"""The logical structure of the PDF: a structure element for each HTML element that means something.

WeasyPrint tags box by box. What a page break splits becomes two paragraphs, two tables, two
sections; a note, a formula, the contents and a change of language are not told apart; a running
header counts as text; a line of the contents has three links on top of each other. Inside the
context `logical_structure` the tags are built from the HTML elements behind the boxes instead:

- an element that is split keeps its one structure element, with content on several pages;
- inline elements that only change the look leave no trace; one in another language is a Span;
- formulas are Formula, notes Note behind their Reference, the contents TOC and TOCI, code Code,
  labels of list items Lbl, table headers TH with their scope, and cells below merged ones with the
  names of their headers; a table's caption is in its Table;
- running headers, page numbers, leaders of dots and the head of a table where it is repeated on a
  further page are artifacts;
- the words of a link annotation are those of its link.

The roles are the standard ones of ISO 32000-1, 14.8.4, chosen by what ISO 14289-1 (PDF/UA-1) asks.

This leans on WeasyPrint's insides, see `juchi.pdf.weasyprint_patches`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pydyf
import weasyprint.pdf
from weasyprint.formatting_structure import boxes
from weasyprint.layout.absolute import AbsolutePlaceholder
from weasyprint.logger import LOGGER

from juchi.pdf.structure import Link, Marked, Node, mark_artifacts, prune, write
from juchi.pdf.weasyprint_patches import replaced

__all__ = ["logical_structure"]

POINTS = 0.75  # of a CSS pixel

# An element that is not listed leaves its content to the element around it.
_ROLES = {
    "main": "Part",
    "header": "Sect",
    "section": "Sect",
    "nav": "Sect",
    "footer": "Sect",
    "p": "P",
    "pre": "P",
    "h1": "H1",
    "h2": "H2",
    "h3": "H3",
    "h4": "H4",
    "blockquote": "BlockQuote",
    "aside": "Sect",
    "dl": "Div",
    "dt": "P",
    "dd": "P",
    "ol": "L",
    "ul": "L",
    "li": "LI",
    "figure": "Div",
    "figcaption": "Caption",
    "img": "Figure",
    "table": "Table",
    "thead": "THead",
    "tbody": "TBody",
    "tr": "TR",
    "th": "TH",
    "td": "TD",
    "a": "Link",
    "code": "Code",
}
_ROLES_OF_CLASSES = {
    ("div", "equation"): "P",
    ("span", "math"): "Formula",
    ("span", "footnote"): "Note",
}
_ROLES_OF_GENERATED = {
    "marker": "Lbl",
    "footnote-marker": "Lbl",
    "footnote-call": "Reference",
}
_NUMBERINGS = {
    **{"ul": "/Disc", "ol": "/Decimal", "a": "/LowerAlpha", "A": "/UpperAlpha"},
    **{"i": "/LowerRoman", "I": "/UpperRoman"},
}
_SCOPES = {"row": "/Row", "rowgroup": "/Row", "col": "/Column", "colgroup": "/Column"}
_EDGES = {"@top": ("/Header", "/Top"), "@bottom": ("/Footer", "/Bottom")}


@contextmanager
def logical_structure() -> Iterator[None]:
    """Let WeasyPrint tag by the HTML elements while the context is open.

    Raises
    ------
    UserError
        If the installed WeasyPrint is not the version that this module was written for.
    """
    with replaced("juchi/pdf/tagging.py", weasyprint.pdf, "add_tags", lambda _: _add_tags):
        yield


def _add_tags(pdf: Any, document: Any, pdf_version: object, streams: list[Any]) -> None:  # noqa: ANN401
    """Stand in for WeasyPrint's function of this name."""
    tree = _Tree(document.metadata.lang)
    counts = [len(stream._tags) for stream in streams]
    kept: list[Any] = []
    for number, (page, stream) in enumerate(zip(document.pages, streams, strict=True)):
        reading = _Page(tree, number, page.height, stream._tags)
        reading.read(page._page_box)
        mark_artifacts(stream, reading.artifacts)
        kept += reading.annotations
    _leave_one_annotation_a_link(pdf, kept)
    prune(tree.root)
    write(tree.root, pdf, counts)


def _leave_one_annotation_a_link(pdf: Any, kept: list[Any]) -> None:  # noqa: ANN401
    """Take the annotations off the pages that lie within that of the same link."""
    references = {annotation.reference for annotation in kept}
    for item in pdf.objects:
        if isinstance(item, dict) and item.get("Type") == "/Page" and "Annots" in item:
            item["Annots"] = pydyf.Array([each for each in item["Annots"] if each in references])


class _Tree:
    """The structure elements of the whole document, by the HTML elements that they stand for."""

    def __init__(self, language: str) -> None:
        self.root = Node("Document", language)
        self.nodes: dict[tuple[Any, str], Node] = {}
        self.heads: dict[Any, int] = {}
        self.areas: dict[Node, tuple[int, dict[str, Any]]] = {}

    def extend(self, node: Node, page: int, area: tuple[float, float, float, float]) -> None:
        """Let the area of a node include this one, as far as it is on the node's first page.

        A formula that lines of text break is drawn in several pictures.
        """
        corners = [round(POINTS * corner, 3) for corner in area]
        if node not in self.areas:
            attribute = {"O": "/Layout", "BBox": pydyf.Array(corners)}
            node.attributes.append(attribute)
            self.areas[node] = page, attribute
        elif self.areas[node][0] == page:
            before = self.areas[node][1]["BBox"]
            lower, upper = map(min, before[:2], corners[:2]), map(max, before[2:], corners[2:])
            self.areas[node][1]["BBox"] = pydyf.Array([*lower, *upper])

    def node(self, box: Any, around: Node) -> Node:  # noqa: ANN401
        """Return the node that takes what is in a box: its element's, or the one around it."""
        if box.element is None or box.element_tag in ("html", "body"):
            return around
        key = box.element, box.element_tag
        if key not in self.nodes:
            tag, _, generated = box.element_tag.partition("::")
            if generated:
                self.nodes[key] = self._generated(box.element, tag, generated, around)
            else:
                self.nodes[key] = _new(box.element, tag, around)
                if box.element_tag in ("th", "td"):
                    _span(self.nodes[key], box)
                    _name_heads(self.nodes[key], box.element)
        return self.nodes[key]

    def _generated(self, element: Any, tag: str, kind: str, around: Node) -> Node:  # noqa: ANN401
        """Return the node of generated content: a label, or the call of a note."""
        if around.role == "LBody" and around.parent and kind in ("marker", "before"):
            return around.parent.add("Lbl", first=True)
        role = _ROLES_OF_GENERATED.get(kind)
        node = around.add(role) if role else around
        if kind == "footnote-call":
            note = around.add("Note", element)
            note.identifier = f"note-{len(self.nodes)}"
            self.nodes[element, tag] = note
        return node


@dataclass
class _Page:
    """The reading of one page's boxes.

    Attributes
    ----------
    tags
        WeasyPrint's record of which box was drawn as which marked content.
    artifacts
        The numbers of marked content that is none of the text, each with its kind.
    annotations
        Those that have a place in the structure.
    """

    tree: _Tree
    number: int
    height: float
    tags: dict[Any, Any]
    artifacts: dict[int, dict[str, Any]] = field(default_factory=dict)
    annotations: list[Any] = field(default_factory=list)

    def read(self, page_box: Any) -> None:  # noqa: ANN401
        """Read all boxes of the page."""
        for box in page_box.children:
            if isinstance(box, boxes.MarginBox):
                subtype, edge = _EDGES[box.at_keyword.split("-")[0]]
                attached = pydyf.Array([edge])
                self._discard(box, Type="/Pagination", Subtype=subtype, Attached=attached)
            else:
                self._place(box, self.tree.root, is_linked=False)

    def _discard(self, box: Any, **kind: Any) -> None:  # noqa: ANN401
        """Make all that is in a box an artifact of a kind."""
        for leaf in _leaves(box):
            if leaf in self.tags:
                self.artifacts[self.tags[leaf]["mcid"]] = kind

    def _place(self, box: Any, around: Node, *, is_linked: bool) -> None:  # noqa: ANN401
        """Give what is in a box its place in a node, or in a new one within it."""
        box = _own(box)
        if isinstance(box, boxes.TextBox):
            self._mark(box, around)
        elif box.is_leader:
            self._discard(box, Type="/Layout")
        elif self._is_repeated(box):
            self._discard(box, Type="/Pagination")
        else:
            node = self.tree.node(box, around)
            if box.link_annotation and not is_linked:
                self._link(box.link_annotation, node)
            if isinstance(box, boxes.ReplacedBox):
                self._picture(box, node)
            for child in getattr(box, "children", ()):
                self._place(child, node, is_linked=is_linked or bool(box.link_annotation))

    def _mark(self, box: Any, node: Node) -> None:  # noqa: ANN401
        node.kids.append(Marked(self.number, self.tags[box]["mcid"]))

    def _is_repeated(self, box: Any) -> bool:  # noqa: ANN401
        """Tell whether a box is the head of a table on a further page."""
        if not (isinstance(box, boxes.TableRowGroupBox) and box.is_header):
            return False
        return self.tree.heads.setdefault(box.element, self.number) != self.number

    def _link(self, annotation: Any, node: Node) -> None:  # noqa: ANN401
        annotation["Contents"] = pydyf.String(_words(node.source))
        node.kids.append(Link(self.number, annotation))
        self.annotations.append(annotation)

    def _picture(self, box: Any, node: Node) -> None:  # noqa: ANN401
        """Put a picture into its node, with its words and its place on the page."""
        alternative = box.element.attrib.get("alt", "")
        if not alternative:
            LOGGER.error("Image %s has no alternative text", box.element.attrib.get("src"))
        node.entries["Alt"] = pydyf.String(alternative)
        left, top = box.content_box_x(), box.content_box_y()
        self.tree.extend(
            node,
            self.number,
            (left, self.height - top - box.height, left + box.width, self.height - top),
        )
        self._mark(box, node)


def _own(box: Any) -> Any:  # noqa: ANN401
    return box._box if isinstance(box, AbsolutePlaceholder) else box


def _leaves(box: Any) -> Iterator[Any]:  # noqa: ANN401
    box = _own(box)
    if isinstance(box, boxes.TextBox | boxes.ReplacedBox):
        yield box
    for child in getattr(box, "children", ()):
        yield from _leaves(child)


def _words(element: Any) -> str:  # noqa: ANN401
    """Return the text of an HTML element on one line, or its label for those who do not see it."""
    label: str | None = element.attrib.get("aria-label")
    return label or " ".join("".join(element.itertext()).split())


def _new(element: Any, tag: str, around: Node) -> Node:  # noqa: ANN401
    """Return a node for an HTML element, or the one around if the element only changes the look."""
    role = _role(element, tag)
    language = element.attrib.get("lang", around.language)
    if role is None and language != around.language:
        role = "Span"
    if role is None:
        return around
    build: Callable[[Any, str, Node], Node] | None = _NEW.get(role)
    node = build(element, tag, around) if build else around.add(role, element)
    node.language = language
    return node


def _role(element: Any, tag: str) -> str | None:  # noqa: ANN401
    classes = element.attrib.get("class", "").split()
    for name in classes:
        if (tag, name) in _ROLES_OF_CLASSES:
            return _ROLES_OF_CLASSES[tag, name]
    if tag == "figure" and "table" in classes:
        return None
    return _ROLES.get(tag)


def _picture(element: Any, tag: str, around: Node) -> Node:  # noqa: ANN401
    """Return a Figure, or the Formula around: on paper it is a picture."""
    return around if around.role == "Formula" else around.add("Figure", element)


def _list(element: Any, tag: str, around: Node) -> Node:  # noqa: ANN401
    """Return a list; one that is all of a navigation is a table of contents."""
    if around.source is not None and around.source.tag == "nav":
        return around.add("TOC", element)
    node = around.add("L", element)
    node.attributes.append({"O": "/List", "ListNumbering": _NUMBERINGS[element.get("type", tag)]})
    return node


def _item(element: Any, tag: str, around: Node) -> Node:  # noqa: ANN401
    if around.role == "TOC":
        return around.add("TOCI", element)
    return around.add("LI", element).add("LBody", element)


def _link(element: Any, tag: str, around: Node) -> Node:  # noqa: ANN401
    if around.role == "TOCI":
        return around.add("Reference").add("Link", element)
    return around.add("Link", element)


def _table(element: Any, tag: str, around: Node) -> Node:  # noqa: ANN401
    """Return a table, with the caption in it that stands right before it."""
    before = around.kids[-1] if around.kids else None
    node = around.add("Table", element)
    if isinstance(before, Node) and before.role == "Caption":
        around.kids.remove(before)
        before.parent = node
        node.kids.append(before)
    return node


def _header(element: Any, tag: str, around: Node) -> Node:  # noqa: ANN401
    node = around.add("TH", element)
    scope = element.attrib.get("scope")
    if scope in _SCOPES:
        node.attributes.append({"O": "/Table", "Scope": _SCOPES[scope]})
    else:
        LOGGER.error("Table header %r has no scope", _words(element))
    return node


def _span(node: Node, box: Any) -> None:  # noqa: ANN401
    """Say of a table cell how many columns and rows it spans."""
    spans = {"ColSpan": box.colspan, "RowSpan": box.rowspan}
    wide = {name: count for name, count in spans.items() if count != 1}
    if wide:
        node.attributes.append({"O": "/Table", **wide})


def _name_heads(node: Node, cell: Any) -> None:  # noqa: ANN401
    """Say of a table cell which heads it belongs to, and give each of these its name."""
    if node.role == "TH":
        node.identifier = cell.attrib.get("id")
    elif heads := cell.attrib.get("headers", "").split():
        names = pydyf.Array([pydyf.String(name) for name in heads])
        node.attributes.append({"O": "/Table", "Headers": names})


_NEW: dict[str, Callable[[Any, str, Node], Node]] = {
    "Figure": _picture,
    "L": _list,
    "LI": _item,
    "Link": _link,
    "Table": _table,
    "TH": _header,
}
