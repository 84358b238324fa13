"""Cases at the border of a rule: what is found although little of it shows, and what is left alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from gongkai_etl.check import CheckItem
from gongkai_etl.check.arithmetic import missing_findings
from gongkai_etl.check.case import Case
from gongkai_etl.check.copies import siblings
from gongkai_etl.check.diagnose import repairs
from gongkai_etl.check.prose import excerpt
from gongkai_etl.check.registry import registered
from gongkai_etl.model import Cell, CellState, Finding, Report
from tests.check.build import TODAY, figures, found, plain
from tests.check.fixtures import TOWN, last_year

_DOCUMENTS = "t2.normative_documents."


def _named(report: Report | CheckItem, rule: str) -> list[Finding]:
    """What one rule says about one report, without a run of the suites."""
    case = Case(report if isinstance(report, CheckItem) else CheckItem(report), (), TODAY)
    of_case, _ = registered()
    said = [finding for ids, function in of_case if rule in ids for finding in function(case)]
    return [finding for finding in (*said, *missing_findings(case)) if finding.rule == rule]


def _year(repealed: object, in_force: int) -> list[Finding]:
    now = plain(
        cells={f"{_DOCUMENTS}issued": 3, f"{_DOCUMENTS}repealed": repealed, f"{_DOCUMENTS}in_force": in_force}
    )
    before = last_year(**{f"{_DOCUMENTS}in_force": 8})
    return _named(CheckItem(now, "a", TOWN, 2025, before), "YEAR-IN-FORCE")


def test_a_blank_leaves_the_chain_of_years_open_only_where_a_figure_could_close_it() -> None:
    assert _year("/", 11) == []
    (less,) = _year("/", 9)
    assert (less.outcome, less.severity) == ("unknown", "notice")
    (more,) = _year(None, 14)
    assert (more.outcome, more.severity) == ("fail", "warning")
    assert "空白处填什么数" in more.message


@pytest.mark.parametrize("raw", ["1.5", "-0.5", "12.25"])
def test_a_count_with_a_fraction_is_no_whole_number(raw: str) -> None:
    base = plain()
    broken = Cell(None, raw, CellState.TEXT, reader="test")
    report = replace(base, cells={**base.cells, "t2.licences.decisions": broken})
    (finding,) = _named(report, "T2-WHOLE")
    assert (finding.severity, finding.cells) == ("error", ("t2.licences.decisions",))
    assert _named(report, "FORM-CELL-TEXT") == []
    assert (
        _named(
            replace(report, cells={**report.cells, "t2.licences.decisions": replace(broken, raw="5.0")}),
            "T2-WHOLE",
        )
        == []
    )


def test_a_large_amount_is_no_slip_where_last_year_had_one_or_parts_of_a_fen() -> None:
    def slips(now: str, then: str | None) -> bool:
        before = last_year(**{"t2.fees.amount": Decimal(then)}) if then else None
        report = plain(cells={"t2.fees.amount": Decimal(now)})
        return bool(_named(CheckItem(report, "a", TOWN, 2025, before), "T2-FEE-UNIT"))

    assert slips("52150", None)
    assert slips("52150", "5.1")
    assert not slips("52150", "48000.5")
    assert not slips("52150.1234", None)


@pytest.mark.parametrize(
    "words",
    [
        "统计期限自2024年1月1日起，至2024年12月31日止。",
        "本报告所列数据统计期限从2024年1月1日起至12月31日止。",
        "时间为2024年1月1日—2024年12月31日。",
    ],
)
def test_the_period_of_another_year_is_found_however_it_is_told(words: str) -> None:
    assert _named(plain(sections={"0": words}), "ID-PERIOD")
    assert _named(plain(sections={"0": words.replace("2024", "2025")}), "ID-PERIOD") == []


def test_the_preface_counts_on_both_sides_when_years_are_compared() -> None:
    preface = "根据条例编制本报告，全文由六部分组成，数据统计期限为全年，欢迎各界来电来函监督。" * 6
    told = "".join(
        f"围绕第{chr(0x4E00 + k)}项便民事项梳理流程，明确责任站所并向群众说明办理条件。" for k in range(8)
    )
    base = plain(opening=preface)
    now = replace(base, sections={"1": told})
    before = replace(now, year=2024, title="沅陵浦县青溪镇2024年政府信息公开工作年度报告")
    assert _named(CheckItem(now, "a", TOWN, 2025, before), "ID-COPIED-YEAR")


def test_a_row_or_column_that_is_wholly_unread_may_not_be_there() -> None:
    base = plain(cells=figures({"received": 2, "granted": 2, "processed_total": 2}))

    def without(*keys: str) -> list[Finding]:
        gone = {key: Cell(None, None, CellState.UNREAD) for key in keys}
        return _named(replace(base, cells={**base.cells, **gone}), "FORM-ROWS")

    column = [key for key in base.cells if key.startswith("t3.") and key.endswith(".legal_service")]
    (finding,) = without(*column)
    assert (finding.outcome, finding.severity) == ("unknown", "notice")
    assert "法律服务机构" in finding.message
    assert without(*column[:-1]) == []


def test_advice_names_the_figure_that_stands_there_and_the_one_that_should() -> None:
    report = plain(
        cells={**figures({"received": 21, "granted": 21, "processed_total": 21}), "t3.granted.total": 12}
    )
    advice = {finding.advice for finding in found(report) if finding.severity == "error"}
    assert any(said and "现为12，应为21（像是数字颠倒（12与21））" in said for said in advice)


def test_the_day_of_arrival_may_show_that_the_year_was_not_over() -> None:
    report = plain(issued_on=None)
    given = CheckItem(report, "a", TOWN, 2025, received_on=date(2025, 12, 25))
    assert [finding.left for finding in _named(given, "SIGN-EARLY")] == ["2025年12月25日"]


def test_money_below_nothing_is_an_error() -> None:
    (finding,) = _named(plain(cells={"t2.fees.amount": Decimal("-3.5")}), "T2-WHOLE")
    assert (finding.severity, finding.left, finding.cells) == ("error", "-3.5", ("t2.fees.amount",))


def test_a_seventh_section_is_one_and_an_item_is_none() -> None:
    assert _named(plain(sections={"6": "无。\n七、明年工作计划\n继续做好公开工作。"}), "FORM-EXTRA")
    assert not _named(plain(sections={"6": "七是未收取信息处理费。\n（七）其他：无。"}), "FORM-EXTRA")


def test_one_channel_told_twice_is_no_other_channel_and_no_other_year() -> None:
    others = "全年公开信息900余条。2024年公开信息147条。政府网站公开信息50条，微信公开信息8条。"
    assert not _named(plain(sections={"1": others}), "TEXT-TWICE")
    counted = "镇微信公众号(1个)发布信息50条；微博账号(1个)发布信息50条；抖音账号(1个)发布信息46条。"
    assert not _named(plain(sections={"1": counted}), "TEXT-TWICE")
    assert _named(plain(sections={"1": "政府网站公开信息50条。在政府网站公开信息58条。"}), "TEXT-TWICE")


def test_missing_columns_are_named_as_columns() -> None:
    base = plain()
    gone = {key for key in base.cells if key.endswith(".legal_service")}
    absent = Cell(None, None, CellState.ABSENT)
    report = replace(base, cells={key: absent if key in gone else known for key, known in base.cells.items()})
    (finding,) = _named(report, "FORM-ROWS")
    assert "「法律服务机构」列" in finding.message
    assert set(finding.cells) == gone


def test_words_are_quoted_between_clauses_and_numbers_stay_whole() -> None:
    text = (
        "2025年,我镇坚持以公开为常态、不公开为例外,认真落实上级各项要求,全年共收到政府信息公开申请12件,"
        "均在法定期限内予以答复,未发生超期答复的情况,群众满意度不断提升,获得感不断增强。"
    )
    at = text.index("12")
    assert (
        excerpt(text, at, at + 2)
        == "…认真落实上级各项要求，全年共收到政府信息公开申请12件，均在法定期限内予以答复，未发生超期答复的情况…"
    )
    digits = "收到" + "1" * 60 + "件申请"
    assert "…" not in excerpt(digits, 3, 50)


def test_a_negative_figure_is_the_one_to_correct() -> None:
    cells = figures({"received": 3, "granted": 4, "processed_total": 3})
    cells |= {"t3.declined_petition.natural_person": -1, "t3.declined_petition.total": -1, "t3.granted.total": 5}
    case = Case(CheckItem(plain(cells=cells)))
    assert all("t3.declined_petition.total" in repair.cells for repair in repairs(case, "t3"))


def test_a_town_that_copies_from_a_township_writes_its_own_word_for_itself() -> None:
    words = "我{0}围绕便民事项{1}梳理流程，明确责任站所和完成时限，并由{0}政府向群众说明办理条件。"
    texts = ["".join(words.format(own, chr(0x4E00 + k)) for k in range(12)) for own in ("镇", "乡")]
    cases = [
        Case(CheckItem(replace(plain(sections={"1": text, "5": ""}), unit=name, opening=""), name, None, 2025))
        for text, name in zip(texts, ("沅陵浦县青溪镇", "沅陵浦县双柏乡"), strict=True)
    ]
    assert [finding.rule for _, finding in siblings(cases)] == ["ID-COPIED-UNIT"] * 2
