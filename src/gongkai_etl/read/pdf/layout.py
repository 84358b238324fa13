"""Characters → words and lines, never across the border of a cell."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gongkai_etl.read.pdf.chars import Bools, Chars, Ints
from gongkai_etl.read.pdf.frame import Floats
from gongkai_etl.text import printed

WORD_GAP = 0.22
"""A gap wider than this part of the font size ends a word."""
LINE_STEP = 0.42
_SAME = 0.05
_TWICE = 0.3


@dataclass(slots=True)
class Words:
    """Runs of characters without a gap, in reading order: by cell, line, and from left to right.

    ``cell`` is the number given for the characters (-1 outside tables), ``line`` counts all lines.
    """

    texts: list[str]
    boxes: Floats
    cell: Ints
    line: Ints
    size: Floats

    def __len__(self) -> int:
        return len(self.texts)


def words_of(chars: Chars, cell: Ints) -> Words:
    """Put the characters in order and cut them into words. A character drawn twice is taken once."""
    if not len(chars):
        none = np.zeros(0, dtype=np.int64)
        return Words([], np.zeros((0, 4)), none, none, np.zeros(0))
    order, line = _lines(chars, cell)
    keep = _once(chars, order, line)
    order, line = order[keep], line[keep]
    starts = np.flatnonzero(_breaks(chars, order, line))
    text = chars.code[order].astype("<u4").tobytes().decode("utf-32-le", "replace")
    ends = np.append(starts[1:], len(order)).tolist()
    texts = [printed(text[a:b]) for a, b in zip(starts.tolist(), ends, strict=True)]
    boxes = np.stack(
        [
            np.minimum.reduceat(chars.x0[order], starts),
            np.minimum.reduceat(chars.top[order], starts),
            np.maximum.reduceat(chars.x1[order], starts),
            np.maximum.reduceat(chars.bottom[order], starts),
        ],
        axis=1,
    )
    size = np.maximum.reduceat(chars.size[order], starts)
    return Words(texts, boxes.round(2), cell[order][starts], line[starts], size)


def _lines(chars: Chars, cell: Ints) -> tuple[Ints, Ints]:
    """The characters' reading order, and each one's line number in that order.

    Characters are on the line of the highest one near them: lines of columns that stand a little lower than
    those beside them never run together.
    """
    order = np.lexsort((chars.base, cell))
    base, size, owner = chars.base[order], chars.size[order], cell[order]
    lower = np.ones(len(order), dtype=bool)
    lower[1:] = (owner[1:] != owner[:-1]) | (np.diff(base) > _SAME)
    new = np.zeros(len(order), dtype=bool)
    first_base, first_size, first_owner = 0.0, 0.0, None
    levels = np.flatnonzero(lower)
    for at, y, height, own in zip(
        levels.tolist(), base[levels].tolist(), size[levels].tolist(), owner[levels].tolist(), strict=True
    ):
        if own != first_owner or y - first_base > LINE_STEP * min(height, first_size):
            new[at] = True
            first_base, first_size, first_owner = y, height, own
    line = np.cumsum(new) - 1
    across = np.lexsort((chars.x0[order], line))
    return order[across], line[across]


def _once(chars: Chars, order: Ints, line: Ints) -> Bools:
    """False for the second of two equal characters at almost the same place (imitated bold)."""
    keep = np.ones(len(order), dtype=bool)
    x0, code = chars.x0[order], chars.code[order]
    width = chars.x1[order] - x0
    for back in (1, 2):
        near = np.abs(x0[back:] - x0[:-back]) < _TWICE * np.minimum(width[back:], width[:-back])
        keep[back:] &= ~(near & (code[back:] == code[:-back]) & (line[back:] == line[:-back]))
    return keep


def _breaks(chars: Chars, order: Ints, line: Ints) -> Bools:
    new = np.ones(len(order), dtype=bool)
    x0, x1, size = chars.x0[order], chars.x1[order], chars.size[order]
    gap = x0[1:] - x1[:-1]
    new[1:] = (line[1:] != line[:-1]) | (gap > WORD_GAP * np.minimum(size[1:], size[:-1]))
    return new


def joined(lines: list[str]) -> str:
    """The lines of a cell as one text: a line break between figures, a space between Latin words, else nothing."""
    out = ""
    for line in lines:
        if out and line and out[-1].isascii() and out[-1].isalnum() and line[0].isascii() and line[0].isalnum():
            out += "\n" if out[-1].isdigit() and line[0].isdigit() else " "
        out += line
    return out
