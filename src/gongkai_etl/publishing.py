"""The stores and the publishing room joined: what a release is made of, loaded, and a release carried through.

Used by the DAG ``gongkai_publish`` and by the command line. Each step can be run again: the same
figures give the same release, and a second run changes no row and no published byte.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from gongkai_etl.errors import PublishError
from gongkai_etl.model import Finding, Report, Unit, from_json
from gongkai_etl.publish import release as building
from gongkai_etl.publish import shelf
from gongkai_etl.publish.bridge import Bridge, build_bridge, require_explained
from gongkai_etl.publish.changes import released_from
from gongkai_etl.publish.evidence import crops, page_images
from gongkai_etl.publish.inputs import Approval, CountyYear, Handover, Released, RuleText, UnitYear, Verdict
from gongkai_etl.publish.options import Options
from gongkai_etl.settings import settings
from gongkai_etl.store.objects import ObjectStore
from gongkai_etl.store.roster import county_of
from gongkai_etl.store.rows import StoredFinding, Version
from gongkai_etl.store.warehouse import Warehouse

# Findings of every version, also of those that a resubmission replaced: the ledger follows them.
_FINDINGS = """
    SELECT s.unit_code, s.sha256, f.rule, f.severity, f.message, f.left_side, f.right_side, f.cells,
           f.passage, f.advice, f.outcome
    FROM gongkai.submission s
    JOIN gongkai.check_result c ON c.submission_id = s.id AND c.is_current
    JOIN gongkai.finding f ON f.check_id = c.id
    WHERE s.year = :year ORDER BY s.id, f.ordinal
"""


@dataclass(frozen=True, slots=True)
class Published:
    """What a run has done. ``written`` is 0 and ``new`` False when everything stood already."""

    release: str
    year: int
    new: bool
    written: int
    files: int
    bridge: Bridge


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
    county = county_of(warehouse.units()) or Unit("", settings().county or "全县", "县")
    loader = _Loader(warehouse, objects, year, pictures)
    earlier = years > 1 and year - 1 in warehouse.years()
    return CountyYear(
        county=county,
        year=year,
        units=tuple(loader.unit_year(member.unit) for member in members),
        draft=loader.unit_year(county).report if county.code else None,
        previous=load_county_year(warehouse, objects, year - 1, years=years - 1) if earlier else None,
        approvals=tuple(approvals),
        released=_released(objects, year),
    )


def publish_year(
    warehouse: Warehouse,
    objects: ObjectStore,
    year: int,
    out: Path,
    *,
    approved_by: str,
    reason: str | None = None,
    options: Options | None = None,
) -> Published:
    """Approve, build, upload and switch ``latest``, in this order; each is skipped where it is done already.

    ``reason`` is printed where a line is not explained. Raises PublishError PUBLISH-UNEXPLAINED when
    there is such a line and no reason, before anything is written.
    """
    approvals = [Approval(reason)] if reason and reason.strip() else []
    public = objects.public
    county_year = load_county_year(warehouse, objects, year, pictures=True, approvals=approvals)
    bridge = build_bridge(county_year)
    require_explained(bridge)
    approved, new = warehouse.approve_release(year, approved_by, reason)
    if not new and shelf.latest(public, year) == approved.name:
        return Published(approved.name, year, False, 0, 0, bridge)
    built = building.build(county_year, out, options or chosen_options(), approved.name)
    written = shelf.upload(public, built)
    warehouse.save_release_files(approved.id, [(entry.path, entry.size, entry.sha256) for entry in built.files])
    shelf.switch_latest(public, year, approved.name)
    return Published(approved.name, year, new, written, len(built.files), bridge)


def office_papers(
    warehouse: Warehouse,
    objects: ObjectStore,
    year: int,
    out: Path,
    *,
    rules: Mapping[str, RuleText] | None = None,
    options: Options | None = None,
) -> tuple[building.ReleasedFile, ...]:
    """The county report as a draft, the ledger and the notices of a year, below ``out``. Nothing is published."""
    county_year = load_county_year(warehouse, objects, year, pictures=True)
    return building.build_office(county_year, out, options or chosen_options(), rules or rule_texts())


def retract(warehouse: Warehouse, objects: ObjectStore, year: int, name: str, reason: str) -> str | None:
    """Take a release back in the warehouse and for the public; the release that is in force afterwards.

    Raises PublishError without a reason, StoreError when there is no such approved release.
    """
    if not reason.strip():
        raise PublishError("PUBLISH-NO-REASON", "撤回发布必须写明理由。")
    warehouse.retract_release(name, reason)
    before = warehouse.release_in_force(year)
    back_to = before.name if before and objects.public.exists(f"{year}/{before.name}/SHA256SUMS") else None
    shelf.retract(objects.public, year, name, reason, back_to)
    return back_to


def rule_texts() -> dict[str, RuleText]:
    """The texts of the rule catalogue that notices print."""
    from gongkai_etl.check.catalogue import rules

    return {name: RuleText(rule.title, rule.why, rule.explanation, rule.correct) for name, rule in rules().items()}


def chosen_options() -> Options:
    """How releases look, from the settings."""
    chosen = settings()
    return Options(
        publisher=chosen.publish_publisher,
        licence=chosen.publish_licence,
        licence_url=chosen.publish_licence_url,
        licence_title=chosen.publish_licence_title,
        csv_bom=chosen.publish_csv_bom,
        correction_days=chosen.notice_days,
        pdf=chosen.publish_pdf,
    )


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
            received_on=self._day(submission.received_at),
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
            decided_on=self._day(when) if when else None,
        )

    def _with_pictures(self, unit: UnitYear, version: Version) -> UnitYear:
        if version.submission.extension.lower() != "pdf" or unit.report is None:
            return unit
        seen = replace(unit, images=page_images(self.objects.get(version.submission.key), unit.report))
        about = (key for finding in unit.open_findings for key in finding.cells[:2])
        return replace(seen, evidence=crops(seen, dict.fromkeys(about)))

    def _day(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()


def _finding(row: Mapping[str, object]) -> Finding:
    names = {"left": "left_side", "right": "right_side", "text": "passage"}
    fields = ("rule", "severity", "message", "left", "right", "cells", "text", "advice", "outcome")
    values = {name: row[names.get(name, name)] for name in fields}
    return Finding(**{**values, "cells": tuple(values["cells"])})  # type: ignore[arg-type]


def _public_address(origin: str) -> str | None:
    """The web address a file was collected from; nothing for mail, upload and inbox."""
    found = re.search(r"https?://[^\s|]+", origin)
    return found.group() if found else None


def _released(objects: ObjectStore, year: int) -> Released | None:
    """The figures of the release that ``latest`` points at."""
    name = shelf.latest(objects.public, year)
    key = f"{year}/{name}/data/cells.csv"
    if name is None or not objects.public.exists(key):
        return None
    return released_from(name, objects.public.get(key), year)
