"""Tables from files of data: their columns, heads, rows and formats as config/article.yaml says.

Every number is printed with its exact value beside it, and every row has the number that it has in
the file.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import Any

from babel.dates import format_date
from markupsafe import Markup, escape

from juchi.core.errors import UnplacedError, UserError, nearest
from juchi.core.other_numbers import Unread, unread
from juchi.core.tables import Columns, read_any_table
from juchi.exhibits.table import Cell, Content, Context, Table
from juchi.prose.formats import NumberFormat, significant_digits
from juchi.prose.printed import Html

__all__ = ["build"]

Settings = Mapping[str, Any]
# What is said of how a number is printed, as of facts.
_FORMAT = ("style", "digits", "sign")
# More significant digits than these are those of a computer.
_MOST_DIGITS = 6
_ZEROS = re.compile(r"[+-]?0\d")


def build(name: str, context: Context, numbers: NumberFormat) -> Table:
    """Return the named table in the language of the context."""
    settings = context.article["tables"][name]
    path = Path(context.article["table_files"][name])
    data = _Data(path, f"config/article.yaml: tables.{name}", settings)
    words = context.words["tables"]
    columns = [_Column(data, entry, words, numbers) for entry in settings["columns"]]
    groups, head = _heads(settings["columns"], words["heads"][name])
    rows = data.rows()
    return Table(
        head=head,
        rows=[[column.cell(row) for column in columns] for row in rows],
        kinds=[column.kind for column in columns],
        row_ids=[f"row-{name}-{row + 1}" for row in rows],
        groups=groups,
        widths=[entry["width"] for entry in settings["columns"] if "width" in entry],
        landscape=settings["landscape"],
    )


def _heads(
    columns: Sequence[Settings], words: Mapping[str, str]
) -> tuple[list[list[Content | Cell]], list[Content | Cell]]:
    """Return the heads of groups, if there are any, and those of columns."""
    heads: list[Content | Cell] = [words[entry.get("head", entry["column"])] for entry in columns]
    above: list[Content | Cell] = []
    below: list[Content | Cell] = []
    for group, run in groupby(zip(columns, heads, strict=True), lambda one: one[0].get("group")):
        own = [head for _, head in run]
        if group is None:
            above += [Cell(str(head), rows=2) for head in own]
        else:
            above.append(Cell(words[group], columns=len(own)))
            below += own
    return ([above], below) if below else ([], heads)


class _Data:
    """The file of a table, and which of its rows are shown.

    Parameters
    ----------
    path
        The file.
    place
        The key of the configuration, for messages.
    settings
        What stands there.
    """

    def __init__(self, path: Path, place: str, settings: Settings) -> None:
        self.path, self.place, self._settings = path, place, settings
        texts = [entry["column"] for entry in settings["columns"] if entry.get("style") == "text"]
        self._columns: Columns = read_any_table(path, texts)
        if path.suffix == ".csv":
            self._require_whole_numbers()

    def _require_whole_numbers(self) -> None:
        """Refuse identifiers such as 007, of which a number would lose the zeros."""
        names = [entry["column"] for entry in self._settings["columns"]]
        whole = [name for name in names if name in self._columns]
        whole = [name for name in whole if self._columns[name].dtype.kind in "iu"]
        for name, values in (read_any_table(self.path, whole) if whole else {}).items():
            zeros = [text for text in values if name in whole and _ZEROS.match(text)]
            if zeros:
                raise UserError(
                    f"{self.place}.columns: {name} of {self.path}",
                    f"{zeros[0]!r}, which as a number would lose its zeros",
                    "numbers without zeros before them, or identifiers",
                    "write `style: text` for identifiers, which are shown as they stand",
                )

    def column(self, name: str, key: str) -> list[Any]:
        """Return the values of a column; one that the file lacks is a `UserError`."""
        if name not in self._columns:
            raise UserError(
                f"{self.place}.{key}",
                f"no column {name!r} in {self.path}",
                f"one of {', '.join(self._columns)}",
                nearest(name, list(self._columns)),
            )
        values: list[Any] = self._columns[name].tolist()
        return values

    def rows(self) -> list[int]:
        """Return the numbers of the rows that are shown, in their order."""
        rows = list(range(len(next(iter(self._columns.values())))))
        for name, wanted in self._settings["where"].items():
            values = self.column(name, "where")
            accepted = wanted if isinstance(wanted, list) else [wanted]
            if unknown := [value for value in accepted if value not in values]:
                raise UserError(
                    f"{self.place}.where",
                    f"no row of {self.path} with {name} = {unknown[0]!r}",
                    f"one of {', '.join(map(repr, dict.fromkeys(values)))}"[:200],
                    "correct the value",
                )
            rows = [row for row in rows if values[row] in accepted]
        if not rows:
            found = f"no row of {self.path} that `where` accepts"
            raise UserError(self.place, found, "one at least", "accept more")
        for name in reversed(self._settings["sort"]):
            values = self.column(name.removeprefix("-"), "sort")
            order = {value: at for at, value in enumerate(_sorted(values, name, self.place))}
            sign = -1 if name.startswith("-") else 1
            known = [row for row in rows if values[row] in order]
            known.sort(key=lambda row: sign * order[values[row]])
            rows = [*known, *(row for row in rows if values[row] not in order)]
        return rows[: self._settings.get("first")]


def _sorted(values: Sequence[Any], name: str, place: str) -> list[Any]:
    """Return the values of a column in their order, those that are missing left out."""
    try:
        return sorted({value for value in values if not _is_missing(value)})
    except TypeError as error:
        found = f"the column {name.removeprefix('-')!r} of values that have no order"
        raise UserError(f"{place}.sort", found, "numbers, dates or texts", str(error)) from error


def _is_missing(value: Any) -> bool:  # noqa: ANN401 - whatever a column holds
    return value is None or value == "" or (isinstance(value, float) and math.isnan(value))


class _Column:
    """A column as it is shown.

    Parameters
    ----------
    data, entry
        The file, and what the configuration says of the column.
    words, numbers
        The words of tables and the numbers of the language.
    """

    def __init__(
        self, data: _Data, entry: Settings, words: Mapping[str, Any], numbers: NumberFormat
    ) -> None:
        self._values = data.column(entry["column"], "columns")
        self._place = f"{data.place}.columns: {entry['column']} of {data.path}"
        self._entry, self._words, self._numbers = entry, words, numbers

    @cached_property
    def _is_numeric(self) -> bool:
        known = [value for value in self._values if not _is_missing(value)]
        numbers = all(type(value) in (int, float) for value in known)
        return numbers and self._entry.get("style") != "text" and "words" not in self._entry

    @property
    def kind(self) -> str:
        """How the column is set."""
        return str(self._entry.get("align", "decimal" if self._is_numeric else "text"))

    def cell(self, row: int) -> Content:
        """Return the cell of a row: words of the language, or what the file has as markup."""
        value = self._values[row]
        if _is_missing(value):
            return self._dash(row)
        if "words" in self._entry:
            return self._worded(value)
        if self._is_numeric:
            return self._number(value, row)
        if type(value) is datetime.date:
            return escape(format_date(value, "long", self._numbers.locale))
        self._require_read()
        if not isinstance(value, str):
            raise UserError(
                self._place,
                f"{value!r} in row {row + 1}",
                "a number, a date or a text",
                "`style: text` leaves it as it stands, `words` has words for it",
            )
        return escape(value)

    @cached_property
    def _unread(self) -> Unread | None:
        return unread(self._values)

    def _require_read(self) -> None:
        """Refuse numbers and days that are written in a way that leaves them texts."""
        if self._entry.get("style") != "text" and self._unread:
            row, cell, hint = self._unread
            raise UserError(
                self._place,
                f"{cell!r} in row {row + 1}, a text",
                "numbers such as 1234.5, or days such as 2026-02-28",
                f"{hint}; `style: text` shows the column as it stands",
            )

    def _dash(self, row: int) -> Markup:
        """Return what stands for no value; refuse that unless it is declared."""
        if self._entry.get("show_missing"):
            return escape(self._words["missing"])
        raise UserError(
            self._place,
            f"no value in row {row + 1}: NA, nan or an empty cell",
            "a value in each row that is shown",
            "add `show_missing: true` to the column, which shows a dash there, or choose rows by "
            "`where`",
        )

    def _worded(self, value: Any) -> str:  # noqa: ANN401 - whatever a column holds
        words: Mapping[Any, str] = self._words["values"][self._entry["words"]]
        found = {_key(key): word for key, word in words.items()}
        return found[_key(value)] if _key(value) in found else words[_key(value)]

    def _number(self, value: float, row: int) -> Markup:
        if not math.isfinite(value):
            raise UserError(
                self._place,
                f"{value} in row {row + 1}",
                "finite numbers; an empty cell for none",
                "correct what writes the file, or leave the row out by `where`",
            )
        # Beside a missing one, whole numbers are floats.
        exact = int(value) if self._is_whole else value
        how = {key: self._entry[key] for key in _FORMAT if key in self._entry}
        self._require_short(exact, row)
        try:
            printed = Html().number(self._numbers.printed(exact, **how))
        except UnplacedError as error:
            raise error.at(f"{self._place}, row {row + 1}") from error
        return Markup('<data value="{}">{}</data>').format(repr(exact), Markup(printed))

    def _require_short(self, value: float, row: int) -> None:
        """Refuse more digits than a reader wants, unless they are declared."""
        is_rounded = "digits" in self._entry or self._entry.get("style") == "points"
        if is_rounded or float(value).is_integer() or significant_digits(value) <= _MOST_DIGITS:
            return
        raise UserError(
            self._place,
            f"{value!r} in row {row + 1}",
            f"numbers of up to {_MOST_DIGITS} significant digits, or `digits`",
            "add `digits: 3`, or as many as the reader needs, to the column",
        )

    @cached_property
    def _is_whole(self) -> bool:
        known = (value for value in self._values if not _is_missing(value))
        return all(float(value).is_integer() for value in known)


def _key(value: Any) -> str:  # noqa: ANN401 - whatever a column holds
    return str(value).lower() if isinstance(value, bool) else str(value)
