"""Deadlines and reminders: who is missing is said by every way that the settings name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from gongkai_etl.collect.remind import Reminder, days_of, reminders, send
from gongkai_etl.model import Unit
from gongkai_etl.steps.report import tell
from gongkai_etl.steps.stores import Stores, stores

MISSING = ("未报送", "撤回")


def missing_units(found: Stores, year: int) -> tuple[Unit, ...]:
    """The units from which nothing is there."""
    absent = {row.unit_code for row in found.warehouse.progress(year) if row.state in MISSING}
    return tuple(unit for unit in found.warehouse.units(year) if unit.code in absent)


def remind(found: Stores, year: int, today: date | None = None) -> list[str]:
    """Send what is due today; gives what was said. Nothing is sent while no way is set.

    Raises CollectError when a way is set and fails.
    """
    day = today or datetime.now(ZoneInfo(found.settings.time_zone)).date()
    due = reminders(missing_units(found, year), year, day, days_of(found.settings))
    return [_said(one, send(one, found.settings)) for one in due]


def deadline_passed(context: dict[str, Any] | None = None, due: str = "") -> None:
    """Called by Airflow when a run was not finished at a statutory deadline."""
    found = stores()
    year = datetime.now(ZoneInfo(found.settings.time_zone)).year - 1
    absent = missing_units(found, year)
    run = (context or {}).get("dag_run") or {}
    name = run.get("run_id", "") if isinstance(run, dict) else getattr(run, "run_id", "")
    tell(f"{due}24时已过，运行 {name} 还没有完成。{_names(absent)}")
    if absent:
        month, day = (int(part) for part in due.rstrip("日").split("月"))
        send(Reminder(year, date(year + 1, month, day), -1, absent), found.settings)


def _said(reminder: Reminder, ways: Sequence[str]) -> str:
    line = f"{reminder.title}（{'、'.join(ways) or '未设置发送方式，没有发出'}）：{_names(reminder.units)}"
    tell(line)
    return line


def _names(units: Sequence[Unit]) -> str:
    return "未报送：" + "、".join(unit.name for unit in units) if units else "没有未报送的单位"
