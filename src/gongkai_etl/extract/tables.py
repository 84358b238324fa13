"""Rows → cells of the form: one way of reading, all three tables, each in the edition its head names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from gongkai_etl.extract.align import Match, align, are_rests, goes_on, quality
from gongkai_etl.extract.copies import copies_of
from gongkai_etl.extract.labels import normal, vocabulary
from gongkai_etl.extract.lines import only_zeros
from gongkai_etl.extract.named import group_of
from gongkai_etl.extract.rows import LOST, Row, Slot
from gongkai_etl.form import Block, Column, TableForm, editions, table_form
from gongkai_etl.text import squeeze

_NEWEST = 0.3
_GROUPS = 3
_NUMBERED = 15
"""So many figures 1, 2, 3 … below each other's heads are numbers of columns."""
_SURE = 0.75
"""Least likeness at which a damaged label counts as read, not guessed."""


@dataclass(slots=True)
class Seen:
    """What one way of reading saw in one cell; ``sure`` is false where a damaged label was guessed."""

    slot: Slot
    sure: bool = True


@dataclass(slots=True)
class Reading:
    """One way of reading a document: per table the edition (None: table not found) and the cells seen.

    ``rivals`` are the texts of cells that another table of the same kind gives otherwise.
    """

    name: str
    editions: dict[str, str | None] = field(default_factory=dict)
    cells: dict[str, Seen] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    """Row (``t3.received``) → the label as read."""
    rivals: dict[str, str] = field(default_factory=dict)


def reading_of(name: str, rows: Mapping[str, Sequence[Row]]) -> Reading:
    """Put the rows of one way of reading into the form."""
    reading = Reading(name)
    halves = {row.columns: [other for other in rows["t3"] if other.columns == row.columns] for row in rows["t3"]}
    if len(halves) > 1:
        _place_halves(reading, list(halves.values()))
    for table in ("t2",) if len(halves) > 1 else ("t2", "t3"):
        first, *others = copies_of(rows[table], vocabulary(table, editions()[0]))
        _place(reading, table, first)
        for copy in others:
            other = Reading(name)
            _place(other, table, copy)
            reading.rivals |= _differing(reading, other)
    _outcomes(reading, rows["t4"])
    return reading


def _place(reading: Reading, table: str, rows: Sequence[Row]) -> None:
    chosen, matches = _fit(table, rows)
    reading.editions[table] = chosen
    if chosen:
        place, form = _proactive if table == "t2" else _applicants, table_form(table, chosen)
        place(reading, form, matches)
        reading.labels |= {f"{table}.{form.rows[match.index].key}": match.row.label for match in matches}


def _place_halves(reading: Reading, halves: Sequence[Sequence[Row]]) -> None:
    """Table 三 printed in parts, a few columns each: every part's rows are found by its own labels.

    A part without labels has the rows of the form in their order, if it and the labelled part have all of them.
    """
    labelled = [rows for rows in halves if any(row.label for row in rows)]
    fits = [_fit("t3", rows) for rows in labelled]
    chosen, matches = max(fits, key=lambda fit: quality(fit[1]), default=(None, []))
    reading.editions["t3"] = chosen
    if chosen is None:
        return
    form = table_form("t3", chosen)
    for rows in halves:
        own = align(rows, vocabulary("t3", chosen)) if rows in labelled else []
        if rows not in labelled and len(rows) == len(matches) == len(form.rows):
            own = [Match(index, row, 1.0) for index, row in enumerate(rows)]
        _applicants(reading, form, own)
        reading.labels |= {f"t3.{form.rows[match.index].key}": match.row.label for match in own if match.row.label}


def _differing(reading: Reading, other: Reading) -> dict[str, str]:
    """What another table says otherwise; one without any figure says nothing."""
    if not any(seen.slot.filled for seen in other.cells.values()):
        return {}
    return {
        key: seen.slot.text
        for key, seen in other.cells.items()
        if seen.slot.text is not None
        and (key not in reading.cells or squeeze(seen.slot.text) != squeeze(reading.cells[key].slot.text or ""))
    }


def _fit(table: str, rows: Sequence[Row]) -> tuple[str | None, list[Match]]:
    """The edition that the head names (table 二), or whose rows fit better, and the rows in it.

    The newest edition has a head start, so that a few rows without a head count as the form in force.
    """
    names = _by_head(rows) if table == "t2" else editions()
    best: tuple[float, str | None, list[Match]] = (0.0, None, [])
    for name in names:
        form = table_form(table, name)
        matches = align(rows, vocabulary(table, name))
        fit = quality(matches)
        if fit == len(form.rows) and (table != "t2" or len(names) == 1):
            return name, matches
        worth = fit + (_width_fit(matches, form) if table == "t2" else _NEWEST if name == names[0] else 0.0)
        if fit and worth > best[0]:
            best = (worth, name, matches)
    return best[1], best[2]


def _by_head(rows: Sequence[Row]) -> tuple[str, ...]:
    """The edition whose column heads are printed above the rows; all editions when that does not tell."""
    heads = "".join(dict.fromkeys(row.header for row in rows))
    named = {name: _named(heads, table_form("t2", name)) for name in editions()}
    most = max(named.values())
    return tuple(name for name in named if named[name] == most)


def _named(heads: str, form: TableForm) -> int:
    return sum(normal(column.label) in heads for block in form.blocks for column in block.columns)


def _width_fit(matches: Sequence[Match], form: TableForm) -> int:
    widths = [len(block.columns) for block in form.blocks for _ in block.rows]
    return sum(len(match.row.slots) == widths[match.index] for match in matches)


