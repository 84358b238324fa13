"""Second way of reading: where the words stand on the page, without any regard to drawn lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gongkai_etl.extract.applicants import applicant_rows, columns_of, halves_of
from gongkai_etl.extract.heads import outcome_heads
from gongkai_etl.extract.places import among, centre, is_of_figure, is_wrapped, printed_lines, stacks
from gongkai_etl.extract.proactive import proactive_rows
from gongkai_etl.extract.rows import LOST, Row, Slot, spread
from gongkai_etl.extract.steady import before_the_break, behind_the_break, wanders, without_gaps
from gongkai_etl.extract.stretches import Zone, stretches
from gongkai_etl.model import Page, Word

_APPLICANTS = 7
_OUTCOMES = 15


def read_aligned(pages: Sequence[Page]) -> dict[str, list[Row]]:
    """Table key → rows with a slot for each column, from the words' positions alone."""
    rows: dict[str, list[Row]] = {"t2": [], "t3": [], "t4": []}
    zones = stretches(pages)
    applicants = [zone.words for zone in zones if zone.table == "t3"]
    columns = columns_of(applicants)
    halves = iter(halves_of(applicants) if columns is None else ())
    above: Zone | None = None
    for zone in zones:
        if zone.table == "t3" and above and above.table == "t3":
            rows["t3"] = before_the_break(rows["t3"], zone.words)
        if zone.table == "t3" and columns:
            own = applicant_rows(zone.words, zone.page.number, columns)
            rows["t3"] += behind_the_break(own, above.words if above and above.table == "t3" else ())
        elif zone.table == "t3" and (half := next(halves, None)):
            found = applicant_rows(zone.words, zone.page.number, tuple(half.values()))
            rows["t3"] += [_of_half(row, tuple(half)) for row in found]
        elif zone.table == "t2":
            rows["t2"] += proactive_rows(zone.words, zone.page.number)
        elif zone.table == "t4":
            rows["t4"] += _outcome_rows(zone, above)
        above = zone
    return {table: without_gaps(found) for table, found in rows.items()} if wanders(applicants, columns) else rows


def _of_half(row: Row, columns: tuple[int, ...]) -> Row:
    return replace(row, slots=spread(row.slots, columns, _APPLICANTS), columns=columns)


def _outcome_rows(zone: Zone, above: Zone | None) -> list[Row]:
    """The row of outcomes: fifteen figures (or five, or ten) at one height; blanks by the head's columns.

    ``above`` is the zone before: the head can stand at the foot of the page before.
    """
    rows = []
    number = zone.page.number
    lines = _unwrapped(printed_lines([word for word in zone.words if is_of_figure(word.text)]))
    for line in lines:
        heads = [word for word in zone.words if word.box[3] <= line[0].box[1] + 2]
        columns = outcome_heads(heads) or (above and above.table == "t4" and outcome_heads(above.words))
        if columns and len(line) > 1 and len(line) != len(columns):
            rows.append(Row((), _in_columns(line, columns, number, among(line, zone.words)), True, number))
        elif len(line) % 5 == 0:
            slots = tuple(Slot(word.text, number, word.box, None, word.confidence) for word in line)
            rows.append(Row((), slots, True, number))
    if not lines and (columns := outcome_heads(zone.words)):
        rows.append(Row((), _in_columns((), columns, number), True, number))
    return rows


def _unwrapped(lines: Sequence[list[Word]]) -> list[list[Word]]:
    """Lines of figures; the lines of one row with figures wrapped in narrow columns are put together."""
    words = [word for line in lines for word in line]
    if len(lines) > 1 and len(stacks(words)) == _OUTCOMES and is_wrapped(lines):
        return [[_whole(stack) for stack in stacks(words)]]
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


def _in_columns(
    line: Sequence[Word], centres: Sequence[float], page: int, lost: Sequence[Word] = ()
) -> tuple[Slot, ...]:
    def nearest_to(word: Word) -> int:
        return min(range(len(centres)), key=lambda k: abs(centres[k] - centre(word)))

    slots = [Slot("", page)] * len(centres)
    for word in lost:
        slots[nearest_to(word)] = LOST
    for word in line:
        nearest = nearest_to(word)
        text = f"{slots[nearest].text} {word.text}".strip()
        slots[nearest] = Slot(text, page, word.box, None, word.confidence)
    return tuple(slots)
