"""Rules on signature and date: there, after the year's end, in time, not in the future."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from gongkai_etl.check.case import Case
from gongkai_etl.check.places import level
from gongkai_etl.check.registry import rule
from gongkai_etl.model import Finding
from gongkai_etl.text import chinese_date


@rule("SIGN-UNSIGNED", "SIGN-UNDATED")
def there(case: Case) -> Iterator[Finding]:
    """Signed and dated."""
    report = case.report
    if report.signed_by is None:
        yield case.finding("SIGN-UNSIGNED", "没有读到署名。")
    if report.issued_on is None:
        said = (
            f"网页发布日期为{chinese_date(report.published_on)}。"
            if report.published_on
            else "也没有读到发布日期。"
        )
        yield case.finding("SIGN-UNDATED", f"没有读到落款日期，{said}")


def due(case: Case) -> date | None:
    """The last day in time: the roster's, else 31 March for a county, 31 January for all others."""
    if case.year is None:
        return None
    unit = case.item.unit
    if unit is not None and unit.code:
        return date(case.year + 1, *unit.due)
    county = level(case.name, unit.kind if unit else "") in ("county", "city")
    return date(case.year + 1, 3 if county else 1, 31)


@rule("SIGN-EARLY", "SIGN-LATE", "SIGN-FUTURE")
def in_time(case: Case) -> Iterator[Finding]:
    """Each date there is: 落款, 发布, 收到."""
    report, last = case.report, due(case)
    dates = {"落款日期": report.issued_on, "发布日期": report.published_on, "收到日期": _came(case)}
    if last is None or case.year is None:
        case.unchecked.append("不知道报告年度，未核对日期。")
        return
    end, late = date(case.year, 12, 31), []
    for name, day in dates.items():
        if day is None:
            continue
        if day <= end:
            message = f"{name}是{chinese_date(day)}，而{case.year}年度到12月31日才结束，请核对年份。"
            yield case.finding(
                "SIGN-EARLY",
                message,
                left=chinese_date(day),
                right=f"{chinese_date(end)}之后",
                text=chinese_date(day),
            )
        elif day > last and not (name == "落款日期" and _corrects(case, last)):
            late.append(f"{name}{chinese_date(day)}")
    if late:
        message = f"{'、'.join(late)}，晚于期限{chinese_date(last)}。"
        yield case.finding("SIGN-LATE", message, left=late[0], right=chinese_date(last), text=late[0])
    known = case.item.received_on or case.today
    if report.issued_on and report.issued_on > known:
        message = f"落款日期{chinese_date(report.issued_on)}晚于{'收到文件' if case.item.received_on else '核对'}的日期{chinese_date(known)}。"
        yield case.finding("SIGN-FUTURE", message, left=chinese_date(report.issued_on), right=chinese_date(known))


def _corrects(case: Case, last: date) -> bool:
    """Whether this is a correction of a report that came in time: its date is rightly a later one."""
    first, own = case.item.first_received_on, case.item.received_on
    return first is not None and own is not None and first <= last and first < own


def _came(case: Case) -> date | None:
    """The day that counts for the deadline: a correction after it does not make a report late."""
    return case.item.first_received_on or case.item.received_on
