"""整改台账: every error from the version in which it first stood to the one in which it was gone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from openpyxl import Workbook

from gongkai_etl.model import Finding
from gongkai_etl.publish.inputs import CountyYear, Handover, UnitState, UnitYear
from gongkai_etl.publish.notice import places
from gongkai_etl.publish.sheets import list_sheet, put, to_bytes
from gongkai_etl.text import chinese_date

OPEN, STILL_OPEN, CLOSED, WAIVED = "未整改", "再次报送后仍存在", "已销号", "核实保留"
_HEADS = [
    *(("序号", 6), ("单位", 24), ("规则", 16), ("问题", 60), ("左边", 16), ("右边", 16), ("位置", 44)),
    *(("发现于", 27), ("销号状态", 18), ("销号于", 27), ("备注", 30)),
]


@dataclass(frozen=True, slots=True)
class Entry:
    """One error of one unit. ``closed`` is the version that no longer had it, or None."""

    unit: UnitYear
    finding: Finding
    found: Handover
    state: str
    closed: Handover | None = None
    remark: str = ""


def entries(unit: UnitYear) -> Iterator[Entry]:
    """The errors of all versions of a unit's report; the same rule on the same cells is the same error."""
    seen: dict[tuple[str, tuple[str, ...]], tuple[Finding, Handover, Handover | None]] = {}
    for version in unit.versions:
        findings = unit.findings if version is unit.submission else version.findings
        now = {
            _name(finding): finding
            for finding in findings
            if finding.severity == "error" and finding.outcome == "fail"
        }
        for name, (finding, found, closed) in seen.items():
            if name not in now and closed is None:
                seen[name] = (finding, found, version)
        for name, finding in now.items():
            first = seen[name][1] if name in seen else version
            seen[name] = (finding, first, None)
    for finding, found, closed in seen.values():
        yield _entry(unit, finding, found, closed)


def _name(finding: Finding) -> tuple[str, tuple[str, ...]]:
    return finding.rule, finding.cells


def _entry(unit: UnitYear, finding: Finding, found: Handover, closed: Handover | None) -> Entry:
    verdict = unit.verdict(finding)
    if closed:
        return Entry(unit, finding, found, CLOSED, closed)
    if verdict and verdict.decision == "waived":
        return Entry(unit, finding, found, WAIVED, None, verdict.reason)
    return Entry(unit, finding, found, OPEN if found is unit.submission else STILL_OPEN)


def ledger(county_year: CountyYear) -> bytes:
    """The XLSX file: one line an error, and one for each unit that gave no usable report."""
    book = Workbook()
    sheet: Any = book.active
    sheet.title = "整改台账"
    title = f"{county_year.county.name}{county_year.year}年度报告整改台账"
    last = list_sheet(sheet, title, _HEADS, _rows(county_year))
    for number, state in enumerate((OPEN, STILL_OPEN, CLOSED, WAIVED), last + 2):
        put(sheet, number, 2, state)
        put(sheet, number, 3, f'=COUNTIF(I3:I{last},"{state}")')
    return to_bytes(book, title, datetime.combine(county_year.day, time()))


def _rows(county_year: CountyYear) -> Iterator[list[object]]:
    number = 0
    for unit in county_year.all:
        for entry in entries(unit):
            number += 1
            yield [number, *_row(entry)]
        if unit.state in (UnitState.MISSING, UnitState.UNREADABLE) and not unit.findings:
            number += 1
            words = "未报送年度报告" if unit.state is UnitState.MISSING else "报送的文件无法读取"
            yield [number, unit.unit.name, "", words, "", "", "", "", OPEN, "", ""]


def _row(entry: Entry) -> list[object]:
    finding = entry.finding
    return [
        entry.unit.unit.name,
        finding.rule,
        finding.message,
        finding.left,
        finding.right,
        places(finding.cells),
        _version(entry.found),
        entry.state,
        _version(entry.closed) if entry.closed else "",
        entry.remark,
    ]


def _version(version: Handover) -> str:
    day = f"（{chinese_date(version.received_on)}）" if version.received_on else ""
    return f"第{version.version}次报送{day}"
