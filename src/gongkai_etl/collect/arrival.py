"""A file that arrived, and whose it is: content first, then folder, file name and sender; else nobody's yet."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from gongkai_etl.collect.names import find, find_in
from gongkai_etl.model import Report, Unit
from gongkai_etl.text import squeeze

_YEAR = re.compile(r"(?<!\d)(20[12]\d)(?!\d)")


@dataclass(frozen=True, slots=True)
class Arrival:
    """A received file. ``path`` is where it lay (inbox/2025/青禾镇/a.pdf), ``sender`` a mail address."""

    name: str
    path: str
    origin: str
    received_at: datetime
    sender: str | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """Whose file it is. Without unit or year it belongs on the 待认领 list, with what is suspected."""

    unit: Unit | None
    year: int | None
    reason: str
    suggested_unit: Unit | None = None
    suggested_year: int | None = None

    @property
    def sure(self) -> bool:
        """Whether it may be stored as this unit's report."""
        return self.unit is not None and self.year is not None


def decide(arrival: Arrival, report: Report | None, units: Sequence[Unit]) -> Claim:
    """Whose report of which year this is; ``report`` is what was read from the file, None if nothing could be."""
    outside, outer_year = _outside(arrival, units), _outer_year(arrival)
    unit, why = _unit(report, outside, units)
    year = report.year if report is not None and report.year is not None else None
    if year is None and outer_year is not None:
        year, why = outer_year, f"{why}，年度取自存放位置或文件名"
    if unit is not None and year is not None:
        return Claim(unit, year, why)
    reason = why if unit is None else "看不出是哪一年的报告"
    return Claim(None, None, reason, unit or next(iter(outside), None), year)


def _unit(report: Report | None, outside: list[Unit], units: Sequence[Unit]) -> tuple[Unit | None, str]:
    inside = _inside(report, units)
    named = {unit.code for unit in inside}
    placed = {unit.code for unit in outside}
    if len(named) == 1 and (len(inside) > 1 or not placed or placed & named):
        return inside[0], "按报告内容认定"
    if len(named) == 1:
        return None, f"报告写的是{inside[0].name}，文件却放在{outside[0].name}名下"
    if len(named) > 1 and len(placed & named) == 1:
        return next(unit for unit in inside if unit.code in placed), "标题和落款不一致，按存放位置认定"
    if len(named) > 1:
        return None, f"标题是{inside[0].name}，落款是{inside[1].name}"
    printed = report.unit if report is not None else None
    if printed and len(placed) != 1:
        return None, f"报告写的单位“{printed}”不在名册里"
    if len(placed) == 1:
        return outside[0], "按存放位置、文件名或发件人认定"
    return None, "看不出是哪个单位的报告"


def _inside(report: Report | None, units: Sequence[Unit]) -> list[Unit]:
    """The units that title and signature name (one of them twice when they agree)."""
    if report is None:
        return []
    voices = (find(units, report.unit), find(units, report.signed_by))
    return [unit for unit in voices if unit is not None]


def _outside(arrival: Arrival, units: Sequence[Unit]) -> list[Unit]:
    folders = squeeze(arrival.path).split("/")[:-1]
    found = [find(units, folder) for folder in folders]
    found.append(find_in(units, arrival.name))
    sender = (arrival.sender or "").lower()
    found += [unit for unit in units if sender and (unit.email or "").lower() == sender]
    return list({unit.code: unit for unit in found if unit is not None}.values())


def _outer_year(arrival: Arrival) -> int | None:
    for text in (*reversed(arrival.path.split("/")[:-1]), arrival.name):
        years = set(_YEAR.findall(text))
        if len(years) == 1:
            return int(years.pop())
    return None
