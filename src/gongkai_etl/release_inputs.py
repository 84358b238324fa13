"""What a release is made of, from both stores: the reports of a county and year with everything said about them.

Used by :mod:`gongkai_etl.publishing`; the publishing room itself knows no store.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from gongkai_etl.errors import GongkaiError, PublishError
from gongkai_etl.evidence import chinese_font, draw_row, page_picture, row_of
from gongkai_etl.model import Cell, Document, Finding, Grid, Report, Unit, from_json
from gongkai_etl.personal import hide_file
from gongkai_etl.publish import shelf
from gongkai_etl.publish.changes import released_from
from gongkai_etl.publish.evidence import DPI, crops, page_images
from gongkai_etl.publish.inputs import (
    Adjustment,
    Approval,
    CountyYear,
    Handover,
    Released,
    UnitYear,
    Verdict,
)
from gongkai_etl.settings import settings
from gongkai_etl.store import keys
from gongkai_etl.store.dimensions import form_cells
from gongkai_etl.store.objects import ObjectStore
from gongkai_etl.store.roster import OWN, county_of
from gongkai_etl.store.rows import Adjustment as StoredAdjustment
from gongkai_etl.store.rows import StoredFinding, Version
from gongkai_etl.store.warehouse import Warehouse

if TYPE_CHECKING:
    from PIL.Image import Image

_HEADS = 3
"""How many rows of headings stand above the first figure of a table of the form."""

# Findings of every version, also of those that a resubmission replaced: the ledger follows them.
_FINDINGS = """
    SELECT s.unit_code, s.sha256, s.file_name, f.rule, f.severity, f.message, f.left_side, f.right_side, f.cells,
           f.passage, f.advice, f.outcome
    FROM gongkai.submission s
    JOIN gongkai.check_result c ON c.submission_id = s.id AND c.is_current
    JOIN gongkai.finding f ON f.check_id = c.id
    WHERE s.year = :year ORDER BY s.id, f.ordinal
"""


def load_county_year(
    warehouse: Warehouse,
    objects: ObjectStore,
    year: int,
    *,
    years: int = 5,
    pictures: bool = False,
    approvals: Sequence[Approval] = (),
) -> CountyYear:
    """Everything a release of a year is made of, with up to ``years`` years as a chain.

    ``pictures`` also renders the pages of PDF reports, for the evidence on the site and in notices.
    Raises PublishError when the year was never opened for collecting.
    """
    members = warehouse.members(year)
    if not members:
        raise PublishError("PUBLISH-YEAR", f"{year}年度没有开始收集，没有可以发布的数据。")
    known = county_of(warehouse.units())
    county = known or Unit("county", settings().county or "全县", "县")
    loader = _Loader(warehouse, objects, year, pictures)
    own = next((member.unit for member in members if member.unit.kind == OWN), None)
    earlier = years > 1 and year - 1 in warehouse.years()
    return CountyYear(
        county=county,
        year=year,
        units=tuple(loader.unit_year(member.unit) for member in members if member.unit is not own),
        own=loader.unit_year(own) if own else None,
        adjustments=tuple(_adjustment(entry, loader) for entry in warehouse.adjustments(year)),
        draft=loader.unit_year(known).report if known else None,
        previous=load_county_year(warehouse, objects, year - 1, years=years - 1) if earlier else None,
        approvals=tuple(approvals),
        released=_released(objects, year, county.code),
    )


def pictured(warehouse: Warehouse, objects: ObjectStore, county_year: CountyYear) -> CountyYear:
    """The same with the pictures of this year's reports."""
    loader = _Loader(warehouse, objects, county_year.year, pictures=True)
    own = loader.unit_year(county_year.own.unit) if county_year.own else None
    return replace(county_year, units=tuple(loader.unit_year(unit.unit) for unit in county_year.units), own=own)


def with_pictures(warehouse: Warehouse, objects: ObjectStore, unit: UnitYear) -> UnitYear:
    """One unit with the pictures of its report."""
    return _Loader(warehouse, objects, unit.year, pictures=True).unit_year(unit.unit)


