"""The tables of a page: which cell each character stands in, and the grids made of them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace

import numpy as np

from gongkai_etl.model import Grid, GridCell
from gongkai_etl.read.pdf.chars import Bools, Chars, Ints
from gongkai_etl.read.pdf.frame import Floats, Frame
from gongkai_etl.read.pdf.lattice import Lattice, Span, lattice
from gongkai_etl.read.pdf.layout import LINE_STEP, Words, joined
from gongkai_etl.read.pdf.paths import Drawing, placed
from gongkai_etl.read.pdf.rules import components, whole_rules
from gongkai_etl.read.pdf.surfaces import painted_rules, pale_rules

READER = "grid"
_PROSE = 160
_FRAME = 60
_WIDE = 0.8
_ORDINALS = frozenset(map(ord, "一二三四五六七八"))
_STOPS = frozenset(map(ord, "、．.，,"))
_LEAST_PAINTED = 4


@dataclass(slots=True)
class Tables:
    """The lattices of a page, the largest first; cell numbers count through all of them."""

    lattices: list[Lattice]
    offsets: list[int]

    @classmethod
    def of(cls, drawing: Drawing, frame: Frame) -> Tables:
        """Every table drawn on a page: by rules, else by painted cells."""
        pieces = placed(drawing.rules, frame)
        if drawing.pale_rules:
            pieces = np.concatenate((pieces, pale_rules(drawing, frame)))
        found = [made for part in components(whole_rules(pieces)) if (made := lattice(part))]
        if drawing.fills:
            known = [made.box for made in found if len(made.spans) > 1]
            painted = (lattice(part) for part in painted_rules(drawing, frame, known))
            found += [made for made in painted if made and len(made.spans) >= _LEAST_PAINTED]
        return cls.made(found)

    @classmethod
    def made(cls, lattices: list[Lattice]) -> Tables:
        """The tables of these lattices."""
        lattices.sort(key=_area, reverse=True)
        counts = [len(made.spans) for made in lattices]
        return cls(lattices, [sum(counts[:i]) for i in range(len(counts))])

    def cells_of(self, chars: Chars) -> Ints:
        """The number of the innermost cell in which each character's middle stands; -1 outside."""
        return self.cells_at((chars.x0 + chars.x1) / 2, chars.base - 0.36 * chars.size)

    def cells_at(self, x: Floats, y: Floats) -> Ints:
        """The number of the innermost cell at each point; -1 outside tables."""
        cell = np.full(len(x), -1, dtype=np.int64)
        for made, offset in zip(self.lattices, self.offsets, strict=True):
            column = np.searchsorted(made.xs, x, side="right") - 1
            row = np.searchsorted(made.ys, y, side="right") - 1
            inside = (column >= 0) & (column < len(made.xs) - 1) & (row >= 0) & (row < len(made.ys) - 1)
            cell[inside] = made.cell[row[inside], column[inside]] + offset
        return cell

    def without_prose(self, chars: Chars, cell: Ints) -> Ints:
        """Take out of the tables what only stands in a frame: running text, headings, and whole pages."""
        held = np.bincount(cell[cell >= 0], minlength=sum(len(made.spans) for made in self.lattices))
        for made, offset in zip(self.lattices, self.offsets, strict=True):
            for number in _alone(made, held[offset : offset + len(made.spans)]):
                own = cell == offset + number
                if _is_prose(chars, own, len(made.spans) == 1):
                    cell[own] = -1
        return cell


def _alone(made: Lattice, held: Ints) -> list[int]:
    """The cells with text as wide as the table, or as a page's frame lets it be, and nothing beside them."""
    least = _WIDE * float(made.xs[-1] - made.xs[0])
    found = []
    for number, span in enumerate(made.spans):
        if held[number] and made.xs[span.column + span.columns] - made.xs[span.column] >= least:
            beside = np.unique(made.cell[span.row : span.row + span.rows])
            if not held[beside[beside != number]].any():
                found.append(number)
    return found


def _is_prose(chars: Chars, own: Bools, only: bool) -> bool:
    """Several lines or much text; ``only``: in a box that has but this one cell."""
    count = int(own.sum())
    if count > (_FRAME if only else _PROSE):
        return True
    base = chars.base[own]
    step = np.diff(np.sort(base)) > LINE_STEP * float(chars.size[own].min())
    codes = chars.code[own]
    first = codes[np.lexsort((chars.x0[own], base))][:2].tolist() if count > 1 else []
    return bool(step.any()) or (len(first) == 2 and first[0] in _ORDINALS and first[1] in _STOPS)


def _area(made: Lattice) -> float:
    x0, top, x1, bottom = made.box
    return (x1 - x0) * (bottom - top)


def grids_of(tables: Tables, words: Words, page: int) -> list[Grid]:
    """The grids of a page, from top to bottom. Rows without any text between text are kept."""
    lines: dict[int, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for text, cell, line in zip(words.texts, words.cell.tolist(), words.line.tolist(), strict=True):
        if cell >= 0:
            lines[cell][line].append(text)
    texts = {cell: joined([" ".join(parts) for parts in own.values()]) for cell, own in lines.items()}
    grids: list[Grid] = []
    for made, offset in zip(tables.lattices, tables.offsets, strict=True):
        cells = [_cell(made, span, texts.get(offset + i, ""), page) for i, span in enumerate(made.spans)]
        grids += _pieces(made, cells, page)
    return sorted(grids, key=_top)


def _top(grid: Grid) -> float:
    return min(cell.box[1] for cell in grid.cells if cell.box)


def _cell(made: Lattice, span: Span, text: str, page: int) -> GridCell:
    return GridCell(text, span.row, span.column, span.rows, span.columns, page, made.box_of(span))


def _pieces(made: Lattice, cells: list[GridCell], page: int) -> list[Grid]:
    """A table is cut where a row holds nothing and has one wide cell: a frame's, or of a line taken out."""
    cells = [cell for cell in cells if not _is_margin(made, cell)]
    least = _WIDE * float(made.xs[-1] - made.xs[0])
    xs = made.xs.tolist()
    filled, wide = set[int](), set[int]()
    for cell in cells:
        if cell.text:
            filled.update(range(cell.row, cell.row + cell.row_span))
        elif xs[cell.column + cell.column_span] - xs[cell.column] >= least:
            wide.update(range(cell.row, cell.row + cell.row_span))
    grids, start = list[Grid](), 0
    for end in [*sorted(wide - filled), len(made.ys) - 1]:
        part = [
            cell if cell.row + cell.row_span <= end else replace(cell, row_span=end - cell.row)
            for cell in cells
            if start <= cell.row < end
        ]
        if any(cell.text for cell in part):
            grids.append(_grid(part, len(made.xs) - 1, page))
        start = end + 1
    return grids


def _is_margin(made: Lattice, cell: GridCell) -> bool:
    """Whether a cell is the space between a page's frame and a table in it: empty, at a side, along all rows."""
    side = cell.column == 0 or cell.column + cell.column_span == len(made.xs) - 1
    rows = len(made.ys) - 1
    return side and not cell.text and cell.column_span == 1 and cell.row_span >= max(2, rows - 1)


def _grid(cells: list[GridCell], width: int, page: int) -> Grid:
    first = min(cell.row for cell in cells)
    last = max(cell.row + cell.row_span for cell in cells)
    if first:
        cells = [replace(cell, row=cell.row - first) for cell in cells]
    return Grid(last - first, width, tuple(cells), READER, page)
