"""What changed since the release before: which figure of which unit, from what to what, and why."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from decimal import Decimal

from gongkai_etl.model import Value
from gongkai_etl.publish.facts import Row
from gongkai_etl.publish.inputs import CountyYear, Released, UnitYear
from gongkai_etl.text import chinese_date


def released_from(
    release: str, year: int, cells_csv: bytes, county: str = "", adjustments_csv: bytes = b""
) -> Released:
    """The figures of an earlier release, from its ``cells.csv`` and ``adjustments.csv``; ``county`` is its code."""
    figures = {(row["unit_code"], row["cell_key"]): _value(row["value"]) for row in _rows(cells_csv, year)}
    for row in _rows(adjustments_csv, year):
        place = (county, row["cell_key"])
        figures[place] = (figures.get(place) or 0) + (_value(row["amount"]) or 0)
    return Released(release, figures)


def _rows(table: bytes, year: int) -> Iterator[dict[str, str]]:
    reader = csv.DictReader(io.StringIO(table.decode("utf-8-sig")))
    return (row for row in reader if row["year"] == str(year))


def _value(text: str) -> Value:
    if not text:
        return None
    return Decimal(text) if "." in text else int(text)


def changes(county_year: CountyYear) -> tuple[Row, ...]:
    """The changed figures in the order of the roster and the form; empty for a first release."""
    released = county_year.released
    if released is None:
        return ()
    found = []
    for unit in county_year.all:
        old_keys = [key for code, key in released.figures if code == unit.unit.code]
        new_keys = list(unit.report.cells) if unit.report else []
        for key in dict.fromkeys((*new_keys, *old_keys)):
            before, after = released.figures.get((unit.unit.code, key)), unit.number(key)
            if before != after:
                reason = _reason(unit, known=bool(old_keys))
                found.append(_row(unit.unit.code, key, before, after, reason))
    found += _adjusted(county_year, released)
    present = {county_year.county.code, *(unit.unit.code for unit in county_year.all)}
    for (code, key), before in released.figures.items():
        if code not in present and before is not None:
            found.append(_row(code, key, before, None, "名录中不再有该单位"))
    return tuple(found)


def _adjusted(county_year: CountyYear, released: Released) -> list[Row]:
    """The county's adjustments, by cell: entered, changed or taken back."""
    county = county_year.county.code
    before = {key: value for (code, key), value in released.figures.items() if code == county}
    found = []
    for key in dict.fromkeys((*county_year.adjusted, *before)):
        old, new = before.get(key), county_year.adjusted.get(key)
        if old != new:
            reasons = "；".join(entry.reason for entry in county_year.adjustments if entry.key == key)
            found.append(_row(county, key, old, new, f"县级调整：{reasons}" if reasons else "撤销县级调整"))
    return found


def _row(code: str, key: str, before: Value, after: Value, reason: str) -> Row:
    return {"unit_code": code, "cell_key": key, "before": before, "after": after, "reason": reason}


def _reason(unit: UnitYear, *, known: bool) -> str:
    version = unit.submission
    if unit.report is None or version is None:
        return "撤回报告"
    day = f"（{chinese_date(version.received_on)}）" if version.received_on else ""
    if not known:
        return f"补报{day}" if unit.late else f"新报送{day}"
    return f"第 {version.version} 次报送更正{day}" if version.version > 1 else "重新读取"
