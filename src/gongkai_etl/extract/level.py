"""A witness for tables without rules: only figures that stand exactly level with a label and under a head.

Where :mod:`gongkai_etl.extract.aligned` takes the nearest label and the usual columns, this reading says
nothing unless all the rows of a page keep to one way of standing beside their labels (at the first line,
the middle or the last line), and unless a figure is clearly of one column. A place without figures is
blank only where the rows above and below are as clear.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise, zip_longest
from statistics import median

from gongkai_etl.extract.applicants import block_of, stand_under, starts_of, unclear, without_numbers
from gongkai_etl.extract.heads import first_heads, outcome_heads
from gongkai_etl.extract.labels import has_words, normal
from gongkai_etl.extract.numbers import is_figure
from gongkai_etl.extract.places import among, centre, is_of_figure, is_wrapped, middle, printed_lines
from gongkai_etl.extract.proactive import proactive_rows
from gongkai_etl.extract.rows import LOST, Row, Slot
from gongkai_etl.extract.steady import before_the_break, behind_the_break, wanders
from gongkai_etl.extract.stretches import Zone, stretches
from gongkai_etl.form import table_form
from gongkai_etl.model import Page, Word

_LEVEL = 0.3
"""Farthest that a figure and its label differ in height, in heights of a character."""
_ASIDE = 0.35
"""Farthest that a figure stands from the middle of its head, in distances to the next head."""
_EDGE, _STEADY, _ENOUGH = 0.5, 0.08, 4
"""Farthest that the common edge of so many figures stands from their heads, and how far it may vary, in those distances."""
_CLEAR = 0.9
"""So many of a page's rows must keep to one way of standing beside their labels."""


def read_level(pages: Sequence[Page]) -> dict[str, list[Row]]:
    """Table key → the rows of which the positions leave no doubt; the others have no text."""
    rows: dict[str, list[Row]] = {"t2": [], "t3": [], "t4": []}
    zones = stretches([page for page in pages if not page.scanned])
    applicants = [zone.words for zone in zones if zone.table == "t3"]
    heads = first_heads(applicants)
    if wanders(applicants, heads):
        return rows
    above: Zone | None = None
    for zone in zones:
        if zone.table == "t3" and heads:
            rows["t3"] = before_the_break(rows["t3"], zone.words) if above else rows["t3"]
            rows["t3"] += behind_the_break(_applicants(zone, heads), above.words if above else ())
        elif zone.table == "t2":
            rows["t2"] += [row for row in proactive_rows(zone.words, zone.page.number, strict=True) if row.label]
        elif zone.table == "t4":
            rows["t4"] += _outcomes(zone)
        above = zone if zone.table == "t3" else None
    return rows


@dataclass(slots=True)
class _Level:
    """A label's lines with the lines of figures nearest to it."""

    words: list[Word]
    lines: list[list[Word]]

    @property
    def size(self) -> float:
        return self.words[0].box[3] - self.words[0].box[1]

    def off(self, of: Callable[[Sequence[float]], float]) -> float:
        """How far the figures stand from the label, in heights of its characters."""
        own, figures = [middle(word) for word in self.words], [middle(line[0]) for line in self.lines]
        return abs(of(own) - of(figures)) / self.size

    @property
    def alone(self) -> bool:
        """Whether the figures are one line, or the lines of wrapped figures."""
        return len(self.lines) < 2 or is_wrapped(self.lines)


def _mean(values: Sequence[float]) -> float:
    return (min(values) + max(values)) / 2


def _applicants(zone: Zone, heads: Sequence[float]) -> list[Row]:
    left = heads[0] - (heads[1] - heads[0]) / 2
    labels = without_numbers([word for word in zone.words if centre(word) <= left and normal(word.text)])
    starts = starts_of(labels)
    if not starts:
        return []
    figures = [word for word in zone.words if is_of_figure(word.text) and centre(word) > left]
    lines = [line for line in printed_lines(figures) if middle(line[0]) > starts[0].box[1] - _LEVEL]
    levels = [_Level(block_of(start, below, labels), []) for start, below in zip_longest(starts, starts[1:])]
    for line in lines:
        min(levels, key=lambda level: _distance(middle(line[0]), level.words)).lines.append(line)
    clear = _clear(levels, len(lines) < len(printed_lines(figures)))
    for word in unclear(zone.words, left):
        at = min(range(len(levels)), key=lambda k: _distance(middle(word), levels[k].words))
        clear[at] = False
    columns = _columns(lines, heads)
    last = normal(table_form("t3", "2021").rows[-1].label)
    found = []
    for at, level in enumerate(levels):
        name = normal("".join(word.text for line in printed_lines(level.words) for word in line))
        ends = at == len(levels) - 1 and not name.endswith(last)
        sure = all(clear[max(at - 1, 0) : at + 2]) and not (ends and not level.lines)
        slots = _slots(level, columns, zone.page.number) if sure else None
        found.append(Row((name,), slots or (LOST,) * len(heads), True, zone.page.number))
    return found


