"""Table 三 by the positions of its words: a row begins where a label of the form begins."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import compress, pairwise, zip_longest
from statistics import median

from gongkai_etl.extract.heads import first_heads, some_heads
from gongkai_etl.extract.labels import normal
from gongkai_etl.extract.numbers import is_figure
from gongkai_etl.extract.places import (
    WRAPPED_STEP,
    centre,
    is_of_figure,
    is_wrapped,
    middle,
    printed_lines,
)
from gongkai_etl.extract.rows import LOST, Row, Slot, are_parts
from gongkai_etl.extract.zones import head_of
from gongkai_etl.form import editions, table_form
from gongkai_etl.model import Word

_COLUMNS = 7
_NUMBERED = re.compile(r"^[一二三四五六七八九\d]")
_SHORTEST = 3
"""Fewest characters of a label's beginning that tell a label."""
_TELLING = 5
"""So many characters at the beginning of a label are those of no other: what follows can be worded otherwise."""
_LABEL_STEP = 1.9
"""Farthest that two lines of one label stand apart, in heights of its characters."""
_KNOWN = 0.25
"""So many of the lines of figures must have a label's beginning for labels to make the rows."""


_OUTER = 0.6
"""Farthest that a figure of the first or last column stands from its middle, in distances to the next column."""
_ALONE = 60.0
"""How wide a column is that stands alone in its part of the table, in points."""
_ASIDE = 0.75
"""Farthest that a figure stands from the middle of its head, in distances to the next head."""


@dataclass(slots=True)
class _Band:
    """Figures at one height, and the words that stand left of them at that height.

    ``doubtful`` are figures of another line that can be of this row; ``astray``: they do not say their columns.
    """

    figures: list[Word]
    y: float
    labels: list[Word]
    doubtful: list[Word] = field(default_factory=list)
    astray: bool = False


def columns_of(stretches: Sequence[Sequence[Word]]) -> tuple[float, ...] | None:
    """The x of the seven columns: the middle of the figures in lines that hold exactly seven, else of the heads.

    Lines whose figures do not stand under the heads one by one (a column of line numbers) say nothing.
    """
    heads = first_heads([_above(words) for words in stretches])
    full = [
        figures[-_COLUMNS:]
        for words in stretches
        for line in printed_lines(words)
        if (figures := [word for word in line if is_figure(word.text)]) and _is_full(figures, heads)
    ]
    if not full:
        return heads
    return tuple(median(centre(line[k]) for line in full) for k in range(_COLUMNS))


def halves_of(stretches: Sequence[Sequence[Word]]) -> list[dict[int, float] | None]:
    """For each stretch of a table split by columns: the columns (0 to 6) under whose heads it stands, and their x.

    None for all, if the parts are not together one table.
    """
    found: list[dict[int, float] | None] = []
    for words in stretches:
        heads = some_heads(_above(words))
        if heads and len(heads) < _COLUMNS:
            figures = [
                line for line in printed_lines([w for w in words if is_figure(w.text)]) if len(line) == len(heads)
            ]
            found.append(
                {
                    k: median([centre(line[at]) for line in figures] or [x])
                    for at, (k, x) in enumerate(heads.items())
                }
            )
        else:
            found.append(found[-1] if found else None)
    parts = {tuple(half) for half in found if half}
    return found if are_parts(parts, _COLUMNS) else [None] * len(found)


def _is_full(figures: Sequence[Word], heads: Sequence[float] | None) -> bool:
    """Whether a line has a figure in each column; there may be a line's number before them."""
    if heads is None:
        return len(figures) == _COLUMNS
    return len(figures) in (_COLUMNS, _COLUMNS + 1) and stand_under(figures[-_COLUMNS:], heads)


def _above(words: Sequence[Word]) -> list[Word]:
    """The words above the first row: those of the head."""
    starts = starts_of(words) or sorted((word for word in words if is_figure(word.text)), key=middle)
    return [word for word in words if not starts or middle(word) < starts[0].box[1]]


def stand_under(figures: Sequence[Word], heads: Sequence[float]) -> bool:
    """Whether seven figures stand under the seven heads one by one, whichever way they are aligned."""
    gaps = [right - left for left, right in pairwise(heads)]
    room = zip([gaps[0], *gaps], [*gaps, gaps[-1]], strict=True)
    return all(
        -_ASIDE * before < centre(word) - x < _ASIDE * behind
        for word, x, (before, behind) in zip(figures, heads, room, strict=True)
    )


