"""A small made-up county for the tests of this room: four units, planted faults, two years."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from decimal import Decimal

from gongkai_etl.form import edition
from gongkai_etl.model import Cell, CellState, Finding, Report, Unit, Value
from gongkai_etl.publish.inputs import CountyYear, Handover, PageImage, UnitYear, Verdict

COUNTY = Unit("650000", "青禾县", "县")
APPLICANTS = ("natural_person", "business", "research_institution", "social_welfare", "legal_service")


def unit(number: int, name: str, kind: str = "镇") -> Unit:
    return Unit(f"65000{number}", name, kind, parent=COUNTY.name)


def cell(value: Value, **changes: object) -> Cell:
    made = Cell(
        value,
        None if value is None else f"{value}",
        CellState.BLANK if value is None else CellState.NUMBER,
        page=2,
        bbox=(100.0, 200.0, 140.0, 215.0),
        reader="ruled",
        certain=True,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def figures(**rows: int) -> dict[str, Value]:
    """All 200 figures: 0 but for what ``rows`` says of natural persons, with totals that add up."""
    values: dict[str, Value] = dict.fromkeys(edition("2021").keys(), 0)
    values["t2.fees.amount"] = Decimal("1.50")
    for row, value in rows.items():
        values[f"t3.{row}.natural_person"] = values[f"t3.{row}.total"] = value
    return values


def report(who: Unit, year: int, values: dict[str, Value], **changes: object) -> Report:
    made = Report(
        unit=who.name,
        year=year,
        title=f"{who.name}{year}年政府信息公开工作年度报告",
        issued_on=date(year + 1, 1, 15),
        signed_by="王某某",
        editions={"t2": "2021", "t3": "2021", "t4": "2021"},
        sections={str(number): f"第{number}节" for number in range(1, 7)},
        cells={key: cell(value) for key, value in values.items()},
        format="pdf",
        sha256="0" * 64,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def handed(number: int, day: date, version: int = 1, **changes: object) -> Handover:
    made = Handover(
        f"{number:064x}", version, day, "pdf", f"{number}.pdf", f"https://example.invalid/{number}.pdf"
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def with_picture(who: UnitYear, page: int = 2) -> UnitYear:
    """The unit with a picture of its page 2 and a strip for its first finding's cell."""
    from PIL import Image

    buffer = io.BytesIO()
    Image.new("L", (600, 300), 255).save(buffer, "PNG")
    picture = PageImage(page, (0.0, 150.0, 600.0, 450.0), buffer.getvalue())
    return replace(who, images=(picture,), evidence={"t3.received.total": buffer.getvalue()})


def year_before() -> CountyYear:
    units = [
        UnitYear(
            who,
            2024,
            report(who, 2024, figures(received=6, processed_total=4, granted=4, carried_forward=2)),
            versions=(handed(number + 10, date(2025, 1, 20)),),
        )
        for number, who in ((1, unit(1, "白杨镇")), (2, unit(2, "柳泉镇")), (3, unit(3, "县教育局", "部门")))
    ]
    return CountyYear(COUNTY, 2024, tuple(units))


def county_year() -> CountyYear:
    """白杨镇 right; 柳泉镇 with a wrong total, a blank and an unsure figure; 县教育局 late; 石桥镇 missing."""
    right = figures(received=8, brought_forward=2, processed_total=9, granted=7, refused_state_secret=2)
    right |= {"t3.carried_forward.natural_person": 1, "t3.carried_forward.total": 1}
    wrong = figures(received=5, brought_forward=2, processed_total=7, granted=7)
    wrong |= {"t3.received.total": 6, "t3.closed_other.business": None}
    first, second, third, fourth = (
        unit(1, "白杨镇"),
        unit(2, "柳泉镇"),
        unit(3, "县教育局", "部门"),
        unit(4, "石桥镇"),
    )
    broken = report(second, 2025, wrong)
    cells = dict(broken.cells)
    cells["t2.licences.decisions"] = cell(3, certain=False, reason="两种读法不一致")
    total = Finding(
        "T3-TOTAL",
        "error",
        "表三「一、本年新收政府信息公开申请数量」总计 6 不等于各栏之和 5，联系电话 0998-7654321。",
        "6",
        "5",
        ("t3.received.total", "t3.received.natural_person"),
    )
    waivable = Finding("TEXT-RECEIVED", "warning", "正文写 9 件，表格为 8 件。", "9", "8", ("t3.received.total",))
    verdict = Verdict(
        "TEXT-RECEIVED", ("t3.received.total",), "waived", "正文含转办 1 件", "9", "8", date(2026, 2, 1)
    )
    late = figures(brought_forward=2, processed_total=2, granted=2)
    units = (
        UnitYear(
            first,
            2025,
            report(first, 2025, right),
            (waivable,),
            (verdict,),
            (
                handed(1, date(2026, 1, 10), findings=(replace(total, left="9", right="8"),)),
                handed(5, date(2026, 1, 20), 2, findings=(waivable,)),
            ),
        ),
        with_picture(
            UnitYear(
                second,
                2025,
                replace(broken, cells=cells),
                (total,),
                (),
                (handed(2, date(2026, 1, 12), findings=(total,)),),
            )
        ),
        UnitYear(third, 2025, report(third, 2025, late), versions=(handed(3, date(2026, 2, 10)),)),
        UnitYear(fourth, 2025),
    )
    return CountyYear(COUNTY, 2025, units, previous=year_before())
