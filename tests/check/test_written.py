"""Laws cited, last year's numbers, ways of applying, titles, headings, leaders: told wrongly and rightly."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from decimal import Decimal

import pytest

from gongkai_etl import form
from gongkai_etl.check import CheckItem, compared, identity, laws, money, sums, superiors, written
from gongkai_etl.check.case import Case
from gongkai_etl.check.prose import sentences_of
from gongkai_etl.model import Finding, Report
from tests.check.build import figures, plain
from tests.check.fixtures import TOWN, last_year
from tests.check.test_narrative import BUSY

Rule = Callable[[Case], Iterable[Finding]]


def found(
    rule: Rule, text: str, section: str = "1", report: Report = BUSY, before: Report | None = None
) -> list[Finding]:
    told = replace(report, sections={**report.sections, section: text})
    return list(rule(Case(CheckItem(told, "a", TOWN, 2025, before))))


LAWS = {
    "根据《中华人民共和国政府信息公开条例》（国务院令第492号）编制本报告。": "国务院令第492号",
    "按照国办公开办函〔2019〕60号规定的格式编制年度报告。": "国办公开办函〔2019〕60号",
    "按照国办公开办函〔2021〕31号规定的格式编制年度报告。": "国办公开办函〔2021〕31号",
    "按照《年度报告格式》（国办发〔2021〕30号）编制。": "国办发〔2021〕30号",
    "根据《政府信息公开信息处理费管理办法》（国办函〔2021〕109号），未收取费用。": "国办函〔2021〕109号",
    "根据《中华人民共和国政府信息公开条例》第三十一条规定，编制本年度报告。": "第三十一条",
    "依据《中华人民共和国政务信息公开条例》编制本报告。": "中华人民共和国政务信息公开条例",
    "依据《政府信息公开条列》编制本报告。": "政府信息公开条列",
}


@pytest.mark.parametrize(("text", "said"), LAWS.items())
def test_a_law_cited_wrongly(text: str, said: str) -> None:
    (finding,) = found(laws.cited, text)
    assert (finding.rule, finding.left) == ("FORM-LAW", said)
    assert finding.right


@pytest.mark.parametrize(
    "text",
    [
        "根据《中华人民共和国政府信息公开条例》（国务院令第711号）第五十条和国办公开办函〔2021〕30号编制年度报告。",
        "《政府信息公开条例》（2007年国务院令第492号公布，2019年国务院令第711号修订）第四十九条规定公布年度报告。",
        "按照国办公开办函〔2019〕60号、〔2021〕30号文件编制年度报告。",
        "按照《中华人民共和国政府信息公开工作年度报告格式》编制本报告。",
        "主动公开《条例》第二十条规定的信息，编制政府信息公开目录。",
        "根据国务院令第752号公布的条例办理许可。",
        "按照国办发〔2025〕12号文件公开信息，按时公布年度报告。",
        "学习《中华人民共和国保守国家秘密法》《中华人民共和国行政处罚法》，加强信息审查。",
    ],
)  # fmt: skip
def test_laws_cited_rightly(text: str) -> None:
    assert found(laws.cited, text) == []


def test_the_notice_of_2019_was_right_in_its_years() -> None:
    text = "按照国办公开办函〔2019〕60号规定的格式编制年度报告。"
    case = Case(CheckItem(replace(BUSY, sections={"1": text}), "a", TOWN, 2020))
    assert list(laws.cited(case)) == []


BEFORE = last_year(**figures({"received": 9, "granted": 9, "processed_total": 9}))


@pytest.mark.parametrize("n", [3, 5])
@pytest.mark.parametrize(
    "text",
    [
        "新收政府信息公开申请12件，较上年增加{n}件。",
        "全年收到政府信息公开申请12件（比去年多{n}件）。",
        "共收到申请12件，与2024年相比增加{n}件。",
        "2025年收到申请12件，2024年收到{m}件。",
    ],
)
def test_numbers_beside_last_years(text: str, n: int) -> None:
    assert len(found(compared.changes, text.format(n=n, m=12 - n), before=BEFORE)) == (n > 3)


def test_new_applications_are_no_others() -> None:
    assert found(compared.changes, "收到申请12件，较上年增加4件。", before=BEFORE) == []
    assert found(compared.changes, "新收申请12件，较上年增加4件。", before=BEFORE)


@pytest.mark.parametrize(
    "text", ["主动公开信息120条，比上年增加30条；收到申请12件。", "办理建议12件，比上年增加5件，收到申请12件。"]
)
def test_other_numbers_beside_last_years(text: str) -> None:
    assert found(compared.changes, text, before=BEFORE) == []


@pytest.mark.parametrize("n", [5, 6])
@pytest.mark.parametrize(
    "text",
    [
        "本年新收政府信息公开申请12件，其中网络申请7件、信函申请{n}件。",
        "收到申请12件，其中当面提交2件，邮寄{n}件，通过网站申请5件。",
    ],
)
def test_ways_of_applying_add_up(text: str, n: int) -> None:
    assert len(found(compared.channels, text.format(n=n))) == n - 5


def test_ways_that_need_not_add_up() -> None:
    assert found(compared.channels, "收到申请12件，其中网络申请8件、信函申请7件。") == []  # with last year's three
    assert found(compared.channels, "新收申请12件，其中网络申请8件、信函申请7件。")
    text = "收到申请12件，其中网络申请3件、信函申请2件，其余为当面申请。"
    assert found(compared.channels, text) == []


@pytest.mark.parametrize(("done", "count"), [(10, 0), (13, 0), (11, 1)])
def test_answered_and_unanswered_make_up_all(done: int, count: int) -> None:
    text = f"全年收到政府信息公开申请12件，其中已答复{done}件，正在办理2件。"
    assert len(found(compared.answered, text)) == count


@pytest.mark.parametrize(
    ("text", "count"),
    [("申请人均为自然人。", 1), ("申请均由自然人提出。", 1), ("其中予以公开的申请均为自然人。", 0), ("均为自然人。", 0)],
)  # fmt: skip
def test_all_from_persons(text: str, count: int) -> None:
    assert len(found(compared.applicants, text)) == count


@pytest.mark.parametrize(
    ("span", "count"),
    [("2025年1月1日起至2025年12月31日", 0), ("2025年1月1日起至2025年11月30日", 1), ("2025年2月1日至12月31日", 1)],
)
def test_the_period_is_the_whole_year(span: str, count: int) -> None:
    assert len(found(identity.year, f"所列数据的统计期限自{span}止。", "6")) == count


def test_rates_over_a_hundred() -> None:
    assert len(found(sums.rates, "申请按时办结率达120%。")) == 1
    assert found(sums.rates, "申请办结率100%，公开信息增长率150%，完成率120%。") == []


def test_a_fee_without_applications() -> None:
    assert found(money.processing_fees, "收取信息处理费500元。", "6", plain())
    assert found(money.processing_fees, "收取信息处理费500元。", "6") == []


@pytest.mark.parametrize(
    ("text", "count"),
    [("未收取行政事业性收费。", 1), ("行政事业性收费5.2万元。", 0), ("行政事业性收费0.00052亿元。", 0),
     ("行政事业性收费5.2亿元。", 1), ("没有取消的行政事业性收费项目12项。", 0)],
)  # fmt: skip
def test_charges(text: str, count: int) -> None:
    assert BUSY.number("t2.fees.amount") == Decimal("5.2")
    assert len(found(money.charges, text)) == count


def test_headings_with_anothers_number() -> None:
    names = [f"{'一二三四五六'[k - 1]}、{name}" for k, name in form.SECTIONS.items()]
    right = replace(plain(), headings=tuple(names))
    wrong = replace(plain(), headings=(*names[:4], "四、存在的主要问题及改进情况", names[5]))
    assert list(written.numbers(Case(CheckItem(right)))) == []
    (finding,) = written.numbers(Case(CheckItem(wrong)))
    assert "应为“五、”" in finding.message


@pytest.mark.parametrize(
    ("title", "count"),
    [("青溪镇2025年政府信息公开工作年度报告", 0), ("青溪镇2025年信息公开年报", 0), ("青溪镇2025年度政务公开工作总结", 1)],
)  # fmt: skip
def test_titles(title: str, count: int) -> None:
    assert len(list(written.title(Case(CheckItem(plain(title=title)))))) == count


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("一是更新不够及时。下一步，将加强培训。", 0),
        ("存在更新不够及时、人员不足等问题。", 1),
        ("2026年，我镇将继续加强信息公开工作。", 1),
    ],
)
def test_the_fifth_section_speaks_of_both(text: str, count: int) -> None:
    assert len(found(written.problems, text, "5", plain())) == count


def test_a_fee_notice_that_was_not_sent() -> None:
    unpaid = plain(cells=figures({"received": 1, "closed_fee_unpaid": 1, "processed_total": 1}))
    assert found(written.notices, "本年度发出收费通知0件。", "6", unpaid)
    assert found(written.notices, "本年度发出收费通知1件，尚未收取。", "6", unpaid) == []


@pytest.mark.parametrize(
    ("text", "count"),
    [("在区委、区政府的领导下，", 1), ("在县委、县政府的领导下，", 0), ("各社区委员会协助公开。", 0), ("自治区党委、区政府要求", 0)],
)  # fmt: skip
def test_whose_committee_leads(text: str, count: int) -> None:
    assert len(found(superiors.superior, text)) == count


def test_another_countys_committee() -> None:
    assert [f.left for f in found(superiors.leaders, "在平江县委、平江县政府的正确领导下，扎实工作。")] == [
        "平江县"
    ]
    assert found(superiors.leaders, "在县委、县政府的正确领导下，扎实工作。") == []


def test_key_points_of_an_earlier_year() -> None:
    (finding,) = found(identity.sentences, "对照《2023年政务公开工作要点》，我镇细化任务。")
    assert (finding.rule, finding.severity) == ("ID-YEAR-TEXT", "notice")
    assert found(identity.sentences, "对照《2025年政务公开工作要点》，我镇细化任务。") == []


def test_text_without_full_stops_is_cut_at_commas() -> None:
    pieces = [sentence.text for sentence in sentences_of("1", "收到申请0件，" * 1000)]
    assert "".join(pieces) == "收到申请0件," * 1000
    assert len(pieces) > 1
    assert all(len(piece) <= 2000 and piece.endswith(",") for piece in pieces)
