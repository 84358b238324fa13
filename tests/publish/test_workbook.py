"""The summary workbook: live formulas, marks with both sides, opened and calculated by LibreOffice."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from gongkai_etl.form import edition
from gongkai_etl.publish.bridge import build_bridge
from gongkai_etl.publish.facts import Facts
from gongkai_etl.publish.inputs import CountyYear
from gongkai_etl.publish.pdf import convert
from gongkai_etl.publish.privacy import for_public
from gongkai_etl.publish.sheet_plan import plan
from gongkai_etl.publish.workbook import workbook


@pytest.fixture(scope="module")
def made(county: CountyYear) -> bytes:
    shown = for_public(county)
    return workbook(Facts(shown, build_bridge(shown)))


def column_of(sheet: object, key: str) -> int:
    cells = sheet[5]  # type: ignore[index]
    return next(int(cell.column) for cell in cells if cell.value == key)


def test_sheets_heads_and_freeze(made: bytes) -> None:
    book = load_workbook(io.BytesIO(made))
    assert book.sheetnames == [
        "填表说明",
        "进度表",
        "表二 主动公开",
        "表三 依申请公开",
        "表四 复议诉讼",
        "问题清单",
    ]
    sheet = book["表三 依申请公开"]
    assert sheet.freeze_panes == "D6"
    assert [sheet.cell(row, 2).value for row in range(6, 10)] == ["白杨镇", "柳泉镇", "县教育局", "石桥镇"]
    assert sheet.row_dimensions[5].hidden


def test_a_failing_cell_is_red_and_says_why(made: bytes) -> None:
    sheet = load_workbook(io.BytesIO(made))["表三 依申请公开"]
    cell = sheet.cell(7, column_of(sheet, "t3.received.total"))
    assert cell.fill.start_color.rgb == "FFFFC7CE"
    assert cell.comment is not None
    assert "T3-TOTAL" in cell.comment.text
    assert "左边：6" in cell.comment.text
    assert "右边：5" in cell.comment.text
    assert "7654321" not in cell.comment.text
    waived = sheet.cell(6, column_of(sheet, "t3.received.total"))
    assert waived.comment is not None
    assert "正文含转办 1 件" in waived.comment.text
    unsure = load_workbook(io.BytesIO(made))["表二 主动公开"]
    assert unsure.cell(7, column_of(unsure, "t2.licences.decisions")).fill.start_color.rgb == "FFFFEB9C"


def test_every_identity_of_the_form_is_a_check_column() -> None:
    form = edition("2021")
    checks = [entry.id for table in form.tables.values() for entry in plan(table, form).checks.values()]
    assert sorted(checks) == sorted(entry.id for entry in form.identities)


@pytest.mark.office
def test_libreoffice_opens_and_calculates_it(made: bytes, tmp_path: Path, soffice: str) -> None:
    (tmp_path / "book.xlsx").write_bytes(made)
    calculated = convert([tmp_path / "book.xlsx"], datetime(2026, 2, 10), "xlsx", tmp_path / "calculated")[0]
    sheet = load_workbook(calculated, data_only=True)["表三 依申请公开"]
    total = column_of(sheet, "t3.received.total")
    named = {sheet.cell(row, 2).value: row for row in range(6, 18)}
    assert sheet.cell(named["全县合计"], total).value == 14
    assert sheet.cell(named["有数据的单位数"], total).value == 3
    assert sheet.cell(named["上一年全县"], total).value == 18
    assert sheet.cell(named["比上年增减"], total).value == -4
    assert sheet.cell(7, total + 1).value == 1, "the check of the wrong total"
    assert sheet.cell(6, total + 1).value == 0
    assert sheet.cell(9, total + 1).value in ("", None), "nothing can be said of a unit without report"
    business = column_of(sheet, "t3.closed_other.business")
    assert sheet.cell(7, business).value is None
    assert sheet.cell(named["全县合计"], business).value == 0
    progress = load_workbook(calculated, data_only=True)["进度表"]
    counts = {progress.cell(row, 2).value: progress.cell(row, 3).value for row in range(8, 14)}
    assert counts == {"已通过": 2, "有错误": 1, "无法读取": 0, "未报送": 1, "迟报": 1, None: None}
