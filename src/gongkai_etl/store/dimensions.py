"""The form as dimension tables, and the wide table that has one column a cell of the form.

A new edition of the form is one new file in ``form/``; the next ``migrate`` adds what it brings.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Connection, select, text

from gongkai_etl import form
from gongkai_etl.store.correct import correct
from gongkai_etl.store.tables import SCHEMA, form_cell, form_column, form_row

WIDE = f"{SCHEMA}.report_figures"


@dataclass(frozen=True, slots=True)
class FormCell:
    """One cell of any edition. ``wide`` is its column in the wide table."""

    key: str
    table: str
    row: str
    column: str
    kind: str
    editions: tuple[str, ...]
    place: str

    @property
    def wide(self) -> str:
        """``t3_received_total``: a name PostgreSQL takes without quotes (63 bytes at most)."""
        return self.key.replace(".", "_")


@cache
def form_cells() -> dict[str, FormCell]:
    """Every cell of every edition by key, newest edition first, in printed order."""
    found: dict[str, FormCell] = {}
    for name in form.editions():
        labels = form.cell_labels(name)
        for table, table_form in form.edition(name).tables.items():
            for key, _, row, column in table_form.cells():
                known = found.get(key)
                editions = (name, *known.editions) if known else (name,)
                place = known.place if known else labels[key]
                kind = known.kind if known else column.kind
                found[key] = FormCell(key, table, row.key, column.key, kind, editions, place)
    return found


def cell_ids(connection: Connection) -> dict[str, int]:
    """Key → number of the cell in this database."""
    return dict(connection.execute(select(form_cell.c.key, form_cell.c.id)).all())


def sync_form(connection: Connection) -> None:
    """Add cells, rows, columns and wide columns that the database does not know; correct labels."""
    known = cell_ids(connection)
    number = max(known.values(), default=0)
    for key in form_cells():
        if key not in known:
            number += 1
            known[key] = number
    correct(connection, form_cell, _cell_rows(known), ["id"])
    correct(connection, form_row, _row_rows(), ["table_key", "row_key"])
    correct(connection, form_column, _column_rows(), ["table_key", "column_key"])
    connection.execute(text(f"CREATE TABLE IF NOT EXISTS {WIDE} (report_id bigint PRIMARY KEY)"))
    _add_wide_columns(connection)


def _add_wide_columns(connection: Connection) -> None:
    present = set(
        connection.scalars(
            text(
                "SELECT column_name FROM information_schema.columns "
                "WHERE table_schema = :schema AND table_name = 'report_figures'"
            ),
            {"schema": SCHEMA},
        )
    )
    missing = [cell.wide for cell in form_cells().values() if cell.wide not in present]
    if missing:
        added = ", ".join(f"ADD COLUMN {name} numeric" for name in missing)
        connection.execute(text(f"ALTER TABLE {WIDE} {added}"))


def _cell_rows(numbers: dict[str, int]) -> list[dict[str, Any]]:
    return [
        {
            "id": numbers[cell.key],
            "key": cell.key,
            "table_key": cell.table,
            "row_key": cell.row,
            "column_key": cell.column,
            "kind": cell.kind,
            "editions": list(cell.editions),
            "place": cell.place,
            "position": position,
        }
        for position, cell in enumerate(form_cells().values(), 1)
    ]


def _row_rows() -> list[dict[str, Any]]:
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for name, table, item in _each("rows"):
        known = found.get((table, item.key))
        if known:
            known["editions"] = [name, *known["editions"]]
            continue
        groups = item.groups
        found[table, item.key] = {
            "table_key": table,
            "row_key": item.key,
            "label": item.label,
            "group_label": groups[-1] if groups else None,
            "category": item.key.split("_")[0] if len(groups) > 1 else item.key,
            "is_total": _all_totals(name, table, row=item.key),
            "editions": [name],
            "position": len(found) + 1,
        }
    return list(found.values())


def _column_rows() -> list[dict[str, Any]]:
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for name, table, item in _each("columns"):
        known = found.get((table, item.key))
        if known:
            if name not in known["editions"]:
                known["editions"] = [name, *known["editions"]]
            continue
        found[table, item.key] = {
            "table_key": table,
            "column_key": item.key,
            "label": item.label,
            "group_label": item.group,
            "is_total": _all_totals(name, table, column=item.key),
            "editions": [name],
            "position": len(found) + 1,
        }
    return list(found.values())


def _each(part: str) -> list[tuple[str, str, Any]]:
    return [
        (name, table, item)
        for name in form.editions()
        for table, table_form in form.edition(name).tables.items()
        for block in table_form.blocks
        for item in getattr(block, part)
    ]


def _all_totals(edition: str, table: str, row: str | None = None, column: str | None = None) -> bool:
    """Whether every cell of a row or column is, by an identity, the sum of others."""
    totals = {found.left[0].key for found in form.edition(edition).identities if len(found.left) == 1}
    cells = [
        key
        for key, _, item, place in form.table_form(table, edition).cells()
        if row in (None, item.key) and column in (None, place.key)
    ]
    return bool(cells) and all(key in totals for key in cells)
