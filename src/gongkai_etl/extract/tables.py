"""Rows → cells of the form: one way of reading, all three tables, each in the edition its head names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from gongkai_etl.extract.align import Match, align, quality
from gongkai_etl.extract.labels import normal, vocabulary
from gongkai_etl.extract.lines import only_zeros
from gongkai_etl.extract.rows import LOST, Row, Slot
from gongkai_etl.form import Block, TableForm, editions, table_form

_NEWEST = 0.3
"""Head start of the newest edition where too few rows are there to tell."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What one way of reading saw in one cell; ``sure`` is false where a damaged label was guessed."""

    slot: Slot
    sure: bool = True


@dataclass(slots=True)
class Reading:
    """One way of reading a document: per table the edition (None: table not found) and the cells seen."""

    name: str
    editions: dict[str, str | None] = field(default_factory=dict)
    cells: dict[str, Seen] = field(default_factory=dict)


def reading_of(name: str, rows: Mapping[str, Sequence[Row]]) -> Reading:
    """Put the rows of one way of reading into the form."""
    reading = Reading(name)
    for table in ("t2", "t3"):
        found = {edition: align(rows[table], vocabulary(table, edition)) for edition in editions()}
        chosen = _edition(table, rows[table], found)
        reading.editions[table] = chosen
        if chosen:
            place = _proactive if table == "t2" else _applicants
            place(reading, table_form(table, chosen), found[chosen])
    _outcomes(reading, rows["t4"])
    return reading


def _edition(table: str, rows: Sequence[Row], found: Mapping[str, Sequence[Match]]) -> str | None:
    """The edition that the head names (table 二), or whose rows fit better; newest when both fit alike."""
    fits = {edition: quality(matches) for edition, matches in found.items()}
    if not any(fits.values()):
        return None
    if table == "t2":
        heads = "".join(dict.fromkeys(row.header for row in rows))
        named = {edition: _named(heads, table_form("t2", edition)) for edition in fits}
        if len(set(named.values())) > 1:
            return max(named, key=lambda edition: named[edition])
        widths = {edition: _width_fit(matches, table_form("t2", edition)) for edition, matches in found.items()}
        return max(fits, key=lambda edition: (fits[edition] + widths[edition], edition))
    newest = editions()[0]
    return max(fits, key=lambda edition: fits[edition] + (_NEWEST if edition == newest else 0.0))


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
        block, row = _block_of(form, match.index), form.rows[match.index]
        slots = _fitted(match.row, len(block.columns))
        for column, slot in zip(block.columns, slots, strict=True):
            reading.cells[f"t2.{row.key}.{column.key}"] = Seen(slot, match.score >= 0.75)


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
        for column, slot in zip(columns, slots, strict=True):
            key = f"t3.{form.rows[match.index].key}.{column.key}"
            reading.cells[key] = Seen(slot, match.score >= 0.75)


def _outcomes(reading: Reading, rows: Sequence[Row]) -> None:
    """Fifteen figures in one row, or three groups of five one below the other."""
    form = table_form("t4", "2021")
    keys = [key for key, *_ in form.cells()]
    slots: list[Slot] = []
    for row in rows:
        slots += row.slots[:15] if len(row.slots) >= 15 else row.slots[:5] if len(row.slots) == 5 else ()
        slots += row.slots if len(row.slots) == 10 else ()
        if len(slots) >= len(keys):
            break
    reading.editions["t4"] = "2021" if slots or rows else None
    if len(slots) == len(keys):
        reading.cells.update({key: Seen(slot) for key, slot in zip(keys, slots, strict=True)})
