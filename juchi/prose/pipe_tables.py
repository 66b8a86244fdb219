r"""Tables of pipes with merged cells and several rows of heads, as MultiMarkdown writes them.

::

    |            | Loss        ||
    | Optimiser  | train | test |
    |:-----------|------:|-----:|
    | SGD        |   ... |  ... |

A cell that ends in two pipes takes the place of the one behind it, and a cell `^^` belongs to the
one above it. Every row has as many cells as there are columns: what Markdown would fill up or leave
out in silence is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from markdown_it.rules_block import StateBlock
from markdown_it.rules_block import table as table_rule
from markdown_it.rules_block.table import escapedSplit
from markdown_it.token import Token

from juchi.core.errors import UserError
from juchi.prose.tokens import line_of

__all__ = ["pipe_table", "rows_of"]

_DASHES = re.compile(r"\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$")
_RULE = re.compile(r"\|?\s*:?-{3,}:?\s*(\|\s*:?-{3,}:?\s*)*\|?\s*$")
_ESCAPED_PIPE = re.compile(r"(?<!\\)\$[^$`|]*\\\|[^$`]*\$")
_ABOVE = "^^"
# A cell in tokens: its beginning, its text, its end.
_TOKENS = 3


@dataclass
class _Area:
    """The places of the table that one cell takes, each by its row and its column."""

    places: list[tuple[int, int]]

    @property
    def columns(self) -> int:
        return len({column for _, column in self.places})

    @property
    def rows(self) -> int:
        return len({row for row, _ in self.places})

    def is_whole(self) -> bool:
        return len(self.places) == self.columns * self.rows


def pipe_table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read a table, with all its heads; a rule of markdown-it in the place of its own."""
    last = _last_head(state, start, end)
    first = len(state.tokens)
    if last is None or not table_rule(state, last, end, silent):
        return False
    if silent:
        return True
    tokens = state.tokens[first:]
    tokens[0].map = [start, state.line]
    tokens[0].meta = {"aligned": [_alignment(row[0]) for row in next(rows_of(tokens))]}
    _add_heads(state, tokens, range(start, last))
    state.tokens[first:] = list(_merged(state, tokens))
    return True


def _alignment(cell: Token) -> str:
    """Return ``left``, ``right``, ``center``, or an empty string."""
    return str(cell.attrGet("style") or "").removeprefix("text-align:")


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]].strip()


def _last_head(state: StateBlock, start: int, end: int) -> int | None:
    """Return the line above the dashes, if all lines from `start` to it are rows of heads."""
    for line in range(start, end - 1):
        inside = state.sCount[line] >= state.blkIndent and not state.is_code_block(line)
        if not inside or "|" not in _line(state, line):
            return None
        if _DASHES.match(_line(state, line + 1)) and not _DASHES.match(_line(state, line)):
            return line
        if not _line(state, line).startswith("|"):
            return None
    return None


