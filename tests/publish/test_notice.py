"""Notices and the ledger: who must correct what until when, and what became of it."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

from docx import Document
from openpyxl import load_workbook

from gongkai_etl.publish.inputs import CountyYear, RuleText, Verdict
from gongkai_etl.publish.ledger import CLOSED, OPEN, STILL_OPEN, WAIVED, entries, ledger
from gongkai_etl.publish.notice import notice_number, notices
from gongkai_etl.publish.options import Options
from tests.publish.county import handed

RULES = {
    "T3-TOTAL": RuleText("总计与分项不符", "国办公开办函〔2021〕30号", "总计等于分项之和。", "改正总计或分项。")
}


def test_only_units_with_open_errors_get_a_notice(county: CountyYear) -> None:
    assert list(notices(county, RULES)) == ["650002"]
    second = county.units[1]
    finding = second.findings[0]
    waiver = Verdict(finding.rule, finding.cells, "waived", "口径不同", finding.left, finding.right)
    calm = replace(county, units=(county.units[0], replace(second, verdicts=(waiver,)), *county.units[2:]))
    assert notices(calm, RULES) == {}


def test_a_notice_says_number_deadline_both_sides_law_and_way(county: CountyYear) -> None:
    document = Document(io.BytesIO(notices(county, RULES, Options(correction_days=7))["650002"]))
    whole = "\n".join(paragraph.text for paragraph in document.paragraphs)
    rows = {row.cells[0].text: row.cells[1].text for row in document.tables[0].rows}
    assert "年报退改〔2026〕2-1号" in whole
    assert "请于2026年2月17日前改正" in whole
    assert "第1次报送，2026年1月12日收到" in whole
    assert "一、总计与分项不符" in whole
    assert (rows["左边"], rows["右边"]) == ("6", "5")
    assert rows["依据"] == "国办公开办函〔2021〕30号"
    assert rows["改正办法"] == "改正总计或分项。"
    assert rows["位置"].startswith("表三「一、本年新收政府信息公开申请数量」行「总计」列（第2页）")
    assert len(document.inline_shapes) == 1, "the strip of the report"


def test_the_number_does_not_depend_on_other_units(county: CountyYear) -> None:
    again = replace(county.units[1], versions=(*county.units[1].versions, handed(8, date(2026, 2, 1), 2)))
    changed = replace(county, units=(county.units[0], again, *county.units[2:]))
    assert notice_number(changed, again) == "年报退改〔2026〕2-2号"


def test_the_ledger_follows_resubmissions(county: CountyYear) -> None:
    first, second = county.units[0], county.units[1]
    assert [(entry.state, entry.closed.version if entry.closed else None) for entry in entries(first)] == [
        (CLOSED, 2)
    ]
    assert [entry.state for entry in entries(second)] == [OPEN]
    again = replace(second, versions=(*second.versions, handed(8, date(2026, 2, 1), 2, findings=second.findings)))
    assert [(entry.state, entry.found.version) for entry in entries(again)] == [(STILL_OPEN, 1)]
    clean = replace(again, findings=(), versions=again.versions)
    assert [entry.state for entry in entries(clean)] == [CLOSED]
    finding = second.findings[0]
    waiver = Verdict(finding.rule, finding.cells, "waived", "口径不同", finding.left, finding.right)
    assert [(entry.state, entry.remark) for entry in entries(replace(second, verdicts=(waiver,)))] == [
        (WAIVED, "口径不同")
    ]


def test_an_error_that_came_back_is_open_again(county: CountyYear) -> None:
    second = county.units[1]
    versions = (
        *second.versions,
        handed(8, date(2026, 2, 1), 2),
        handed(9, date(2026, 2, 3), 3, findings=second.findings),
    )
    found = list(entries(replace(second, versions=versions)))
    assert [(entry.state, entry.found.version) for entry in found] == [(STILL_OPEN, 1)]


def test_the_ledger_lists_missing_units_too(county: CountyYear) -> None:
    sheet = load_workbook(io.BytesIO(ledger(county)))["整改台账"]
    lines = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3, max_row=5)]
    assert [(line[1], line[8]) for line in lines] == [("白杨镇", CLOSED), ("柳泉镇", OPEN), ("石桥镇", OPEN)]
    assert lines[0][9] == "第2次报送（2026年1月20日）"
    assert lines[2][3] == "未报送年度报告"
