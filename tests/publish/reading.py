"""Reading published figures back from each kind of file, for comparison."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

from docx import Document
from lxml import html
from openpyxl import load_workbook

from gongkai_etl.form import edition
from gongkai_etl.model import Value
from gongkai_etl.publish.layout import printed
from gongkai_etl.publish.workbook import NAMES
from gongkai_etl.store.warehouse import Warehouse

Figures = dict[str, Value]


def number(text: str) -> Value:
    """A printed figure; — and nothing are no figure."""
    if text in ("", "—"):
        return None
    return Decimal(text) if "." in text else int(text)


def of_dataset(root: Path) -> Figures:
    """County figures of county_totals.csv."""
    with (root / "data/county_totals.csv").open(encoding="utf-8", newline="") as stream:
        return {row["cell_key"]: number(row["value"]) for row in csv.DictReader(stream)}


def of_unit(root: Path, code: str, year: str = "2025") -> Figures:
    """A unit's figures of cells.csv."""
    with (root / "data/cells.csv").open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if (row["year"], row["unit_code"]) == (year, code)]
    return {row["cell_key"]: number(row["value"]) for row in rows}


def of_page(path: Path) -> Figures:
    """The figures of the three tables on a page of the site."""
    page = html.parse(str(path), html.HTMLParser(encoding="utf-8"))
    found = {}
    for cell in page.xpath("//td[@data-key]"):
        links = cell.xpath("./a")
        text = links[0].text_content() if links else (cell.text or "")
        found[cell.get("data-key")] = number(text.strip())
    return found


def of_report(path: Path) -> Figures:
    """The figures of the three tables of the county report in Word, found by their place in the grid."""
    document = Document(str(path))
    found: Figures = {}
    for form, table in zip(edition("2021").tables.values(), document.tables, strict=False):
        grid = printed(form)
        for slot in grid.slots:
            text = table.cell(slot.row, slot.column).text
            if slot.key:
                found[slot.key] = number(text)
            else:
                assert text == slot.text
    return found


def of_workbook(path: Path, row_name: str = "全县合计") -> Figures:
    """One line of the three table sheets; the workbook must have been calculated."""
    book = load_workbook(path, data_only=True)
    found: Figures = {}
    for name in NAMES.values():
        sheet = book[name]
        line = next(row for row in range(6, sheet.max_row + 1) if str(sheet.cell(row, 2).value) == row_name)
        for column in range(4, sheet.max_column + 1):
            key = sheet.cell(5, column).value
            if key:
                value = sheet.cell(line, column).value
                found[str(key)] = None if value in ("", None) else _exact(value)
    return found


def _exact(value: object) -> Value:
    return value if isinstance(value, int) else Decimal(str(value))


def of_parquet(root: Path) -> Figures:
    """County figures of county_totals.parquet."""
    import pyarrow.parquet as pq

    rows = pq.read_table(root / "data/county_totals.parquet").to_pylist()
    return {row["cell_key"]: row["value"] for row in rows}


def of_sheet(root: Path) -> Figures:
    """County figures of the dataset as a workbook."""
    book = load_workbook(next((root / "data").glob("gongkai-*.xlsx")), read_only=True)
    rows = book["全县汇总"].iter_rows(values_only=True)
    head = next(rows)
    key, value = head.index("数据格代码"), head.index("合计（按各单位所报）")
    return {str(row[key]): None if row[value] is None else _exact(row[value]) for row in rows}


def of_warehouse(warehouse: Warehouse, year: int) -> Figures:
    """County figures of the published views."""
    rows = warehouse.query("SELECT key, total FROM publish.county_totals WHERE year = :year", year=year)
    return {row["key"]: row["total"] for row in rows}
