"""Second way of reading: where the words stand on the page, without any regard to drawn lines."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from gongkai_etl.extract.furniture import furniture
from gongkai_etl.extract.labels import has_words, normal, vocabulary
from gongkai_etl.extract.numbers import is_figure
from gongkai_etl.extract.rows import Row, Slot
from gongkai_etl.extract.zones import head_of, zone_of
from gongkai_etl.form import editions, table_form
from gongkai_etl.model import Page, Word

_WRAPPED_FIGURES = 2
_WRAPPED_STEP = 1.5
"""Farthest that two lines of one cell stand apart, in heights of a figure."""
_ROW_LABEL = 0.9
_COLUMNS = {"t2": 3, "t3": 7, "t4": 15}
_OUTCOME = re.compile("[结果维持纠正其他尚未审总计]{1,4}")
"""The heads of table 四, whole or cut into lines."""


@dataclass(slots=True)
class Band:
    """Figures at one height of a page, and the words that stand left of them at that height."""

    figures: list[Word]
    y: float
    page: int
    labels: list[Word]


@dataclass(slots=True)
class _Zone:
    """A stretch of one page that belongs to one table."""

    table: str
    page: Page
    words: list[Word]


def read_aligned(pages: Sequence[Page]) -> dict[str, list[Row]]:
    """Table key → rows with a slot for each column, from the words' positions alone."""
    rows: dict[str, list[Row]] = {"t2": [], "t3": [], "t4": []}
    zones = _zones(pages)
    centres = _centres([zone for zone in zones if zone.table == "t3"])
    above: _Zone | None = None
    for zone in zones:
        if zone.table == "t3" and centres:
            rows["t3"] += _applicant_rows(zone, centres)
        elif zone.table == "t2":
            rows["t2"] += _proactive_rows(zone)
        elif zone.table == "t4":
            rows["t4"] += _outcome_rows(zone, above)
        above = zone
    return rows


def _middle(word: Word) -> float:
    return (word.box[1] + word.box[3]) / 2


def _centre(word: Word) -> float:
    return (word.box[0] + word.box[2]) / 2


def _zones(pages: Sequence[Page]) -> list[_Zone]:
    """The pages cut at the first label or head of each table and at the headings of the sections."""
    zones: list[_Zone] = []
    table: str | None = None
    lines_of = [printed_lines(page.words) for page in pages]
    texts = [[" ".join(word.text for word in line) for line in lines] for lines in lines_of]
    running = furniture([(page.number, own) for page, own in zip(pages, texts, strict=True)])
    for page, lines, left_out in zip(pages, lines_of, running, strict=True):
        current: _Zone | None = None
        for at, line in enumerate(lines):
            if at in left_out:
                continue
            table = _turn("".join(word.text for word in line), table)
            if table is None:
                current = None
                continue
            if current is None or current.table != table:
                current = _Zone(table, page, [])
                zones.append(current)
            current.words += line
    return zones


_ENDS = ("存在的主要问题", "其他需要报告", "总体情况")


def _turn(text: str, table: str | None) -> str | None:
    name = normal(text)
    if any(end in name for end in _ENDS) and len(name) < 30:
        return None
    if len(name) > 70 and not any(character.isdigit() for character in name):
        return table if table != "t4" else None
    if head_of(name[:60]) and has_words(name):
        return head_of(name[:60])
    zone = zone_of("".join(part for part in name if not part.isdigit())) if has_words(name) else None
    return zone or table


def printed_lines(words: Sequence[Word]) -> list[list[Word]]:
    """Words grouped by height, top to bottom, each group from left to right."""
    lines: list[list[Word]] = []
    middle = height = 0.0
    for word in sorted(words, key=_middle):
        size = word.box[3] - word.box[1]
        if lines and abs(_middle(word) - middle) <= 0.45 * min(max(size, 4.0), max(height, 4.0)):
            lines[-1].append(word)
        else:
            lines.append([word])
            middle, height = _middle(word), size
    return [sorted(line, key=lambda word: word.box[0]) for line in lines]


