"""Side columns of printed web pages: menus beside the text, whose lines are none of the text's."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from gongkai_etl.read.pdf.chars import Bools
from gongkai_etl.read.pdf.frame import Floats
from gongkai_etl.read.pdf.layout import Words
from gongkai_etl.read.pdf.tables import Tables

_FIGURE = re.compile(r"[\d.,，%/／—－-]+")
_HEADING = re.compile(r"[（(]?[一二三四五六七八九十]+[)）、.．]")
_LEAST_LINES = 4
_FAR = 4.0
"""Items stand closer than so many of their usual steps."""
_MOST_WIDE = 0.36
_MOST_LETTERS = 16
_GUTTER = 8.0
_FIGURES = 3
_TIMES = 1


@dataclass(slots=True)
class _Line:
    """One printed line counted from one side: its first words up to a gap, and where what follows begins."""

    words: list[int]
    start: float
    end: float
    next: float
    top: float
    text: str

    @property
    def letters(self) -> int:
        """How many characters the words have."""
        return len(self.text)

    def is_item(self, width: float) -> bool:
        """Whether it can begin with an item of a menu at that side."""
        short = self.end < _MOST_WIDE * width and self.letters <= _MOST_LETTERS
        return short and not _HEADING.match(self.text)


def side_columns(words: Words, tables: Tables, width: float) -> Bools:
    """Words outside tables, or in narrow boxes, that stand in a column of short lines at the left or the right of a page's text.

    No line runs across the gutter along the column, and beside it stands more text, without loose figures.
    """
    found = np.zeros(len(words), dtype=bool)
    if len(words) < 2 * _LEAST_LINES:
        return found
    free = _free(words, tables, width)
    for start, end in (
        (words.boxes[:, 0], words.boxes[:, 2]),
        (width - words.boxes[:, 2], width - words.boxes[:, 0]),
    ):
        short = free & (end < _MOST_WIDE * width)
        if int(short.sum()) < _LEAST_LINES:
            continue
        lines = _lines(words, free, start, end)
        edges = {round(line.end) for line in lines if line.is_item(width)}
        menus = [_menu(words, run, start, edge) for edge in edges for run in _runs(lines, edge + 1.0, width)]
        found[max(menus, key=len, default=[])] = True
    return found


def _runs(lines: list[_Line], edge: float, width: float) -> list[list[_Line]]:
    """The items of each stretch of lines of which none runs across the gutter behind ``edge``."""
    runs: list[list[_Line]] = [[]]
    for line in lines:
        if line.end <= edge and line.next >= edge + _GUTTER and line.is_item(width):
            runs[-1].append(line)
        elif line.start < edge + _GUTTER:
            runs.append([])
    return [part for run in runs for part in _close(run)]


def _close(items: list[_Line]) -> list[list[_Line]]:
    """The items without those that stand far from the others."""
    if len(items) < _LEAST_LINES:
        return []
    steps = np.diff([item.top for item in items])
    cuts = np.flatnonzero(steps > _FAR * float(np.median(steps))) + 1
    parts = np.split(np.arange(len(items)), cuts)
    return [[items[i] for i in part.tolist()] for part in parts if len(part) >= _LEAST_LINES]


def _free(words: Words, tables: Tables, width: float) -> Bools:
    """Which words stand outside tables, or in boxes as narrow as a menu."""
    free = words.cell < 0
    for made, offset in zip(tables.lattices, tables.offsets, strict=True):
        if made.box[2] - made.box[0] < _MOST_WIDE * width:
            free |= (words.cell >= offset) & (words.cell < offset + len(made.spans))
    return free


def _lines(words: Words, free: Bools, start: Floats, end: Floats) -> list[_Line]:
    """The lines of free words from top to bottom."""
    own: dict[int, list[int]] = {}
    for at in np.flatnonzero(free).tolist():
        own.setdefault(int(words.line[at]), []).append(at)
    lines = []
    for ats in sorted(own.values(), key=lambda ats: float(words.boxes[ats, 1].min())):
        ats.sort(key=lambda at: float(start[at]))
        count = 1
        while count < len(ats) and start[ats[count]] - end[ats[count - 1]] < _GUTTER:
            count += 1
        after = float(start[ats[count]]) if count < len(ats) else np.inf
        top, text = float(words.boxes[ats, 1].min()), "".join(words.texts[at] for at in ats[:count])
        lines.append(_Line(ats[:count], float(start[ats[0]]), float(end[ats[count - 1]]), after, top, text))
    return lines


def _menu(words: Words, items: list[_Line], start: Floats, edge: float) -> list[int]:
    """The words of the items; none where they are no menu beside a text."""
    side = [at for line in items for at in line.words]
    top, bottom = words.boxes[side, 1].min(), words.boxes[side, 3].max()
    beside = (words.boxes[:, 3] > top) & (words.boxes[:, 1] < bottom)
    beside[side] = False
    if (start[beside] < edge + _GUTTER).any():
        return []
    texts = [words.texts[at] for at in np.flatnonzero(beside & (words.cell < 0)).tolist()]
    figures = sum(_FIGURE.fullmatch(text) is not None for text in texts)
    letters = sum(map(len, texts))
    return side if figures < _FIGURES and letters >= _TIMES * sum(line.letters for line in items) else []
