"""Tables as HTML: heads in several rows, merged cells, and which heads each cell belongs to."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from lxml.html import HtmlElement
from markupsafe import Markup

from juchi.core.characters import WORD_JOINER
from juchi.core.errors import UserError
from juchi.exhibits.table import Cell, Content, Table
from juchi.html.column_widths import kept_whole, unbroken
from juchi.html.decimals import aligned, are_numbers
from juchi.html.table_notes import TableNotes
from juchi.prose.attributes import Attributes
from juchi.prose.messages import fill

__all__ = ["CONTINUED", "TableFigure", "dressed", "name_regions", "say_continued"]

# Of the head of a table: what stands above it on paper where the table goes on.
CONTINUED = "data-continued"

_NOTHING = Markup("")

_WIDTHS = "tbl-colwidths"
_PERCENT = 100
# A table of more rows may be parted by the end of a page.
_LONG = 25

# How a cell of a column is set, by the kind of the column; `text` is what all others are.
_CLASSES = {"number": "number", "decimal": "number", "centred": "centred"}


@dataclass(frozen=True)
class _Placed:
    """A cell with its place: its first row and column, and what it holds as HTML."""

    row: int
    column: int
    cell: Cell
    html: Markup

    def covers(self, columns: range) -> bool:
        """Tell whether the cell stands above some of these columns."""
        return self.column < columns.stop and columns.start < self.column + self.cell.columns

    @property
    def columns(self) -> range:
        return range(self.column, self.column + self.cell.columns)

    @property
    def rows(self) -> range:
        return range(self.row, self.row + self.cell.rows)


def dressed(table: Table, attributes: Attributes, place: str) -> Table:
    """Return a table with the widths of its columns and its page as its attributes have them."""
    attributes.only(place, _WIDTHS, classes=("landscape",))
    written = attributes.values.get(_WIDTHS, "")
    try:
        widths = [float(part) for part in written.strip("[] ").split(",") if written]
    except ValueError:
        widths = [0.0]
    if widths and (len(widths) != len(table.kinds) or min(widths) <= 0 or sum(widths) > _PERCENT):
        raise UserError(
            place,
            f'{_WIDTHS}="{written}"',
            f"the width of each of the {len(table.kinds)} columns in percent, "
            f"together {_PERCENT} at most",
            f'write it as {_WIDTHS}="[30,70]"',
        )
    return replace(table, widths=widths, landscape="landscape" in attributes.classes)


@dataclass(frozen=True)
class TableFigure:
    """What a table is shown as: a figure with its caption above it and its notes below.

    Attributes
    ----------
    id_
        Its identifier, with which those of its heads and notes begin.
    name
        The class of the table; those of tables that authors write begin with ``prose``.
    place
        Where it is written or made, for messages.
    shown
        Turns the content of a cell into HTML.
    point
        The decimal point of the language.
    """

    id_: str
    name: str
    place: str
    shown: Callable[[Content], Markup]
    point: str

    def html(
        self,
        table: Table,
        caption: Markup | None,
        region: str = "",
        origins: Markup = _NOTHING,
    ) -> Markup:
        """Return the figure; without a caption it has no number.

        `region` is what the box is called in which it scrolls, in the place of the caption, see
        `name_regions`; `origins` stands behind the caption.
        """
        notes = TableNotes(self.id_)
        told, head = _NOTHING, _NOTHING
        if self._is_own:
            told = Markup(' data-place="{}"').format(self.place)
        if caption is not None:
            told += Markup(' data-kind="table"')
            caption = notes.take(caption)
            head = Markup('<figcaption><span class="label"></span>{}{}</figcaption>').format(
                caption, origins
            )
        named = Markup(' aria-label="{}"').format(region) if region else _NOTHING
        rows = self._table(table, lambda content: notes.take(self.shown(content)))
        return Markup(
            '<figure id="{}" class="{}"{}>{}<div class="scroll" tabindex="0" role="region"{}>'
            "{}</div>{}</figure>\n"
        ).format(self.id_, self._classes(table), told, head, named, rows, notes.block())

    @property
    def _is_own(self) -> bool:
        return self.name.split()[0] == "prose"

    def _classes(self, table: Table) -> str:
        classes = ["table"]
        classes += ["own"] if self._is_own else []
        classes += ["long"] if self._is_own and len(table.rows) > _LONG else []
        classes += ["cards"] if table.cards else []
        return " ".join([*classes, *(["landscape"] if table.landscape else [])])

    def _table(self, table: Table, shown: Callable[[Content], Markup]) -> Markup:
        head = _placed([*table.groups, table.head], table.kinds, self.place, shown)
        body = _placed(table.rows, table.kinds, self.place, shown)
        kept = _kept(head, body, table) if self._is_own else [""] * len(table.kinds)
        grid = _Grid(table, self.id_, head, _aligned(body, table.kinds, self.point), kept)
        return Markup('<table class="{}">{}<thead>{}</thead><tbody>{}</tbody></table>').format(
            self.name, grid.columns(), grid.heads(), grid.body()
        )


def say_continued(root: HtmlElement, pattern: str) -> None:
    """Write down what is said on paper of each table with a label where it goes on.

    `pattern` is the language's, such as ``{label}, continued``; the words are kept at its head.
    """
    for label in root.xpath("//figure/figcaption/span[@class='label']"):
        for head in label.xpath("../..//thead"):
            head.set(CONTINUED, fill(pattern, label=label.text))


def name_regions(root: HtmlElement) -> None:
    """Name the box of each table that has no name yet by its caption.

    All of the page is filled in by then: what refers, cites and is reckoned has its words.
    """
    for region in root.xpath("//figure[figcaption]/div[@role='region'][not(@aria-label)]"):
        region.set("aria-label", _words(region.getparent().find("figcaption")))


def _words(caption: HtmlElement) -> str:
    """Return a caption as it is said: formulas in words, no label, marks of notes or origins."""
    own = copy.deepcopy(caption)
    own.tail = None
    for formula in own.iter("math"):
        for part in formula:
            formula.remove(part)
        formula.text = formula.get("aria-label") or formula.get("alttext")
    for name in ("label", "note-mark", "origin"):
        for part in own.find_class(name):
            part.drop_tree()
    return " ".join(own.text_content().replace(WORD_JOINER, "").split())


def _placed(
    rows: Sequence[Sequence[Content | Cell]],
    kinds: Sequence[str],
    place: str,
    shown: Callable[[Content], Markup],
) -> list[list[_Placed]]:
    """Return the cells of each row with their places; rows that do not fill the table are refused.

    A `UserError` tells of them.
    """
    taken = {(len(rows), -1)}
    found: list[list[_Placed]] = []
    for number, row in enumerate(rows):
        free = [column for column in range(len(kinds)) if (number, column) not in taken]
        found.append([])
        for content in row:
            cell = content if isinstance(content, Cell) else Cell(content)
            own = {
                (number + below, free[0] + beside if free else -1)
                for below in range(cell.rows)
                for beside in range(cell.columns)
            }
            found[-1].append(_Placed(number, free[0] if free else 0, cell, shown(cell.content)))
            if not free or own & taken or max(own)[0] >= len(rows):
                raise _unfilled(place, number, len(kinds))
            taken |= own
            free = free[cell.columns :]
        if free:
            raise _unfilled(place, number, len(kinds))
    return found


def _unfilled(place: str, row: int, columns: int) -> UserError:
    return UserError(
        place,
        f"row {row + 1} of its heads or of its body does not fill {columns} columns",
        "a cell for each column that no merged cell takes, and none besides",
        "count the columns and rows that its cells span, and the `kinds` of the table",
    )


def _aligned(body: list[list[_Placed]], kinds: Sequence[str], point: str) -> list[list[_Placed]]:
    """Return the body with the decimals of each column below each other."""
    for column in (column for column, kind in enumerate(kinds) if kind == "decimal"):
        own = [
            (row, at)
            for row, cells in enumerate(body)
            for at, placed in enumerate(cells)
            if placed.columns == range(column, column + 1)
        ]
        texts = [body[row][at].html for row, at in own]
        texts = aligned(texts, point) if are_numbers(texts, point) else texts
        for (row, at), text in zip(own, texts, strict=True):
            body[row][at] = replace(body[row][at], html=text)
    return body


def _kept(head: list[list[_Placed]], body: list[list[_Placed]], table: Table) -> Sequence[str]:
    """Return the classes of columns that stay whole; those of given widths have none."""

    def texts(rows: list[list[_Placed]], column: int) -> list[str]:
        own = range(column, column + 1)
        return [each.html.striptags() for row in rows for each in row if each.columns == own]

    columns = range(len(table.kinds))
    if table.widths:
        return ["" for _ in columns]
    return kept_whole([(texts(body, at), "".join(texts(head, at))) for at in columns])


@dataclass(frozen=True)
class _Grid:
    """A table whose cells have their places; `kept` has the class of each column, if any."""

    table: Table
    id_: str
    head: list[list[_Placed]]
    rows: list[list[_Placed]]
    kept: Sequence[str]

    @property
    def _is_merged(self) -> bool:
        """Whether a head stands above several columns: then each cell names its heads."""
        return any(placed.cell.columns > 1 for row in self.head for placed in row)

    def columns(self) -> Markup:
        """Return the columns with their widths, in the groups that heads of the first row make."""
        widths = list(self.table.widths)
        sizes = [placed.cell.columns for placed in self.head[0]] if self._is_merged else []
        if not widths:
            groups = (Markup('<colgroup span="{}"></colgroup>').format(size) for size in sizes)
            return Markup("").join(groups)
        columns = iter([Markup('<col style="width: {:g}%">').format(width) for width in widths])
        return Markup("").join(
            Markup("<colgroup>{}</colgroup>").format(Markup("").join(islice(columns, size)))
            for size in sizes or [len(widths)]
        )

    def heads(self) -> Markup:
        """Return the rows of the head."""
        rows = (Markup("").join(map(self._head, row)) for row in self.head)
        return Markup("").join(Markup("<tr>{}</tr>").format(row) for row in rows)

    def _head(self, placed: _Placed) -> Markup:
        if not placed.html:  # a corner, which is the head of nothing
            return Markup("<td{}></td>").format(_spans(placed.cell))
        several = placed.cell.columns > 1
        kind = "group" if several else self.table.kinds[placed.column]
        return Markup('<th scope="{}" class="{}"{}{}>{}</th>').format(
            "colgroup" if several and placed.row == 0 else "col",
            _CLASSES.get(kind, kind),
            self._named(self._head_id(placed)),
            _spans(placed.cell),
            Markup("<span>{}</span>").format(placed.html) if several else unbroken(placed.html),
        )

    def _named(self, id_: str) -> Markup:
        """Return the identifier of a head, where cells name theirs."""
        return Markup(' id="{}"').format(id_) if self._is_merged else Markup("")

    def _head_id(self, placed: _Placed) -> str:
        return f"{self.id_}-head-{placed.row + 1}-{placed.column + 1}"

    def _row_id(self, placed: _Placed) -> str:
        return f"{self.id_}-row-{placed.row + 1}"

    def body(self) -> Markup:
        """Return the rows of the body."""
        ids = self.table.row_ids or [""] * len(self.rows)
        return Markup("").join(
            Markup("<tr{}>{}</tr>").format(
                Markup(' id="{}"').format(id_) if id_ else "",
                Markup("").join(map(self._cell, row)),
            )
            for row, id_ in zip(self.rows, ids, strict=True)
        )

    def _is_row_head(self, placed: _Placed) -> bool:
        is_first = placed.column == 0 and placed.cell.columns == 1
        return self.table.row_heads and is_first and bool(placed.html)

    def _cell(self, placed: _Placed) -> Markup:
        kind = self.table.kinds[placed.column] if placed.cell.columns == 1 else "text"
        classes = [_CLASSES[kind]] if kind in _CLASSES else []
        kept = self.kept[placed.column] if placed.cell.columns == 1 else ""
        classes += [kept] if kept else []
        named = Markup(' class="{}"').format(" ".join(classes)) if classes else ""
        if self._is_row_head(placed):
            return Markup('<th scope="row"{}{}{}>{}</th>').format(
                named, self._named(self._row_id(placed)), _spans(placed.cell), placed.html
            )
        heads = " ".join(self._heads_of(placed)) if self._is_merged else ""
        headed = Markup(' headers="{}"').format(heads) if heads else _NOTHING
        return Markup("<td{}{}{}{}>{}</td>").format(
            named, headed, self._titled(placed), _spans(placed.cell), placed.html
        )

    def _titled(self, placed: _Placed) -> Markup:
        """Return the head of a cell's column, for a card."""
        if not self.table.cards:
            return _NOTHING
        heads = [head.html for head in self.head[-1] if head.covers(placed.columns)]
        text = Markup("").join(heads).striptags()
        return Markup(' data-head="{}"').format(text) if text else _NOTHING

    def _heads_of(self, placed: _Placed) -> Iterator[str]:
        """Yield the identifiers of the heads above a cell, and of that of its row."""
        above = (head for row in self.head for head in row if head.html)
        yield from (self._head_id(head) for head in above if head.covers(placed.columns))
        beside = (row[0] for row in self.rows[: placed.row + 1] if row)
        yield from (
            self._row_id(first)
            for first in beside
            if self._is_row_head(first) and placed.row in first.rows
        )


def _spans(cell: Cell) -> Markup:
    sizes = (("colspan", cell.columns), ("rowspan", cell.rows))
    return Markup("").join(
        Markup(' {}="{}"').format(name, size) for name, size in sizes if size > 1
    )
