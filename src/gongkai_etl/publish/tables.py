"""The rows of the open dataset, as plain dictionaries in the order in which they are written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

from gongkai_etl.form import Edition, edition
from gongkai_etl.model import Cell, CellState
from gongkai_etl.publish.county_tables import county_checks, county_totals, indicator_rows, year_chain
from gongkai_etl.publish.facts import Facts, Row
from gongkai_etl.publish.inputs import UnitYear


def rows_of(facts: Facts) -> dict[str, list[Row]]:
    """Table name → its rows, in the order of dataset.yaml. The signer and the file name stay out."""
    return {name: list(build(facts)) for name, build in _TABLES.items()}


def _units(facts: Facts) -> Iterator[Row]:
    county = facts.county_year.county
    seen = {county.code: county} | {unit.unit.code: unit.unit for unit in reversed(list(facts.units))}
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
            "signed_by": unit.report.signed_by if unit.report else None,
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


def _adjustments(facts: Facts) -> Iterator[Row]:
    for number, entry in enumerate(facts.county_year.adjustments, 1):
        yield {
            "year": facts.county_year.year,
            "number": number,
            "cell_key": entry.key,
            "amount": entry.value,
            "reason": entry.reason,
            "entered_on": entry.entered_on,
        }


def _changes(facts: Facts) -> Iterator[Row]:
    return iter(facts.changes)


_TABLES: dict[str, Callable[[Facts], Iterator[Row]]] = {
    "units": _units,
    "places": _places,
    "progress": _progress,
    "cells": _cells,
    "county_totals": county_totals,
    "adjustments": _adjustments,
    "county_checks": county_checks,
    "year_chain": year_chain,
    "indicators": indicator_rows,
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
