"""Synthetic reports that are true to the form: every identity holds, every figure is drawn from a seed."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime

from gongkai_etl import form
from gongkai_etl.model import Cell, CellState, Report, Submission, Unit


def units(count: int) -> tuple[Unit, ...]:
    """A county and ``count`` towns."""
    county = Unit(code="000000", name="基准县", kind="县")
    return (county, *(Unit(f"{n:06d}", f"第{n:05d}镇", "镇", parent="000000") for n in range(1, count + 1)))


def figures(seed: int) -> dict[str, int]:
    """Key → figure of one report of edition 2021, consistent within itself."""
    draw = random.Random(seed)  # noqa: S311
    edition = form.edition("2021")
    found = {key: draw.randrange(40) for key in edition.keys()}  # noqa: SIM118 -- an edition is no dict
    for rule in ("T3-PROCESSED", "T3-BALANCE", "T3-TOTAL", "T4-TOTAL"):
        for identity in edition.identities:
            if identity.rule == rule:
                _settle(found, identity)
    for row in ("regulations",):
        found |= {f"t2.{row}.{column}": 0 for column in ("issued", "repealed", "in_force")}
    return found


def _settle(found: dict[str, int], identity: form.Identity) -> None:
    """Make an identity true: set the total, or for the balance what was newly received."""
    left = identity.left[0].key
    rest = sum(found[term.key] * term.sign for term in identity.left[1:])
    found[left] = sum(found[term.key] * term.sign for term in identity.right) - rest
    if found[left] < 0:
        carried = identity.right[-1].key
        found[carried] -= found[left]
        found[left] = 0


def report(unit: Unit, year: int, seed: int) -> Report:
    """The report of a unit and year."""
    cells = {
        key: Cell(
            number, str(number), CellState.NUMBER, 2, (100.0, 200.0, 130.0, 215.0), "grid", True, "两种读法一致"
        )
        for key, number in figures(seed).items()
    }
    return Report(
        unit=unit.name,
        year=year,
        title=f"{unit.name}{year}年政府信息公开工作年度报告",
        issued_on=date(year + 1, 1, 15),
        signed_by=unit.name,
        editions=dict.fromkeys(form.TABLES, "2021"),
        sections={str(number): f"{title}：{unit.name}。" * 20 for number, title in form.SECTIONS.items()},
        cells=cells,
        format="pdf",
        sha256=hashlib.sha256(f"{unit.code}{year}{seed}".encode()).hexdigest(),
    )


def submission(unit: Unit, year: int, seed: int) -> Submission:
    """The file the report was read from."""
    sha256 = hashlib.sha256(f"{unit.code}{year}{seed}".encode()).hexdigest()
    received = datetime(year + 1, 1, 16, 2, tzinfo=UTC)
    key = f"raw/{year}/{unit.code}/{sha256}.pdf"
    return Submission(unit.code, year, sha256, "pdf", 50_000, received, "inbox", f"{unit.name}.pdf", key)


def county(count: int, years: range) -> Iterator[tuple[Submission, Report]]:
    """All reports of a county, year by year."""
    roster = units(count)[1:]
    for year in years:
        for number, unit in enumerate(roster):
            seed = year * 1_000_000 + number
            yield submission(unit, year, seed), report(unit, year, seed)
