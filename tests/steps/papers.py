"""Reports of the small county as files."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from gongkai_etl.steps.stores import Stores
from gongkai_etl.store import keys
from tests.writers import plaintext
from tests.writers.truth import Truth, random_truth

JANUARY = datetime(2026, 1, 20, 2, tzinfo=UTC)


def truth(short: str, year: int = 2025, seed: int = 1, previous: Truth | None = None) -> Truth:
    """A consistent report of a unit of 云岭县."""
    made = random_truth(seed, size="medium", previous=previous)
    return replace(
        made,
        county="云岭县",
        unit_short=short,
        year=year,
        title=f"云岭县{short}{year}年政府信息公开工作年度报告",
        signed_by=f"云岭县{short}",
        issued_on=date(year + 1, 1, 15),
        editions=dict.fromkeys(("t2", "t3", "t4"), "2021"),
    ).retold()


def paper(report: Truth) -> bytes:
    """As Markdown, the quickest format to read."""
    return plaintext.write(report, "markdown")


def drop(stores: Stores, folder: str, name: str, data: bytes, at: datetime = JANUARY, year: int = 2025) -> str:
    """Put a file into the bucket's inbox as if it had come at ``at``."""
    key = keys.inbox(year, folder, name) if folder else f"inbox/{year}/{name}"
    stores.objects.put(key, data, metadata={"received-at": at.isoformat()})
    return key
