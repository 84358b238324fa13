"""Lines with tabs or pipes → Grid: what a Markdown table, or a table pasted as text, still says about places."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from functools import cache
from itertools import zip_longest

from gongkai_etl.form import table_form
from gongkai_etl.model import Grid, GridCell
from gongkai_etl.read.tables import join_lines, tidy
from gongkai_etl.read.text_columns import FIGURE, grid_of_columns, segments_of
from gongkai_etl.read.text_piped import is_filled, unfilled, unpadded

_RULE = re.compile(
    r"\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*$|[\s+|:=\u2500-\u257f-]*[+\u2500-\u257f][\s+|:=\u2500-\u257f-]*$"
)
_DRAWN = re.compile(r"[\u2502\u2503\u2551\u2506\u2507\u250a\u250b\uff5c]")
"""Upright lines of box drawing."""
_GAP = re.compile(r"(?<=[^\s\u3000])(?:\s{2,}|\u3000+\s*)(?=[^\s\u3000])")
_PARTED = {",": 3, ";": 3, "；": 3}
"""Marks that stand in prose too, and how many of them make a line a row."""
LOOSE = (",", ";", "；", " ")
"""Marks without which a row of one cell is written."""
_LONGEST_RULE = 2000
_LONGEST_ROW = 2000
_TAIL = 5
"""So many figures at the end of a row are columns of the table, whatever stands before them."""


def mark_of(line: str) -> str | None:
    """What parts the cells of a line: ``|`` (or a drawn line), a tab, a comma or semicolon, or wide gaps."""
    if "|" in line or _DRAWN.search(line):
        return "|"
    if "\t" in line.strip(" ") and line.strip():
        return "\t"
    if len(line) > _LONGEST_ROW:
        return None
    found = next((mark for mark, least in _PARTED.items() if line.count(mark) >= least), None)
    return found or (" " if _GAP.search(line.strip()) else None)


def is_rule(line: str) -> bool:
    """Whether a line is the rule below a Markdown header, or a horizontal rule."""
    return len(line) < _LONGEST_RULE and _RULE.match(line) is not None


def cells_of(line: str, mark: str) -> list[str]:
    """The cells of a line; the pipes around a Markdown row, and one at a row's end, make no cell."""
    if mark == "\t":
        return [tidy(cell) for cell in line.rstrip("\n").split("\t")]
    if mark == " ":
        return [segment.text for segment in segments_of(line)]
    if mark in _PARTED:
        return [tidy(cell) for cell in next(csv.reader([line], delimiter=mark), [])]
    body = _DRAWN.sub("|", line).strip()
    body = body[1:] if body.startswith("|") else body
    body = body[:-1] if body.endswith("|") and not body.endswith("\\|") else body
    return [
        tidy(cell.replace("\\|", "|").replace("<br>", "").replace("<br/>", ""))
        for cell in re.split(r"(?<!\\)\|", body)
    ]


def grid_of_lines(lines: list[str], reader: str, number: int) -> Grid | None:
    """The grid of a run of lines, the ``number``-th table of the file; None when no row has two filled cells."""
    marks = [mark for line in lines if (mark := mark_of(line)) and not is_rule(line)]
    mark = next((known for known in ("|", "\t") if known in marks), marks[0] if marks else "|")
    if mark == " ":
        return grid_of_columns(lines, number)
    filled = False
    if mark == "|":
        lines = _bordered(_between_rules(lines) if _is_drawn(lines) else lines)
        filled = is_filled(lines)
        lines = unfilled(lines) if filled else lines
    rows: list[list[str]] = []
    broken = False
    for line in lines:
        if not line.strip():
            broken = True
        elif not is_rule(line):
            cells = cells_of(line, mark)
            if broken and rows and _goes_on(rows[-1], cells):
                rows[-1] = [
                    join_lines([above, cell])
                    for above, cell in zip(rows[-1], [*cells, *[""] * len(rows[-1])], strict=False)
                ]
            elif any(cells):
                rows.append(cells)
            broken = False
    if not any(sum(bool(cell) for cell in row) > 1 for row in rows):
        return None
    if mark in _PARTED and not _is_regular(rows):
        return None
    return _grid(unpadded(rows, _applicants(), filled), reader, number)


def _bordered(lines: list[str]) -> list[str]:
    """Rows with a pipe at their left; where most have none, the pipe that begins a row stands behind a blank."""
    bare = [line.count("|") for line in lines if not is_rule(line) and not _starts(line)]
    if not bare:
        return lines
    most = max(bare)
    return [line if _starts(line) and line.count("|") > most else f"|{line}" for line in lines]


def _starts(line: str) -> bool:
    return _DRAWN.sub("|", line.lstrip()[:1]) == "|"


def _is_regular(rows: list[list[str]]) -> bool:
    """Whether rows parted by commas are rows of one table: figures in most of them, and the same number of cells.

    A comma inside a figure (1,234 without quotes) would give a row one cell more.
    """
    wide = [row for row in rows if len(row) > 1]
    widths = {len(row) for row in wide}
    return len(widths) == 1 and sum(any(FIGURE.fullmatch(cell) for cell in row) for row in wide) * 4 >= len(wide)


