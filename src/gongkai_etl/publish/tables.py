"""The rows of the open dataset, as plain dictionaries in the order in which they are written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from typing import Any

from gongkai_etl.form import Edition, edition
from gongkai_etl.model import Cell, CellState, Value
from gongkai_etl.publish.bridge import Bridge, CountyCheck
from gongkai_etl.publish.indicators import indicators
from gongkai_etl.publish.inputs import CountyYear, UnitYear
from gongkai_etl.publish.rollup import Line, Part

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Facts:
    """What the tables are made of. ``years`` are this year and the year before, newest first."""

    county_year: CountyYear
    bridge: Bridge
    changes: tuple[Row, ...] = ()

    @property
    def years(self) -> tuple[CountyYear, ...]:
        """This year and, where it is known, the year before."""
        previous = self.county_year.previous
        return (self.county_year, previous) if previous else (self.county_year,)

    @property
    def moment(self) -> datetime:
        """The time that files carry inside: midnight of the day the figures stand for."""
        return datetime.combine(self.county_year.day, time())

    @property
    def units(self) -> Iterator[UnitYear]:
        """Every unit of every year, newest year first."""
        return (unit for year in self.years for unit in year.all)


def rows_of(facts: Facts) -> dict[str, list[Row]]:
    """Table name → its rows, in the order of dataset.yaml. The signer and the file name stay out."""
    return {name: list(build(facts)) for name, build in _TABLES.items()}


def _units(facts: Facts) -> Iterator[Row]:
    seen = {unit.unit.code: unit.unit for unit in reversed(list(facts.units))}
    for code in sorted(seen):
        unit = seen[code]
        yield {
            "unit_code": code,
            "unit_name": unit.name,
            "kind": unit.kind,
            "parent": unit.parent,
            "valid_from": unit.valid_from,
            "valid_to": unit.valid_to,
            "change_reason": unit.change_reason,
        }


def _places(facts: Facts) -> Iterator[Row]:
    used = {key for unit in facts.units if unit.report for key in unit.report.cells}
    main = edition(facts.bridge.roll_up.edition)
    others = [edition(name) for name in ("2021", "2019") if name != main.id]
    known: set[str] = set()
    for form in (main, *others):
        for row in _form_places(form):
            key = row["cell_key"]
            if key not in known and (form is main or key in used):
                known.add(key)
                yield {**row, "position": len(known)}


def _form_places(form: Edition) -> Iterator[Row]:
    for table in form.tables.values():
        for key, block, row, column in table.cells():
            yield {
                "cell_key": key,
                "table_key": table.key,
                "row_key": row.key,
                "column_key": column.key,
                "row_group": "／".join(row.groups) or (block.label if block.label != row.label else None),
                "row_label": row.label,
                "column_label": column.label,
                "kind": column.kind,
            }


def _progress(facts: Facts) -> Iterator[Row]:
    for unit in facts.county_year.all:
        yield {
            "year": unit.year,
            "unit_code": unit.unit.code,
            "state": unit.state.value,
            "due_on": unit.due_on,
            "received_on": unit.versions[0].received_on if unit.versions else None,
            "late": unit.late,
            "versions": len(unit.versions),
            "errors": unit.count("error"),
            "warnings": unit.count("warning"),
            "notices": unit.count("notice"),
            "sha256": unit.submission.sha256 if unit.submission else None,
        }


def _cells(facts: Facts) -> Iterator[Row]:
    order = {row["cell_key"]: row["position"] for row in _places(facts)}
    for unit in facts.county_year.all:
        if not unit.report:
            continue
        waived = {key for finding in unit.findings if unit.waived(finding) for key in finding.cells}
        for key in sorted(unit.report.cells, key=lambda key: order.get(key, 0)):
            if key in order:
                yield _cell_row(unit, key, unit.report.cells[key], key in waived)


def _cell_row(unit: UnitYear, key: str, cell: Cell, waived: bool) -> Row:
    return {
        "year": unit.year,
        "unit_code": unit.unit.code,
        "cell_key": key,
        "value": unit.number(key),
        "raw": cell.raw,
        "state": cell.state.value,
        "certain": cell.certain,
        "waived": waived,
        "page": cell.page,
        "place": place(cell),
        "sha256": unit.submission.sha256 if unit.submission else None,
    }


def place(cell: Cell) -> str | None:
    """Where a figure stands: four lengths in PDF points, or the address of the cell."""
    if cell.bbox is None or isinstance(cell.bbox, str):
        return cell.bbox
    return " ".join(f"{length:.1f}" for length in cell.bbox)


def _county_totals(facts: Facts) -> Iterator[Row]:
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


def _county_checks(facts: Facts) -> Iterator[Row]:
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


CHAIN = {
    "brought_forward": "t3.brought_forward.total",
    "received": "t3.received.total",
    "processed": "t3.processed_total.total",
    "carried_forward": "t3.carried_forward.total",
}


def _year_chain(facts: Facts) -> Iterator[Row]:
    previous = facts.county_year.previous
    before = {unit.unit.code: unit for unit in previous.all} if previous else {}
    for unit in facts.units:
        last = before.get(unit.unit.code) if unit.year == facts.county_year.year else None
        carried = last.number("t3.carried_forward.total") if last else None
        figures = {name: unit.number(key) for name, key in CHAIN.items()}
        yield {"year": unit.year, "unit_code": unit.unit.code, "carried_before": carried, **figures}


def _indicators(facts: Facts) -> Iterator[Row]:
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


def _findings(facts: Facts) -> Iterator[Row]:
    for unit in facts.county_year.all:
        for number, finding in enumerate(sorted(unit.findings, key=lambda entry: entry.sort_key), 1):
            verdict = unit.verdict(finding)
            yield {
                "year": unit.year,
                "unit_code": unit.unit.code,
                "number": number,
                "rule": finding.rule,
                "severity": finding.severity,
                "message": finding.message,
                "left": finding.left,
                "right": finding.right,
                "cells": " ".join(finding.cells) or None,
                "outcome": finding.outcome,
                "verdict": verdict.decision if verdict else None,
                "verdict_reason": verdict.reason if verdict else None,
            }


def _changes(facts: Facts) -> Iterator[Row]:
    return iter(facts.changes)


_TABLES: dict[str, Callable[[Facts], Iterator[Row]]] = {
    "units": _units,
    "places": _places,
    "progress": _progress,
    "cells": _cells,
    "county_totals": _county_totals,
    "county_checks": _county_checks,
    "year_chain": _year_chain,
    "indicators": _indicators,
    "findings": _findings,
    "figure_changes": _changes,
}


def plain(value: object) -> object:
    """A figure or date as text for CSV and JSON: decimals keep their digits, booleans are true and false."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, CellState):
        return value.value
    return "" if value is None else str(value)
