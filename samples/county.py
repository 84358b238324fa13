"""What the offices of the fictional county report: two years that follow from each other, and the planted faults."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.writers import prose
from tests.writers.truth import APPLICANTS, Kind, Truth, Value, random_truth

YEARS = (2024, 2025)
CHINA = timezone(timedelta(hours=8))


@dataclass(frozen=True)
class Handed:
    """One file handed in: what it says, how it is made, when it arrived, and what a reviewer must find in it."""

    code: str
    year: int
    name: str
    truth: Truth
    how: str
    received: datetime
    findings: tuple[tuple[str, str, tuple[str, ...]], ...] = ()  # (rule, severity, cells)
    version: int = 1
    damaged: bool = False

    @property
    def path(self) -> str:
        """Where the file lies under ``reports/``."""
        endings = {"word": "pdf", "browser": "pdf", "scan": "pdf", "text": "txt", "markdown": "md"}
        stem = f"{self.name}{self.year}年政府信息公开工作年度报告"
        again = "（更正）" if self.version > 1 else ""
        scanned = "扫描件" if self.how == "scan" else ""
        return f"{self.year}/{self.name}/{stem}{again}{scanned}.{endings.get(self.how, self.how)}"


@dataclass(frozen=True)
class Office:
    """A unit of the plan."""

    code: str
    name: str
    kind: str
    size: Any
    how: tuple[str, str]
    fault: str = ""
    aliases: tuple[str, ...] = field(default_factory=tuple)


@cache
def plan() -> dict[str, Any]:
    """The contents of ``plan.yaml``."""
    data: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("plan.yaml").read_text("utf-8"))
    return data


def offices() -> tuple[Office, ...]:
    """The 24 units."""
    return tuple(Office(**{**unit, "aliases": tuple(unit.get("aliases", ()))}) for unit in plan()["units"])


def handed_in() -> list[Handed]:
    """Every file of both years, in the order of the plan."""
    found: list[Handed] = []
    for office in offices():
        first, second = two_years(office)
        found.append(_handed(office, 0, first))
        found += FAULTS[office.fault](office, first, second)
    return sorted(found, key=lambda handed: (handed.year, handed.code, handed.version))


def two_years(office: Office) -> tuple[Truth, Truth]:
    """The faultless reports of both years."""
    seed = int(office.code)
    kind: Kind = "department" if office.kind == "部门" else "town"
    start = random_truth(seed, kind=kind, size=office.size)
    signer = f"{plan()['county']['name']}{office.name}"
    signer += {"街道": "办事处", "乡镇": "人民政府"}.get(office.kind, "")
    base = replace(
        start,
        county=plan()["county"]["name"],
        unit_short=office.name,
        year=YEARS[0],
        signed_by=signer,
        cells={**start.cells, **_ended(start)},
    )
    first = _dated(base, YEARS[0])
    tries = (random_truth(seed * 1000 + k, kind=kind, size=office.size, previous=first) for k in range(400))
    following = next(truth for truth in tries if _steady(first, truth))
    second = replace(following, cells={**following.cells, **_ended(following), **_decided(first, seed)})
    return first, _dated(second, YEARS[1])


def _steady(before: Truth, truth: Truth) -> bool:
    """Whether a year's applications are of the same order as last year's."""
    key = "t3.received.total"
    low, high = sorted((before.whole(key), truth.whole(key)))
    return high <= 4 * low + 6


def _decided(before: Truth, seed: int) -> dict[str, Value]:
    """Licences, penalties and fees a little more or less than last year."""
    rng = random.Random(seed)  # noqa: S311
    rows = ("licences", "penalties", "coercive_measures")
    cells: dict[str, Value] = {
        f"t2.{row}.decisions": int(before.whole(f"t2.{row}.decisions") * rng.uniform(0.8, 1.3)) for row in rows
    }
    fees = before.cells["t2.fees.amount"]
    assert isinstance(fees, Decimal)
    return {**cells, "t2.fees.amount": (fees * Decimal(f"{rng.uniform(0.8, 1.3):.2f}")).quantize(Decimal("0.01"))}


def _ended(truth: Truth) -> dict[str, Value]:
    """No dispute is left pending, so that nothing of table 四 must come back next year."""
    cells: dict[str, Value] = {}
    for row in ("reconsideration", "litigation_direct", "litigation_after_reconsideration"):
        total, pending = (truth.whole(f"t4.{row}.{column}") for column in ("total", "pending"))
        cells |= {f"t4.{row}.pending": 0, f"t4.{row}.total": total - pending}
    return cells


def _dated(truth: Truth, year: int) -> Truth:
    rng = random.Random(truth.seed * 31 + year)  # noqa: S311
    day = date(year + 1, 1, 8) + timedelta(days=rng.randint(0, 14))
    return replace(truth, year=year, title=prose.title(rng, truth.unit, year), issued_on=day).retold()


def _handed(office: Office, at: int, truth: Truth, *findings: tuple[str, str, tuple[str, ...]]) -> Handed:
    arrived = datetime(truth.issued_on.year, truth.issued_on.month, truth.issued_on.day, 10, 20, tzinfo=CHINA)
    arrived += timedelta(days=1, minutes=int(office.code[-2:]))
    return Handed(office.code, YEARS[at], office.name, truth, office.how[at], arrived, findings)


def _more(truth: Truth, changes: dict[str, int]) -> Truth:
    cells: dict[str, Value] = {key: truth.whole(key) + more for key, more in changes.items()}
    return replace(truth, cells={**truth.cells, **cells}).retold()


def _sound(office: Office, first: Truth, second: Truth) -> list[Handed]:
    unsure = (("READ-UNCERTAIN", "notice", ()),) * 2 if office.how[1] == "scan" else ()
    return [_handed(office, 1, second, *unsure)]


def _balance(office: Office, first: Truth, second: Truth) -> list[Handed]:
    keys = [f"t3.carried_forward.{column}" for column in ("natural_person", "total")]
    made = _more(second, dict.fromkeys(keys, 1))
    found = (("T3-BALANCE", "error", (f"t3.received.{column}",)) for column in ("natural_person", "total"))
    return [_handed(office, 1, made, *found)]


def _processed(office: Office, first: Truth, second: Truth) -> list[Handed]:
    made = _more(second, {f"t3.granted.{column}": 1 for column in ("natural_person", "total")})
    found = (
        ("T3-PROCESSED", "error", (f"t3.processed_total.{column}",)) for column in ("natural_person", "total")
    )
    return [_handed(office, 1, made, *found)]


def _total(office: Office, first: Truth, second: Truth) -> list[Handed]:
    key = "t3.refused_third_party_rights.total"
    wrong = ("T3-TOTAL", "error", (key,)), ("T3-PROCESSED", "error", ("t3.processed_total.total",))
    return [_handed(office, 1, _more(second, {key: 2}), *wrong)]


def _dispute_total(office: Office, first: Truth, second: Truth) -> list[Handed]:
    row = "t4.litigation_direct"
    cells: dict[str, Value] = {f"{row}.{name}": 0 for name in ("upheld", "corrected", "other", "pending", "total")}
    cells |= {f"{row}.upheld": 2, f"{row}.corrected": 1, f"{row}.total": 2}
    made = replace(second, cells={**second.cells, **cells}).retold()
    return [_handed(office, 1, made, ("T4-TOTAL", "error", (f"{row}.total",)))]


def _blank(office: Office, first: Truth, second: Truth) -> list[Handed]:
    keys = [
        f"t3.{row}.{column}" for row in ("received", "brought_forward", "granted") for column in APPLICANTS[1:]
    ]
    empty = tuple(key for key in keys if second.whole(key) == 0)
    made = replace(second, cells={**second.cells, **dict.fromkeys(empty)}).retold()
    return [_handed(office, 1, made, ("FORM-BLANK", "notice", empty))]


def _text(office: Office, first: Truth, second: Truth) -> list[Handed]:
    made = _more(second, {f"t3.{row}.{column}": 5 for row in ARRIVED for column in ("natural_person", "total")})
    told = prose.tell(made, {"received": made.whole("t3.received.total") + 3})
    return [_handed(office, 1, told, ("TEXT-RECEIVED", "warning", ("t3.received.total",)))]


ARRIVED = ("received", "granted", "processed_total")
"""Rows that grow when an application arrives and is granted."""


def _other_unit(office: Office, first: Truth, second: Truth) -> list[Handed]:
    words = "同时组织各站所到公开专区现场观摩，进一步提升群众对竹漾镇政府信息公开工作的满意度。"
    made = replace(second, sections={**second.sections, 5: second.sections[5] + words})
    return [_handed(office, 1, made, ("ID-OTHER-UNIT", "warning", ()))]


def _late(office: Office, first: Truth, second: Truth) -> list[Handed]:
    made = replace(second, issued_on=date(YEARS[1] + 1, 2, 11)).retold()
    return [_handed(office, 1, made, ("SIGN-LATE", "warning", ()))]


def _missing(office: Office, first: Truth, second: Truth) -> list[Handed]:
    return []


def _damaged(office: Office, first: Truth, second: Truth) -> list[Handed]:
    handed = _handed(office, 1, second, ("READ-DAMAGED", "error", ()))
    return [replace(handed, damaged=True)]


def _year_carry(office: Office, first: Truth, second: Truth) -> list[Handed]:
    keys = [f"t3.{row}.{column}" for row in ("brought_forward", "carried_forward") for column in CARRIED]
    made = _more(second, dict.fromkeys(keys, 2))
    found = (("YEAR-CARRY", "warning", (f"t3.brought_forward.{column}",)) for column in CARRIED)
    return [_handed(office, 1, made, *found)]


CARRIED = ("natural_person", "total")


def _year_in_force(office: Office, first: Truth, second: Truth) -> list[Handed]:
    key = "t2.normative_documents.in_force"
    return [_handed(office, 1, _more(second, {key: 3}), ("YEAR-IN-FORCE", "warning", (key,)))]


def _resubmitted(office: Office, first: Truth, second: Truth) -> list[Handed]:
    key = "t3.granted_in_part.total"
    wrong = ("T3-TOTAL", "error", (key,)), ("T3-PROCESSED", "error", ("t3.processed_total.total",))
    draft = _handed(office, 1, _more(second, {key: 4}), *wrong)
    final = _handed(office, 1, second)
    return [draft, replace(final, version=2, received=draft.received + timedelta(days=5))]


FAULTS: dict[str, Callable[[Office, Truth, Truth], list[Handed]]] = {
    "": _sound,
    "balance": _balance,
    "processed": _processed,
    "total": _total,
    "dispute_total": _dispute_total,
    "blank": _blank,
    "text": _text,
    "other_unit": _other_unit,
    "late": _late,
    "missing": _missing,
    "damaged": _damaged,
    "year_carry": _year_carry,
    "year_in_force": _year_in_force,
    "resubmitted": _resubmitted,
}
