"""What has arrived, listed once a run and dealt out to units by folder and file name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TypedDict

from gongkai_etl.collect import inbox, roster
from gongkai_etl.collect.arrival import Arrival, decide
from gongkai_etl.collect.inbox import Waiting
from gongkai_etl.model import Unit
from gongkai_etl.steps.stores import Stores
from gongkai_etl.store import keys

RECEIVED = "received-at"
"""Metadata of an inbox object: when it was received, if not when it was put there."""


class File(TypedDict):
    """A file as it travels between tasks."""

    path: str
    origin: str
    received_at: str


def listed(stores: Stores, year: int) -> list[Waiting]:
    """The files of both inboxes that may belong to a year: those in its folder and those in none."""
    return [waiting for waiting in everything(stores) if year_folder(waiting.arrival) in (str(year), "")]


def everything(stores: Stores) -> list[Waiting]:
    """The files of both inboxes, of every year."""
    return [
        *inbox.in_bucket(stores.objects, f"{keys.INBOX}/"),
        *inbox.in_folder(stores.settings.home / keys.INBOX),
    ]


def deal(found: Sequence[Waiting], units: Sequence[Unit], year: int) -> tuple[dict[str, list[File]], list[File]]:
    """(code of the unit → its files, files that only their content can place)."""
    county = roster.county(units)
    mine: dict[str, list[File]] = {}
    free: list[File] = []
    for waiting in found:
        arrival = waiting.arrival
        file = File(path=arrival.path, origin=arrival.origin, received_at=arrival.received_at.isoformat())
        # Nothing is read here, so the year is taken for granted: the content has its say in the unit's task.
        unit = decide(replace(arrival, path=f"{year}/{arrival.path}"), None, units).unit
        if unit is None:
            unit = next((one for one in units if f"/{one.code}/" in arrival.path), None)
        if unit is None or unit is county or not year_folder(arrival):
            free.append(file)
        else:
            mine.setdefault(unit.code, []).append(file)
    return mine, free


def open_file(stores: Stores, file: File) -> tuple[Arrival, bytes]:
    """The file's bytes, and how it arrived (the object's own metadata wins)."""
    path, origin = file["path"], file["origin"]
    arrival = Arrival(path.rsplit("/", 1)[-1], path, origin, datetime.fromisoformat(file["received_at"]))
    if origin == "folder":
        return arrival, (stores.settings.home / path).read_bytes()
    info = stores.objects.stat(path)
    known = info.metadata if info else {}
    received = _moment(known.get(RECEIVED)) or arrival.received_at
    name = known.get("file-name") or known.get("name") or arrival.name
    sender = known.get("sender")
    return Arrival(name, path, known.get("origin", origin), received, sender), stores.objects.get(path)


def claimed(stores: Stores, year: int) -> Iterator[tuple[str, File]]:
    """Files that someone has claimed for a unit and this year: (code of the unit, file)."""
    for row in stores.warehouse.claimed(year):
        if row.claimed_unit:
            yield row.claimed_unit, File(path=row.key, origin="claimed", received_at=row.received_at.isoformat())


def year_folder(arrival: Arrival) -> str:
    """``2025`` of inbox/2025/…; empty when the file lies in no year's folder."""
    part = arrival.path.split("/")[1] if arrival.path.count("/") > 1 else ""
    return part if part.isdigit() else ""


def _moment(words: str | None) -> datetime | None:
    if not words:
        return None
    found = datetime.fromisoformat(words)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
