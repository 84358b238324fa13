"""Visit a unit's source: what is new or changed goes into the inbox, what went wrong is kept as findings."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from gongkai_etl.collect import differ, watch, web
from gongkai_etl.collect.choose import Wanted
from gongkai_etl.collect.fetch import fetcher
from gongkai_etl.collect.recipes import shelf
from gongkai_etl.collect.web import Delivery, Piece
from gongkai_etl.errors import CollectError, SettingsError
from gongkai_etl.model import CellState, Finding, Report, Unit, from_json, to_json
from gongkai_etl.pipeline import Outcome
from gongkai_etl.steps.inbox import RECEIVED, File
from gongkai_etl.steps.reading import read_one
from gongkai_etl.steps.stores import Stores
from gongkai_etl.store import keys


def visit(
    stores: Stores, unit: Unit, units: Sequence[Unit], year: int, moment: datetime | None = None
) -> list[File]:
    """The files of a delivery that are new; empty when nothing is, or when the site could not be read.

    The figures of page and attachment are compared, and those of a changed report with what was
    collected before. Raises StoreUnavailableError only: what a site does becomes a finding.
    """
    delivery = _delivery(stores, unit, units, year)
    stores.warehouse.save_source_findings(unit.code, year, delivery.findings)
    known = _known(stores, year, unit)
    fresh = watch.news(delivery, known)
    files = _deliver(stores, unit, year, delivery.pieces, fresh, moment or datetime.now(UTC))
    if fresh:
        now = known | {piece.url: watch.identity(piece) for piece in delivery.pieces}
        stores.objects.put_changed(keys.visited(year, unit.code), json.dumps(now, sort_keys=True).encode())
    return files


def _delivery(stores: Stores, unit: Unit, units: Sequence[Unit], year: int) -> Delivery:
    source = unit.source or ""
    try:
        plan = web.plan(source, shelf(stores.settings.collect_recipes), unit, year)
        sharing = sum(other.source == source for other in units) > 1
        asking = fetcher(stores.settings, plan.hosts)
    except (CollectError, SettingsError) as error:
        return Delivery(findings=[Finding(error.code, "warning", error.message, text=source)])
    try:
        return web.visit(plan, Wanted(unit, year, units, sharing), asking)
    finally:
        asking.close()


def _deliver(
    stores: Stores, unit: Unit, year: int, pieces: Sequence[Piece], fresh: Sequence[Piece], moment: datetime
) -> list[File]:
    """Into the inbox, the piece with most figures last: the last one to arrive is the current version."""
    if not fresh:
        return []
    read = {piece.url: read_one(piece.data, piece.name) for piece in pieces}
    _compare(stores, unit, year, pieces, read)
    ordered = sorted(fresh, key=lambda piece: _figures(read[piece.url].report))
    files = []
    for number, piece in enumerate(ordered):
        when = moment + timedelta(milliseconds=number)
        digest = hashlib.sha256(piece.data).hexdigest()
        key = keys.inbox(year, unit.name, f"{digest[:12]}-{piece.name}")
        facts = {"file-name": piece.name, "origin": f"web {piece.url}", RECEIVED: when.isoformat()}
        stores.objects.put_once(key, piece.data, metadata=facts)
        files.append(File(path=key, origin="inbox", received_at=when.isoformat()))
    return files


def _compare(stores: Stores, unit: Unit, year: int, pieces: Sequence[Piece], read: dict[str, Outcome]) -> None:
    """Page against attachments, and now against before; findings wait beside the file they are about."""
    reports = [(piece, read[piece.url].report) for piece in pieces if read[piece.url].report is not None]
    found: dict[str, list[Finding]] = {}
    for (page, one), (file, other) in pairwise(reports):
        if page.role == "page" and one and other and _figures(one) and _figures(other):
            finding = differ.page_against_file(one, other, file.name)
            for sha256 in (one.sha256, other.sha256):
                found.setdefault(sha256 or "", []).extend([finding] if finding else [])
    before = _before(stores, unit, year)
    for _, report in reports:
        if before is not None and report is not None and report.sha256 != before.sha256 and _figures(report):
            finding = differ.changed(before, report)
            found.setdefault(report.sha256 or "", []).extend([finding] if finding else [])
    for sha256, findings in found.items():
        if findings:
            stores.objects.put_changed(keys.beside(year, unit.code, sha256), to_json(findings))


def _before(stores: Stores, unit: Unit, year: int) -> Report | None:
    current = stores.warehouse.versions(year, unit.code, current_only=True)
    if not current:
        return None
    key = keys.report(year, unit.code, current[0].submission.sha256)
    return from_json(Report, stores.objects.get(key)) if stores.objects.exists(key) else None


def _figures(report: Report | None) -> int:
    return sum(cell.state is CellState.NUMBER for cell in report.cells.values()) if report else -1


def _known(stores: Stores, year: int, unit: Unit) -> dict[str, str]:
    key = keys.visited(year, unit.code)
    if not stores.objects.exists(key):
        return {}
    found: dict[str, str] = json.loads(stores.objects.get(key))
    return found
