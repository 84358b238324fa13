"""Whether the columns of a table without rules are steady: figures set with spaces wander from row to row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from gongkai_etl.extract.applicants import starts_of
from gongkai_etl.extract.labels import has_words, normal
from gongkai_etl.extract.numbers import is_figure
from gongkai_etl.extract.places import centre, middle, printed_lines
from gongkai_etl.extract.rows import LOST, Row
from gongkai_etl.model import Word

_COLUMNS = 7
_ENOUGH = 8
_GAP = 0.15
"""Widest gap between the edges of figures of one column, in distances to the next column."""
_BROAD = 0.6
"""Farthest that figures of one column stand from each other, in distances to the next column."""
_ASTRAY = 0.3
"""Farthest that a row's figures stand from those of the other rows, in distances to the next column."""


def wanders(stretches: Sequence[Sequence[Word]], columns: Sequence[float] | None = None) -> bool:
    """Whether in some stretch a whole row of seven figures stands aside of the others, however it is aligned.

    With ``columns`` (the x of their middles) also whether the figures of all rows keep to no seven edges.
    """
    figures = [_figures(words) for words in stretches]
    if columns and any(
        _is_scattered(own, min(right - left for left, right in pairwise(columns))) for own in figures
    ):
        return True
    return any(_wanders([line for line in printed_lines(own) if len(line) == _COLUMNS]) for own in figures)


def _is_scattered(figures: Sequence[Word], step: float) -> bool:
    own = [word for word in figures if word.box[2] - word.box[0] < step]
    return len(own) >= _ENOUGH and all(_widest(sorted(map(edge, own)), step) > _BROAD * step for edge in _EDGES)


def _widest(places: Sequence[float], step: float) -> float:
    """The width of the widest group of places between gaps."""
    widest, start = 0.0, places[0]
    for before, place in pairwise(places):
        if place - before > _GAP * step:
            start = place
        widest = max(widest, place - start)
    return widest


def without_gaps(rows: Sequence[Row]) -> list[Row]:
    """The rows; where a place is blank, its figures and blanks can be of any column and are lost."""
    return [
        row
        if all(slot.filled for slot in row.slots)
        else Row(row.labels, (LOST,) * len(row.slots), False, row.page, row.header)
        for row in rows
    ]


def behind_the_break(rows: Sequence[Row], before: Sequence[Word]) -> list[Row]:
    """The rows of a page, the first one in doubt if figures without a label end the page before."""
    if not rows or not _ends_with_figures(before):
        return list(rows)
    return [_in_doubt(rows[0]), *rows[1:]]


def before_the_break(rows: Sequence[Row], after: Sequence[Word]) -> list[Row]:
    """The rows of a page, the last one in doubt if figures above the first label begin the next page."""
    if not rows or not _begins_with_figures(after):
        return list(rows)
    return [*rows[:-1], _in_doubt(rows[-1])]


def _in_doubt(row: Row) -> Row:
    """A row of which figures may stand on another page: its blanks are lost."""
    slots = tuple(slot if slot.filled else LOST for slot in row.slots)
    return replace(row, slots=slots, complete=False)


def _begins_with_figures(words: Sequence[Word]) -> bool:
    starts = starts_of([word for word in words if normal(word.text)])
    return bool(starts) and any(
        middle(word) < starts[0].box[1] - (word.box[3] - word.box[1]) / 4 for word in words if is_figure(word.text)
    )


def _ends_with_figures(words: Sequence[Word]) -> bool:
    foot = max((word.box[3] for word in words if has_words(word.text) and not is_figure(word.text)), default=0.0)
    return any(middle(word) > foot for word in words if is_figure(word.text))


def _figures(words: Sequence[Word]) -> list[Word]:
    return [word for word in words if is_figure(word.text) and not any(mark in word.text for mark in "（(")]


def _wanders(lines: Sequence[Sequence[Word]]) -> bool:
    if len(lines) < 2:
        return False
    usual = {edge: [median(edge(line[k]) for line in lines) for k in range(_COLUMNS)] for edge in _EDGES}
    step = min(right - left for left, right in pairwise(usual[centre]))
    return any(
        min(max(abs(edge(word) - x) for word, x in zip(line, usual[edge], strict=True)) for edge in _EDGES)
        > _ASTRAY * step
        for line in lines
    )


def _left(word: Word) -> float:
    return word.box[0]


def _right(word: Word) -> float:
    return word.box[2]


_EDGES: tuple[Callable[[Word], float], ...] = (_left, centre, _right)
