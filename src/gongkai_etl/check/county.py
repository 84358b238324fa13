"""The county's own report against its units, within the scope that it declares."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from gongkai_etl.check.case import Case
from gongkai_etl.check.registry import batch_rule
from gongkai_etl.model import Finding

_WHOLE = re.compile(
    r"全[县市区旗](?:全年|各级|各部门|行政机关)?[^,。;]{0,16}(?:收到|受理|收办|新收|办理)|汇总|综合(?:各|全)"
)
_ROWS = (
    "t3.*.total",
    "t4.*.total",
    "t2.licences.decisions",
    "t2.penalties.decisions",
    "t2.coercive_measures.decisions",
)


@batch_rule("COUNTY-SUM", "COUNTY-PART")
def roll_up(cases: Sequence[Case]) -> Iterator[tuple[int, Finding]]:
    """Where the county says that it speaks for all, its figures are the sum of all."""
    for at, case in enumerate(cases):
        if case.item.unit is None or case.item.unit.kind != "县":
            continue
        units = [other for k, other in enumerate(cases) if k != at and other.year == case.year and other.item.unit]
        if not units:
            continue
        if not _WHOLE.search(case.prose):
            case.unchecked.append("县级报告没有说明是否汇总了全县各单位，未与各单位之和比较。")
            continue
        missing = _missing(case, units)
        if missing:
            case.unchecked.append(f"还有{len(missing)}个单位的报告未到，未与各单位之和比较。")
        for key in case.keys(*_ROWS):
            finding = _row(case, units, key, complete=not missing)
            if finding is not None:
                yield at, finding


def _missing(case: Case, units: Sequence[Case]) -> set[str]:
    here = {unit.item.unit.code for unit in units if unit.item.unit}
    return {unit.code for unit in case.roster if unit.kind != "县"} - here


def _row(case: Case, units: Sequence[Case], key: str, complete: bool) -> Finding | None:
    printed = case.report.number(key)
    figures = [(unit.name, unit.report.number(key)) for unit in units]
    known = [(name, number) for name, number in figures if number is not None]
    if printed is None or not known:
        return None
    name, largest = max(known, key=lambda pair: (pair[1], pair[0]))
    if largest > printed:
        message = f"{case.label(key)}全县为{printed}，而{name}一个单位就有{largest}。"
        return case.finding("COUNTY-PART", message, left=printed, right=largest, cells=[key])
    total = sum(number for _, number in known)
    if complete and len(known) == len(figures) and total != printed:
        message = f"{case.label(key)}全县为{printed}，各单位（{len(known)}个）之和为{total}，相差{abs(printed - total)}。"
        return case.finding("COUNTY-SUM", message, left=printed, right=total, cells=[key])
    return None