def _centres(zones: Sequence[_Zone]) -> tuple[float, ...] | None:
    """The x of the seven columns: the middle of the figures in lines that hold exactly seven."""
    full = [
        figures
        for zone in zones
        for line in printed_lines(zone.words)
        if len(figures := [word for word in line if is_figure(word.text)]) == 7
    ]
    if not full:
        return None
    return tuple(median(_centre(line[k]) for line in full) for k in range(7))


def _applicant_rows(zone: _Zone, centres: Sequence[float]) -> list[Row]:
    reach = min(b - a for a, b in pairwise(centres)) / 2
    left = centres[0] - reach
    bands = _bands(zone, lambda word: _centre(word) > left and _column(word, centres, reach) is not None)
    labels = [word for word in zone.words if _centre(word) <= left and normal(word.text)]
    _give_labels(bands, labels)
    bands = _unwrapped(bands, lambda word: _column(word, centres, reach))
    rows = []
    for band in bands:
        slots = [Slot("", zone.page.number)] * 7
        for word in band.figures:
            column = _column(word, centres, reach)
            if column is not None:
                text = f"{slots[column].text}{_between(band, word)}{word.text}".strip()
                slots[column] = Slot(text, zone.page.number, word.box, None, word.confidence)
        rows.append(Row(_names(band.labels), tuple(slots), True, zone.page.number))
    return rows


def _unwrapped(bands: Sequence[Band], column: Callable[[Word], int | None]) -> list[Band]:
    """Bands with the second lines of figures wrapped in a narrow column put to the line they go on from.

    Such a line stands closer than any row, holds a figure or two right under others, and no row's label.
    """
    kept: list[Band] = []
    for band in bands:
        above = kept[-1] if kept else None
        size = max(word.box[3] - word.box[1] for word in band.figures)
        if (
            above is not None
            and len(band.figures) <= _WRAPPED_FIGURES < len(above.figures)
            and band.y - above.y <= _WRAPPED_STEP * size
            and all(word.text.isdigit() for word in band.figures)
            and {column(word) for word in band.figures} <= {column(word) for word in above.figures}
            and not _is_labelled(band)
        ):
            kept[-1] = Band([*above.figures, *band.figures], above.y, above.page, [*above.labels, *band.labels])
        else:
            kept.append(band)
    return kept


def _is_labelled(band: Band) -> bool:
    name = "".join(_names(band.labels))
    return bool(name) and max(vocabulary("t3", edition).best(name) for edition in editions()) >= _ROW_LABEL


def _between(band: Band, word: Word) -> str:
    """What parts a figure from what stands before it in its column: a line break where it is the lower line."""
    return "\n" if _middle(word) - band.y > (word.box[3] - word.box[1]) / 2 else " "


def _column(word: Word, centres: Sequence[float], reach: float) -> int | None:
    x = _centre(word)
    right = bisect(centres, x)
    if right == len(centres) or (right and x - centres[right - 1] < centres[right] - x):
        right -= 1
    return right if abs(centres[right] - x) <= reach * 1.2 else None


def _bands(zone: _Zone, wanted: Callable[[Word], bool]) -> list[Band]:
    figures = [word for word in zone.words if is_figure(word.text) and wanted(word)]
    return [
        Band(line, sum(map(_middle, line)) / len(line), zone.page.number, []) for line in printed_lines(figures)
    ]


def _give_labels(bands: Sequence[Band], labels: Sequence[Word]) -> None:
    """Each line of label text goes to the band whose figures stand nearest to its height."""
    if not bands:
        return
    borders = [(first.y + second.y) / 2 for first, second in pairwise(bands)]
    for word in labels:
        bands[bisect(borders, _middle(word))].labels.append(word)


def _names(words: Sequence[Word]) -> tuple[str, ...]:
    """The label of a band: its words line by line; the innermost column of labels last."""
    name = normal("".join(word.text for line in printed_lines(words) for word in line))
    return (name,) if name else ()


