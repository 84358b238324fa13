"""Tables as marked up (HTML, Word) → :class:`~gongkai_etl.model.Grid`, and the way lines are joined in a cell."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from gongkai_etl.errors import ReadError
from gongkai_etl.model import Block, Grid, GridCell, Paragraph

MAX_SPAN = 1000
"""Browsers clamp colspan to 1000."""
MAX_SLOTS = 2_000_000
"""Most places of one table, counted before empty columns fall away."""

_LEAST_FIGURES = 5
_PROSE = 60
"""A cell with more characters holds prose, not a label."""
FIGURE = re.compile(r"[+\-－−—/\d０-９.,，%\s]+[件元次个]?")
"""Digits and marks, loosely: enough to count the figures of a table, not to tell a figure from a label."""
_SPACES = re.compile(r"[ \t\r\f\v\u00a0\u2002-\u200a\u202f\u205f\u3000]+")


@dataclass(slots=True)
class RawCell:
    """A cell in the order of the markup; ``column`` is set where the format says it, else cells flow."""

    content: list[Paragraph | RawTable] = field(default_factory=list)
    row_span: int = 1
    column_span: int = 1
    column: int | None = None

    @property
    def own_text(self) -> str:
        """The cell's text without that of tables inside it."""
        return join_lines([item.text for item in self.content if isinstance(item, Paragraph)])

    @property
    def text(self) -> str:
        """All text of the cell, of tables inside it too."""
        return join_lines(
            [
                item.text if isinstance(item, Paragraph) else join_lines([cell.text for cell in item.cells()])
                for item in self.content
            ]
        )


@dataclass(slots=True)
class RawTable:
    """Rows of cells, before spans are resolved."""

    rows: list[list[RawCell]] = field(default_factory=list)

    def cells(self) -> Iterator[RawCell]:
        """All cells, row by row."""
        for row in self.rows:
            yield from row


Flow = Sequence[Paragraph | RawTable]


def tidy(text: str) -> str:
    """Runs of spaces of any kind as one space, nothing at the ends; no space where a line break cut Chinese."""
    return _SPACES.sub(" ", text.replace("\u200b", "").replace("\ufeff", "").replace("\u00ad", "")).strip()


_RAISED = str.maketrans("0123456789()[]（）［］", "⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾⁽⁾⁽⁾⁽⁾")


def raised(text: str) -> str:
    """A text in superscript, in superscript characters: 12 and a mark 3 behind it are 12³, never 123."""
    return text.translate(_RAISED)


def join_lines(lines: Sequence[str]) -> str:
    """The lines of a cell as one text: a word cut over lines grows together, two numbers never do."""
    result = ""
    for line in lines:
        line = tidy(line)
        if result and line and result[-1].isascii() and line[0].isascii():
            result += " "
        result += line
    return result


def blocks_of(flow: Flow, reader: str) -> tuple[Block, ...]:
    """Paragraphs and grids in reading order; tables that only hold others or prose come out as their content."""
    blocks: list[Block] = []
    number = 0
    for item in _unfold(flow):
        if isinstance(item, Paragraph):
            blocks.append(item)
            continue
        grid = grid_of(item, reader, number + 1)
        if grid is not None:
            number += 1
            blocks.append(grid)
    return tuple(blocks)


def _unfold(flow: Flow) -> Iterator[Paragraph | RawTable]:
    for item in flow:
        if isinstance(item, Paragraph):
            if item.text:
                yield item
        elif _is_layout(item):
            for cell in item.cells():
                yield from _unfold(cell.content)
        else:
            yield item


def _is_layout(table: RawTable) -> bool:
    """A table that holds tables and few figures of its own, or that has one filled cell a row and long text."""
    nested = [item for cell in table.cells() for item in cell.content if isinstance(item, RawTable)]
    if nested:
        inner = sum(map(_figures, nested))
        return _figures(table) - inner < max(_LEAST_FIGURES, inner)
    if any(sum(bool(cell.text) for cell in row) > 1 for row in table.rows):
        return False
    return all(len(row) <= 1 for row in table.rows) or any(len(cell.text) > _PROSE for cell in table.cells())


def _figures(table: RawTable) -> int:
    """How many cells are figures, those of tables inside included."""
    inner = [item for cell in table.cells() for item in cell.content if isinstance(item, RawTable)]
    return sum(bool(FIGURE.fullmatch(cell.own_text or "x")) for cell in table.cells()) + sum(map(_figures, inner))


def grid_of(table: RawTable, reader: str, number: int) -> Grid | None:
    """The grid of a table, its ``number``-th of the document; None for one without text.

    Columns in which no cell begins fall away, so that a title over 460 columns costs nothing.
    """
    table, placed = _placed(table)
    if not any(cell.text for cell, *_ in placed):
        return None
    starts = sorted({column for _, _, column, _, _ in placed})
    index = {column: position for position, column in enumerate(starts)}
    cells = []
    for raw, row, column, rows, columns in placed:
        first = index[column]
        last = _before(starts, column + columns)
        address = f"第{number}个表第{row + 1}行第{first + 1}列"
        cells.append(GridCell(raw.text, row, first, rows, max(1, last - first), address=address))
    return Grid(len(table.rows), len(starts), tuple(cells), reader)


def _before(starts: Sequence[int], end: int) -> int:
    """How many of the sorted starts lie before ``end``."""
    return bisect_left(starts, end)


def _placed(table: RawTable) -> tuple[RawTable, list[tuple[RawCell, int, int, int, int]]]:
    """The table with its cells in place; without its rows that have no cell, where these only push others aside."""
    placed = _place(table)
    if all(table.rows):
        return table, placed
    packed = RawTable([row for row in table.rows if row])
    other = _place(packed)
    return (packed, other) if _ragged(other) < _ragged(placed) else (table, placed)


def _ragged(placed: Sequence[tuple[RawCell, int, int, int, int]]) -> int:
    """How many rows end elsewhere than most."""
    ends: dict[int, int] = {}
    for _, row, column, rows, columns in placed:
        for under in range(row, row + min(rows, MAX_SPAN)):
            ends[under] = max(ends.get(under, 0), column + columns)
    return len(ends) - max(Counter(ends.values()).values(), default=0)


def _place(table: RawTable) -> list[tuple[RawCell, int, int, int, int]]:
    """Cell, row, column, row span, column span of each cell, by the table model of HTML."""
    height = len(table.rows)
    until: dict[int, int] = {}
    placed = []
    slots = 0
    for row, cells in enumerate(table.rows):
        column = 0
        for cell in cells:
            if cell.column is not None:
                column = cell.column
            else:
                while until.get(column, 0) > row:
                    column += 1
            width = min(max(1, cell.column_span), MAX_SPAN)
            rows = height - row if cell.row_span < 1 else min(cell.row_span, height - row)
            slots += width * rows
            if slots > MAX_SLOTS:
                raise ReadError("READ-UNSAFE", "表格的列数异常多，为安全起见没有读取。请向报送单位核实文件来源。")
            if rows > 1:
                until.update(dict.fromkeys(range(column, column + width), row + rows))
            placed.append((cell, row, column, rows, width))
            column += width
    return placed
