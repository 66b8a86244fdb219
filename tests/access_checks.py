"""What makes a PDF open to everybody, clause by clause of ISO 14289-1 (PDF/UA-1).

The numbers behind `Matterhorn` are failure conditions of the Matterhorn Protocol 1.1.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from pikepdf import Array, Dictionary, Name

from tests.archive_checks import packet, said
from tests.pdf_content import Checks, Element, File, is_true

__all__ = ["ACCESS"]

ACCESS = Checks()

# ISO 32000-1, 14.8.4: the standard structure types.
GROUPING = "Document Part Art Sect Div BlockQuote Caption TOC TOCI Index NonStruct Private"
BLOCK = "P H H1 H2 H3 H4 H5 H6 L LI Lbl LBody Table TR TH TD THead TBody TFoot"
INLINE = "Span Quote Note Reference BibEntry Code Link Annot Ruby Warichu RB RT RP WT WP"
STANDARD = frozenset(f"{GROUPING} {BLOCK} {INLINE} Figure Formula Form".split())
CHILDREN = {
    "Table": {"TR", "THead", "TBody", "TFoot", "Caption"},
    "THead": {"TR"},
    "TBody": {"TR"},
    "TR": {"TH", "TD"},
    "L": {"L", "LI", "Caption"},
    "LI": {"Lbl", "LBody"},
    "TOC": {"TOC", "TOCI", "Caption"},
    "TOCI": {"Lbl", "Reference", "NonStruct", "P", "TOC"},
}
PARENTS = {
    "THead": {"Table"},
    "TBody": {"Table"},
    "TR": {"Table", "THead", "TBody"},
    "TH": {"TR"},
    "TD": {"TR"},
    "LI": {"L"},
    "LBody": {"LI"},
    "TOCI": {"TOC"},
}
TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


@ACCESS
def the_profile_is_declared(file: File) -> Iterator[str]:
    """ISO 14289-1, 5 (Matterhorn 05, 06-002): part 1."""
    if said(packet(file), "pdfuaid:part") != ["1"]:
        yield "PDF/UA-1 is not declared"


@ACCESS
def the_title_is_shown(file: File) -> Iterator[str]:
    """ISO 14289-1, 7.1 (Matterhorn 06-003, 07-001): there is a title, and the window shows it."""
    if not said(packet(file), "dc:title"):
        yield "no title"
    preferences = file.pdf.Root.get(Name.ViewerPreferences, Dictionary())
    if not is_true(preferences, "DisplayDocTitle"):
        yield "the file's name is shown instead of the title"


@ACCESS
def everything_is_content_or_artifact(file: File) -> Iterator[str]:
    """ISO 14289-1, 7.1 (Matterhorn 01-001 to 01-005): what is painted is tagged or an artifact."""
    for number, page in enumerate(file.pages, 1):
        yield from (f"page {number}: {fault}" for fault in page.faults)


@ACCESS
def content_and_structure_agree(file: File) -> Iterator[str]:
    """ISO 14289-1, 7.1, by ISO 32000-1, 14.7.4.4: each marked content has one place in the tree.

    The parent tree leads there.
    """
    placed: Counter[tuple[int, int]] = Counter()
    for element in file.elements:
        for page, number in _contents(element, file):
            placed[page, number] += 1
            parents = file.parents.get(
                int(file.pdf.pages[page].get(Name.StructParents, -1)), Array()
            )
            known = parents[number] if number < len(parents) else None
            if known is None or known.objgen != element.object.objgen:
                yield f"content {number} of page {page + 1} does not lead to its {element.role}"
    marked = Counter(
        {
            (at, number): count
            for at, page in enumerate(file.pages)
            for number, count in page.marked.items()
        }
    )
    for page, number in marked.keys() | placed.keys():
        counts = marked[page, number], placed[page, number]
        if counts != (1, 1):
            yield f"content {number} of page {page + 1}: {counts} times in page and structure"


def _contents(element: Element, file: File) -> Iterator[tuple[int, int]]:
    """Yield page and number of an element's own marked content."""
    for kid in element.kids:
        if isinstance(kid, int):
            yield file.page_number(element.object.Pg), kid
        elif isinstance(kid, Dictionary) and kid.get(Name.Type) == Name.MCR:
            yield file.page_number(kid.Pg), int(kid.MCID)