def _distance(y: float, words: Sequence[Word]) -> float:
    return max(min(word.box[1] for word in words) - y, y - max(word.box[3] for word in words), 0.0)


def _clear(levels: Sequence[_Level], cut: bool) -> list[bool]:
    """Of each row whether its figures (if any) stand beside the label as those of the page's other rows do.

    ``cut``: figures stand above the first label; they are of a row of the page before, or of the first one.
    """
    filled = [level for level in levels if level.lines]
    ways: tuple[Callable[[Sequence[float]], float], ...] = (min, _mean, max)
    way = max(ways, key=lambda of: sum(level.alone and level.off(of) <= _LEVEL for level in filled))
    clear = [not level.lines or (level.alone and level.off(way) <= _LEVEL) for level in levels]
    if sum(clear) < _CLEAR * len(levels):
        return [False] * len(levels)
    clear[0] = clear[0] and not cut
    return clear


def _columns(lines: Sequence[Sequence[Word]], heads: Sequence[float]) -> Callable[[Word], int | None]:
    """Which column a figure is of: the head right above it, or the figures of whole rows that it is in line with."""
    full = [own for line in lines if len(own := [w for w in line if is_figure(w.text)]) == len(heads)]
    full = [line for line in full if stand_under(line, heads)]
    edges = [
        [median(edge(line[k]) for line in full) for edge in (_left, centre, _right)] if full else []
        for k in range(len(heads))
    ]
    room = min(right - left for left, right in pairwise(heads))
    by_edge = _by_edge([word for line in lines for word in line], heads, room)

    def column(word: Word) -> int | None:
        nearest = min(range(len(heads)), key=lambda k: abs(heads[k] - centre(word)))
        if abs(heads[nearest] - centre(word)) <= _ASIDE * room:
            return nearest
        near = (word.box[3] - word.box[1]) / 4
        own = [
            k
            for k, known in enumerate(edges)
            if any(
                abs(a - b) <= near for a, b in zip(known, (_left(word), centre(word), _right(word)), strict=False)
            )
        ]
        return own[0] if len(own) == 1 else by_edge(word)

    return column


def _by_edge(words: Sequence[Word], heads: Sequence[float], room: float) -> Callable[[Word], int | None]:
    """The head from which a figure's right (or left) edge is as far as those of all the other figures are."""
    for edge, side in ((_right, 1), (_left, -1)):

        def nearest(word: Word, edge: Callable[[Word], float] = edge, side: int = side) -> int | None:
            return next(
                (k for k, head in enumerate(heads) if 0 <= side * (edge(word) - head) <= _EDGE * room), None
            )

        places = [nearest(word) for word in words]
        off = [edge(word) - heads[at] for word, at in zip(words, places, strict=True) if at is not None]
        if len(off) == len(words) >= _ENOUGH and max(off) - min(off) <= _STEADY * room:
            return nearest
    return lambda word: None


def _left(word: Word) -> float:
    return word.box[0]


def _right(word: Word) -> float:
    return word.box[2]


def _slots(level: _Level, column: Callable[[Word], int | None], page: int) -> tuple[Slot, ...] | None:
    """The slots of a row; None where a figure is of no clear column."""
    slots = [Slot("", page)] * len(table_form("t3", "2021").blocks[0].columns)
    for word in (word for line in level.lines for word in line):
        at = column(word)
        if at is None:
            return None
        text = f"{slots[at].text}\n{word.text}" if slots[at].filled else word.text
        slots[at] = Slot(text, page, word.box, None, word.confidence)
    return tuple(slots)


def _outcomes(zone: Zone) -> list[Row]:
    """The row of outcomes, if its figures are one line, each right under one of the fifteen heads."""
    lines = printed_lines([word for word in zone.words if is_of_figure(word.text)])
    heads = outcome_heads(zone.words)
    foot = max(word.box[3] for word in zone.words)
    follows = any(word.box[1] > foot and has_words(word.text) for word in zone.page.words)
    if heads is None or len(lines) > 1 or (not lines and not follows) or (lines and among(lines[0], zone.words)):
        return []
    number = zone.page.number
    slots = [Slot("", number)] * len(heads)
    step = min(right - left for left, right in pairwise(heads))
    by_edge = _by_edge(lines[0] if lines else (), heads, step)
    for k, word in enumerate(lines[0] if lines else ()):
        at: int | None = k
        if len(lines[0]) < len(heads):
            at = min(range(len(heads)), key=lambda c: abs(heads[c] - centre(word)))
            at = at if abs(heads[at] - centre(word)) <= _ASIDE * step else by_edge(word)
        if at is None or slots[at].filled:
            return []
        slots[at] = Slot(word.text, number, word.box, None, word.confidence)
    return [Row((), tuple(slots), True, number)]
