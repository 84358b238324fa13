"""Rows as read → rows of the form: one alignment in order, for all formats and all ways of reading."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from gongkai_etl.extract.labels import Vocabulary
from gongkai_etl.extract.rows import Row

_SKIP_FORM_ROW = -0.3
_SKIP_FIGURES = -0.5
_UNLABELLED = 0.1
_JOIN = -0.08
_BREAK = 0.05
_PARTS = 3
_CUT = re.compile(r"[1-9][\d,.]+\|(?:[\d,.]+件?|件)")
"""A figure's lines before and behind a page's end."""
_REST = re.compile(r"[\d,.\s/—-]+件?|件|无")
_WHOLE, _MOST_FIGURES = 7, 5
"""Figures of a whole row of table 三, and of one of which hardly any is blank."""


@dataclass(frozen=True, slots=True)
class Match:
    """A row of the form with the row that was read for it; ``score`` 1.0 is the label word for word.

    ``doubtful`` says that a row of figures right above or below it is none of the form's: its figures may be
    those of this row, whose label or figures go on behind a page's end.
    """

    index: int
    row: Row
    score: float
    doubtful: bool = False


def align(rows: Sequence[Row], vocabulary: Vocabulary) -> list[Match]:
    """The best order-keeping assignment of read rows to the form's rows.

    A row cut by a page break (two or three rows in sequence whose labels together are one label) is
    put together. Rows without any label, and whole rows whose label says nothing, are taken by their
    position, but only between two labelled rows that leave exactly as many rows of the form open.
    """
    count, width = len(rows), len(vocabulary.form.rows)
    figures = [row.figures for row in rows]
    cut = {at for at in range(1, count) if _may_be_cut(rows[at - 1], rows[at], vocabulary)}
    nameless = [at in cut or _is_nameless(row, vocabulary) for at, row in enumerate(rows)]
    best = [[0.0] * (width + 1) for _ in range(count + 1)]
    back: list[list[tuple[int, int, float]]] = [[(0, 0, 0.0)] * (width + 1) for _ in range(count + 1)]
    for j in range(1, width + 1):
        best[0][j], back[0][j] = best[0][j - 1] + _SKIP_FORM_ROW, (0, 1, 0.0)
    for i in range(1, count + 1):
        steps = _steps(rows, i, vocabulary, nameless[i - 1])
        skip = _SKIP_FIGURES if figures[i - 1] >= _MOST_FIGURES else -0.05 * bool(figures[i - 1])
        best[i][0], back[i][0] = best[i - 1][0] + skip, (1, 0, 0.0)
        for j in range(1, width + 1):
            top, move = best[i - 1][j] + skip, (1, 0, 0.0)
            if best[i][j - 1] + _SKIP_FORM_ROW > top:
                top, move = best[i][j - 1] + _SKIP_FORM_ROW, (0, 1, 0.0)
            for taken, gain, score in (*steps.get(j - 1, ()), *steps.get(-1, ())):
                if best[i - taken][j - 1] + gain > top:
                    top, move = best[i - taken][j - 1] + gain, (taken, 1, score)
            best[i][j], back[i][j] = top, move
    kept = _between_anchors(_trace(rows, back, width), nameless, vocabulary.form.key == "t2")
    taken_up = {row for at, taken, _ in kept for row in range(at, at + taken)}
    lost = (cut | {row for row in range(count) if figures[row] >= _MOST_FIGURES}) - taken_up
    return [replace(match, doubtful=bool(lost & {at - 1, at + taken})) for at, taken, match in kept]


def quality(matches: Sequence[Match]) -> float:
    """How well a set of rows fits the form: the sum of the labels' likeness."""
    return sum(match.score for match in matches)


def _is_nameless(row: Row, vocabulary: Vocabulary) -> bool:
    if not row.label:
        return row.figures > 0
    return row.figures >= _WHOLE and not any(vocabulary.scores(label) for label in _spellings([row]))


def _may_be_cut(before: Row, row: Row, vocabulary: Vocabulary) -> bool:
    """Whether figures that begin a page beside no label of the form can be of the row before."""
    return are_rests(before, row) and not any(vocabulary.scores(label) for label in _spellings([row]))


def are_rests(before: Row, row: Row) -> bool:
    """Whether a row begins a page and all its texts are figures, or second lines of some."""
    if row.page == before.page or not row.filled:
        return False
    return all(_REST.fullmatch(row.slots[k].text or "") for k in row.filled)


