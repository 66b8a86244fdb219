"""A tree of structure elements, and how it is written into a PDF that WeasyPrint has drawn.

The terms are those of ISO 32000-1, 14.7 and 14.8: marked content has a number of its own on its
page; the parent tree leads from it, and from each link annotation, back to its structure element.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pydyf

__all__ = ["Link", "Marked", "Node", "mark_artifacts", "prune", "write"]

# Table cells count, empty or not.
_KEPT = ("TD", "TH")


@dataclass(frozen=True)
class Marked:
    """Marked content: the index of its page, and its number there."""

    page: int
    number: int


@dataclass(frozen=True)
class Link:
    """A link annotation, as WeasyPrint's dictionary, and the index of its page."""

    page: int
    annotation: Any


@dataclass(eq=False)
class Node:
    """A structure element.

    Attributes
    ----------
    role
        One of the standard structure types, without its slash.
    language
        What the content is written in; an element's own is written where it differs from that of
        the element around it.
    source
        The HTML element, if it stands for one.
    identifier
        One of its own in the document, for a note.
    kids
        In reading order.
    entries
        Further entries of the structure element, such as `Alt`.
    attributes
        Attribute objects, such as a table cell's scope.
    """

    role: str
    language: str
    source: Any = None
    parent: Node | None = None
    identifier: str | None = None
    kids: list[Node | Marked | Link] = field(default_factory=list)
    entries: dict[str, Any] = field(default_factory=dict)
    attributes: list[dict[str, Any]] = field(default_factory=list)

    def add(self, role: str, source: Any = None, *, first: bool = False) -> Node:  # noqa: ANN401
        """Return a new node within this one, its last or its first kid."""
        node = Node(role, self.language, source, self)
        self.kids.insert(0 if first else len(self.kids), node)
        return node

    def walk(self) -> Iterator[Node]:
        """Yield this node and all within it, in reading order."""
        yield self
        for kid in self.kids:
            if isinstance(kid, Node):
                yield from kid.walk()


def prune(node: Node) -> None:
    """Remove the nodes that hold nothing, and nothing but nodes that hold nothing."""
    for kid in [kid for kid in node.kids if isinstance(kid, Node)]:
        prune(kid)
        if not kid.kids and kid.role not in _KEPT:
            node.kids.remove(kid)


def write(root: Node, pdf: Any, counts: list[int]) -> None:  # noqa: ANN401 - WeasyPrint is untyped
    """Write the tree into a PDF whose pages have these numbers of marked content."""
    tree = pydyf.Dictionary({"Type": "/StructTreeRoot"})
    pdf.add_object(tree)
    elements = {}
    for node in root.walk():
        elements[node] = pydyf.Dictionary({"Type": "/StructElem", "S": f"/{node.role}"})
        pdf.add_object(elements[node])
    for node, element in elements.items():
        parent = elements[node.parent] if node.parent else tree
        element["P"] = parent.reference
        element.update(_entries(node))
        _write_kids(node, elements, pdf)
    tree["K"] = pydyf.Array([elements[root].reference])
    _write_parents(tree, elements, pdf, counts)
    _write_identifiers(tree, elements)
    pdf.catalog["StructTreeRoot"] = tree.reference
    pdf.catalog["MarkInfo"] = pydyf.Dictionary({"Marked": "true"})
    pdf.catalog["ViewerPreferences"] = pydyf.Dictionary({"DisplayDocTitle": "true"})


def _write_identifiers(tree: Any, elements: Mapping[Node, Any]) -> None:  # noqa: ANN401
    named = sorted((node.identifier, node) for node in elements if node.identifier)
    if named:
        names = pydyf.Array()
        for name, node in named:
            names.extend([pydyf.String(name), elements[node].reference])
        tree["IDTree"] = pydyf.Dictionary({"Names": names})


def _entries(node: Node) -> Iterator[tuple[str, Any]]:
    yield from node.entries.items()
    if node.identifier:
        yield "ID", pydyf.String(node.identifier)
    if node.parent is None or node.language != node.parent.language:
        yield "Lang", pydyf.String(node.language)
    if node.attributes:
        attributes = [pydyf.Dictionary(each) for each in node.attributes]
        yield "A", attributes[0] if len(attributes) == 1 else pydyf.Array(attributes)


def _write_kids(node: Node, elements: Mapping[Node, Any], pdf: Any) -> None:  # noqa: ANN401
    element = elements[node]
    pages = [kid.page for kid in node.kids if isinstance(kid, Marked)]
    home = pages[0] if pages else None
    if home is not None:
        element["Pg"] = pdf.page_references[home]
    kids = pydyf.Array()
    for kid in node.kids:
        if isinstance(kid, Node):
            kids.append(elements[kid].reference)
        elif isinstance(kid, Marked) and kid.page == home:
            kids.append(kid.number)
        else:
            kids.append(_reference(kid, pdf))
    element["K"] = kids


def _reference(kid: Marked | Link, pdf: Any) -> Any:  # noqa: ANN401
    """Return a reference to marked content on another page, or to an annotation."""
    page = pdf.page_references[kid.page]
    if isinstance(kid, Marked):
        return pydyf.Dictionary({"Type": "/MCR", "Pg": page, "MCID": kid.number})
    return pydyf.Dictionary({"Type": "/OBJR", "Pg": page, "Obj": kid.annotation.reference})


def _write_parents(
    tree: Any,  # noqa: ANN401
    elements: Mapping[Node, Any],
    pdf: Any,  # noqa: ANN401
    counts: list[int],
) -> None:
    """Write the way back: by page and number, and behind the pages one key for each annotation."""
    parents: list[Any] = [["null"] * count for count in counts]
    for node, element in elements.items():
        for kid in node.kids:
            if isinstance(kid, Marked):
                parents[kid.page][kid.number] = element.reference
            elif isinstance(kid, Link):
                kid.annotation["StructParent"] = len(parents)
                parents.append(element.reference)
    numbers = pydyf.Array()
    for key, parent in enumerate(parents):
        numbers.extend([key, pydyf.Array(parent) if isinstance(parent, list) else parent])
    content = pydyf.Dictionary({"Nums": numbers})
    pdf.add_object(content)
    tree["ParentTree"] = content.reference
    tree["ParentTreeNextKey"] = len(parents)


def mark_artifacts(stream: Any, artifacts: Mapping[int, Mapping[str, Any]]) -> None:  # noqa: ANN401
    """Turn marked content of a page into artifacts: those of these numbers, of these kinds.

    Numbers that are not found stand in another stream than the page's own, where WeasyPrint draws
    what is transparent as a whole; that is refused with a `ValueError`.
    """
    operations = stream.stream
    left = dict(artifacts)
    for index, operation in enumerate(operations):
        if isinstance(operation, pydyf.Dictionary) and operation.get("MCID") in left:
            operations[index - 1] = "/Artifact"
            operations[index] = pydyf.Dictionary(left.pop(operation["MCID"]))
    if left:
        message = f"marked content {sorted(left)} is not in the page's own stream"
        raise ValueError(message)