@ACCESS
def types_are_standard(file: File) -> Iterator[str]:
    """ISO 14289-1, 7.1 (Matterhorn 02-001, 02-004): structure types that every reader knows."""
    yield from sorted({element.role for element in file.elements} - STANDARD)
    roots = [element for element in file.elements if len(element.above) == 1]
    if [element.role for element in roots] != ["Document"]:
        yield "the root is not one Document"


@ACCESS
def elements_stand_where_they_may(file: File) -> Iterator[str]:
    """ISO 14289-1, 7.2, by ISO 32000-1, 14.8.4 (Matterhorn 09-004 to 09-006): parts of a whole.

    Tables, lists and contents consist of what they may.
    """
    for element in file.elements:
        allowed = CHILDREN.get(element.role)
        for kid in element.elements:
            if allowed is not None and kid not in allowed:
                yield f"{kid} in {element.role}"
        if element.parent_role not in PARENTS.get(element.role, {element.parent_role}):
            yield f"{element.role} in {element.parent_role or 'the root'}"


@ACCESS
def languages_are_known(file: File) -> Iterator[str]:
    """ISO 14289-1, 7.2 (Matterhorn 11-001, 11-006): there is a language; all are BCP 47 tags."""
    languages = [str(file.pdf.Root.get(Name.Lang, ""))]
    languages += [
        str(element.object.Lang) for element in file.elements if Name.Lang in element.object
    ]
    for language in languages:
        if not TAG.fullmatch(language):
            yield f"language {language!r}"


@ACCESS
def pictures_have_words_and_a_place(file: File) -> Iterator[str]:
    """ISO 14289-1, 7.3 and 7.7 (Matterhorn 13-004, 17-001): Figure and Formula have Alt.

    By ISO 32000-1, 14.8.5.4.3, they have a box on their page.
    """
    for element in file.of("Figure", "Formula"):
        if not str(element.object.get(Name.Alt, "")).strip():
            yield f"a {element.role} without words"
        box = element.attribute("BBox")
        page = element.object.get(Name.Pg)
        if box is None or page is None:
            yield f"a {element.role} without a box"
        elif not _within([float(each) for each in box], [float(each) for each in page.MediaBox]):
            yield f"a {element.role} outside of its page: {list(box)}"


def _within(inner: list[float], outer: list[float]) -> bool:
    left, bottom, right, top = inner
    return (
        outer[0] - 1 <= left < right <= outer[2] + 1
        and outer[1] - 1 <= bottom < top <= outer[3] + 1
    )


@ACCESS
def headings_go_down_one_by_one(file: File) -> Iterator[str]:
    """ISO 14289-1, 7.4.2 (Matterhorn 14-002, 14-003): H1 comes first, no level is skipped."""
    levels = [int(e.role[1]) for e in file.elements if re.fullmatch("H[1-6]", e.role)]
    for before, level in zip([0, *levels], levels, strict=False):
        if level > before + 1:
            yield f"H{level} after H{before}"
    if not levels:
        yield "no headings"


@ACCESS
def tables_have_headers(file: File) -> Iterator[str]:
    """ISO 14289-1, 7.5 (Matterhorn 15-003): each table has headers, each header its scope.

    Rows are equally long.
    """
    for element in file.of("TH"):
        if element.attribute("Scope") not in (Name.Row, Name.Column, Name.Both):
            yield "a header without a scope"
    for table in file.of("Table"):
        rows = [row for row in file.of("TR") if table.object.objgen in _keys(row)]
        lengths = set(_lengths(rows))
        if len(lengths) != 1:
            yield f"rows of {sorted(lengths)} cells"
        if not any("TH" in row.elements for row in rows):
            yield "a table without headers"


