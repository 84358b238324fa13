"""The open dataset: CSV, Parquet and one XLSX workbook of the same tables, always the same bytes."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from gongkai_etl.publish.archive import normalise
from gongkai_etl.publish.facts import Row
from gongkai_etl.publish.tables import plain


@dataclass(frozen=True, slots=True)
class Field:
    """One column: Table Schema type, Chinese title, constraints."""

    name: str
    type: str
    title: str
    description: str = ""
    required: bool = False
    minimum: int | None = None
    pattern: str | None = None
    enum: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Resource:
    """One table: primary key, foreign keys (field → table) and columns in order."""

    name: str
    title: str
    description: str
    key: tuple[str, ...]
    fields: tuple[Field, ...]
    foreign: tuple[tuple[str, str], ...] = ()


@cache
def resources() -> dict[str, Resource]:
    """The tables of the dataset as dataset.yaml describes them."""
    data = yaml.safe_load(files("gongkai_etl.publish").joinpath("dataset.yaml").read_text("utf-8"))
    return {name: _resource(name, entry) for name, entry in data["resources"].items()}


def _resource(name: str, entry: dict[str, Any]) -> Resource:
    fields = tuple(Field(**{**field, "enum": tuple(field.get("enum", ()))}) for field in entry["fields"])
    foreign = tuple(entry.get("foreign", {}).items())
    return Resource(name, entry["title"], entry["description"], tuple(entry["key"]), fields, foreign)


def to_csv(resource: Resource, rows: list[Row], *, bom: bool = False) -> bytes:
    """RFC 4180 with CRLF, UTF-8; a missing figure is an empty field. ``bom`` for Excel's sake."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    names = [field.name for field in resource.fields]
    writer.writerow(names)
    writer.writerows([plain(row.get(name)) for name in names] for row in rows)
    return text.getvalue().encode("utf-8-sig" if bom else "utf-8")


def to_parquet(resource: Resource, rows: list[Row]) -> bytes:
    """The same rows with types; figures are decimal(38, 10), so that money stays exact."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    types = {
        "string": pa.string(),
        "integer": pa.int64(),
        "number": pa.decimal128(38, 10),
        "boolean": pa.bool_(),
        "date": pa.date32(),
    }
    schema = pa.schema(
        [pa.field(field.name, types[field.type], metadata={"title": field.title}) for field in resource.fields]
    )
    columns = [
        pa.array([row.get(field.name) for row in rows], type=types[field.type]) for field in resource.fields
    ]
    buffer = io.BytesIO()
    pq.write_table(pa.Table.from_arrays(columns, schema=schema), buffer, compression="zstd")
    return buffer.getvalue()


def to_xlsx(tables: dict[str, list[Row]], moment: datetime) -> bytes:
    """One sheet a table, with Chinese headings; nothing in it is a formula."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    for name, rows in tables.items():
        resource = resources()[name]
        sheet = book.create_sheet(resource.title)
        sheet.freeze_panes = "A2"
        sheet.append([field.title for field in resource.fields])
        for row in rows:
            sheet.append([_spreadsheet(row.get(field.name)) for field in resource.fields])
    buffer = io.BytesIO()
    book.save(buffer)
    return normalise(buffer.getvalue(), moment)


def _spreadsheet(value: object) -> object:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, str) and value.startswith("="):
        # A text, never a formula.
        return f"'{value}"
    return value if isinstance(value, int | Decimal | date) else value or None