def applicant_rows(words: Sequence[Word], page: int, columns: Sequence[float]) -> list[Row]:
    """The rows in a stretch of a page, each with a slot for each of ``columns`` (the x of their middles).

    A row with a figure aside of all columns, or with one for each that does not stand in its own, is lost.
    """
    left = columns[0] - (columns[1] - columns[0] if len(columns) > 1 else _ALONE) / 2
    right_of = [word for word in words if is_of_figure(word.text) and centre(word) > left]
    placed = [_column(word, columns) is not None for word in right_of]
    figures = list(compress(right_of, placed))
    aside = [word for word, own in zip(right_of, placed, strict=True) if not own] + unclear(words, left)
    labels = without_numbers([word for word in words if centre(word) <= left and normal(word.text)])
    bands = [_Band(line, _height(line), []) for line in printed_lines(figures)]
    starts = starts_of(labels)
    if starts and len(starts) >= _KNOWN * len(bands):
        bands = _by_starts(bands, starts, labels)
    else:
        _by_height(bands, labels)
    for band in bands:
        band.astray = _is_astray(band, aside, columns)
    return [_row(band, page, columns) for band in bands]


def unclear(words: Sequence[Word], left: float) -> list[Word]:
    """Words right of the labels that begin as a figure and are none, and labels that end in one.

    Several figures are printed without a gap, or they are damaged.
    """
    reaching = [word for word in words if word.box[2] > left and not is_of_figure(word.text)]
    return [w for w in reaching if (w.text[:1] if centre(w) > left else w.text[-1:]).isdigit()]


def _is_astray(band: _Band, aside: Sequence[Word], columns: Sequence[float]) -> bool:
    """Whether a row's figures cannot be told their columns by where they stand."""
    line = sorted(band.figures, key=centre)
    level = [
        word for word in aside if line and abs(middle(word) - middle(line[0])) < (word.box[3] - word.box[1]) / 2
    ]
    if level or len(line) != len(columns):
        return bool(level)
    in_order = [_column(word, columns) for word in line] == list(range(len(columns)))
    return not in_order and len(printed_lines(line)) == 1


def without_numbers(labels: Sequence[Word]) -> list[Word]:
    """The words left of the figures without a column of line numbers right of them."""
    right = max((word.box[2] for word in labels if not word.text.isdecimal()), default=0.0)
    return [word for word in labels if not word.text.isdecimal() or word.box[0] < right - 1]


def _height(line: Sequence[Word]) -> float:
    return sum(map(middle, line)) / len(line)


def _row(band: _Band, page: int, columns: Sequence[float]) -> Row:
    slots = [Slot("", page)] * len(columns)
    run_together = {k for word in band.figures for k in _across(word, columns)}
    run_together |= {k for word in band.doubtful if (k := _column(word, columns)) is not None}
    top: dict[int, float] = {}
    for word in sorted(band.figures, key=middle):
        column = _column(word, columns)
        if column is not None:
            under = middle(word) - top.setdefault(column, middle(word)) > (word.box[3] - word.box[1]) / 2
            between = "\n" if under else " "
            text = f"{slots[column].text}{between}{word.text}".strip()
            slots[column] = Slot(text, page, word.box, None, word.confidence)
    kept = tuple(LOST if band.astray or k in run_together else slot for k, slot in enumerate(slots))
    return Row(_names(band.labels), kept, not run_together and not band.astray, page)


def _across(word: Word, columns: Sequence[float]) -> list[int]:
    """The columns over which a word goes, when they are several: figures printed without a gap between them."""
    own = [k for k, x in enumerate(columns) if word.box[0] < x < word.box[2]]
    return own if len(own) > 1 else []


def _column(word: Word, columns: Sequence[float]) -> int | None:
    """The column nearest to a word, if it is no farther than half the way to the next."""
    x = centre(word)
    right = bisect(columns, x)
    if right == len(columns) or (right and x - columns[right - 1] < columns[right] - x):
        right -= 1
    if 0 < right < len(columns) - 1:
        return right
    beside = [k for k in (right - 1, right + 1) if 0 <= k < len(columns)]
    step = min((abs(columns[right] - columns[k]) for k in beside), default=_ALONE)
    return right if abs(columns[right] - x) <= step * _OUTER else None


