"""The rows of the open dataset that are about the county: totals, identities, the chain of years, indicators."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from gongkai_etl.model import Value
from gongkai_etl.publish.bridge import CountyCheck
from gongkai_etl.publish.facts import Facts, Row
from gongkai_etl.publish.indicators import indicators
from gongkai_etl.publish.rollup import Line, Part

CHAIN = {
    "brought_forward": "t3.brought_forward.total",
    "received": "t3.received.total",
    "processed": "t3.processed_total.total",
    "carried_forward": "t3.carried_forward.total",
}


def county_totals(facts: Facts) -> Iterator[Row]:
    """One row a line of the bridge."""
    reasons = dict(facts.bridge.approved)
    for line in facts.bridge.roll_up.lines.values():
        yield {"year": facts.county_year.year, **_total_row(line), "approval": reasons.get(line.key)}


def _total_row(line: Line) -> Row:
    return {
        "cell_key": line.key,
        "value": line.value,
        "recomputed": line.recomputed,
        "units_value": _role(line, "unit"),
        "own_value": _role(line, "own"),
        "adjustment": _role(line, "adjustment"),
        "units_reported": line.reported,
        "units_expected": line.expected,
        "missing": names(line.gaps, lambda part: f"{part.name}（{part.gap}）"),
        "uncertain": names(line.uncertain),
        "waived": names(line.waived),
        "disputed": names(
            line.disputed, lambda part: f"{part.name}（所报 {part.value}，分项之和 {part.recomputed}）"
        ),
        "previous": line.previous,
        "draft": line.draft,
        "unexplained": "；".join(line.unexplained) or None,
    }


def _role(line: Line, role: str) -> Value:
    values = [part.value for part in line.parts if part.role == role and part.value is not None]
    return sum(values[1:], values[0]) if values else None


def names(parts: Iterable[Part], words: Callable[[Part], str] = lambda part: part.name) -> str | None:
    """The units of some parts in one cell, or None when there are none."""
    return "、".join(words(part) for part in parts) or None


def county_checks(facts: Facts) -> Iterator[Row]:
    """One row an identity."""
    for check in facts.bridge.checks:
        yield {
            "year": facts.county_year.year,
            "check": check.identity.id,
            "rule": check.identity.rule,
            "left": check.left,
            "right": check.right,
            "holds": check.holds,
            "explanation": explanation(check),
        }


def explanation(check: CountyCheck) -> str | None:
    """Which units the difference of a county identity comes from, in Chinese."""
    words = [f"{share.name} {share.difference:+}（{share.reason}）" for share in check.shares]
    if check.rest:
        words.append(f"另有 {check.rest:+} 未能说明")
    return "；".join(words) or None


def year_chain(facts: Facts) -> Iterator[Row]:
    """One row a unit and year."""
    previous = facts.county_year.previous
    before = {unit.unit.code: unit for unit in previous.all} if previous else {}
    for unit in facts.units:
        last = before.get(unit.unit.code) if unit.year == facts.county_year.year else None
        carried = last.number("t3.carried_forward.total") if last else None
        figures = {name: unit.number(key) for name, key in CHAIN.items()}
        yield {"year": unit.year, "unit_code": unit.unit.code, "carried_before": carried, **figures}


def indicator_rows(facts: Facts) -> Iterator[Row]:
    """One row an indicator."""
    for entry in indicators(facts.county_year):
        yield {
            "year": facts.county_year.year,
            "indicator": entry.id,
            "label": entry.label,
            "formula": entry.formula,
            "numerator": entry.numerator,
            "denominator": entry.denominator,
            "value": entry.value,
            "units": entry.units,
        }
