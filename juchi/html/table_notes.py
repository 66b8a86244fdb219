"""The notes of a table, as journals have them: below it, marked a, b, c where they belong."""

from __future__ import annotations

from string import ascii_lowercase

from lxml import html
from lxml.html import HtmlElement
from markupsafe import Markup, escape

from juchi.core.errors import UserError
from juchi.prose.divs import GENERAL

__all__ = ["TableNotes", "inner", "place_general_notes"]


class TableNotes:
    """The notes of one table, in the order in which they are called.

    Parameters
    ----------
    id_
        The identifier of the table.
    """

    def __init__(self, id_: str) -> None:
        self._id = id_
        self._notes: dict[str, Markup] = {}

    def take(self, markup: Markup) -> Markup:
        """Return a caption or a cell with a mark in the place of each note, which is kept."""
        if 'class="footnote"' not in markup:
            return markup
        root = html.fragment_fromstring(str(markup), create_parent="span")
        for note in root.find_class("footnote"):
            call = note.getprevious()
            if call is not None and call.get("class") == "note-call":
                call.drop_tree()
            key = note.get("data-note") or f"{len(self._notes)}"
            self._notes.setdefault(key, inner(note))
            mark = html.fragment_fromstring(str(self._mark(list(self._notes).index(key))))
            mark.tail = note.tail
            note.getparent().replace(note, mark)
        return inner(root)

    def _mark(self, number: int) -> Markup:
        return Markup('<sup class="note-mark"><a href="#{}-note-{}">{}</a></sup>').format(
            self._id, number + 1, _letter(number)
        )

    def block(self) -> Markup:
        """Return the notes as they stand below the table."""
        notes = Markup("").join(
            Markup('<p id="{}-note-{}"><sup class="note-mark">{}</sup> {}</p>').format(
                self._id, number + 1, _letter(number), note
            )
            for number, note in enumerate(self._notes.values())
        )
        return Markup('<div class="table-notes">{}</div>').format(notes) if notes else Markup("")


def _letter(number: int) -> str:
    more, last = divmod(number, len(ascii_lowercase))
    return (_letter(more - 1) if more else "") + ascii_lowercase[last]


def inner(element: HtmlElement) -> Markup:
    """Return what is in an element."""
    parts = (Markup(html.tostring(child, encoding="unicode")) for child in element)
    return escape(element.text or "") + Markup("").join(parts)


def place_general_notes(section: HtmlElement) -> None:
    """Move each note on a whole table to the notes of the table before it, as the first."""
    for note in section.find_class(GENERAL):
        place = note.attrib.pop("data-place")
        table = note.getprevious()
        classes = [] if table is None else (table.get("class") or "").split()
        if "table" not in classes or (table.tail or "").strip():
            raise UserError(
                place,
                f"a block ::: {GENERAL} behind no table",
                "a note right behind a table and its caption",
                "move it there; a callout of the text is `::: note`",
            )
        notes = next(iter(table.find_class("table-notes")), None)
        if notes is None:
            notes = html.fragment_fromstring('<div class="table-notes"></div>')
            table.append(notes)
        for at, paragraph in enumerate(list(note)):
            notes.insert(at, paragraph)
        note.drop_tree()