def _steps(
    rows: Sequence[Row], end: int, vocabulary: Vocabulary, nameless: bool
) -> dict[int, tuple[tuple[int, float, float], ...]]:
    """Form row index → ways (rows taken, gain, likeness) in which rows ending at ``end`` can be that row."""
    found: dict[int, list[tuple[int, float, float]]] = {}
    last = rows[end - 1]
    if nameless:
        return {-1: ((1, _UNLABELLED, 0.0),), **_figures_behind_the_break(rows, end, vocabulary)}
    whole: dict[int, float] = {}
    for taken in range(1, min(_PARTS, end) + 1):
        part = rows[end - taken : end]
        if taken > 1 and not _may_join(part):
            break
        figures = any(row.figures for row in part)
        completes = figures and not last.figures  # the figures stand in the upper half
        for label in _spellings(part):
            for index, score in vocabulary.scores(label).items():
                least = whole.get(index, 0.0) + (0.0 if taken == 1 else -0.05 if completes else 0.02)
                if score >= least:
                    whole[index] = max(score, whole.get(index, 0.0))
                    gain = score + _JOIN * (taken - 1) - (0.25 if not any(row.slots for row in part) else 0.0)
                    found.setdefault(index, []).append((taken, gain, score))
    return {index: tuple(ways) for index, ways in found.items()}


def _figures_behind_the_break(
    rows: Sequence[Row], end: int, vocabulary: Vocabulary
) -> dict[int, tuple[tuple[int, float, float], ...]]:
    """A label at the foot of a page whose figures stand alone at the head of the next, or the rest of some."""
    if end < 2:
        return {}
    first, last = rows[end - 2], rows[end - 1]
    if first.page == last.page or not first.label or (first.figures and not goes_on(first, last)):
        return {}
    found: dict[int, tuple[tuple[int, float, float], ...]] = {}
    for label in _spellings([first]):
        for index, score in vocabulary.scores(label).items():
            found[index] = (*found.get(index, ()), (2, score + _BREAK, score))
    return found


def goes_on(first: Row, last: Row) -> bool:
    """Whether a row without a label holds the rest of the row before the page's end: second lines, or all it lacks."""
    rest = last.filled <= first.filled or len(first.filled | last.filled) == len(first.slots)
    return rest and _may_join([first, last])


def _spellings(part: Sequence[Row]) -> tuple[str, ...]:
    if len(part) == 1:
        return (part[0].label, part[0].full_label) if len(part[0].labels) > 1 else (part[0].label,)
    inner = "".join(row.label for row in part)
    return inner, part[0].label + "".join(row.full_label for row in part[1:])


def _may_join(part: Sequence[Row]) -> bool:
    """Halves of one row never both hold a figure in the same column, unless the page's end cuts the figure too."""
    both = {k for first, second in combinations(part, 2) for k in first.filled & second.filled}
    if not both or len(part) > 2 or part[0].page == part[1].page:
        return not both
    return all(_CUT.fullmatch("|".join(row.slots[k].text or "" for row in part)) for k in both)


_Found = tuple[int, int, Match]
"""The number of the first row taken, how many were taken, and for which row of the form."""


def _trace(rows: Sequence[Row], back: list[list[tuple[int, int, float]]], width: int) -> list[_Found]:
    i, j = len(rows), width
    found: list[_Found] = []
    while i or j:
        taken, step, score = back[i][j]
        if taken and step:
            row = rows[i - taken]
            for other in rows[i - taken + 1 : i]:
                row = row.joined(other)
            found.append((i - taken, taken, Match(j - 1, row, score)))
        i, j = i - taken, j - step
    return found[::-1]


def _between_anchors(found: list[_Found], nameless: Sequence[bool], headed: bool) -> list[_Found]:
    """Drop rows taken by position wherever their number leaves any doubt.

    ``headed``: rows begin right under the table's head, so that the head is an anchor too.
    """
    anchors = [(-1, -1), *((at, match.index) for at, _, match in found if match.score > 0)]
    kept = []
    for at, taken, match in found:
        if match.score > 0:
            kept.append((at, taken, match))
            continue
        before = max(anchor for anchor in anchors if anchor[0] < at)
        after = min((anchor for anchor in anchors if anchor[0] > at), default=None)
        if (before[0] < 0 and not headed) or after is None:
            continue
        if sum(nameless[before[0] + 1 : after[0]]) == after[1] - before[1] - 1:
            kept.append((at, taken, match))
    return kept
