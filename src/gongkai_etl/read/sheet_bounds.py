"""How far a workbook's sheets reach, before a reader lays them out as a full rectangle in memory."""

from __future__ import annotations

import re

from gongkai_etl.errors import ReadError
from gongkai_etl.read.zips import Zip

MAX_ROWS = 100_000
MAX_COLUMNS = 2_000
MAX_AREA = 500_000
MAX_SHEETS = 200

_FILLED = re.compile(rb'<c\s[^<>]{0,200}?\br="([A-Z]+)(\d+)"[^<>/]{0,200}>')
_REPEAT = re.compile(rb'table:number-(?:rows|columns)-repeated="(\d+)"')


def check_extent(data: bytes, name: str) -> None:
    """Raises ReadError ``READ-UNSAFE`` when one cell far out would make a sheet fill the memory.

    Only files over zip need this: .xls cannot be wider than 256 columns.
    """
    if not data.startswith(b"PK"):
        return
    package = Zip(data, name)
    sheets = [entry for entry in package.names if re.search(r"xl/worksheets/[^/]+\.xml$", entry)]
    if len(sheets) > MAX_SHEETS:
        raise _unsafe(name)
    for entry in sheets:
        xml = package.read(entry)
        if b"<!DOCTYPE" in xml[:4096]:
            raise _unsafe(name)
        found = {(match[1], match[2]) for match in _FILLED.finditer(xml)}
        rows = max((int(row) for _, row in found), default=0)
        columns = max((_column(letters) for letters, _ in found), default=0)
        if rows > MAX_ROWS or columns > MAX_COLUMNS or rows * columns > MAX_AREA:
            raise _unsafe(name)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _unsafe(name: str) -> ReadError:
    return ReadError("READ-UNSAFE", f"{name}：表格的行列数异常多，为安全起见没有读取。请向报送单位核实文件来源。")
