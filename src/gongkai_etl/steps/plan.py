"""The first task: refuse what makes no sense before anything is written, then say who is to be collected."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypedDict
from zoneinfo import ZoneInfo

from gongkai_etl.collect import names, roster
from gongkai_etl.collect.mail import open_box
from gongkai_etl.errors import CollectError, RosterError, SettingsError
from gongkai_etl.model import Unit
from gongkai_etl.settings import Settings
from gongkai_etl.steps.inbox import File, claimed, deal, listed
from gongkai_etl.steps.mail import take_mail
from gongkai_etl.steps.report import tell
from gongkai_etl.steps.stores import Stores

FIRST_YEAR = 2019
"""The first year whose reports have the three tables (国办公开办函〔2019〕60号)."""

SINGLE = 300
"""Up to so many units each has a task of its own; beyond, a task takes :data:`BATCH` of them."""

BATCH = 50

FREE = "待认领文件"


class Work(TypedDict):
    """One mapped task: its name in the UI, the year, unit code → its files. It travels as JSON.

    The code is empty for files that only their content can place. ``sources``: some unit of it has a
    web site; ``revisit``: ask also those whose report is there already.
    """

    label: str
    year: int
    sources: bool
    revisit: bool
    files: dict[str, list[File]]


def plan(
    stores: Stores, year: int | None, county: str = "", wanted: Sequence[str] = (), revisit: bool = False
) -> list[Work]:
    """One piece of work a unit of the roster (or of those named), or a batch when there are very many.

    Writes the roster and opens the year. Raises CollectError for a year out of range and RosterError
    for a county or unit that the roster does not know, before anything is written.
    """
    chosen_year = checked_year(year, stores.settings)
    units = roster.load(stores.settings.roster)
    check_county(units, county or stores.settings.county)
    chosen = chosen_units(units, chosen_year, wanted)
    stores.warehouse.save_units(units)
    stores.warehouse.open_year(chosen_year)
    _fetch_mail(stores)
    mine, free = deal(listed(stores, chosen_year), units, chosen_year)
    for code, file in claimed(stores, chosen_year):
        mine.setdefault(code, []).append(file)
    work = batches(chosen, chosen_year, mine, revisit)
    if free and not wanted:
        work.append(Work(label=FREE, year=chosen_year, sources=False, revisit=False, files={"": free}))
    return work


def _fetch_mail(stores: Stores) -> None:
    """Bring the mailbox's attachments into the inbox; a mailbox that is down keeps nobody else waiting."""
    if not stores.settings.mail_host:
        return
    try:
        with open_box(stores.settings) as box:
            new = take_mail(stores, box)
    except (CollectError, SettingsError) as error:
        tell(error.message)
    else:
        tell(f"收件邮箱：新到附件{new}个")


def checked_year(year: int | None, settings: Settings, moment: datetime | None = None) -> int:
    """The year of the reports; without one, the year before ``moment`` (now). Raises CollectError."""
    zone = ZoneInfo(settings.time_zone)
    today = datetime.now(zone)
    chosen = (moment or today).astimezone(zone).year - 1 if year is None else year
    if not FIRST_YEAR <= chosen <= today.year:
        raise CollectError(
            "COLLECT-YEAR",
            f"年度必须在{FIRST_YEAR}至{today.year}之间（{FIRST_YEAR}年起才有三张统计表），不能是{chosen}",
        )
    return chosen


def chosen_units(units: Sequence[Unit], year: int, wanted: Sequence[str]) -> list[Unit]:
    """The units that owe a report, or those of them that are named (name, alias or code). Raises RosterError."""
    county = roster.county(units)
    owing = [unit for unit in roster.active(units, year) if unit is not county]
    if not wanted:
        return owing
    found = {name: _named(owing, name, county) for name in wanted}
    unknown = [name for name, unit in found.items() if unit is None]
    if unknown:
        raise RosterError(
            "ROSTER-UNKNOWN",
            f"名册中没有应报送{year}年度报告的单位：{'、'.join(unknown)}。请核对名称或先修改名册",
        )
    codes = {unit.code for unit in found.values() if unit}
    return [unit for unit in owing if unit.code in codes]


def batches(
    units: Sequence[Unit],
    year: int,
    files: dict[str, list[File]],
    revisit: bool = False,
    single: int = SINGLE,
    size: int = BATCH,
) -> list[Work]:
    """The work, named by the unit or by the first and last of a batch."""
    if len(units) <= single:
        return [_work(unit.name, [unit], year, files, revisit) for unit in units]
    groups = [units[start : start + size] for start in range(0, len(units), size)]
    return [
        _work(f"第{number}批：{group[0].name} 至 {group[-1].name}", group, year, files, revisit)
        for number, group in enumerate(groups, 1)
    ]


def _work(label: str, units: Sequence[Unit], year: int, files: dict[str, list[File]], revisit: bool) -> Work:
    mine = {unit.code: files.get(unit.code, []) for unit in units}
    sources = any(unit.source for unit in units)
    return Work(label=label, year=year, sources=sources, revisit=revisit, files=mine)


def by_pool(works: Sequence[Work]) -> tuple[list[Work], list[Work]]:
    """The work that waits for web sites, and that which only reads: a slow site holds no reading place."""
    return [work for work in works if work["sources"]], [work for work in works if not work["sources"]]


def unit_choices(path: object) -> list[str]:
    """Names for the form's selection; empty when the roster cannot be read (the run then says why)."""
    try:
        units = roster.load(str(path))
    except RosterError:
        return []
    county = roster.county(units)
    return [unit.name for unit in units if unit is not county]


def check_county(units: Sequence[Unit], county: str) -> None:
    """Raises RosterError when the roster is another county's."""
    row = roster.county(units)
    if county and (row is None or county.strip() not in row.names):
        known = row.name if row else "（名册中没有县本级一行）"
        raise RosterError("ROSTER-COUNTY", f"名册是“{known}”的，不是“{county}”的。请核对县名或设置 GONGKAI_ROSTER")


def _named(units: Sequence[Unit], name: str, county: Unit | None) -> Unit | None:
    by_code = [unit for unit in units if unit.code == name.strip()]
    return by_code[0] if by_code else names.find(units, name, county.name if county else None)
