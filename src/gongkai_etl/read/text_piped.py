"""Tables as programs write them that take the text of web pages: with a pipe behind each cell.

They fill up every row with pipes to the width of the table. Where a cell holds a paragraph, each cell stands on
a line of its own, and a row ends where it has all of its pipes. Some of these programs leave out blank cells.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from gongkai_etl.read.text_columns import FIGURE
from gongkai_etl.text import CUT

_FILLED = re.compile(r"[^|]*\|(?:\s*\|)+\s*$")
"""The end of a row: the pipes that fill it up stand on a line together."""
_ENDED = re.compile(r"[^|]*\|[|\s]*$")
"""A line with one cell at most: its pipe stands behind it, and so do those that fill up the row."""
_FILL = re.compile(r"(?<=\|)\s+\|{2,}\s*$")
_LAST = re.compile(r"\|[|\s]*$")
_SEVERAL = re.compile(r"[^|\s]\s*\|\s*[^|\s]")
_BLANK_BEFORE = re.compile(r"\|\s*\|[|\s]*[^|\s]")
_TEXT = re.compile(r"[^|\s]")
_WIDEST = 40
_LONGEST_RUN = 2000
_LONGEST_ROW = 2000
_FEWEST_ROWS = 3
_FEWEST_FILLED = 2
"""Where no rows are filled up, any number of pipes could be a row."""
_LONGEST_CELL = 3
"""So many lines of a cell may stand above the one with its pipe."""


@dataclass(frozen=True, slots=True)
class _Rows:
    """Rows as lines, and the place of the line behind them."""

    lines: list[str]
    end: int


def whole_rows(lines: list[str]) -> list[str]:
    """The lines with every row of such a table on one line; cells that are no rows, without their pipes."""
    found: list[str] = []
    place = 0
    while place < len(lines):
        end = _end(lines, place)
        if end == place:
            found.append(lines[place])
            place += 1
            continue
        rows = _rows(lines, place, end)
        found += rows.lines if rows else _plain(lines[place:end])
        place = rows.end if rows else end
    return found


def is_filled(rows: list[str]) -> bool:
    """Whether rows are filled up with pipes: the cells before them are the row's own, whatever they span."""
    return max(map(len, rows), default=0) <= _LONGEST_ROW and any(map(_FILL.search, rows))


def unfilled(rows: list[str]) -> list[str]:
    """Filled rows without their filling, where no blank cell stands between others: then blanks were left out, and
    what stands at a row's end says nothing about which cells are blank."""
    if any(map(_BLANK_BEFORE.search, rows)):
        return rows
    return [_LAST.sub("|", row) if _SEVERAL.search(row) else row for row in rows]


def unpadded(rows: list[list[str]], columns: int, filled: bool) -> list[list[str]]:
    """The rows of a table of so many columns of figures without the blanks that fill them up at their end.

    Then figures stand right behind the labels, of which rows have one or two; where that is not known (``filled``),
    most rows show it. Columns behind the table are left out.
    """
    width = max((k for row in rows for k, cell in enumerate(row, 1) if cell), default=0)
    rows = [row[:width] for row in rows]
    if width <= columns or not (filled or _are_packed(rows)):
        return rows
    return [_cut(row, labels + columns) if (labels := _labels(row)) else row for row in rows]


def _are_packed(rows: list[list[str]]) -> bool:
    told = [(count, row[count]) for row in rows if 0 < (count := _labels(row)) < len(row) and _has_figure(row)]
    packed = sum(bool(FIGURE.fullmatch(cell)) for _, cell in told)
    return len({count for count, _ in told}) > 1 and packed * 5 >= len(told) * 4


def _labels(row: Sequence[str]) -> int:
    """How many labels a row begins with."""
    return next((k for k, cell in enumerate(row) if not cell or FIGURE.fullmatch(cell)), len(row))


def _cut(row: list[str], most: int) -> list[str]:
    """A row with so many cells at most. Where its last figure would be a blank, a word among the figures may have
    been taken for a label, or blanks were left out: nobody knows which columns its figures are of."""
    if any(row[most:]) or (len(row) == most and _has_figure(row)):
        return row
    if not any(row[1:]) or (_has_figure(row) and "".join(row[most - 1 : most])):
        return row[:most]
    labels = _labels(row)
    return [*row[max(labels - 1, 0) : labels], CUT] if _has_figure(row) else row[:labels]


def _has_figure(row: Sequence[str]) -> bool:
    return any(FIGURE.fullmatch(cell) for cell in row)


def _end(lines: list[str], start: int) -> int:
    """The end of the lines from ``start`` that hold a cell each; ``start`` itself where they are no table."""
    end = place = start
    cells = 0
    while place < min(len(lines), start + _LONGEST_RUN) and place - end <= _LONGEST_CELL:
        line = lines[place]
        if "|" in line:
            if not _ENDED.match(line):
                break
            cells += 1
            end = place + 1
        elif place == start:
            break
        place += 1
    return end if cells > _FEWEST_ROWS and end - start > cells // 2 else start


def _rows(lines: list[str], start: int, end: int) -> _Rows | None:
    """The rows by the greatest number of pipes with which they take the most lines; None where none fits.

    With less, half a row could be one; with more, filled rows would end too early.
    """
    found = [rows for width in range(_WIDEST, 1, -1) if (rows := _of_width(lines, start, end, width))]
    return max(found, key=lambda rows: rows.end, default=None)


def _of_width(lines: list[str], start: int, end: int, width: int) -> _Rows | None:
    rows: list[str] = []
    row: list[str] = []
    pipes = 0
    place = last = start
    while place < end:
        line = lines[place]
        if not pipes and not row and "|" not in line:
            break
        row.append(line.strip())
        pipes += line.count("|")
        place += 1
        if (
            pipes > width
            or (pipes < width and _FILLED.match(line))
            or (pipes == width and not _TEXT.search("".join(row)))
        ):
            break
        if pipes == width:
            rows.append(" ".join(row))
            row, pipes, last = [], 0, place
    complete = last == end or "|" not in lines[last]
    filled = sum(bool(_FILLED.match(line)) for line in lines[start:last])
    return _Rows(rows, last) if complete and len(rows) >= _FEWEST_ROWS and filled >= _FEWEST_FILLED else None


def _plain(lines: list[str]) -> list[str]:
    """Cells of which nobody knows where a row ends, one a line."""
    return [text for line in lines if (text := line.replace("|", "").rstrip()) or "|" not in line]