def _keys(element: Element) -> set[tuple[int, int]]:
    return {each.objgen for each in element.above}


def _cells(row: Element) -> list[Element]:
    return [Element(kid, (*row.above, row.object)) for kid in row.kids]


def _lengths(rows: list[Element]) -> Iterator[int]:
    """Yield how many columns each row has, with those of cells that began in rows above it."""
    above: Counter[int] = Counter()
    for number, row in enumerate(rows):
        for cell in _cells(row):
            columns, count = (int(cell.attribute(each) or 1) for each in ("ColSpan", "RowSpan"))
            above.update(dict.fromkeys(range(number, number + count), columns))
        yield above[number]


@ACCESS
def lists_say_how_they_are_numbered(file: File) -> Iterator[str]:
    """ISO 14289-1, 7.6 (Matterhorn 16-003): a list whose items have labels says of what kind."""
    for element in file.of("L"):
        labelled = any(Name.K in kid and "Lbl" in Element(kid, ()).elements for kid in element.kids)
        if labelled and element.attribute("ListNumbering") in (None, Name("/None")):
            yield "a list with labels and without a numbering"


@ACCESS
def notes_can_be_told_apart(file: File) -> Iterator[str]:
    """ISO 14289-1, 7.9 (Matterhorn 19-003, 19-004): each Note has an ID, in the ID tree."""
    notes = [str(element.object.get(Name.ID, "")) for element in file.of("Note")]
    for name, count in Counter(notes).items():
        if not name or count > 1:
            yield f"{count} notes with the ID {name!r}"
    tree = file.pdf.Root.StructTreeRoot.get(Name.IDTree, Dictionary()).get(Name.Names, Array())
    known = {str(each) for each in list(tree)[::2]}
    yield from (f"note {name} is not in the ID tree" for name in sorted(set(notes) - known - {""}))


@ACCESS
def there_are_bookmarks(file: File) -> Iterator[str]:
    """ISO 14289-1, 7.17: a long document can be walked through by its outline."""
    with file.pdf.open_outline() as outline:
        if not outline.root or not all(item.title.strip() for item in outline.root):
            yield "no bookmarks, or one without a title"


@ACCESS
def annotations_are_in_the_structure(file: File) -> Iterator[str]:
    """ISO 14289-1, 7.18.1 and 7.18.5 (Matterhorn 28-002, 28-011): link annotations are in a Link.

    The parent tree leads there, and no two are in the same place.
    """
    linked = {
        kid.Obj.objgen: element
        for element in file.of("Link")
        for kid in element.kids
        if isinstance(kid, Dictionary) and kid.get(Name.Type) == Name.OBJR
    }
    places: Counter[Any] = Counter()
    for page, annotation in file.annotations:
        element = linked.get(annotation.objgen)
        known = file.parents.get(int(annotation.get(Name.StructParent, -1)))
        if element is None or known is None or known.objgen != element.object.objgen:
            yield f"an annotation on page {page + 1} is in no Link"
        places[page, *(round(float(each), 1) for each in annotation.Rect)] += 1
    yield from (f"{count} annotations at {place}" for place, count in places.items() if count > 1)


@ACCESS
def links_have_words(file: File) -> Iterator[str]:
    """ISO 14289-1, 7.18.5 (Matterhorn 28-012): a link annotation says in Contents what it is."""
    for page, annotation in file.annotations:
        if not str(annotation.get(Name.Contents, "")).strip():
            yield f"a link on page {page + 1} without words"


@ACCESS
def the_tabulator_follows_the_structure(file: File) -> Iterator[str]:
    """ISO 14289-1, 7.18.3 (Matterhorn 28-009): pages with annotations have the tab order S."""
    for number, page in enumerate(file.pdf.pages, 1):
        if Name.Annots in page and page.get(Name.Tabs) != Name.S:
            yield f"page {number}"
