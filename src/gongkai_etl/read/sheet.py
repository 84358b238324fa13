"""Workbooks (.xlsx, .xls, WPS .et, .ods) → Document: stored values, merged cells, visible sheets."""

from __future__ import annotations

import io
from functools import cache
from typing import Any

from gongkai_etl.errors import ReadError
from gongkai_etl.form import TABLES, editions, table_form
from gongkai_etl.model import Block, Document, Grid, GridCell, Paragraph
from gongkai_etl.read.sheet_bounds import check_extent
from gongkai_etl.read.sheet_formats import Decimals, decimals_of, old_book
from gongkai_etl.read.sheet_looks import Looks, looks_of
from gongkai_etl.read.sheet_ods import ods_looks
from gongkai_etl.read.sheet_shown import Part, Spans, shown_part
from gongkai_etl.read.sheet_values import padded, shown
from gongkai_etl.read.sheet_xml import Sheet, sheets
from gongkai_etl.read.tables import tidy
from gongkai_etl.read.zips import Zip
from gongkai_etl.text import squeeze

READER = "sheet"
MAX_CELLS = 500_000


def read(data: bytes, name: str) -> Document:
    """Rows with one filled cell between tables are paragraphs; a sheet's other rows are its grid.

    Raises ReadError ``READ-DAMAGED``, ``READ-ENCRYPTED``, ``READ-UNSAFE``, ``READ-NO-TEXT``.
    """
    made = sheets(data, name) if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<" else _binary(data, name)
    blocks: list[Block] = []
    for sheet_name, texts, spans, own in made:
        blocks += _blocks(shown_part(texts, spans, own, _labels(), _heads()), sheet_name)
    if not blocks:
        raise ReadError("READ-NO-TEXT", f"{name}：表格里没有内容。请让报送单位重新报送。")
    return Document("sheet", tuple(blocks))


def _binary(data: bytes, name: str) -> list[Sheet]:
    check_extent(data, name)
    old = old_book(data)
    decimals, looks = decimals_of(data, name, old), _looks(data, name, old)
    made = []
    for sheet_name, rows, spans in _sheets(data, name):
        own = looks.get(sheet_name, Looks())
        made.append((sheet_name, _texts(rows, decimals.get(sheet_name, {}), own), spans, own))
    return made


def _looks(data: bytes, name: str, old: Any) -> dict[str, Looks]:
    package = Zip(data, name) if data.startswith(b"PK") else None
    if package is not None and "content.xml" in package.names:
        return ods_looks(package, name)
    return looks_of(data, name, old)


def _sheets(data: bytes, name: str) -> list[tuple[str, list[list[Any]], Spans]]:
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        kinds = python_calamine
        visible = [
            item.name
            for item in book.sheets_metadata
            if item.typ == kinds.SheetTypeEnum.WorkSheet and item.visible == kinds.SheetVisibleEnum.Visible
        ]
        sheets = [book.get_sheet_by_name(item) for item in visible]
        if sum(sheet.total_height * sheet.total_width for sheet in sheets) > MAX_CELLS:
            raise ReadError("READ-UNSAFE", f"{name}：表格的行列数异常多，为安全起见没有读取。请核实文件来源。")
        return [
            (sheet.name, sheet.to_python(skip_empty_area=False), _spans(sheet.merged_cell_ranges))
            for sheet in sheets
        ]
    except python_calamine.PasswordError as error:
        raise ReadError(
            "READ-ENCRYPTED", f"{name}：文件有密码，无法读取。请让报送单位去掉密码后重新报送。"
        ) from error
    except (ReadError, MemoryError):
        raise
    except BaseException as error:
        # The library panics on some damaged files, with an exception of its own that is no Exception.
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            raise ReadError("READ-DAMAGED", f"{name}：表格文件已损坏。请让报送单位重新导出后报送。") from error
        raise


