"""Spreadsheet sheets made of rows: headings frozen, widths set, colours with one meaning everywhere."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from copy import copy
from datetime import datetime
from typing import Any
from weakref import WeakKeyDictionary

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from gongkai_etl.publish.archive import normalise

RED = PatternFill("solid", start_color="FFFFC7CE")
YELLOW = PatternFill("solid", start_color="FFFFEB9C")
BLUE = PatternFill("solid", start_color="FFDDEBF7")
GREY = PatternFill("solid", start_color="FFEDEDED")
HEAD = PatternFill("solid", start_color="FFD9E2F3")
MEANINGS = (
    (RED, "有错误：规则和两边的数见批注"),
    (YELLOW, "读取不确定，须对照原件核实"),
    (BLUE, "规则有疑问，经核实保留：理由见批注"),
    (GREY, "没有数据：不计为 0"),
)
_LINE = Side(style="thin", color="FFBFBFBF")
BORDER = Border(_LINE, _LINE, _LINE, _LINE)
CENTRE = Alignment(horizontal="center", vertical="center", wrap_text=True)
LEFT = Alignment(horizontal="left", vertical="center", wrap_text=True)
PLAIN, BOLD, SMALL = Font("宋体", 10), Font("宋体", 10, bold=True), Font("宋体", 7, color="FF808080")

# Workbook → (font, fill) → the style it has there; fonts and fills are constants of this module.
_LOOKS: WeakKeyDictionary[Workbook, dict[tuple[int, int], Any]] = WeakKeyDictionary()


def safe(value: object) -> object:
    """A text that begins like a formula stays a text."""
    if isinstance(value, str) and value.startswith("="):
        return f"'{value}"
    return value


def put(sheet: Any, row: int, column: int, value: object, font: Font = PLAIN, fill: Any = None) -> Any:
    """Write one bordered cell and give it back."""
    cell = sheet.cell(row, column, value)
    looks = _LOOKS.setdefault(sheet.parent, {})
    look = (id(font), id(fill))
    if look not in looks:
        cell.font, cell.alignment, cell.border = font, CENTRE, BORDER
        if fill is not None:
            cell.fill = fill
        looks[look] = cell._style
    # Naming the four parts of a look again for each of 100,000 cells takes longer than all the rest.
    cell._style = copy(looks[look])
    return cell


def put_title(sheet: Any, text: str, columns: int) -> None:
    """The first line of a sheet, over all its columns."""
    sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=columns)
    cell = sheet.cell(1, 1, text)
    cell.font, cell.alignment = Font("黑体", 14), Alignment(horizontal="left", vertical="center")
    sheet.row_dimensions[1].height = 26


def list_sheet(
    sheet: Any, title: str, heads: Sequence[tuple[str, float]], rows: Iterable[Sequence[object]]
) -> int:
    """A title, a frozen line of headings (text, width in characters), rows; gives the last row's number."""
    put_title(sheet, title, len(heads))
    for column, (text, width) in enumerate(heads, 1):
        put(sheet, 2, column, text, BOLD, HEAD)
        sheet.column_dimensions[get_column_letter(column)].width = width
    last = 2
    for last, row in enumerate(rows, 3):
        for column, value in enumerate(row, 1):
            cell = put(sheet, last, column, safe(value))
            if isinstance(value, str) and len(value) > 8:
                cell.alignment = LEFT
        sheet.row_dimensions[last].height = _height(row, heads)
    sheet.freeze_panes = "C3"
    sheet.auto_filter.ref = f"A2:{get_column_letter(len(heads))}{max(last, 2)}"
    landscape(sheet)
    return last


def _height(row: Sequence[object], heads: Sequence[tuple[str, float]]) -> float:
    """Points for the longest text of a row: office programs do not fit rows they did not write."""
    lines = [-(-_width(str(value or "")) // int(width - 1)) for value, (_, width) in zip(row, heads, strict=True)]
    return 15.0 * max(1, *lines) + 3


def _width(text: str) -> int:
    """How wide a text is in Latin characters; a Chinese one takes the room of two."""
    return sum(2 if ord(character) > 0x2E7F else 1 for character in text)


def landscape(sheet: Any) -> None:
    """Print across the page, as wide as one page, headings on each."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:2"


def to_bytes(book: Workbook, title: str, moment: datetime) -> bytes:
    """The XLSX file; the same workbook gives the same bytes."""
    book.properties.title, book.properties.creator = title, "gongkai-etl"
    buffer = io.BytesIO()
    book.save(buffer)
    return normalise(buffer.getvalue(), moment)
