"""Lines set in columns with spaces → Grid: only where every line keeps to the same gaps."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gongkai_etl.model import Grid, GridCell
from gongkai_etl.read.tables import tidy

COLUMNS_READER = "columns"

_SEGMENT = re.compile(r"[^\s\u3000]+(?: [^\s\u3000]+)*")
"""Words with single spaces between them; wider gaps part columns."""
FIGURE = re.compile(r"[+\-－−—]?\s*[\d０-９][\d０-９.,，]*\s*[%件元]?(?:[(（][^()（）]*[)）])?|[/\-—－]|无|不适用")
"""What stands in a column of figures."""
_FEWEST_LINES = 2
_FEWEST_COLUMNS = 3


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a line; ``start`` and ``end`` are its places in character cells of a fixed-width font."""

    text: str
    start: int
    end: int


def segments_of(line: str) -> list[Segment]:
    """The pieces of a line that gaps of two spaces or more part."""
    found = []
    at = place = 0
    for match in _SEGMENT.finditer(line):
        start = place + _width(line[at : match.start()])
        at, place = match.end(), start + _width(match[0])
        found.append(Segment(tidy(match[0]), start, place))
    return found


def grid_of_columns(lines: Sequence[str], number: int) -> Grid | None:
    """The grid of a run of lines; None when they do not stand in columns without any doubt."""
    rows = [segments_of(line) for line in lines if line.strip()]
    filled = [row for row in rows if any(FIGURE.fullmatch(segment.text) for segment in row[1:])]
    if len(filled) < _FEWEST_LINES or any(FIGURE.fullmatch(row[0].text) for row in rows):
        return None
    columns = _columns([row for row in rows if len(row) > 1], filled)
    if len(columns) < _FEWEST_COLUMNS or not _is_headed(rows, filled, columns):
        return None
    cells: list[GridCell] = []
    for index, row in enumerate(rows):
        places = [(segment, _place(segment, columns)) for segment in row]
        if len({first for _, (first, _) in places}) < len(places):
            return None
        for segment, (first, span) in places:
            address = f"第{number}个表第{index + 1}行第{first + 1}列"
            cells.append(GridCell(segment.text, index, first, 1, span, address=address))
        cells += _blanks(index, places, len(columns))
    return Grid(len(rows), len(columns), tuple(sorted(cells, key=lambda c: (c.row, c.column))), COLUMNS_READER)


def _columns(rows: Sequence[Sequence[Segment]], filled: Sequence[Sequence[Segment]]) -> list[tuple[int, int]]:
    """Start and end of each column: of the lines with figures, and of heads over one or none of those columns."""
    columns = _merged((segment.start, segment.end) for row in filled for segment in row)
    heads = [segment for row in rows for segment in row if len(_under(segment, columns)) < 2]
    return _merged([*columns, *((segment.start, segment.end) for segment in heads)])


def _is_headed(
    rows: Sequence[Sequence[Segment]], filled: Sequence[Sequence[Segment]], columns: Sequence[tuple[int, int]]
) -> bool:
    """Whether heads stand over the columns one by one; without heads, whether no line has a figure less.

    Lines from which blanks fell away stand in columns by chance: noughts two spaces apart.
    """
    heads = [row for row in rows if len(row) >= _FEWEST_COLUMNS and row not in filled]
    figures = {k for row in filled for s in row if FIGURE.fullmatch(s.text) for k in _under(s, columns)}
    under = [_under(segment, columns) for row in heads for segment in row]
    if any(len(places) > 1 and figures.intersection(places) for places in under):
        return False
    return bool(heads) or len({sum(bool(FIGURE.fullmatch(s.text)) for s in row) for row in filled}) == 1


def _merged(intervals: Iterator[tuple[int, int]] | Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(intervals):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _under(segment: Segment, columns: Sequence[tuple[int, int]]) -> list[int]:
    return [k for k, (start, end) in enumerate(columns) if segment.start < end and start < segment.end]


def _place(segment: Segment, columns: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """First column and number of columns of a segment."""
    under = _under(segment, columns)
    return (under[0], len(under)) if under else (len(columns) - 1, 1)


def _blanks(index: int, places: Sequence[tuple[Segment, tuple[int, int]]], width: int) -> Iterator[GridCell]:
    taken = {column for _, (first, span) in places for column in range(first, first + span)}
    return (GridCell("", index, column) for column in range(width) if column not in taken)


def _width(text: str) -> int:
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(character) in "WFA" else 1 for character in text)
