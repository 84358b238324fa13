"""Indicators with formula, numerator, denominator and N; their definitions are in indicators.yaml."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from gongkai_etl.form import edition
from gongkai_etl.model import Value
from gongkai_etl.publish.inputs import CountyYear, UnitYear


@dataclass(frozen=True, slots=True)
class Indicator:
    """One rate. ``value`` has four decimals; None when a side has no figure or the denominator is 0.

    ``units`` (N) is the number of units that have both numerator and denominator.
    """

    id: str
    label: str
    formula: str
    numerator: Value
    denominator: Value
    value: Decimal | None
    units: int


@cache
def _definitions() -> tuple[dict[str, Any], ...]:
    text = files("gongkai_etl.publish").joinpath("indicators.yaml").read_text("utf-8")
    return tuple(yaml.safe_load(text)["indicators"])


def indicators(county_year: CountyYear) -> tuple[Indicator, ...]:
    """All indicators of the county in the order of the file."""
    return tuple(_indicator(entry, county_year) for entry in _definitions())


def _indicator(entry: dict[str, Any], county_year: CountyYear) -> Indicator:
    expected = len(county_year.all)
    if "units" in entry:
        counted = sum(_COUNTS[entry["units"]](unit) for unit in county_year.all)
        sides: tuple[Value, Value, int] = (counted, expected, expected)
    else:
        sides = _figures(entry, county_year)
    top, bottom, behind = sides
    return Indicator(entry["id"], entry["label"], entry["formula"], top, bottom, _rate(top, bottom), behind)


def _figures(entry: dict[str, Any], county_year: CountyYear) -> tuple[Value, Value, int]:
    top: Value = None
    bottom: Value = None
    behind = 0
    for unit in county_year.all:
        mine, whole = _total(tuple(entry["numerator"]), unit), _total(tuple(entry["denominator"]), unit)
        if mine is not None and whole is not None:
            top, bottom, behind = (top or 0) + mine, (bottom or 0) + whole, behind + 1
    return top, bottom, behind


@cache
def _keys(patterns: tuple[str, ...], edition_name: str) -> tuple[tuple[int, str], ...]:
    """(sign, cell key) of every cell that the patterns name in an edition."""
    known = edition(edition_name).keys()
    return tuple(
        (-1 if pattern.startswith("-") else 1, key)
        for pattern in patterns
        for key in known
        if fnmatchcase(key, pattern.removeprefix("-"))
    )


def _total(patterns: tuple[str, ...], unit: UnitYear) -> Value:
    """The sum of a unit's cells, None when one of them has no figure."""
    if unit.report is None:
        return None
    total: Value = 0
    form = unit.report.editions.get(patterns[0].removeprefix("-").split(".")[0]) or "2021"
    for sign, key in _keys(patterns, form):
        value = unit.number(key)
        if value is None or total is None:
            return None
        total += sign * value
    return total


def _rate(top: Value, bottom: Value) -> Decimal | None:
    if top is None or not bottom:
        return None
    return (Decimal(top) / Decimal(bottom)).quantize(Decimal("0.0001"), ROUND_HALF_UP)


def first_pass(unit: UnitYear) -> bool:
    """Whether the first version that came was read and had no error."""
    if not unit.versions:
        return False
    if len(unit.versions) == 1:
        findings, readable = unit.findings, unit.report is not None
    else:
        findings, readable = unit.versions[0].findings, True
    return readable and not any(entry.severity == "error" and entry.outcome == "fail" for entry in findings)


def on_time(unit: UnitYear) -> bool:
    """Whether there is a readable report that came in time."""
    return unit.report is not None and not unit.late


_COUNTS: dict[str, Callable[[UnitYear], bool]] = {"on_time": on_time, "first_pass": first_pass}
