"""Text set in two columns like a newspaper's: the left one is read to its end before the right one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from gongkai_etl.model import Box

_GAP = 0.7
"""Narrowest gutter, in heights of the characters."""
_MIDDLE = (0.35, 0.65)
"""Where on a page a second column can begin, in parts of its width."""
_LEAST_LINES = 3
_LETTERS = 8
"""Fewest characters of the usual line of a column of prose."""
_STEP = 1.6
"""Farthest that two lines of a column stand apart, in the column's usual steps."""
_NEXT = 1.2
"""Farthest that a line below the right column's end is still the left column's next one, in its usual steps."""
_HEADING = re.compile(r"[一二三四五六七八]、")
_PROSE = re.compile(r"[，。；、]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words on one printed line, up to a wide gap: its words' numbers, its box and its text."""

    words: tuple[int, ...]
    box: Box
    text: str

    @property
    def top(self) -> float:
        """The y of its upper edge."""
        return self.box[1]

    @property
    def height(self) -> float:
        """The height of its characters."""
        return self.box[3] - self.box[1]


def columns_on(
    lines: Sequence[Sequence[int]], boxes: Sequence[Box], texts: Sequence[str], width: float
) -> list[tuple[list[Piece], list[Piece]]]:
    """The left and the right column of each stretch of prose in two columns, from lines of word numbers."""
    pieces = sorted(
        (piece for line in lines for piece in _pieces(line, boxes, texts)), key=lambda piece: piece.top
    )
    gutter = _gutter(pieces, width)
    if gutter is None:
        return []
    found = []
    for right in _runs([piece for piece in pieces if piece.box[0] >= gutter]):
        left = _left_of(right, pieces, gutter)
        if left and _are_prose(left) and _are_prose(right):
            found.append((left, right))
    return found


def _pieces(line: Sequence[int], boxes: Sequence[Box], texts: Sequence[str]) -> Iterator[Piece]:
    own: list[int] = []
    for at in line:
        if own and boxes[at][0] - boxes[own[-1]][2] > _GAP * (boxes[at][3] - boxes[at][1]):
            yield _piece(own, boxes, texts)
            own = []
        own.append(at)
    if own:
        yield _piece(own, boxes, texts)


def _piece(own: Sequence[int], boxes: Sequence[Box], texts: Sequence[str]) -> Piece:
    edges = list(zip(*(boxes[at] for at in own), strict=True))
    box = (min(edges[0]), min(edges[1]), max(edges[2]), max(edges[3]))
    return Piece(tuple(own), box, " ".join(texts[at] for at in own))


def _gutter(pieces: Sequence[Piece], width: float) -> float | None:
    """The x right of which the second column stands: where most lines in the middle of the page begin."""
    low, high = (part * width for part in _MIDDLE)
    starts = Counter(
        round(piece.box[0]) for piece in pieces if low <= piece.box[0] <= high and len(piece.text) >= _LETTERS
    )
    best = max(starts, key=lambda x: sum(starts[x + d] for d in (-1, 0, 1)), default=None)
    if best is None or sum(starts[best + d] for d in (-1, 0, 1)) < _LEAST_LINES - 1:
        return None
    return best - 2.0


def _runs(right: Sequence[Piece]) -> Iterator[list[Piece]]:
    """The lines right of the gutter, cut where they do not follow each other."""
    steps = sorted(low.top - high.top for high, low in pairwise(right))
    usual = median(steps) if steps else 0.0
    run: list[Piece] = []
    for piece in right:
        if run and piece.top - run[-1].top > max(_STEP * usual, 2 * piece.height):
            yield run
            run = []
        run.append(piece)
    if run:
        yield run


def _left_of(right: Sequence[Piece], pieces: Sequence[Piece], gutter: float) -> list[Piece]:
    """The column left of a run: beside it, and on below it where its lines are full. Empty if a line crosses it."""
    top, bottom = right[0].top - right[0].height / 2, right[-1].box[3]
    beside = [piece for piece in pieces if piece.box[0] < gutter and piece.box[3] > top]
    inside = [piece for piece in beside if piece.top < bottom - piece.height / 2]
    if len(inside) < _LEAST_LINES - 1 or any(piece.box[2] > gutter for piece in inside):
        return []
    edge = max(piece.box[2] for piece in inside)
    usual = median([low.top - high.top for high, low in pairwise(inside)])
    for piece in beside[len(inside) :]:
        full = inside[-1].box[2] > edge - 2.5 * piece.height
        next_line = (
            piece.top - inside[-1].top <= _NEXT * usual
            and abs(piece.height - inside[-1].height) < piece.height / 4
        )
        if not (full and next_line) or piece.box[2] > gutter or _HEADING.match(piece.text):
            break
        inside.append(piece)
    return inside


def _are_prose(column: Sequence[Piece]) -> bool:
    whole = sum(len(piece.text) >= _LETTERS for piece in column)
    return (
        len(column) >= _LEAST_LINES - 1
        and whole >= 0.6 * len(column)
        and sum(_PROSE.search(piece.text) is not None for piece in column) >= len(column) / 3
    )
