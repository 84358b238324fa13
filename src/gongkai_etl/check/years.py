"""Against the year before: jumps, cases that vanish, and whether last year's report is usable at all."""

from __future__ import annotations

from collections.abc import Iterator

from gongkai_etl import form
from gongkai_etl.check.case import Case
from gongkai_etl.check.frame import usable_previous
from gongkai_etl.check.names import same
from gongkai_etl.check.registry import rule
from gongkai_etl.model import Finding, Report

FACTOR = 10
GAP = 50
_WATCHED = ("t2.*", "t3.received.total", "t3.processed_total.total", "t4.*.total")


@rule("YEAR-PREVIOUS")
def previous(case: Case) -> Iterator[Finding]:
    """Last year's report is of last year and of the same unit."""
    given = case.item.previous
    if given is None:
        case.unchecked.append("没有上一年的报告，未核对年度衔接。")
        return
    if usable_previous(case) is None:
        said = f"所给的上一年报告是{given.year}年的，而本报告是{case.year}年的，未核对年度衔接。"
        yield case.finding("YEAR-PREVIOUS", said, left=given.year, right=(case.year or 0) - 1)
        case.unchecked.append(said)
    elif given.unit and case.name and not same(given.unit, case.name):
        said = f"所给的上一年报告是“{given.unit}”的，与{case.name}不同，衔接的核对仅供参考。"
        yield case.finding("YEAR-PREVIOUS", said, left=given.unit, right=case.name)


@rule("YEAR-JUMP")
def jumps(case: Case) -> Iterator[Finding]:
    """A figure ten times last year's or a tenth of it, and not a small one."""
    before = usable_previous(case)
    if before is None:
        return
    jumped: dict[str, str] = {}
    for key in case.keys(*_WATCHED):
        now, then = case.report.number(key), before.number(key)
        if now is None or then is None or not _comparable(case, before, key):
            continue
        low, high = sorted((now, then))
        if high - low >= GAP and low >= 0 and high >= FACTOR * max(low, 1):
            jumped[key] = f"{case.label(key)}今年{now}、去年{then}"
    if jumped:
        message = f"与去年相比变化很大：{'；'.join(jumped.values())}。请核对单位、口径和行列。"
        yield case.finding("YEAR-JUMP", message, cells=jumped)


def _comparable(case: Case, before: Report, key: str) -> bool:
    table = key.split(".")[0]
    return (before.editions.get(table) or "2021") == case.editions[table] and table in form.TABLES


@rule("YEAR-PENDING")
def pending(case: Case) -> Iterator[Finding]:
    """Cases pending last year are somewhere in this year's figures."""
    before = usable_previous(case)
    if before is None:
        return
    waiting = [before.number(key) for key in case.keys("t4.*.pending")]
    total = case.total("t4.*.total")
    if any(number is None for number in waiting) or total is None:
        return
    left = sum(number for number in waiting if number is not None)
    if left > total:
        message = f"去年尚未审结的复议、诉讼共{left}件，今年表四总计只有{total}件，可能漏计了转来的案件。"
        yield case.finding("YEAR-PENDING", message, left=total, right=left, cells=case.keys("t4.*.total"))


def lawful_break(case: Case) -> str | None:
    """Why the chain of years may lawfully break for this unit: what the roster says about its change."""
    unit = case.item.unit
    if unit is None or case.year is None:
        return None
    changed = any(
        day is not None and day.year in (case.year - 1, case.year) for day in (unit.valid_from, unit.valid_to)
    )
    return unit.change_reason or ("单位在此期间设立或撤并" if changed else None)
