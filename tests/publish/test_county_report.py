"""The county report: statutory order, true merged cells, official layout, places for people marked."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from gongkai_etl.form import SECTIONS
from gongkai_etl.publish.bridge import build_bridge
from gongkai_etl.publish.county_report import county_report
from gongkai_etl.publish.facts import Facts
from gongkai_etl.publish.inputs import Adjustment, Approval, CountyYear
from gongkai_etl.publish.official import split_places


def read(county: CountyYear) -> object:
    return Document(io.BytesIO(county_report(Facts(county, build_bridge(county)))))


@pytest.fixture(scope="module")
def document(county: CountyYear) -> object:
    return read(county)


def words(element: object) -> str:
    return "".join(piece.text for piece in element.iter(qn("w:t")))  # type: ignore[attr-defined]


def texts(document: object) -> list[str]:
    return [paragraph.text for paragraph in document.paragraphs]  # type: ignore[attr-defined]


def test_sections_stand_in_statutory_order(document: object) -> None:
    heads = [p.text for p in document.paragraphs if p.style.name == "Heading 1"]  # type: ignore[attr-defined]
    numerals = "一二三四五六"
    assert heads == [f"{numerals[number - 1]}、{title}" for number, title in SECTIONS.items()]
    body = list(document.element.body)  # type: ignore[attr-defined]
    tables = [number for number, element in enumerate(body) if element.tag == qn("w:tbl")]
    assert len(tables) >= 3
    assert words(body[tables[0] - 1]) == "二、主动公开政府信息情况"


def test_layout_of_an_official_paper(document: object) -> None:
    section = document.sections[0]  # type: ignore[attr-defined]
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    # Word counts in twentieths of a point.
    for found, wanted in zip(margins, (37, 35, 28, 26), strict=True):
        assert abs(found - Mm(wanted)) < Pt(0.1)
    styles = document.styles  # type: ignore[attr-defined]
    fonts = {
        name: styles[name].element.rPr.find(qn("w:rFonts")).get(qn("w:eastAsia"))
        for name in ("Normal", "Title", "Heading 1", "Heading 2")
    }
    assert fonts == {
        "Normal": "仿宋_GB2312",
        "Title": "方正小标宋简体",
        "Heading 1": "黑体",
        "Heading 2": "楷体_GB2312",
    }
    assert styles["Normal"].paragraph_format.line_spacing == Pt(28)
    assert (styles["Normal"].font.size, styles["Title"].font.size) == (Pt(16), Pt(22))
    footer = words(section.footer._element)
    assert footer == "— 1 —"
    assert section.footer._element.find(f".//{qn('w:fldSimple')}").get(qn("w:instr")) == "PAGE"


def test_sentences_carry_the_figures_and_the_places_are_marked(document: object) -> None:
    whole = "\n".join(texts(document))
    assert "全县新收政府信息公开申请14件（比上年减少4件）" in whole
    assert "行政事业性收费4.50万元" in whole
    assert "石桥镇未报送年度报告" in whole
    assert "柳泉镇所报 6，分项之和 5，重新计算的合计为 13" in "\n".join(
        cell.text
        for table in document.tables  # type: ignore[attr-defined]
        for row in table.rows
        for cell in row.cells
    )
    for paragraph in document.paragraphs:  # type: ignore[attr-defined]
        for run in paragraph.runs:
            assert ("〔请" in run.text or "〔草稿" in run.text) == (run.font.highlight_color is not None)


def test_a_missing_figure_is_a_place_to_look_into_and_an_empty_cell(county: CountyYear) -> None:
    none = replace(county, units=(county.units[3],))
    document = read(none)
    assert "〔请核实：新收〕件" in "\n".join(texts(document))
    table = document.tables[1]  # type: ignore[attr-defined]
    assert table.cell(3, 9).text == ""
    assert table.cell(3, 9)._element.tcPr.find(qn("w:shd")) is not None


def test_an_approval_is_printed_with_its_reason(county: CountyYear) -> None:
    changed = replace(
        county, adjustments=(Adjustment("t3.received.total", 3, "漏报"),), approvals=(Approval("县办核实"),)
    )
    assert "批准发布的理由：县办核实" in texts(read(changed))


def test_year_of_a_document_number_is_no_place_to_fill_in() -> None:
    assert split_places("依据〔2021〕30号〔请填写：甲〕。") == [
        ("依据", False),
        ("〔2021〕", False),
        ("30号", False),
        ("〔请填写：甲〕", True),
        ("。", False),
    ]
