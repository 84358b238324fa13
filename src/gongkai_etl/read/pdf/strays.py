"""Text in the page's own ink that may be none of the cell it stands in: stamps in black, figures across rules."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gongkai_etl.read.pdf.chars import Bools, Chars, Ints
from gongkai_etl.read.pdf.layers import BODY, TYPED, Inks, close, is_digit

_LEAP = 6.0
_MOST_LETTERS = 40
_SAME = 0.25


@dataclass(slots=True, eq=False)
class Stray:
    """A short text that is drawn far from what is drawn before and after it. ``first`` and ``last``: their orders."""

    which: Ints
    first: int
    last: int


def strays(chars: Chars, inks: Inks, seen: Bools) -> list[Stray]:
    """The short pieces of a page's own ink between two leaps up or down the page, into the midst of other text."""
    line = np.flatnonzero(seen & (inks.ink == BODY))
    if len(line) < 2:
        return []
    line = line[np.argsort(inks.order[line], kind="stable")]
    usual = chars.usual_size(line)
    leaps = np.flatnonzero(np.abs(np.diff(chars.base[line])) > _LEAP * usual) + 1
    if not len(leaps):
        return []
    pieces = np.split(line, leaps)
    spans = [(float(chars.base[own].min()) - usual, float(chars.base[own].max()) + usual) for own in pieces]
    end = int(inks.order.max()) + 1
    found = []
    for at, own in enumerate(pieces):
        middle = float(chars.base[own].mean())
        within = any(
            span[0] < middle < span[1] and len(other) > len(own) for span, other in zip(spans, pieces, strict=True)
        )
        if within and len(own) <= _MOST_LETTERS:
            first = int(inks.order[pieces[at - 1][-1]]) if at else -1
            last = int(inks.order[pieces[at + 1][0]]) if at + 1 < len(pieces) else end
            found.append(Stray(own, first, last))
    return found


def broken(chars: Chars, inks: Inks, cell: Ints) -> Bools:
    """Characters that make their cells doubtful: no cell has them alone, or at one time.

    A figure that runs across a rule stands in two cells; and a cell whose text was drawn at two times, with
    other cells in between, holds two texts.
    """
    digit = is_digit(chars.code)
    found = np.zeros(len(chars), dtype=bool)
    if len(chars) < 2:
        return found
    across = close(chars) & (cell[1:] != cell[:-1]) & digit[1:] & digit[:-1]
    found[1:] |= across
    found[:-1] |= across
    drawn = np.flatnonzero((cell >= 0) & (inks.ink != TYPED))
    drawn = drawn[np.argsort(inks.order[drawn], kind="stable")]
    if not len(drawn):
        return found
    owner = cell[drawn]
    starts = np.append(True, owner[1:] != owner[:-1])
    visits = np.zeros(len(chars), dtype=np.int64)
    visits[drawn] = np.cumsum(starts)
    for number in np.flatnonzero(np.bincount(owner[starts]) > 1).tolist():
        own = np.flatnonzero((cell == number) & (visits > 0))
        if digit[own].any() and not _is_twice(chars.take(own), visits[own]):
            found[own] = True
    return found


def _is_twice(text: Chars, visit: Ints) -> bool:
    """Whether the same characters are drawn over themselves, as imitated bold."""
    first = text.take(visit == visit.min())
    again = text.take(visit > visit.min())
    near = np.abs(again.x0[:, None] - first.x0) < _SAME * again.size[:, None]
    near &= np.abs(again.base[:, None] - first.base) < _SAME * again.size[:, None]
    return bool((near & (again.code[:, None] == first.code)).any(axis=1).all())
