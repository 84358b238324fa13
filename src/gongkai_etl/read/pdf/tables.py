"""The tables of a page: which cell each character stands in, and the grids made of them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace

import numpy as np

from gongkai_etl.model import Grid, GridCell
from gongkai_etl.read.pdf.chars import Chars, Ints
from gongkai_etl.read.pdf.frame import Floats, Frame
from gongkai_etl.read.pdf.lattice import Lattice, Span, lattice
from gongkai_etl.read.pdf.layout import Words, joined
from gongkai_etl.read.pdf.paths import Drawing, placed
from gongkai_etl.read.pdf.rules import components, whole_rules
from gongkai_etl.read.pdf.surfaces import painted_rules, pale_rules

READER = "grid"
_PROSE = 160
_FRAME = 60
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
        """Take out of the tables what only stands in a frame: running text, and whole pages."""
        held = np.bincount(cell[cell >= 0], minlength=sum(len(made.spans) for made in self.lattices))
        for made, offset in zip(self.lattices, self.offsets, strict=True):
            for number, span in enumerate(made.spans):
                most = _FRAME if len(made.spans) == 1 else _PROSE
                if span.columns == len(made.xs) - 1 and held[offset + number] > most:
                    cell[cell == offset + number] = -1
        return cell


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
    """A table without its empty full-width rows at the edges (frames around text) is one or more grids."""
    width = len(made.xs) - 1
    rows: dict[int, list[GridCell]] = defaultdict(list)
    cuts: set[int] = set()
    for cell in cells:
        if not cell.text and cell.column_span == width:
            cuts.update(range(cell.row, cell.row + cell.row_span))
        else:
            rows[cell.row].append(cell)
    grids, part = [], list[GridCell]()
    for row in range(len(made.ys)):
        if row in cuts or row == len(made.ys) - 1:
            part += rows.get(row, []) if row not in cuts else []
            if any(cell.text for cell in part):
                grids.append(_grid(part, width, page))
            part = []
        else:
            part += rows.get(row, [])
    return grids


def _grid(cells: list[GridCell], width: int, page: int) -> Grid:
    first = min(cell.row for cell in cells)
    last = max(cell.row + cell.row_span for cell in cells)
    if first:
        cells = [replace(cell, row=cell.row - first) for cell in cells]
    return Grid(last - first, width, tuple(cells), READER, page)
