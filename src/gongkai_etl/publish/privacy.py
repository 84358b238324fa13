"""What the public may see of a county's year: no personal data in anything people wrote, unless allowed.

It is taken out before anything is built, so that no file of a release can forget to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial

from gongkai_etl.model import Cell, Finding, Grid, Report
from gongkai_etl.personal import SIGNER, hide
from gongkai_etl.publish.inputs import CountyYear, Handover, UnitYear, Verdict

Hide = Callable[[str], str]


def for_public(county_year: CountyYear, allowed: Iterable[str] = ()) -> CountyYear:
    """The same year without personal data but for the ``allowed`` kinds (gongkai_etl.personal).

    Years before are left alone: a release takes nothing but figures from them.
    """
    kinds = tuple(allowed)
    conceal: Hide = partial(hide, allowed=kinds)
    own = county_year.own
    return replace(
        county_year,
        units=tuple(_unit(unit, conceal, SIGNER in kinds) for unit in county_year.units),
        own=_unit(own, conceal, SIGNER in kinds) if own else None,
        adjustments=tuple(replace(entry, reason=conceal(entry.reason)) for entry in county_year.adjustments),
        approvals=tuple(replace(entry, reason=conceal(entry.reason)) for entry in county_year.approvals),
    )


def _unit(unit: UnitYear, conceal: Hide, signer: bool) -> UnitYear:
    return replace(
        unit,
        report=_report(unit.report, conceal, signer) if unit.report else None,
        findings=tuple(_finding(finding, conceal) for finding in unit.findings),
        verdicts=tuple(_verdict(verdict, conceal) for verdict in unit.verdicts),
        versions=tuple(_handover(version, conceal) for version in unit.versions),
        grids=tuple(_grid(grid, conceal) for grid in unit.grids),
    )


def _report(report: Report, conceal: Hide, signer: bool) -> Report:
    cells = {key: _cell(cell, conceal) for key, cell in report.cells.items()}
    return replace(report, cells=cells, sections={}, signed_by=report.signed_by if signer else None)


def _cell(cell: Cell, conceal: Hide) -> Cell:
    told = (_maybe(cell.raw, conceal), conceal(cell.reason), _maybe(cell.note, conceal))
    if told == (cell.raw, cell.reason, cell.note):
        return cell
    return replace(cell, raw=told[0], reason=told[1], note=told[2])


def _grid(grid: Grid, conceal: Hide) -> Grid:
    return replace(grid, cells=tuple(replace(cell, text=conceal(cell.text)) for cell in grid.cells))


def _finding(finding: Finding, conceal: Hide) -> Finding:
    return replace(
        finding,
        message=conceal(finding.message),
        left=_maybe(finding.left, conceal),
        right=_maybe(finding.right, conceal),
        text=_maybe(finding.text, conceal),
        advice=_maybe(finding.advice, conceal),
    )


def _verdict(verdict: Verdict, conceal: Hide) -> Verdict:
    """Both sides too: a verdict covers a finding when they are the same."""
    left, right = _maybe(verdict.left, conceal), _maybe(verdict.right, conceal)
    return replace(verdict, reason=conceal(verdict.reason), left=left, right=right)


def _handover(version: Handover, conceal: Hide) -> Handover:
    return replace(version, file_name="", findings=tuple(_finding(entry, conceal) for entry in version.findings))


def _maybe(text: str | None, conceal: Hide) -> str | None:
    return conceal(text) if text else text
