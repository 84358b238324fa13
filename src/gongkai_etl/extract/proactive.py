"""Table 二 by the positions of its words: a row is a line with a label and its figures, or with a label alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from gongkai_etl.extract.figures import with_units
from gongkai_etl.extract.labels import normal, vocabulary
from gongkai_etl.extract.numbers import is_figure, is_open_note
from gongkai_etl.extract.places import centre, printed_lines
from gongkai_etl.extract.rows import LOST, Row, Slot
from gongkai_etl.extract.zones import head_of
from gongkai_etl.form import editions, table_form
from gongkai_etl.model import Word

_MOST = 3
"""Columns of the widest blocks of table 二."""
_ASIDE = 0.35
"""Farthest that a figure stands from the middle of its head, in distances to the next head."""
_STUB = "信息内容"


def proactive_rows(words: Sequence[Word], page: int, strict: bool = False) -> list[Row]:
    """The rows in a stretch of a page, each with a slot for each column of its block where that can be told.

    ``strict``: only rows whose label is one of the form, word for word, and whose figures stand right
    under the heads above.
    """
    rows: list[Row] = []
    header, heads = "", list[Word]()
    lines = [(line, _figures(line, strict)) for line in printed_lines(with_units(words))]
    whole = next((figures for _, figures in lines if len(figures) == _MOST), [])
    for line, figures in lines:
        name = normal("".join(word.text for word in line if word not in figures))
        if head_of(name) == "t2" and not figures:
            first = "第二十条" in name
            header = name if first else header + name
            heads = [] if first else max(heads, _heads(line), key=len)
        elif figures and (not name or max(vocabulary("t2", e).best(name) for e in editions()) > 0):
            if strict and not (_least_columns(name) and _is_level(figures, heads)):
                rows += [] if name else [Row((), (LOST,) * len(figures), False, page, header)]
                continue
            slots = _slots(name, figures, [] if strict else whole, heads, page)
            if any(word.text[:1].isdigit() and word not in figures for word in line[1:]):
                slots = (LOST,) * len(slots)
            rows.append(Row((name,) if name else (), slots, True, page, header))
        elif name and not figures and _least_columns(name) and (heads or not strict):
            count = len(heads) or _least_columns(name)
            rows.append(Row((name,), (Slot("", page),) * count, True, page, header))
    return _without_doubtful(rows)


def _figures(line: Sequence[Word], strict: bool) -> list[Word]:
    """The figures of a line, also one whose note ends on the next page: its column is seen, it is not blank."""
    return [word for word in line if is_figure(word.text) or (not strict and is_open_note(word.text))]


def _is_level(figures: Sequence[Word], heads: Sequence[Word]) -> bool:
    """Whether there is a figure for each head, or each stands under the middle of one."""
    if not heads or len(figures) >= len(heads):
        return len(figures) == len(heads) > 0
    room = _ASIDE * min(centre(right) - centre(left) for left, right in pairwise(heads))
    return all(min(abs(centre(head) - centre(word)) for head in heads) <= room for word in figures)


def _heads(line: Sequence[Word]) -> list[Word]:
    """The column heads on a line, each as one word."""
    found: list[Word] = []
    for word in line:
        if found and word.box[0] - found[-1].box[2] < word.box[3] - word.box[1]:
            box = (*found[-1].box[:2], *word.box[2:])
            found[-1] = replace(found[-1], text=found[-1].text + word.text, box=box)
        else:
            found.append(word)
    return [head for head in found if normal(head.text) != _STUB]


def _without_doubtful(rows: Sequence[Row]) -> list[Row]:
    """The rows; what is blank beside figures without a label is lost, for these can be of it."""
    found = []
    for at, row in enumerate(rows):
        if any(not other.label for other in (*rows[max(at - 1, 0) : at], *rows[at + 1 : at + 2])):
            if not row.figures:
                continue
            row = replace(row, slots=tuple(slot if slot.filled else LOST for slot in row.slots))
        found.append(row)
    return found


def _slots(
    name: str, figures: Sequence[Word], whole: Sequence[Word], heads: Sequence[Word], page: int
) -> tuple[Slot, ...]:
    """The slots of a row; where it has blanks, by the figures of a ``whole`` row above or below, or by the heads."""
    slots = tuple(Slot(word.text, page, word.box, None, word.confidence) for word in figures)
    several = len(figures) > 1 or len(heads) > 1 or _least_columns(name) > 1
    if not several:
        return slots
    columns = _below(whole, figures) if len(figures) < len(whole) else None
    if columns is None and len(figures) < len(heads):
        columns = _nearest(heads, figures)
    if columns is None:
        return slots
    placed = [Slot("", page)] * (len(heads) or len(whole))
    if max(columns) >= len(placed):
        return slots
    for column, slot in zip(columns, slots, strict=True):
        placed[column] = slot
    return tuple(placed)


def _least_columns(name: str) -> int:
    """How many columns a row of table 二 has, in the edition that gives it the fewest; 0 for no row of it."""
    return min(
        (
            len(block.columns)
            for edition in editions()
            for block in table_form("t2", edition).blocks
            for row in block.rows
            if name in map(normal, (row.label, *row.variants))
        ),
        default=0,
    )


def _below(whole: Sequence[Word], figures: Sequence[Word]) -> list[int] | None:
    """The columns of figures that each stand in line with one of those of a ``whole`` row."""
    columns = [[k for k, other in enumerate(whole) if _is_in_line(word, other)] for word in figures]
    if any(len(own) != 1 for own in columns) or len({own[0] for own in columns}) < len(columns):
        return None
    return [own[0] for own in columns]


def _nearest(heads: Sequence[Word], figures: Sequence[Word]) -> list[int] | None:
    """The columns whose heads stand nearest to figures; None where two have the same."""
    columns = [min(range(len(heads)), key=lambda k: abs(centre(heads[k]) - centre(word))) for word in figures]
    return columns if len(set(columns)) == len(columns) else None


def _is_in_line(first: Word, second: Word) -> bool:
    """Whether two words share their left edge, their middle or their right edge."""
    near = (first.box[3] - first.box[1]) / 4
    return (
        abs(first.box[0] - second.box[0]) <= near
        or abs(first.box[2] - second.box[2]) <= near
        or abs(centre(first) - centre(second)) <= near
    )
