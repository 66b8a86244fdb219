"""What the pages of a PDF hold: marked content, artifacts, glyphs; and its structure tree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream

__all__ = ["Check", "Checks", "Element", "File", "PageContent", "is_true", "streams"]

Check = Callable[["File"], Iterator[str]]

_PAINTING = frozenset(
    [
        "Tj",
        "TJ",
        "'",
        '"',
        "Do",
        "S",
        "s",
        "f",
        "F",
        "f*",
        "B",
        "B*",
        "b",
        "b*",
        "sh",
        "INLINE IMAGE",
    ]
)


class Checks(dict[str, Check]):
    """Checks by their names; each says in its docstring which clause it checks."""

    def __call__(self, check: Check) -> Check:
        """Take a check in."""
        assert check.__doc__, check
        assert "ISO" in check.__doc__, check.__doc__
        self[check.__name__] = check
        return check

    def faults(self, file: File) -> dict[str, list[str]]:
        """Return what each check that finds a fault says of it."""
        found = {name: list(check(file)) for name, check in self.items()}
        return {name: faults for name, faults in found.items() if faults}


@dataclass
class PageContent:
    """The content stream of a page.

    Attributes
    ----------
    marked
        How often each number of marked content opens.
    faults
        What is neither marked nor an artifact, or wrongly nested.
    artifacts
        Of what kind those artifacts are that say it: the subtype, or else the type.
    glyphs
        Two-byte codes shown, by the resource name of their font.
    """

    marked: Counter[int] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    artifacts: list[str] = field(default_factory=list)
    glyphs: dict[str, set[int]] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Element:
    """A structure element with the chain of elements around it."""

    object: Any
    above: tuple[Any, ...]

    @property
    def role(self) -> str:
        """Its structure type, without the slash."""
        return str(self.object[Name.S]).removeprefix("/")

    @property
    def parent_role(self) -> str:
        """The structure type around it; that of the tree's root is empty."""
        return str(self.above[-1].get(Name.S, "")).removeprefix("/")

    @property
    def kids(self) -> list[Any]:
        """Its kids, of whatever kind."""
        kids = self.object.get(Name.K, Array())
        return list(kids) if isinstance(kids, Array) else [kids]

    @property
    def elements(self) -> list[str]:
        """The structure types of those kids that are elements."""
        return [str(kid[Name.S]).removeprefix("/") for kid in self.kids if _is_element(kid)]

    def attribute(self, name: str) -> Any:
        """Return an attribute of the element, or None."""
        objects = self.object.get(Name.A, Array())
        for each in objects if isinstance(objects, Array) else [objects]:
            if f"/{name}" in each:
                return each[f"/{name}"]
        return None


def _is_element(kid: Any) -> bool:
    return isinstance(kid, Dictionary) and Name.S in kid


@dataclass
class File:
    """A PDF that is being checked."""

    pdf: Pdf

    @cached_property
    def pages(self) -> list[PageContent]:
        """The content of every page."""
        return [_read(page) for page in self.pdf.pages]

    @cached_property
    def elements(self) -> list[Element]:
        """All structure elements in reading order."""
        root = self.pdf.Root.get(Name.StructTreeRoot)
        return list(_walk(root, ())) if root is not None else []

    def of(self, *roles: str) -> list[Element]:
        """Return the structure elements of these types."""
        return [element for element in self.elements if element.role in roles]

    @cached_property
    def parents(self) -> dict[int, Any]:
        """The parent tree, by key."""
        tree = pikepdf.NumberTree(self.pdf.Root.StructTreeRoot.ParentTree)
        return dict(tree.items())

    @cached_property
    def annotations(self) -> list[tuple[int, Any]]:
        """Every annotation with the index of its page."""
        return [
            (number, annotation)
            for number, page in enumerate(self.pdf.pages)
            for annotation in page.get(Name.Annots, Array())
        ]

    @cached_property
    def fonts(self) -> dict[str, Any]:
        """The composite fonts of the pages' resources, by resource name."""
        found: dict[str, Any] = {}
        for page in self.pdf.pages:
            fonts = page.Resources.get(Name.Font, Dictionary())
            found |= {str(name): font for name, font in fonts.items()}
        return found

    def page_number(self, page: Any) -> int:
        """Return the index of a page, or -1."""
        return self._page_numbers.get(page.objgen, -1)

    @cached_property
    def _page_numbers(self) -> dict[tuple[int, int], int]:
        return {page.obj.objgen: number for number, page in enumerate(self.pdf.pages)}


def _walk(node: Any, above: tuple[Any, ...]) -> Iterator[Element]:
    if above:
        element = Element(node, above)
        yield element
        kids = element.kids
    else:
        kids = Element(node, ()).kids
    for kid in kids:
        if _is_element(kid):
            yield from _walk(kid, (*above, node))


def _read(page: Any) -> PageContent:
    content = PageContent()
    marks: list[str] = []
    font = ""
    for instruction in pikepdf.parse_content_stream(page):
        operator = str(instruction.operator)
        operands = instruction.operands
        if operator in ("BMC", "BDC"):
            marks.append(_open(operands, marks, content))
        elif operator == "EMC":
            marks.pop()
        elif operator == "Tf":
            font = str(operands[0])
        elif operator in ("Tj", "TJ"):
            content.glyphs.setdefault(font, set()).update(_codes(operands[0]))
        if operator in _PAINTING and not any(mark in ("content", "artifact") for mark in marks):
            content.faults.append(f"{operator} outside of marked content and artifacts")
    return content


def _open(operands: Any, marks: list[str], content: PageContent) -> str:
    """Return what kind of mark opens: content, an artifact, or a property of what is around it."""
    properties = operands[1] if len(operands) > 1 else None
    number = properties.get(Name.MCID) if isinstance(properties, Dictionary) else None
    if number is not None:
        content.marked[int(number)] += 1
        if "artifact" in marks:
            content.faults.append(f"content {number} within an artifact")
        return "content"
    if operands[0] == Name.Artifact:
        if "content" in marks:
            content.faults.append("an artifact within marked content")
        if isinstance(properties, Dictionary):
            content.artifacts.append(str(properties.get(Name.Subtype, properties[Name.Type])))
        return "artifact"
    return "property"


def _codes(shown: Any) -> set[int]:
    strings = (
        [shown]
        if isinstance(shown, pikepdf.String)
        else [part for part in shown if isinstance(part, pikepdf.String)]
    )
    found: set[int] = set()
    for string in strings:
        data = bytes(string)
        found.update(int.from_bytes(data[at : at + 2]) for at in range(0, len(data), 2))
    return found


def is_true(dictionary: Any, name: str) -> bool:
    """Tell whether an entry of a dictionary is there and true."""
    return dictionary.get(f"/{name}") is True


def streams(pdf: Pdf) -> Iterator[Stream]:
    """Yield every stream of the file."""
    for each in pdf.objects:
        if isinstance(each, Stream):
            yield each
