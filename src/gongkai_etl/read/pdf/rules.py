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
_TOUCH = 3.0
_SHORTEST = 6.0


@dataclass(slots=True)
class Rules:
    """Whole rules as (n, 3) arrays: place across, start, end. ``h``: y, x0, x1; ``v``: x, y0, y1."""

    h: Floats
    v: Floats


def whole_rules(pieces: Floats) -> Rules:
    """Join collinear pieces (boxes x0, top, x1, bottom); what stays shorter than a character is no rule."""
    if not len(pieces):
        return Rules(np.zeros((0, 3)), np.zeros((0, 3)))
    width, height = pieces[:, 2] - pieces[:, 0], pieces[:, 3] - pieces[:, 1]
    dots = np.maximum(width, height) <= GAP
    flat, tall = pieces[(width >= height) | dots], pieces[(height >= width) | dots]
    h = _joined((flat[:, 1] + flat[:, 3]) / 2, flat[:, 0], flat[:, 2])
    v = _joined((tall[:, 0] + tall[:, 2]) / 2, tall[:, 1], tall[:, 3])
    return Rules(h, v)


def _joined(place: Floats, start: Floats, end: Floats) -> Floats:
    if not len(place):
        return np.zeros((0, 3))
    line = groups(place, 1.2)
    order = np.lexsort((start, line))
    line, place, start, end = line[order], place[order], start[order], end[order]
    shift = line * 1e5  # one number line for all rules: pieces of different rules never meet
    reach = np.maximum.accumulate(end + shift)
    new = np.ones(len(line), dtype=bool)
    new[1:] = (start + shift)[1:] - reach[:-1] > GAP
    first = np.flatnonzero(new)
    last = np.append(first[1:], len(line)) - 1
    weight = np.maximum(end - start, 0.01)
    middle = np.add.reduceat(place * weight, first) / np.add.reduceat(weight, first)
    out = np.stack([middle, start[first], reach[last] - line[last] * 1e5], axis=1)
    long: Floats = out[out[:, 2] - out[:, 1] >= _SHORTEST]
    return long


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


def components(rules: Rules) -> list[Rules]:
    """The rules of each table: those that touch one another, from the widest table to the smallest."""
    h, v = rules.h, rules.v
    if not len(h) or not len(v):
        return []
    x, y = v[None, :, 0], h[:, None, 0]
    meets = (x >= h[:, 1, None] - _TOUCH) & (x <= h[:, 2, None] + _TOUCH)
    meets &= (y >= v[None, :, 1] - _TOUCH) & (y <= v[None, :, 2] + _TOUCH)
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
