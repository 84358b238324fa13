"""Which entry of a list is this unit's report of this year, and why the others are not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from gongkai_etl.collect.names import core, find
from gongkai_etl.model import Unit
from gongkai_etl.text import squeeze

_YEAR = re.compile(r"(?<!\d)(20\d{2})(?!\d)")


@cache
def rules() -> dict[str, Any]:
    """The contents of ``choice.yaml``."""
    data: dict[str, Any] = yaml.safe_load(files(__package__).joinpath("choice.yaml").read_text("utf-8"))
    return data


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a list page."""

    title: str
    url: str
    date: date | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is thought of an entry. ``sure`` is false when year or unit come from circumstances only."""

    entry: Entry
    take: bool
    why: str
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose report of which year is looked for; ``shared``: the list holds the reports of several units."""

    unit: Unit | None
    year: int
    units: Sequence[Unit] = ()
    shared: bool = False


def judge(entry: Entry, wanted: Wanted) -> Verdict:
    """Take the entry or not, with the reason in Chinese."""
    title = squeeze(entry.title)
    for refusal in rules()["refuse"]:
        if re.search(refusal["pattern"], title):
            return Verdict(entry, False, refusal["why"])
    if not any(re.search(pattern, title) for pattern in rules()["report"]):
        return Verdict(entry, False, "标题不是政府信息公开工作年度报告")
    year, sure = report_year(title, entry.date)
    if year != wanted.year:
        return Verdict(entry, False, "看不出是哪一年的" if year is None else f"是{year}年的报告")
    whose, named = _unit(title, wanted)
    if whose is not None:
        return Verdict(entry, False, whose)
    told = f"{year}年的报告，" + ("标题写明年份" if sure else "年份按发布日期推定")
    return Verdict(entry, True, told, sure and named)


def best(verdicts: Sequence[Verdict]) -> Verdict | None:
    """Of the taken ones: the year in the title first, then the corrected one, then the newest."""
    taken = [verdict for verdict in verdicts if verdict.take]
    return max(taken, key=_rank, default=None)


def report_year(title: str, published: date | None) -> tuple[int | None, bool]:
    """The year a title is about and whether it says so; else the year before it was published."""
    found = _YEAR.findall(squeeze(title))
    if found:
        return int(found[0]), True
    return (published.year - 1, False) if published is not None and published.month <= 6 else (None, False)


def subject(title: str) -> str:
    """The unit as a title names it: what stands before 政府信息公开, without the year and a leading 关于."""
    before = re.split(r"(政府|政务)?信息公开", squeeze(title))[0]
    return re.sub(r"20\d{2}(年度|年)?|^关于|^\[.*?\]|^【.*?】|[《》]|度$", "", before).strip("·-—.")


def _unit(title: str, wanted: Wanted) -> tuple[str | None, bool]:
    """(why the title is another unit's, or None; whether the title names ours)."""
    if wanted.unit is None:
        return None, True
    name = subject(title)
    if any(core(name) == core(known) for known in wanted.unit.names):
        return None, True
    found = find(wanted.units, name)
    if found is not None:
        same = found.code == wanted.unit.code
        return (None if same else f"是{found.name}的报告"), same
    if not wanted.shared:
        return None, False
    return (f"名册里找不到“{name}”" if name else "标题没有写单位"), False


def _rank(verdict: Verdict) -> tuple[bool, bool, date, str]:
    newer = bool(re.search(rules()["newer"], verdict.entry.title))
    return verdict.sure, newer, verdict.entry.date or date.min, verdict.entry.url