def _spans(ranges: list[tuple[tuple[int, int], tuple[int, int]]] | None) -> Spans:
    return {(top, left): (bottom - top + 1, right - left + 1) for (top, left), (bottom, right) in ranges or ()}


def _texts(rows: list[list[Any]], decimals: Decimals, looks: Looks) -> list[list[str]]:
    texts = [[tidy(shown(value)) for value in row] for row in rows]
    for (row, column), count in decimals.items():
        if row < len(rows) and column < len(rows[row]) and isinstance(rows[row][column], int | float):
            texts[row][column] = padded(texts[row][column], count)
    width = max((column + 1 for _, column in looks.texts), default=0)
    for (row, column), text in looks.texts.items():
        while row >= len(texts):
            texts.append([])
        texts[row] += [""] * (max(width, len(texts[0])) - len(texts[row]))
        texts[row][column] = tidy(text)
    most = max(map(len, texts), default=0)
    return [row + [""] * (most - len(row)) for row in texts]


def _blocks(part: Part, sheet: str) -> list[Block]:
    """Runs of rows with at least two filled cells are grids; a caption stays with the run below it."""
    texts = part.texts
    filled = [sum(bool(text) for text in row) for row in texts]
    labelled = [any(squeeze(text) in _labels() for text in row if text) for row in texts]
    blocks: list[Block] = []
    start = 0
    while start < len(texts):
        end = _end_of_table(filled, labelled, part.spans, start)
        if end > start:
            blocks.append(_grid(part, start, end, sheet))
            start = end
            continue
        blocks += [Paragraph(text) for text in texts[start] if text]
        start += 1
    return blocks


@cache
def _labels() -> frozenset[str]:
    """The labels of the form's rows: a row with nothing but its label has been left blank."""
    blocks = [block for name in editions() for table in TABLES for block in table_form(table, name).blocks]
    return frozenset(
        squeeze(text) for block in blocks for row in block.rows for text in (row.label, *row.variants)
    )


@cache
def _heads() -> frozenset[str]:
    """The names of the form's columns."""
    blocks = [block for name in editions() for table in TABLES for block in table_form(table, name).blocks]
    return frozenset(squeeze(text) for block in blocks for c in block.columns for text in (c.label, *c.variants))


def _end_of_table(filled: list[int], labelled: list[bool], spans: Spans, start: int) -> int:
    """Where the table that begins in row ``start`` ends; ``start`` when none begins there.

    A row with one filled cell is a caption when a row of the table follows directly (第二十条第（五）项);
    it belongs to the table when it is a label of the form, or when a merged cell reaches down to it.
    """
    reach = {
        row
        for (top, _), (height, _) in spans.items()
        for row in range(top, min(top + height, len(filled)))
        if height > 1
    }
    end = row = start
    while row < len(filled):
        inside = filled[row] > 1 or ((row in reach or labelled[row]) and end > start)
        caption = filled[row] == 1 and row + 1 < len(filled) and filled[row + 1] > 1
        if not inside and not (caption and end > start):
            break
        row += 1
        end = row if inside else end
    return end


def _grid(part: Part, start: int, end: int, sheet: str) -> Grid:
    covered: set[tuple[int, int]] = set()
    cells: list[GridCell] = []
    texts, spans = part.texts, part.spans
    rows = texts[start:end]
    used = [column for column in range(len(rows[0])) if any(row[column] for row in rows)]
    first, last = used[0], used[-1]
    for row in range(start, end):
        for column in range(first, last + 1):
            if (row, column) in covered:
                continue
            height, width = spans.get((row, column), (1, 1))
            height, width = min(height, end - row), min(width, last + 1 - column)
            covered |= {(row + down, column + right) for down in range(height) for right in range(width)}
            address = f"{sheet}!{_letters(part.columns[column])}{part.rows[row] + 1}"
            cells.append(GridCell(texts[row][column], row - start, column - first, height, width, address=address))
    return Grid(end - start, last + 1 - first, tuple(cells), READER)


def _letters(column: int) -> str:
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(ord("A") + rest) + text
    return text
