"""Second way of reading: where the words stand on the page, without any regard to drawn lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median

from gongkai_etl.extract.applicants import applicant_rows, columns_of
from gongkai_etl.extract.furniture import furniture
from gongkai_etl.extract.labels import has_words, normal, vocabulary
from gongkai_etl.extract.numbers import is_figure
from gongkai_etl.extract.places import centre, is_of_figure, is_wrapped, printed_lines, stacks, with_notes
from gongkai_etl.extract.prose import heading_words
from gongkai_etl.extract.rows import Row, Slot
from gongkai_etl.extract.zones import head_of, zone_of
from gongkai_etl.form import editions, table_form
from gongkai_etl.model import Page, Word

_COLUMNS = {"t2": 3, "t4": 15}


@dataclass(slots=True)
class _Zone:
    """A stretch of one page that belongs to one table."""

    table: str
    page: Page
    words: list[Word]


def read_aligned(pages: Sequence[Page]) -> dict[str, list[Row]]:
    """Table key → rows with a slot for each column, from the words' positions alone."""
    rows: dict[str, list[Row]] = {"t2": [], "t3": [], "t4": []}
    zones = [replace(zone, words=with_notes(zone.words)) for zone in _zones(pages)]
    columns = columns_of([zone.words for zone in zones if zone.table == "t3"])
    above: _Zone | None = None
    for zone in zones:
        if zone.table == "t3" and columns:
            rows["t3"] += applicant_rows(zone.words, zone.page.number, columns)
        elif zone.table == "t2":
            rows["t2"] += _proactive_rows(zone)
        elif zone.table == "t4":
            rows["t4"] += _outcome_rows(zone, above)
        above = zone
    return rows


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


_PROSE = ("1", "5", "6")
"""The sections that are text: their headings end a table."""


def _turn(text: str, table: str | None) -> str | None:
    name = normal(text)
    if len(name) < 30 and any(word in name for section in _PROSE for word in heading_words()[section]):
        return None
    if len(name) > 70 and not any(character.isdigit() for character in name):
        return table if table != "t4" else None
    if head_of(name[:60]) and has_words(name):
        return head_of(name[:60])
    zone = zone_of("".join(part for part in name if not part.isdigit())) if has_words(name) else None
    return zone or table


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
        or abs(centre(first) - centre(second)) <= near
    )


def _outcome_rows(zone: _Zone, above: _Zone | None) -> list[Row]:
    """The row of outcomes: fifteen figures (or five, or ten) at one height; blanks by the head's columns.

    ``above`` is the zone before: the head can stand at the foot of the page before.
    """
    rows = []
    number = zone.page.number
    lines = _unwrapped(printed_lines([word for word in zone.words if is_of_figure(word.text)]))
    for line in lines:
        heads = [word for word in zone.words if word.box[3] <= line[0].box[1] + 2]
        columns = _head_columns(heads) or (above and above.table == "t4" and _head_columns(above.words))
        if columns and 1 < len(line) < len(columns):
            rows.append(Row((), _in_columns(line, columns, number), True, number))
        elif len(line) % 5 == 0:
            slots = tuple(Slot(word.text, number, word.box, None, word.confidence) for word in line)
            rows.append(Row((), slots, True, number))
    if not lines and (columns := _head_columns(zone.words)):
        rows.append(Row((), _in_columns((), columns, number), True, number))
    return rows


def _unwrapped(lines: Sequence[list[Word]]) -> list[list[Word]]:
    """Lines of figures; the second lines of figures wrapped in narrow columns are put to the first."""
    groups: list[list[list[Word]]] = []
    for line in lines:
        if groups and is_wrapped([*groups[-1], line]):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [
        group[0]
        if len(group) == 1
        else [_whole(stack) for stack in stacks([word for line in group for word in line])]
        for group in groups
    ]


def _whole(stack: Sequence[Word]) -> Word:
    boxes = [word.box for word in stack]
    box = (min(b[0] for b in boxes), boxes[0][1], max(b[2] for b in boxes), boxes[-1][3])
    return replace(stack[0], text="\n".join(word.text for word in stack), box=box)


def _head_columns(words: Sequence[Word]) -> tuple[float, ...] | None:
    """The middles of the fifteen column heads (结果维持 to 总计, three times)."""
    columns: list[list[float]] = []
    heads = [word for line in printed_lines(words) for word in _closed_up(line) if _is_outcome(word.text)]
    for word in sorted(heads, key=centre):
        if columns and centre(word) - columns[-1][-1] <= 0.6 * (word.box[2] - word.box[0]) / len(word.text):
            columns[-1].append(centre(word))
        else:
            columns.append([centre(word)])
    return tuple(median(column) for column in columns) if len(columns) == _COLUMNS["t4"] else None


def _is_outcome(text: str) -> bool:
    """Whether a word is one of the heads of table 四, or a line of one."""
    heads = [normal(column.label) for column in table_form("t4", "2021").blocks[0].columns]
    return 0 < len(text) <= max(map(len, heads)) and set(text) <= set("".join(heads))


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
        nearest = min(range(len(centres)), key=lambda k: abs(centres[k] - centre(word)))
        slots[nearest] = Slot(word.text, page, word.box, None, word.confidence)
    return tuple(slots)
