"""XLSX layouts: everything on one sheet, or one sheet a table."""

from __future__ import annotations

import io
import random
import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Side

from tests.writers.layout import Form, Line, Slot, Table, blocks, random_form
from tests.writers.truth import Truth


def write(truth: Truth, variant: str = "one", seed: int = 0) -> bytes:
    """The report as a workbook; ``variant`` is ``one`` sheet, ``many`` sheets, or ``text`` figures."""
    form = random_form(random.Random(seed)) if seed else Form()
    book: Any = Workbook()
    book.properties.created = book.properties.modified = datetime(2026, 1, 10, tzinfo=UTC).replace(tzinfo=None)
    sheet = book.active
    sheet.title = "年报"
    at = 1
    for block in blocks(truth, form):
        if isinstance(block, Line):
            sheet.cell(at, 1, block.text)
            at += 1
            continue
        if variant == "many" and not (block.key == "t2" and block.rows[0][0].text[-3:-2] != "一"):
            sheet = book.create_sheet({"t2": "表二", "t3": "表三", "t4": "表四"}[block.key])
            at = 1
        at = _put(sheet, block, at, truth, as_text=variant == "text") + 1
        if variant == "many":
            sheet = book.worksheets[0] if block.key == "t4" else sheet
            at = sheet.max_row + 1
    return _stable(book)


def _put(sheet: Any, table: Table, at: int, truth: Truth, as_text: bool) -> int:
    side = Side(style="thin")
    for row, column, slot in table.placed():
        cell = sheet.cell(at + row, column + 1)
        cell.value = slot.text if as_text else _native(slot, truth)
        if isinstance(truth.cells.get(slot.key or ""), Decimal) and not as_text and "." in slot.text:
            cell.number_format = "0." + "0" * len(slot.text.split(".")[1])
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        cell.border = Border(side, side, side, side)
        if slot.rows > 1 or slot.columns > 1:
            last = (at + row + slot.rows - 1, column + slot.columns)
            sheet.merge_cells(start_row=at + row, start_column=column + 1, end_row=last[0], end_column=last[1])
    return at + len(table.rows)


def _native(slot: Slot, truth: Truth) -> Any:
    """The figure as a number where it is printed as one."""
    value = truth.cells.get(slot.key) if slot.key else None
    if slot.key and slot.key not in truth.printed and isinstance(value, int | Decimal):
        return value
    return slot.text or None


def _stable(book: Workbook) -> bytes:
    draft, final = io.BytesIO(), io.BytesIO()
    book.save(draft)
    with ZipFile(draft) as source, ZipFile(final, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            data = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>2026-01-10T00:00:00Z", source.read(name))
            info = ZipInfo(name, (2026, 1, 10, 9, 0, 0))
            info.compress_type = ZIP_DEFLATED
            target.writestr(info, data)
    return final.getvalue()
