"""Workbooks saved as one XML file (SpreadsheetML 2003, as many systems export an .xls)."""

from __future__ import annotations

from gongkai_etl.errors import ReadError
from gongkai_etl.read.sheet_looks import Looks
from gongkai_etl.read.sheet_shown import Spans
from gongkai_etl.read.sheet_values import number
from gongkai_etl.read.xml import Element, attribute, child, local, parse

_MAX_ROWS, _MAX_COLUMNS, _MAX_AREA = 20_000, 500, 2_000_000

Sheet = tuple[str, list[list[str]], Spans, Looks]


def sheets(data: bytes, name: str) -> list[Sheet]:
    """Name, texts, merged ranges and looks of each visible sheet.

    Raises ReadError ``READ-DAMAGED``, ``READ-UNSAFE`` (a place far out).
    """
    found = [node for node in parse(data, name) if local(node) == "Worksheet"]
    return [_sheet(node, child(node, "Table"), name) for node in found if not _is_hidden(node)]


def _is_hidden(sheet: Element) -> bool:
    shown = child(sheet, "WorksheetOptions", "Visible")
    return shown is not None and "".join(str(piece) for piece in shown.itertext()).startswith("Sheet")


def _sheet(sheet: Element, table: Element | None, name: str) -> Sheet:
    cells: dict[tuple[int, int], str] = {}
    spans: Spans = {}
    looks = Looks()
    row = -1
    for node in table if table is not None else ():
        if local(node) == "Row":
            row = _place(node, row, _MAX_ROWS, name)
            if attribute(node, "Hidden") == "1":
                looks.rows.add(row)
            _row(node, row, cells, spans, name)
    height = max((at for at, _ in cells), default=-1) + 1
    width = max((at for _, at in cells), default=-1) + 1
    if height * width > _MAX_AREA:
        raise _unsafe(name)
    texts = [[cells.get((down, across), "") for across in range(width)] for down in range(height)]
    return attribute(sheet, "Name") or "", texts, spans, looks


def _row(node: Element, row: int, cells: dict[tuple[int, int], str], spans: Spans, name: str) -> None:
    column = -1
    for cell in node:
        if local(cell) != "Cell":
            continue
        column = _place(cell, column, _MAX_COLUMNS, name)
        content = child(cell, "Data")
        cells[row, column] = _text(content) if content is not None else ""
        across, down = (_whole(attribute(cell, f"Merge{way}")) for way in ("Across", "Down"))
        if across or down:
            spans[row, column] = (min(down, _MAX_ROWS) + 1, min(across, _MAX_COLUMNS) + 1)
        column += min(across, _MAX_COLUMNS)


def _text(content: Element) -> str:
    text = "".join(str(piece) for piece in content.itertext())
    if attribute(content, "Type") != "Number":
        return text
    try:
        return number(float(text))
    except ValueError:
        return text


def _place(node: Element, before: int, most: int, name: str) -> int:
    place = _whole(attribute(node, "Index")) - 1
    found = place if place > before else before + 1
    if found >= most:
        raise _unsafe(name)
    return found


def _unsafe(name: str) -> ReadError:
    return ReadError("READ-UNSAFE", f"{name}：表格的行列数异常多，为安全起见没有读取。请向报送单位核实文件来源。")


def _whole(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 7 else 0
