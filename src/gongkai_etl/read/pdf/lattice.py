"""The rules of one table → its slots and cells, missing inner rules giving spans."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from gongkai_etl.read.pdf.frame import Floats
from gongkai_etl.read.pdf.rules import NEAR, Rules, middles

_COVERED = 0.55
_OPEN = 5.0
MOST_SLOTS = 40_000


@dataclass(slots=True)
class Span:
    """A cell by its slots: first row and column, and how many of each."""

    row: int
    column: int
    rows: int
    columns: int


@dataclass(slots=True)
class Lattice:
    """``ys`` and ``xs`` are the borders of rows and columns; ``cell`` gives each slot's number in ``spans``."""

    xs: Floats
    ys: Floats
    spans: list[Span]
    cell: NDArray[np.int64]
    _x: list[float] = field(init=False, repr=False)
    _y: list[float] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Borders as plain numbers to the hundredth of a point."""
        self._x, self._y = self.xs.round(2).tolist(), self.ys.round(2).tolist()

    @property
    def box(self) -> tuple[float, float, float, float]:
        """x0, top, x1, bottom of the table."""
        return float(self.xs[0]), float(self.ys[0]), float(self.xs[-1]), float(self.ys[-1])

    def box_of(self, span: Span) -> tuple[float, float, float, float]:
        """x0, top, x1, bottom of a cell."""
        x, y = self._x, self._y
        return x[span.column], y[span.row], x[span.column + span.columns], y[span.row + span.rows]


def lattice(rules: Rules) -> Lattice | None:
    """The table drawn by one component of rules, or None where no cell is drawn.

    A side that is open (a row cut by the page's end, tables without outer rules at left and right)
    is closed where the rules across it end.
    """
    ys = _borders(rules.h[:, 0], rules.v[:, 1:])
    xs = _borders(rules.v[:, 0], rules.h[:, 1:])
    if len(xs) < 2 or len(ys) < 2 or (len(xs) - 1) * (len(ys) - 1) > MOST_SLOTS:
        return None
    across = _coverage(rules.h, ys, xs)
    down = _coverage(rules.v, xs, ys).T
    return Lattice(xs, ys, *_cells(across, down))


def _borders(places: Floats, ends: Floats) -> Floats:
    borders = middles(places, NEAR)
    first, last = ends[:, 0], ends[:, 1]
    before, after = first[first < borders[0] - _OPEN], last[last > borders[-1] + _OPEN]
    if len(before):
        borders = np.concatenate(([before.min()], borders))
    if len(after):
        borders = np.concatenate((borders, [after.max()]))
    return borders


def _coverage(rules: Floats, places: Floats, steps: Floats) -> NDArray[np.bool_]:
    """For each border place and each step along it: whether a rule is drawn there."""
    nearest = np.abs(rules[:, 0, None] - places[None, :]).argmin(axis=1)
    overlap = np.minimum(rules[:, 2, None], steps[None, 1:]) - np.maximum(rules[:, 1, None], steps[None, :-1])
    covered = np.zeros((len(places), len(steps) - 1))
    np.add.at(covered, nearest, np.clip(overlap, 0, None))
    drawn: NDArray[np.bool_] = covered >= _COVERED * np.diff(steps)[None, :]
    return drawn


def _cells(across: NDArray[np.bool_], down: NDArray[np.bool_]) -> tuple[list[Span], NDArray[np.int64]]:
    """``across[i, c]``: rule above row i in column c; ``down[r, j]``: rule left of column j in row r."""
    rows, columns = down.shape[0], across.shape[1]
    ruled_across, ruled_down = across.tolist(), down.tolist()
    cell = np.full((rows, columns), -1, dtype=np.int64)
    taken = [[False] * columns for _ in range(rows)]
    spans: list[Span] = []
    for row in range(rows):
        for column in range(columns):
            if taken[row][column]:
                continue
            right = column + 1
            while right < columns and not ruled_down[row][right] and not taken[row][right]:
                right += 1
            low = row + 1
            while low < rows and not any(ruled_across[low][column:right]) and not any(taken[low][column:right]):
                if any(ruled_down[low][column + 1 : right]):
                    break
                low += 1
            for r in range(row, low):
                taken[r][column:right] = [True] * (right - column)
            cell[row:low, column:right] = len(spans)
            spans.append(Span(row, column, low - row, right - column))
    return spans, cell