def _is_drawn(lines: list[str]) -> bool:
    """Whether a rule is drawn between any two rows: then the lines between two rules are one row."""
    return sum(map(is_rule, lines)) * 2 >= len(lines) - 1


def _between_rules(lines: list[str]) -> list[str]:
    rows: list[list[str]] = [[]]
    for line in lines:
        if is_rule(line):
            rows.append([])
        elif line.strip():
            rows[-1].append(line)
    return ["|" + "|".join(_joined([cells_of(line, "|") for line in row])) + "|" for row in rows if row]


def _joined(cells: list[list[str]]) -> list[str]:
    return [join_lines([cell for cell in column if cell]) for column in zip_longest(*cells, fillvalue="")]


def runs_of(rows: Sequence[Sequence[str]]) -> list[list[tuple[int, int]]]:
    """(first column, columns) of the cells of each row, where only the figures tell their columns."""
    width, tail = max(map(len, rows)), _usual_tail(rows)
    return [
        [(column, 1) for column in range(width)] if len(row) == width else _moved(row, width, tail) for row in rows
    ]


def _goes_on(above: list[str], cells: list[str]) -> bool:
    """Whether a line is the rest of the labels of the row above: no figures, and nothing in its first cell."""
    if cells[0] or not any(cells) or any(cells[len(above) :]):
        return False
    return not any(FIGURE.fullmatch(cell) for cell in cells) and any(FIGURE.fullmatch(cell) for cell in above)


def _grid(rows: list[list[str]], reader: str, number: int) -> Grid:
    width = max(len(row) for row in rows)
    tail = _usual_tail(rows)
    cells: list[GridCell] = []
    heads: list[tuple[int, int]] = []
    for index, row in enumerate(rows):
        if width == len(row):
            runs = _runs(row, heads)
            heads = runs if _tail(row) == 0 else heads
        else:
            runs = _moved(row, width, tail)
        for (first, columns), text in zip(runs, _first_texts(row, runs, width), strict=True):
            address = f"第{number}个表第{index + 1}行第{first + 1}列"
            cells.append(GridCell(text, index, first, 1, columns, address=address))
    return Grid(len(rows), width, tuple(cells), reader)


def _runs(row: list[str], heads: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """(first column, columns) of the cells of a full row: a word written in every place of its span is one
    cell, and so is a figure written in every place under such a head."""
    spans = {first: columns for first, columns in heads if columns > 1}
    runs: list[tuple[int, int]] = []
    column = 0
    while column < len(row):
        columns = 1
        if FIGURE.fullmatch(row[column]):
            under = spans.get(column, 1)
            columns = under if len(set(row[column : column + under])) == 1 else 1
        elif row[column]:
            while column + columns < len(row) and row[column + columns] == row[column]:
                columns += 1
        runs.append((column, columns))
        column += columns
    return runs


def _moved(row: Sequence[str], width: int, tail: int) -> list[tuple[int, int]]:
    """The same of a row with fewer cells: when it has all its figures, they are the last columns."""
    shift = width - len(row)
    if not tail or tail not in (_tail(row), _open_tail(row)) or tail == len(row):
        return [(column, 1) for column in range(len(row))]
    labels = len(row) - tail
    return [
        *((column, 1) for column in range(labels - 1)),
        (labels - 1, 1 + shift),
        *((column, 1) for column in range(labels + shift, width)),
    ]


def _first_texts(row: list[str], runs: list[tuple[int, int]], width: int) -> list[str]:
    return [row[first] for first, _ in runs] if len(row) == width else row


def _tail(row: Sequence[str]) -> int:
    """How many figures the row ends with."""
    count = 0
    for cell in reversed(row):
        if not FIGURE.fullmatch(cell):
            break
        count += 1
    return count


def _open_tail(row: Sequence[str]) -> int:
    """How many figures or blanks the row ends with."""
    labels = [column for column, cell in enumerate(row) if cell and not FIGURE.fullmatch(cell)]
    return len(row) - 1 - labels[-1] if labels else len(row)


def _usual_tail(rows: Sequence[Sequence[str]]) -> int:
    """The number of figures with which the widest rows end; 0 when rows are too short to tell labels from columns.

    A blank can be a figure's or a label's: between the least and the most that it can be, the seven of table
    三 are meant. A row that ends with fewer figures has lost some, and nobody knows which: it is not moved.
    """
    width = max(map(len, rows))
    whole = [row for row in rows if len(row) == width]
    least = max((count for row in whole if (count := _tail(row)) >= _TAIL), default=0)
    most = min((count for row in whole if (count := _open_tail(row)) >= _TAIL), default=0)
    if least <= _applicants() <= most:
        return _applicants()
    return least or most or max((count for row in rows if (count := _tail(row)) >= _TAIL), default=0)


@cache
def _applicants() -> int:
    return len(table_form("t3", "2021").blocks[0].columns)
