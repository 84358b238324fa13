"""Indicators with formula, numerator, denominator and N; their definitions are in indicators.yaml."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from gongkai_etl.model import Value
from gongkai_etl.publish.inputs import CountyYear, UnitState, UnitYear
from gongkai_etl.publish.rollup import RollUp


@dataclass(frozen=True, slots=True)
class Indicator:
    """One rate. ``value`` has four decimals; None when a side has no figure or the denominator is 0."""

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


def indicators(county_year: CountyYear, rolled: RollUp) -> tuple[Indicator, ...]:
    """All indicators of the county in the order of the file."""
    return tuple(_indicator(entry, county_year, rolled) for entry in _definitions())


def _indicator(entry: dict[str, Any], county_year: CountyYear, rolled: RollUp) -> Indicator:
    if "units" in entry:
        sides: tuple[Value, Value, int] = _COUNTS[entry["units"]](county_year)
    else:
        sides = _figures(entry, rolled)
    top, bottom, behind = sides
    return Indicator(entry["id"], entry["label"], entry["formula"], top, bottom, _rate(top, bottom), behind)


def _figures(entry: dict[str, Any], rolled: RollUp) -> tuple[Value, Value, int]:
    keys = [*_keys(entry["numerator"], rolled), *_keys(entry["denominator"], rolled)]
    # The fewest units behind any of the figures: the rate stands on no more than these.
    behind = min(rolled.lines[key.removeprefix("-")].reported for key in keys)
    return _total(entry["numerator"], rolled), _total(entry["denominator"], rolled), behind


def _keys(patterns: list[str], rolled: RollUp) -> list[str]:
    found = []
    for pattern in patterns:
        sign = "-" if pattern.startswith("-") else ""
        found += [sign + key for key in rolled.lines if fnmatchcase(key, pattern.removeprefix("-"))]
    return found


def _total(patterns: list[str], rolled: RollUp) -> Value:
    total: Value = 0
    for key in _keys(patterns, rolled):
        value = rolled.number(key.removeprefix("-"))
        if value is None or total is None:
            return None
        total += -value if key.startswith("-") else value
    return total


def _rate(top: Value, bottom: Value) -> Decimal | None:
    if top is None or not bottom:
        return None
    return (Decimal(top) / Decimal(bottom)).quantize(Decimal("0.0001"), ROUND_HALF_EVEN)


def first_pass(unit: UnitYear) -> bool:
    """Whether the first version that came had no error that still stands."""
    if not unit.versions:
        return False
    if len(unit.versions) == 1:
        return unit.state is UnitState.PASSED
    return not any(finding.severity == "error" for finding in unit.versions[0].findings)


def _on_time(county_year: CountyYear) -> tuple[int, int, int]:
    came = [unit for unit in county_year.all if unit.versions]
    return sum(not unit.late for unit in came), len(county_year.all), len(came)


def _first_pass(county_year: CountyYear) -> tuple[int, int, int]:
    came = [unit for unit in county_year.all if unit.versions]
    return sum(first_pass(unit) for unit in came), len(came), len(came)


def _passed(county_year: CountyYear) -> tuple[int, int, int]:
    passed = sum(unit.state is UnitState.PASSED for unit in county_year.all)
    return passed, len(county_year.all), len(county_year.all)


_COUNTS: dict[str, Callable[[CountyYear], tuple[int, int, int]]] = {
    "on_time": _on_time,
    "first_pass": _first_pass,
    "passed": _passed,
}