def _block_of(form: TableForm, index: int) -> Block:
    for block in form.blocks:
        if index < len(block.rows):
            return block
        index -= len(block.rows)
    raise IndexError(index)


def _proactive(reading: Reading, form: TableForm, matches: Sequence[Match]) -> None:
    for match in matches:
        row = form.rows[match.index]
        columns = _columns(form, match)
        slots = _fitted(match.row, len(columns))
        for column, slot in zip(columns, slots, strict=True):
            reading.cells[f"t2.{row.key}.{column.key}"] = Seen(
                slot, match.score >= _SURE and match.row.complete and not match.doubtful
            )


def _columns(form: TableForm, match: Match) -> tuple[Column, ...]:
    """The columns of a row's block: of the edition whose heads stand right above the row (hybrids exist)."""
    block, key = _block_of(form, match.index), form.rows[match.index].key
    same = [
        other
        for name in editions()
        for other in table_form("t2", name).blocks
        if any(row.key == key for row in other.rows)
    ]
    return max(same, key=lambda other: (_heads(match.row.header, other), other is block)).columns


def _heads(header: str, block: Block) -> float:
    """Which part of a block's column heads is printed in a header."""
    return sum(normal(column.label) in header for column in block.columns) / len(block.columns)


def _fitted(row: Row, wanted: int) -> tuple[Slot, ...]:
    """The row's slots, when there are as many as columns; surplus blanks at the end are no cells."""
    slots = row.slots
    while len(slots) > wanted and not slots[-1].filled:
        slots = slots[:-1]
    if len(slots) > wanted == 1:
        filled = [slot for slot in slots if slot.filled]
        slots = (filled[0],) if len({slot.text for slot in filled}) == 1 else slots  # a merged cell, repeated
    if len(slots) == 1 and wanted > 1:
        zeros = only_zeros(slots[0].text, wanted)
        if zeros:
            return tuple(Slot(zero, slots[0].page, slots[0].box, slots[0].address) for zero in zeros)
    if len(slots) == wanted:
        return slots
    return (LOST,) * wanted


def _applicants(reading: Reading, form: TableForm, matches: Sequence[Match]) -> None:
    columns = form.blocks[0].columns
    for match in matches:
        slots = match.row.slots if len(match.row.slots) == len(columns) else (LOST,) * len(columns)
        for k, (column, slot) in enumerate(zip(columns, slots, strict=True)):
            if match.row.columns and k not in match.row.columns:
                continue
            key = f"t3.{form.rows[match.index].key}.{column.key}"
            sure = match.score >= _SURE and match.row.complete and not match.doubtful
            reading.cells[key] = Seen(slot, sure)


def _outcomes(reading: Reading, rows: Sequence[Row]) -> None:
    """Fifteen figures in one row, or three groups of five one below the other."""
    form = table_form("t4", "2021")
    keys = [key for key, *_ in form.cells()]
    seen: list[list[Seen]] = [[]]
    for row in _by_group(
        _uncut([row for row in rows if row.figures]) or rows
    ):  # a page break can leave an empty half row
        slots = _window(row.slots, 15) if len(row.slots) > 15 else row.slots
        if len(seen[-1]) >= len(keys):
            seen.append([])
        seen[-1] += [Seen(slot, row.complete) for slot in slots]
    reading.editions["t4"] = "2021" if seen[0] or rows else None
    first, *others = (dict(zip(keys, table, strict=True)) if len(table) == len(keys) else {} for table in seen)
    reading.cells.update(first)
    for other in others if first else ():
        reading.rivals |= _differing(reading, Reading(reading.name, cells=other))


def _uncut(rows: Sequence[Row]) -> list[Row]:
    """The rows; one whose figures go on behind a page's end is put together, or no longer sure."""
    found: list[Row] = []
    for row in rows:
        before = found[-1] if found else None
        if before and not row.label and len(row.slots) == len(before.slots) and are_rests(before, row):
            found[-1] = before.joined(row) if goes_on(before, row) else replace(before, complete=False)
        else:
            found.append(row)
    return found


def _by_group(rows: Sequence[Row]) -> Sequence[Row]:
    """Rows of one group each in the form's order, by their labels; none where labels leave doubt about it.

    A row that only numbers the columns is left out.
    """
    kept = [row for row in rows if len(rows) == 1 or not _is_numbering(row)]
    kept = [row for row in kept if len(row.slots) in (5, 10) or len(row.slots) >= _NUMBERED]
    if len(kept) < _GROUPS or any(len(row.slots) != 5 for row in kept[:_GROUPS]):
        return kept
    groups = [group_of(row.full_label) for row in kept[:_GROUPS]]
    if set(groups) == set(range(_GROUPS)):
        return [kept[groups.index(group)] for group in range(_GROUPS)]
    return [] if any(group not in (None, at) for at, group in enumerate(groups)) else kept


def _is_numbering(row: Row) -> bool:
    return len(row.slots) >= _NUMBERED and [slot.text for slot in row.slots] == [
        f"{k + 1}" for k in range(len(row.slots))
    ]


def _window(slots: Sequence[Slot], wanted: int) -> Sequence[Slot]:
    """The one run of so many slots outside which nothing is filled; nothing where there are several."""
    runs = [
        slots[start : start + wanted]
        for start in range(len(slots) - wanted + 1)
        if not any(slot.filled for slot in (*slots[:start], *slots[start + wanted :]))
    ]
    return runs[0] if len(runs) == 1 else ()
