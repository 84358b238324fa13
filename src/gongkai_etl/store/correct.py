"""Make rows of a table equal to given ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Table, or_
from sqlalchemy.dialects.postgresql import insert


def correct(connection: Connection, table: Table, rows: Sequence[dict[str, Any]], natural: Sequence[str]) -> None:
    """Insert the rows, or correct those already there by their natural key, touching only rows that differ.

    One statement a row, sent in one pipeline: one statement for all would end at 65,535 parameters.
    """
    if not rows:
        return
    statement = insert(table)
    changed = {column.name: statement.excluded[column.name] for column in table.c if column.name not in natural}
    differs = or_(*(table.c[name].is_distinct_from(given) for name, given in changed.items()))
    connection.execute(
        statement.on_conflict_do_update(index_elements=list(natural), set_=changed, where=differs), list(rows)
    )
