"""The roster and the open years in the warehouse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, select, text
from sqlalchemy.dialects.postgresql import insert

from gongkai_etl.model import Unit
from gongkai_etl.store.correct import correct
from gongkai_etl.store.tables import collection, unit

OWN = "政府办"
"""The kind of the county government's own office: its figures stand apart from those of the units."""


def county_of(units: Sequence[Unit]) -> Unit | None:
    """The county's own row: of kind 县, else the only row without a parent that others name as theirs."""
    named = [found for found in units if found.kind in {"县", "县级", "县（市、区）"}]
    if named:
        return named[0]
    parents = {found.parent for found in units if found.parent}
    tops = [found for found in units if not found.parent and parents & {found.code, found.name}]
    return tops[0] if len(tops) == 1 else None


def save_units(connection: Connection, units: Sequence[Unit]) -> None:
    """Make the roster in the database equal to this one; units no longer in it stay, marked."""
    county = county_of(units)
    rows = [_row(found, found is county, position) for position, found in enumerate(units, 1)]
    correct(connection, unit, rows, ["code"])
    gone = text("unit.in_roster AND unit.code <> ALL(CAST(:codes AS text[]))")
    connection.execute(unit.update().where(gone).values(in_roster=False), {"codes": [row["code"] for row in rows]})


def units(connection: Connection, year: int | None = None) -> tuple[Unit, ...]:
    """The present roster in its order; with a year, only units that existed at its end."""
    query = select(unit).where(unit.c.in_roster).order_by(unit.c.position)
    found = [_unit(row._mapping) for row in connection.execute(query)]
    return tuple(one for one in found if year is None or exists_in(one, year))


def exists_in(one: Unit, year: int) -> bool:
    """Whether a unit existed at the end of a year, and so reports for it."""
    begun = one.valid_from is None or one.valid_from.year <= year
    return begun and (one.valid_to is None or one.valid_to.year > year or one.valid_to.timetuple().tm_yday >= 365)


def open_year(connection: Connection, year: int) -> None:
    """From now on the units are expected to report for this year."""
    connection.execute(insert(collection).values(year=year).on_conflict_do_nothing())


def _row(found: Unit, is_county: bool, position: int) -> dict[str, Any]:
    row = asdict(found)
    month, day = row.pop("due")
    return row | {
        "aliases": list(found.aliases),
        "due_month": month,
        "due_day": day,
        "is_county": is_county,
        "in_roster": True,
        "position": position,
    }


def _unit(row: Any) -> Unit:
    names = ("code", "name", "kind", "parent", "valid_from", "valid_to", "change_reason", "email", "source")
    return Unit(
        **{name: row[name] for name in names},
        aliases=tuple(row["aliases"]),
        due=(row["due_month"], row["due_day"]),
    )