def _add_heads(state: StateBlock, tokens: list[Token], lines: range) -> None:
    """Put the rows of heads above the one that markdown-it has read; all have its alignment."""
    if not lines:
        return
    at = next(n for n, token in enumerate(tokens) if token.type == "tr_open")
    behind = next(n for n, token in enumerate(tokens) if token.type == "tr_close") + 1
    rows: list[Token] = []
    for line in lines:
        cells = _cells(_line(state, line))
        _require_count(state, line, cells, (behind - at - 2) // _TOKENS)
        for token in tokens[at:behind]:
            copy = token.copy(attrs=dict(token.attrs), children=[])
            copy.map = [line, line + 1] if token.map else None
            copy.content = cells.pop(0).strip() if token.type == "inline" else ""
            copy.children = [] if token.type == "inline" else None
            rows.append(copy)
    tokens[at:at] = rows


def _cells(row: str) -> list[str]:
    """Return the cells of a row as they are written, with their spaces."""
    cells = escapedSplit(row)
    first, last = cells[:1] == [""], cells[-1:] == [""]
    return cells[int(first) : len(cells) - int(last and len(cells) > 1)]


def _require_count(state: StateBlock, line: int, cells: Sequence[str], count: int) -> None:
    place = state.env["source"].place(line)
    if "|" not in _line(state, line):
        raise UserError(
            place,
            f"a line without a pipe right below a table: {_line(state, line)[:60]!r}",
            "an empty line behind a table, also before its caption",
            "put an empty line there, or pipes around each cell",
        )
    if _RULE.match(_line(state, line)):
        raise UserError(
            place,
            "a second line of dashes in a table",
            "one line of dashes, below the heads",
            "take it out, or end the table before it with an empty line",
        )
    if len(cells) != count:
        raise UserError(
            place,
            f"a row of {len(cells)} cells in a table of {count} columns",
            "as many cells in every row as the line of dashes has; one may be empty",
            "write `| |` for an empty cell, `\\|` for a pipe in a text, `\\vert` in formulas",
        )


def _refuse_escaped_pipes(state: StateBlock, line: int) -> None:
    r"""Refuse `\|` in a formula: one line in GitHub's Markdown, the two of a norm in Pandoc's."""
    if match := _ESCAPED_PIPE.search(_line(state, line)):
        raise UserError(
            state.env["source"].place(line),
            rf"`\|` in a formula in a table: {match[0][:60]}",
            r"`\vert` for one line, `\Vert` for two",
            "write one of them: a pipe parts cells",
        )


def rows_of(tokens: Sequence[Token]) -> Iterator[list[list[Token]]]:
    """Yield the rows of a table in tokens: of each cell its beginning, its text and its end."""
    row: list[list[Token]] = []
    for at, token in enumerate(tokens):
        if token.type in ("th_open", "td_open"):
            row.append(list(tokens[at : at + _TOKENS]))
        elif token.type == "tr_close":
            yield row
            row = []


def _merged(state: StateBlock, tokens: list[Token]) -> Iterator[Token]:
    """Yield the tokens of a table without the cells that belong to others, which say their size."""
    rows = list(rows_of(tokens))
    covered: set[int] = set()
    for part in ("th_open", "td_open"):
        group = [row for row in rows if row[0][0].type == part]
        for area in _areas(state, group):
            own, *others = [group[row][column] for row, column in area.places]
            own[0].meta = {"columns": area.columns, "rows": area.rows}
            covered.update(id(token) for cell in others for token in cell)
    yield from (token for token in tokens if id(token) not in covered)


def _areas(state: StateBlock, rows: list[list[list[Token]]]) -> Iterator[_Area]:
    """Yield the areas of the cells of a head or of a body."""
    owners: list[list[_Area]] = []
    for number, row in enumerate(rows):
        line = line_of(row[0][1])
        cells = _cells(_line(state, line))
        _require_count(state, line, cells, len(row))
        _refuse_escaped_pipes(state, line)
        above = owners[-1] if owners else None
        owners.append([])
        for column, cell in enumerate(cells):
            owner = _owner(cell, owners[-1], above, state.env["source"].place, line)
            owner.places.append((number, column))
            owners[-1].append(owner)
    for area in {id(area): area for row in owners for area in row}.values():
        if not area.is_whole():
            line = line_of(rows[area.places[0][0]][0][1])
            raise UserError(
                state.env["source"].place(line),
                "a merged cell that is no rectangle",
                "the same columns of each row that it takes",
                f"write `{_ABOVE} ||` below a cell that ends in two pipes",
            )
        yield area


def _owner(
    cell: str,
    before: list[_Area],
    above: list[_Area] | None,
    place: Callable[[int], str],
    line: int,
) -> _Area:
    """Return the area that a cell belongs to: one of its own, the one before or the one above."""
    if not cell and before:
        return before[-1]
    if cell.strip() != _ABOVE:
        return _Area([])
    if above is None:
        raise UserError(
            place(line),
            f"`{_ABOVE}` in the first row of the heads or of the body",
            "a cell above it, which it belongs to",
            "write the cell, or nothing",
        )
    return above[len(before)]
