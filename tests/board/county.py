"""A small county in the warehouse with everything a board has to show, hostile texts included."""

from __future__ import annotations

import hashlib
import io
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from gongkai_etl.form import edition
from gongkai_etl.model import Cell, CellState, Finding, Report, Submission, Unit, to_json

if TYPE_CHECKING:
    from gongkai_etl.store.objects import ObjectStore
    from gongkai_etl.store.warehouse import Warehouse

YEAR = 2025
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>"
COUNTY = Unit("350000", "云岭县人民政府", "县", due=(3, 31))
TOWNS = (
    Unit("350001", "云岭县青溪镇人民政府", "乡镇", ("青溪镇",), "350000"),
    Unit("350002", "云岭县石桥镇人民政府", "乡镇", ("石桥镇",), "350000"),
    Unit("350003", "云岭县白沙乡人民政府", "乡镇", (), "350000"),
    Unit("350004", "云岭县财政局", "部门", ("财政局",), "350000"),
)
BOX = (200.0, 300.0, 240.0, 320.0)
PLACED = "t3.received.total"


def pdf() -> bytes:
    """One page with a number at BOX."""
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842))
    canvas.drawString(205, 842 - 316, "12345")
    canvas.save()
    return out.getvalue()


def report(unit: Unit, year: int, **figures: int) -> Report:
    """A report whose figures are 0 but for those given (dots written as __)."""
    named = {key.replace("__", "."): value for key, value in figures.items()}
    cells = {}
    for key in edition("2021").keys():  # noqa: SIM118 -- an edition is no dict
        value = named.get(key, 0)
        money = key.endswith("fees.amount")
        cells[key] = Cell(
            Decimal(value) if money else value, str(value), CellState.NUMBER, 1, BOX, "grid", True, "两种读法一致"
        )
    cells["t2.licences.decisions"] = replace(cells["t2.licences.decisions"], certain=False, reason="两种读法不同")
    cells["t4.reconsideration.total"] = Cell(None, None, CellState.UNREAD, reader="grid")
    return Report(
        unit=unit.name,
        year=year,
        title=f"{unit.name}{year}年政府信息公开工作年度报告{HOSTILE}",
        issued_on=None,
        signed_by=unit.name,
        editions={"t2": "2021", "t3": "2021", "t4": "2021"},
        sections={"1": f"本年收到申请{named.get(PLACED, 0)}件。按期办结。{HOSTILE}", "5": "公开不够细。"},
        cells=cells,
        format="pdf",
    )


def file(unit: Unit, year: int, data: bytes, name: str, day: int) -> Submission:
    digest = hashlib.sha256(data).hexdigest()
    received = datetime(year + 1, 1, day, 1, 5, tzinfo=UTC)
    key = f"raw/{year}/{unit.code}/{digest}.pdf"
    return Submission(unit.code, year, digest, "pdf", len(data), received, "inbox", name, key)


def fill(warehouse: Warehouse, objects: ObjectStore) -> None:
    """Two years; in the newer one a town with an error (two versions), a clean one, two missing, one unclaimed."""
    from gongkai_etl.store import keys
    from gongkai_etl.store.rows import Unclaimed

    warehouse.save_units((COUNTY, *TOWNS))
    for year in (YEAR - 1, YEAR):
        warehouse.open_year(year)
    error = Finding(
        rule="T3-TOTAL",
        severity="error",
        message=f"总计与各列之和不等{HOSTILE}",
        left="总计=12345",
        right="各列之和=12340",
        cells=(PLACED, "t3.received.natural_person"),
        text=HOSTILE,
        advice="核对总计一列。",
    )
    notice = Finding("SIGN-DATE", "notice", "没有写明日期")
    items = (
        (TOWNS[0], YEAR - 1, "云岭县青溪镇人民政府2024年政府信息公开工作年度报告（正式公布稿）.pdf", 10, 7, ()),
        (TOWNS[0], YEAR, "青溪镇初稿.pdf", 12, 12340, ()),
        (TOWNS[0], YEAR, f"青溪镇{HOSTILE}.pdf", 15, 12345, (error, notice)),
        (TOWNS[1], YEAR, "石桥镇.pdf", 20, 3, ()),
    )
    for unit, year, name, day, received, findings in items:
        data = pdf() + f"\n%{unit.code}{year}{name}".encode()
        sent = file(unit, year, data, name, day)
        objects.put_once(sent.key, data)
        read = report(unit, year, t3__received__total=received)
        kept = keys.report(year, unit.code, sent.sha256)
        objects.put(kept, to_json(read))
        warehouse.save_report(
            sent,
            read,
            findings,
            bindings=[f"{f.rule}|{f.left}|{f.right}" for f in findings],
            catalogue_hash="c",
            report_key=kept,
        )
    stray = b"%PDF stray"
    key = "quarantine/stray.pdf"
    objects.put_once(key, stray)
    digest = hashlib.sha256(stray).hexdigest()
    warehouse.save_unclaimed(
        Unclaimed(
            digest,
            f"年报{HOSTILE}.pdf",
            key,
            10,
            "mail",
            datetime(2026, 1, 9, tzinfo=UTC),
            "看不出是哪个单位的报告",
        )
    )