class _Loader:
    """The units of one year, from one round of queries."""

    def __init__(self, warehouse: Warehouse, objects: ObjectStore, year: int, pictures: bool) -> None:
        self.objects = objects
        self.year = year
        self.pictures = pictures
        self.zone = ZoneInfo(settings().time_zone)
        self.versions: defaultdict[str, list[Version]] = defaultdict(list)
        for version in warehouse.versions(year):
            if version.withdrawn_at is None:
                self.versions[version.submission.unit].append(version)
        self.findings: defaultdict[tuple[str, str], list[Finding]] = defaultdict(list)
        for row in warehouse.query(_FINDINGS, year=year):
            self.findings[row["unit_code"], row["sha256"]].append(_finding(row))
        self.judged: defaultdict[str, list[StoredFinding]] = defaultdict(list)
        for stored in warehouse.findings(year):
            if stored.decision:
                self.judged[stored.unit_code].append(stored)
        self.decided = {
            (verdict.unit_code, verdict.rule, verdict.binding): verdict.created_at
            for verdict in warehouse.list_verdicts(year)
        }

    def unit_year(self, unit: Unit) -> UnitYear:
        versions = self.versions[unit.code]
        numbers = {id(version): number for number, version in enumerate(versions, 1)}
        ordered = sorted(versions, key=lambda version: version.is_current)
        current = next((version for version in ordered if version.is_current), None)
        report = self._report(current) if current else None
        made = UnitYear(
            unit=unit,
            year=self.year,
            report=report,
            findings=tuple(self.findings[unit.code, current.submission.sha256]) if current else (),
            verdicts=tuple(self._verdict(stored) for stored in self.judged[unit.code]),
            versions=tuple(self._handover(version, numbers[id(version)]) for version in ordered),
        )
        return self._with_pictures(made, current) if self.pictures and report and current else made

    def _report(self, version: Version) -> Report | None:
        if version.report_id is None or not version.report_key:
            return None
        return from_json(Report, self.objects.get(version.report_key))

    def _handover(self, version: Version, number: int) -> Handover:
        submission = version.submission
        return Handover(
            sha256=submission.sha256,
            version=number,
            received_on=self.day(submission.received_at),
            extension=submission.extension,
            url=_public_address(submission.origin),
            findings=tuple(self.findings[submission.unit, submission.sha256]),
        )

    def _verdict(self, stored: StoredFinding) -> Verdict:
        finding = stored.finding
        when = self.decided.get((stored.unit_code, finding.rule, stored.binding))
        return Verdict(
            rule=finding.rule,
            cells=finding.cells,
            decision="waived" if stored.waived else "confirmed",
            reason=stored.decision_reason or "",
            left=finding.left,
            right=finding.right,
            decided_on=self.day(when) if when else None,
        )

    def _with_pictures(self, unit: UnitYear, version: Version) -> UnitYear:
        report = unit.report
        if report is None:
            return unit
        if any(cell.page is not None for cell in report.cells.values()):
            drawn = partial(_page, self.objects.get(version.submission.key), version.submission.file_name, report)
            unit = replace(unit, images=page_images(report, drawn))
        about = list(dict.fromkeys(key for finding in unit.open_findings for key in finding.cells[:2]))
        placed = {key: cell for key, cell in report.cells.items() if isinstance(cell.bbox, str)}
        document = self._document(version) if placed else None
        if document is None:
            return replace(unit, evidence=crops(unit, about))
        addresses = {cell.bbox for cell in placed.values()}
        grids = tuple(_cut(grid, addresses) for grid in document.grids if _figures(grid, addresses))
        drawable = [key for key in about if key in placed] if chinese_font() else []
        strips = {key: strip for key in drawable if (strip := _row(document, placed[key]))}
        return replace(unit, grids=grids, evidence=strips)

    def _document(self, version: Version) -> Document | None:
        """What the file says, as it was kept when it was read."""
        sent = version.submission
        key = keys.document(sent.year, sent.unit, sent.sha256)
        return from_json(Document, self.objects.get(key)) if self.objects.exists(key) else None

    def day(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()


def _page(data: bytes, name: str, report: Report, number: int, scanned: bool) -> tuple[Image, float] | None:
    """A page as a picture; a page that cannot be drawn stops no release."""
    try:
        return page_picture(data, name, number, report.format, scanned, DPI)
    except GongkaiError:
        return None


def _row(document: Document, cell: Cell) -> bytes | None:
    """The printed row of a figure as a picture, or None where it cannot be found again."""
    try:
        return draw_row(row_of(document, cell))
    except GongkaiError:
        return None


def _figures(grid: Grid, addresses: Collection[object]) -> list[int]:
    """The rows in which figures stand."""
    return [cell.row for cell in grid.cells if cell.address and cell.address in addresses]


def _cut(grid: Grid, addresses: Collection[object]) -> Grid:
    """The rows with figures and the headings above them: a sheet may hold the whole report, names and all."""
    rows = _figures(grid, addresses)
    first, last = min(rows) - _HEADS, max(rows)
    return replace(grid, cells=tuple(cell for cell in grid.cells if first <= cell.row <= last))


def _finding(row: Mapping[str, object]) -> Finding:
    names = {"left": "left_side", "right": "right_side", "text": "passage"}
    fields = ("rule", "severity", "message", "left", "right", "cells", "text", "advice", "outcome")
    values = {name: row[names.get(name, name)] for name in fields}
    for name in ("message", "left", "right", "text"):
        if values[name]:
            values[name] = hide_file(str(values[name]), str(row["file_name"]))
    return Finding(**{**values, "cells": tuple(values["cells"])})  # type: ignore[arg-type]


def _adjustment(entry: StoredAdjustment, loader: _Loader) -> Adjustment:
    value = entry.amount if form_cells()[entry.key].kind == "money" else int(entry.amount)
    return Adjustment(entry.key, value, entry.reason, loader.day(entry.created_at))


def _public_address(origin: str) -> str | None:
    """The web address a file was collected from; nothing for mail, upload and inbox."""
    found = re.search(r"https?://[^\s|]+", origin)
    return found.group() if found else None


def _released(objects: ObjectStore, year: int, county: str) -> Released | None:
    """The figures of the release that ``latest`` points at."""
    name = shelf.latest(objects.public, year)
    cells, added = (f"{year}/{name}/data/{table}.csv" for table in ("cells", "adjustments"))
    if name is None or not objects.public.exists(cells):
        return None
    adjustments = objects.public.get(added) if objects.public.exists(added) else b""
    return released_from(name, year, objects.public.get(cells), county, adjustments)