def _by_starts(bands: Sequence[_Band], starts: Sequence[Word], labels: Sequence[Word]) -> list[_Band]:
    """One band for each label: the figures nearest to it, on one line or wrapped, or none where the row is blank.

    Lines of figures beside the rest of a label from the page before, and lines that cannot all be of
    the label's row, stay bands of their own with the words at their height.
    """
    blocks = [block_of(start, below, labels) for start, below in zip_longest(starts, starts[1:])]
    above = [word for word in labels if middle(word) < starts[0].box[1]]
    if above and not any(head_of(normal(word.text)) for word in above):
        blocks.insert(0, above)
    spans = [(min(word.box[1] for word in block), max(word.box[3] for word in block)) for block in blocks]
    owned: list[list[_Band]] = [[] for _ in blocks]
    for band in bands:
        owned[min(range(len(spans)), key=lambda k: _distance(band.y, spans[k]))].append(band)
    for (before, own), (top, _) in zip(pairwise(owned), spans[1:], strict=True):
        above_own = len(own) > 1 and own[0].y < top
        if before and above_own and _are_wrapped([*before, own[0]]) and not _are_wrapped(own):
            before.append(own.pop(0))
    found: list[_Band] = []
    for block, own in zip(blocks, owned, strict=True):
        if len(own) > 1 and _are_wrapped(own):
            own = [_Band([word for band in own for word in band.figures], own[0].y, [])]
        if block is above or len(own) > 1:
            _by_height(own, block)
        elif own:
            own[0].labels = block
        else:
            own = [_Band([], middle(block[0]), block)]
        found += own
    found.sort(key=lambda band: band.y)
    _doubt_cut([band for band in found if band.figures])
    return found


def _doubt_cut(bands: Sequence[_Band]) -> None:
    """Figures without a label that are no whole row can be of the row right above or below: its columns are in doubt."""
    for high, low in pairwise(bands):
        size = max(word.box[3] - word.box[1] for word in (*high.figures[:1], *low.figures[:1]))
        if low.y - high.y > WRAPPED_STEP * size:
            continue
        for band, other in ((high, low), (low, high)):
            if len(other.figures) < _COLUMNS and not other.labels:
                band.doubtful += other.figures


def _are_wrapped(bands: Sequence[_Band]) -> bool:
    return is_wrapped([band.figures for band in bands])


def block_of(start: Word, below: Word | None, labels: Sequence[Word]) -> list[Word]:
    """The words of the label that begins with ``start``: line under line in its column, above the next label."""
    size = start.box[3] - start.box[1]
    bottom = below.box[1] - size / 2 if below else float("inf")
    found = [start]
    for word in sorted(labels, key=lambda word: word.box[1]):
        inside = start.box[1] - size / 2 <= word.box[1] < bottom and word.box[0] > start.box[0] - 1.5 * size
        if inside and word is not start and word.box[1] - found[-1].box[1] <= _LABEL_STEP * size:
            found.append(word)
    return found


def _distance(y: float, span: tuple[float, float]) -> float:
    return max(span[0] - y, y - span[1], 0.0)


def _by_height(bands: Sequence[_Band], labels: Sequence[Word]) -> None:
    """Each line of label text goes to the band whose figures stand nearest to its height."""
    if not bands:
        return
    borders = [(first.y + second.y) / 2 for first, second in pairwise(bands)]
    for word in labels:
        bands[bisect(borders, middle(word))].labels.append(word)


def _names(words: Sequence[Word]) -> tuple[str, ...]:
    """The label of a band: its words line by line."""
    name = normal("".join(word.text for line in printed_lines(words) for word in line))
    return (name,) if name else ()


def starts_of(labels: Sequence[Word]) -> list[Word]:
    """The words with which labels of the form begin, in the edition of which most are there."""
    most: list[Word] = []
    for edition in editions():
        found = [word for word in labels if _begins(normal(word.text), edition)]
        most = found if len(found) > len(most) else most
    return sorted(most, key=middle)


@cache
def _spellings(edition: str) -> tuple[str, ...]:
    rows = table_form("t3", edition).rows
    names = {normal(label) for row in rows for label in (row.label, *row.variants)}
    return tuple(names | {_NUMBERED.sub("", name) for name in names if len(name) > _SHORTEST + 1})


@lru_cache(maxsize=4096)
def _begins(name: str, edition: str) -> bool:
    """Whether a word is the beginning of a row's label, the whole label, or begins as one does."""
    return len(name) >= (_SHORTEST - 1 if name[:1].isdigit() else _SHORTEST) and any(
        label.startswith(name) or name.startswith((label, label[:_TELLING])) for label in _spellings(edition)
    )
