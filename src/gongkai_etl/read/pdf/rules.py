"""Pieces of rules → whole rules → the tables that they draw."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gongkai_etl.read.pdf.frame import Floats

GAP = 3.5
"""Pieces of one rule may lie this far apart (dashes, corners drawn on their own), points."""
NEAR = 3.0
"""Two parallel rules this near (double rules) are one border of a cell."""
TOUCH = 3.0
_SHORTEST = 6.0
SAME = 1.2


@dataclass(slots=True)
class Rules:
    """Whole rules as (n, 3) arrays: place across, start, end. ``h``: y, x0, x1; ``v``: x, y0, y1."""

    h: Floats
    v: Floats


def whole_rules(pieces: Floats, same: float = SAME) -> Rules:
    """Join collinear pieces (boxes x0, top, x1, bottom); what stays shorter than a character is no rule.

    Pieces whose places differ by less than ``same`` points belong to one rule.
    """
    if not len(pieces):
        return Rules(np.zeros((0, 3)), np.zeros((0, 3)))
    width, height = pieces[:, 2] - pieces[:, 0], pieces[:, 3] - pieces[:, 1]
    dots = np.maximum(width, height) <= GAP
    flat, tall = (width >= height) & ~dots, (height >= width) & ~dots
    x, y = (pieces[:, 0] + pieces[:, 2]) / 2, (pieces[:, 1] + pieces[:, 3]) / 2
    h = np.stack([y[flat], pieces[flat, 0], pieces[flat, 2]], axis=1)
    v = np.stack([x[tall], pieces[tall, 1], pieces[tall, 3]], axis=1)
    if dots.any():
        h = np.concatenate((h, _runs(y[dots], pieces[dots, 0], pieces[dots, 2])))
        v = np.concatenate((v, _runs(x[dots], pieces[dots, 1], pieces[dots, 3])))
    return Rules(_long(_joined(h, groups(h[:, 0], same))), _long(_joined(v, groups(v[:, 0], same))))


def _runs(place: Floats, start: Floats, end: Floats) -> Floats:
    """Dots that lie in a row. Rows are told apart by fixed steps: dots of crossing rules would chain them."""
    return _long(_joined(np.stack([place, start, end], axis=1), np.round(place / 0.5).astype(np.int64)))


def _long(rules: Floats) -> Floats:
    long: Floats = rules[rules[:, 2] - rules[:, 1] >= _SHORTEST]
    return long


def _joined(pieces: Floats, line: NDArray[np.int64]) -> Floats:
    """Pieces (place, start, end) of the same line number, put together where no gap is between them."""
    if not len(pieces):
        return pieces
    order = np.lexsort((pieces[:, 1], line))
    line = line[order]
    place, start, end = pieces[order].T
    shift = line * 1e5  # one number line for all rules: pieces of different rules never meet
    reach = np.maximum.accumulate(end + shift)
    new = np.ones(len(line), dtype=bool)
    new[1:] = (start + shift)[1:] - reach[:-1] > GAP
    first = np.flatnonzero(new)
    last = np.append(first[1:], len(line)) - 1
    weight = np.maximum(end - start, 0.01)
    middle = np.add.reduceat(place * weight, first) / np.add.reduceat(weight, first)
    return np.stack([middle, start[first], reach[last] - shift[last]], axis=1)


def groups(values: Floats, near: float) -> NDArray[np.int64]:
    """A group number for each value: a value opens a new group when it is further than ``near`` from the last."""
    if not len(values):
        return np.zeros(0, dtype=np.int64)
    order = np.argsort(values, kind="stable")
    step = np.diff(values[order]) > near
    out = np.zeros(len(values), dtype=np.int64)
    out[order] = np.concatenate(([0], np.cumsum(step)))
    return out


def middles(values: Floats, near: float) -> Floats:
    """The middle of each group of near values, ascending."""
    group = groups(values, near)
    if not len(group):
        return values
    return np.bincount(group, weights=values) / np.bincount(group)


def components(rules: Rules, touch: float = TOUCH) -> list[Rules]:
    """The rules of each table: those that touch one another, from the widest table to the smallest."""
    h, v = rules.h, rules.v
    if not len(h) or not len(v):
        return []
    x, y = v[None, :, 0], h[:, None, 0]
    meets = (x >= h[:, 1, None] - touch) & (x <= h[:, 2, None] + touch)
    meets &= (y >= v[None, :, 1] - touch) & (y <= v[None, :, 2] + touch)
    found = []
    free = np.ones(len(h), dtype=bool)
    for start in range(len(h)):
        if not free[start]:
            continue
        rows = np.zeros(len(h), dtype=bool)
        rows[start] = True
        while True:
            columns = meets[rows].any(axis=0)
            grown = rows | meets[:, columns].any(axis=1)
            if (grown == rows).all():
                break
            rows = grown
        free &= ~rows
        if columns.any():
            found.append(Rules(h[rows], v[columns]))
    return found
