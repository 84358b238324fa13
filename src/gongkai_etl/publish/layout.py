"""The three tables as they are printed: which slot spans which rows and columns (no I/O, no format).

The same grid makes the Word table, the page of the site and the sheet of the workbook, so that
labels and merged cells cannot differ between them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gongkai_etl.form import Block, TableForm


@dataclass(frozen=True, slots=True)
class Slot:
    """One printed cell. ``key`` is set for a figure; ``role`` says what a heading is a heading for."""

    row: int
    column: int
    text: str = ""
    key: str | None = None
    row_span: int = 1
    column_span: int = 1
    role: str = "figure"
    """``figure``, ``column`` (heading above), ``row`` (heading on the left), ``block`` (heading across)."""


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """A table as printed: slots in reading order; ``head`` rows repeat on a new page."""

    rows: int
    columns: int
    head: int
    slots: tuple[Slot, ...]

    def lines(self) -> Iterator[list[Slot]]:
        """The slots that begin in each row."""
        for row in range(self.rows):
            yield [slot for slot in self.slots if slot.row == row]


def printed(form: TableForm) -> PrintedTable:
    """The printed form of table 二, 三 or 四 in its edition."""
    return {"t2": _stacked, "t3": _applications, "t4": _side_by_side}[form.key](form)


def _stacked(form: TableForm) -> PrintedTable:
    """Table 二: each 第二十条 item is a line across, a line of headings, and its rows."""
    slots: list[Slot] = []
    row = 0
    width = 1 + max(len(block.columns) for block in form.blocks)
    for block in form.blocks:
        slots.append(Slot(row, 0, block.label, column_span=width, role="block"))
        slots.append(Slot(row + 1, 0, block.stub or "", role="column"))
        spans = list(_spread(len(block.columns), width - 1))
        for (start, span), column in zip(spans, block.columns, strict=True):
            slots.append(Slot(row + 1, 1 + start, column.label, column_span=span, role="column"))
        for offset, line in enumerate(block.rows, row + 2):
            slots.append(Slot(offset, 0, line.label, role="row"))
            for (start, span), column in zip(spans, block.columns, strict=True):
                key = f"{form.key}.{line.key}.{column.key}"
                slots.append(Slot(offset, 1 + start, key=key, column_span=span))
        row += 2 + len(block.rows)
    return PrintedTable(row, width, 0, tuple(slots))


def _spread(count: int, width: int) -> Iterator[tuple[int, int]]:
    """``count`` columns over ``width`` slots; the last takes what is left."""
    for index in range(count):
        yield index, 1 if index < count - 1 else width - index


def _applications(form: TableForm) -> PrintedTable:
    """Table 三: three columns of stubs on the left, three rows of headings above."""
    block = form.blocks[0]
    width = 3 + len(block.columns)
    note = Slot(0, 0, f"（{block.stub}）", row_span=3, column_span=3, role="column")
    slots = [note, Slot(0, 3, block.label, column_span=len(block.columns), role="column"), *_heads(block)]
    for index, line in enumerate(block.rows):
        row = 3 + index
        slots += _stubs(block, index, row)
        depth = len(line.groups)
        slots.append(Slot(row, depth, line.label, column_span=3 - depth, role="row"))
        slots += [
            Slot(row, 3 + place, key=f"{form.key}.{line.key}.{column.key}")
            for place, column in enumerate(block.columns)
        ]
    slots.sort(key=lambda slot: (slot.row, slot.column))
    return PrintedTable(3 + len(block.rows), width, 3, tuple(slots))


def _heads(block: Block) -> Iterator[Slot]:
    for place, column in enumerate(block.columns):
        if column.group is None:
            yield Slot(1, 3 + place, column.label, row_span=2, role="column")
            continue
        if place == 0 or block.columns[place - 1].group != column.group:
            span = sum(other.group == column.group for other in block.columns)
            yield Slot(1, 3 + place, column.group, column_span=span, role="column")
        yield Slot(2, 3 + place, column.label, role="column")


def _stubs(block: Block, index: int, row: int) -> Iterator[Slot]:
    """The merged cells on the left that begin in this row."""
    groups = block.rows[index].groups
    for depth, label in enumerate(groups):
        same = [line.groups[: depth + 1] == groups[: depth + 1] for line in block.rows]
        if index and same[index - 1]:
            continue
        # A row of the outer group alone (（一）予以公开) spans two columns and starts no inner group.
        yield Slot(row, depth, label, row_span=sum(same), role="row")


def _side_by_side(form: TableForm) -> PrintedTable:
    """Table 四: the groups stand beside each other over one row of figures."""
    slots: list[Slot] = []
    column = 0
    for block in form.blocks:
        direct = len(block.rows) == 1 and block.rows[0].label == block.label
        width = len(block.columns) * len(block.rows)
        slots.append(Slot(0, column, block.label, column_span=width, role="column"))
        for line in block.rows:
            if not direct:
                slots.append(Slot(1, column, line.label, column_span=len(block.columns), role="column"))
            for place, entry in enumerate(block.columns):
                top, span = (1, 2) if direct else (2, 1)
                slots.append(Slot(top, column + place, entry.label, row_span=span, role="column"))
                slots.append(Slot(3, column + place, key=f"{form.key}.{line.key}.{entry.key}"))
            column += len(block.columns)
    slots.sort(key=lambda slot: (slot.row, slot.column))
    return PrintedTable(4, column, 3, tuple(slots))