def _proactive_rows(zone: _Zone) -> list[Row]:
    rows = []
    header = ""
    lines = [(line, [word for word in line if is_figure(word.text)]) for line in printed_lines(zone.words)]
    whole = next((figures for _, figures in lines if len(figures) == _COLUMNS["t2"]), [])
    for line, figures in lines:
        name = normal("".join(word.text for word in line if word not in figures))
        if head_of(name) == "t2" and not figures:
            header = "" if "第二十条" in name else header
            header += name
        elif figures and (not name or max(vocabulary("t2", e).best(name) for e in editions()) > 0):
            slots = tuple(Slot(word.text, zone.page.number, word.box, None, word.confidence) for word in figures)
            if len(figures) < len(whole) and (len(figures) > 1 or _least_columns(name) > 1):
                slots = _below(whole, figures, slots)
            rows.append(Row((name,) if name else (), slots, True, zone.page.number, header))
    return rows


def _least_columns(name: str) -> int:
    """How many columns a row of table 二 has, in the edition that gives it the fewest."""
    return min(
        (
            len(block.columns)
            for edition in editions()
            for block in table_form("t2", edition).blocks
            for row in block.rows
            if name in map(normal, (row.label, *row.variants))
        ),
        default=1,
    )


def _below(whole: Sequence[Word], figures: Sequence[Word], slots: tuple[Slot, ...]) -> tuple[Slot, ...]:
    """The slots of a row with blanks: each figure stands in line with one of those of a ``whole`` row."""
    columns = [[k for k, other in enumerate(whole) if _is_in_line(word, other)] for word in figures]
    if any(len(own) != 1 for own in columns) or len({own[0] for own in columns}) < len(columns):
        return slots
    placed = [Slot("", slots[0].page)] * len(whole)
    for (column,), slot in zip(columns, slots, strict=True):
        placed[column] = slot
    return tuple(placed)


def _is_in_line(first: Word, second: Word) -> bool:
    """Whether two words share their left edge, their middle or their right edge."""
    near = (first.box[3] - first.box[1]) / 4
    return (
        abs(first.box[0] - second.box[0]) <= near
        or abs(first.box[2] - second.box[2]) <= near
        or abs(_centre(first) - _centre(second)) <= near
    )


def _outcome_rows(zone: _Zone, above: _Zone | None) -> list[Row]:
    """The row of outcomes: fifteen figures (or five, or ten) at one height; blanks by the head's columns.

    ``above`` is the zone before: the head can stand at the foot of the page before.
    """
    rows = []
    for line in printed_lines([word for word in zone.words if is_figure(word.text)]):
        number = zone.page.number
        if len(line) % 5 == 0:
            slots = tuple(Slot(word.text, number, word.box, None, word.confidence) for word in line)
            rows.append(Row((), slots, True, number))
        elif len(line) > 1:
            heads = [word for word in zone.words if word.box[3] <= line[0].box[1] + 2]
            centres = _head_columns(heads) or (above and above.table == "t4" and _head_columns(above.words))
            if centres:
                rows.append(Row((), _in_columns(line, centres, number), True, number))
    return rows


def _head_columns(words: Sequence[Word]) -> tuple[float, ...] | None:
    """The middles of the fifteen column heads (结果维持 to 总计, three times)."""
    columns: list[list[float]] = []
    heads = [word for line in printed_lines(words) for word in _closed_up(line) if _OUTCOME.fullmatch(word.text)]
    for word in sorted(heads, key=_centre):
        if columns and _centre(word) - columns[-1][-1] <= 0.6 * (word.box[2] - word.box[0]) / len(word.text):
            columns[-1].append(_centre(word))
        else:
            columns.append([_centre(word)])
    return tuple(median(column) for column in columns) if len(columns) == _COLUMNS["t4"] else None


def _closed_up(line: Sequence[Word]) -> list[Word]:
    """A line's words with 总 and 计 that were printed apart as one word."""
    found: list[Word] = []
    for word in line:
        if word.text == "计" and found and found[-1].text == "总":
            before = found.pop().box
            word = replace(word, text="总计", box=(before[0], before[1], word.box[2], word.box[3]))
        found.append(word)
    return found


def _in_columns(line: Sequence[Word], centres: Sequence[float], page: int) -> tuple[Slot, ...]:
    slots = [Slot("", page)] * len(centres)
    for word in line:
        nearest = min(range(len(centres)), key=lambda k: abs(centres[k] - _centre(word)))
        slots[nearest] = Slot(word.text, page, word.box, None, word.confidence)
    return tuple(slots)
