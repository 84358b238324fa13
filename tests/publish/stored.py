"""Handing a report of the made-up county in to the real stores."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, date, datetime

from reportlab.pdfgen.canvas import Canvas

from gongkai_etl.model import Report, Submission, to_json
from gongkai_etl.publish.archive import sha256
from gongkai_etl.publish.inputs import UnitYear
from gongkai_etl.store import keys
from gongkai_etl.store.objects import ObjectStore
from gongkai_etl.store.warehouse import Warehouse


def pdf() -> bytes:
    """Two pages; the fixture's figures stand on the second."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, invariant=True)
    for words in ("first", "second"):
        canvas.drawString(100, 620, words)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def hand_in(
    warehouse: Warehouse, objects: ObjectStore, unit: UnitYear, report: Report, day: date, mark: str
) -> None:
    data = pdf() + f"%{unit.unit.code} {unit.year} {mark}\n".encode()
    digest = sha256(data)
    code, year = unit.unit.code, unit.year
    submission = Submission(
        unit=code,
        year=year,
        sha256=digest,
        extension="pdf",
        size=len(data),
        received_at=datetime(day.year, day.month, day.day, 4, tzinfo=UTC),
        origin="web:https://example.invalid/report.pdf",
        file_name="报告.pdf",
        key=keys.raw(year, code, digest, "pdf"),
    )
    objects.put(submission.key, data)
    report = replace(report, sha256=digest)
    objects.put(keys.report(year, code, digest), to_json(report))
    warehouse.save_report(
        submission,
        report,
        [finding for finding in unit.findings if finding.cells and finding.severity == "error"],
        bindings=[f"{finding.rule}|{finding.left}|{finding.right}" for finding in unit.findings if finding.severity == "error"],
        catalogue_hash="1",
        report_key=keys.report(year, code, digest),
    )  # fmt: skip
