"""Title, sections and signature, in the spellings that offices use."""

from __future__ import annotations

import time
from datetime import date

import pytest

from gongkai_etl.extract.dates import parse_date
from gongkai_etl.extract.headings import section_of
from gongkai_etl.extract.prose import read_prose
from gongkai_etl.model import Document, Grid, GridCell, Paragraph


def document(*texts: str, form: str = "html") -> Document:
    return Document(form, tuple(Paragraph(text) for text in texts))


BODY = (
    "一、总体情况",
    "（一）主动公开情况。全年公开信息12条。",
    "（二）依申请公开情况。全年未收到申请，没有行政复议和行政诉讼。",
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
    "四、政府信息公开行政复议、行政诉讼情况",
    "五、存在的主要问题及改进情况",
    "公开还不够及时，下一步加强培训。",
    "六、其他需要报告的事项",
    "无。",
)


@pytest.mark.parametrize(
    ("title", "unit", "year"),
    [
        (("岚溪县石桥镇2025年政府信息公开工作年度报告",), "岚溪县石桥镇", 2025),
        (("岚溪县石桥镇2025年度政府信息公开工作年度报告",), "岚溪县石桥镇", 2025),
        (("2024年岚溪县石桥镇政府信息公开工作年度报告",), "岚溪县石桥镇", 2024),
        (("岚溪县石桥镇 2025 年信息公开工作", "年度报告"), "岚溪县石桥镇", 2025),
        (("岚溪县石桥镇人民政府", "2025年政府信息公开工作年度报告"), "岚溪县石桥镇人民政府", 2025),
        (("正文", "岚溪县财政局2023年政府信息公开年度报告"), "岚溪县财政局", 2023),
        (("岚溪县水利局2022年政府信息公开年度工作报告",), "岚溪县水利局", 2022),
        (("岚溪县司法局政府信息公开工作2025年度报告",), "岚溪县司法局", 2025),
    ],
)
def test_titles(title: tuple[str, ...], unit: str, year: int) -> None:
    prose = read_prose(document(*title, *BODY))
    assert (prose.unit, prose.year) == (unit, year)


def test_the_six_sections_and_nothing_lost() -> None:
    prose = read_prose(document("岚溪县石桥镇2025年政府信息公开工作年度报告", *BODY))
    assert list(prose.sections) == ["1", "2", "3", "4", "5", "6"]
    assert prose.sections["1"] == "\n".join(BODY[1:3])
    assert prose.sections["6"] == "无。"


def test_signature_and_date_are_not_part_of_section_six() -> None:
    prose = read_prose(
        document("岚溪县石桥镇2025年政府信息公开工作年度报告", *BODY, "岚溪县石桥镇人民政府", "2026年1月15日")
    )
    assert (prose.signed_by, prose.issued_on) == ("岚溪县石桥镇人民政府", date(2026, 1, 15))
    assert prose.sections["6"] == "无。"


def test_a_list_of_contents_is_no_section() -> None:
    contents = [text for text in BODY if text[1] == "、"]
    prose = read_prose(document("岚溪县石桥镇2025年政府信息公开工作年度报告", *contents, *BODY))
    assert prose.sections["5"] == "公开还不够及时，下一步加强培训。"


def test_items_of_section_six_with_numbers_of_their_own_are_no_headings() -> None:
    items = "一、收取信息处理费情况：0元。二、其他事项：无。"
    prose = read_prose(document("岚溪县石桥镇2025年政府信息公开工作年度报告", *BODY[:-1], items))
    assert prose.sections["6"] == items
    assert "六" not in prose.sections["5"]


def test_many_headings_take_no_more_than_their_time() -> None:
    start = time.process_time()
    prose = read_prose(document("岚溪县石桥镇2025年政府信息公开工作年度报告", *BODY[:1] * 10_000, *BODY))
    assert list(prose.sections) == ["1", "2", "3", "4", "5", "6"]
    assert time.process_time() - start < 10


def test_sections_out_of_order_are_kept() -> None:
    swapped = (*BODY[:6], *BODY[8:], *BODY[6:8])
    prose = read_prose(document("岚溪县石桥镇2025年政府信息公开工作年度报告", *swapped))
    assert prose.sections["5"] == "公开还不够及时，下一步加强培训。"
    assert prose.headings[-1].startswith("五")


def test_printed_lines_become_paragraphs() -> None:
    lines = (
        Paragraph("一、总体情况", 1, (100, 10, 180, 22)),
        Paragraph("全年公开信息十二条，都在规定的时间里放到了政府网站上，群", 1, (90, 30, 500, 42)),
        Paragraph("众可以随时查看。", 1, (72, 50, 180, 62)),
        Paragraph("岚溪县石桥镇人民政府", 1, (330, 70, 500, 82)),
        Paragraph("2026年1月15日", 1, (380, 90, 500, 102)),
        Paragraph("— 1 —", 1, (280, 800, 310, 810)),
    )
    prose = read_prose(Document("pdf", lines))
    assert prose.sections["1"] == "全年公开信息十二条，都在规定的时间里放到了政府网站上，群众可以随时查看。"
    assert prose.issued_on == date(2026, 1, 15)


@pytest.mark.parametrize(
    "label", ["一、本年新收政府信息公开申请数量", "四、结转下年度继续办理", "三、本年度办理结果", "（一）总体情况"]
)
def test_row_labels_are_no_headings(label: str) -> None:
    assert section_of(label) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026年1月15日", date(2026, 1, 15)), ("二〇二六年一月十五日", date(2026, 1, 15)), ("2026-01-15", date(2026, 1, 15)),
        ("2026 年 1 月 15 日", date(2026, 1, 15)), ("2026年13月1日", None), ("202615", None),
    ],
)  # fmt: skip
def test_dates(text: str, day: date | None) -> None:
    assert parse_date(text) == day


def test_the_preface_is_kept_apart() -> None:
    preface = "本报告所列数据的统计期限自2025年1月1日起至12月31日止。"
    prose = read_prose(document("岚溪县石桥镇2025年政府信息公开工作年度报告", preface, *BODY))
    assert prose.opening == preface
    assert preface not in prose.sections["1"]


def test_a_sentence_in_the_words_of_a_heading_is_none() -> None:
    found = read_prose(
        document(
            "岚溪县石桥镇2025年政府信息公开工作年度报告",
            *BODY[:8],
            "六、其他需要报告的事项：",
            "无其他需要报告的事项。",
        )
    )
    assert found.sections["6"] == "无其他需要报告的事项。"
    assert found.sections["5"] == "公开还不够及时，下一步加强培训。"


def test_a_name_printed_twice_by_seals_is_not_the_signer() -> None:
    end = ("岚溪县石桥镇人民政府", "石桥镇石桥镇", "2026年1月15日")
    assert read_prose(document("岚溪县石桥镇2025年政府信息公开工作年度报告", *BODY, *end)).signed_by == end[0]


def test_a_report_that_is_one_table() -> None:
    rows = ("岚溪县石桥镇2025年政府信息公开工作年度报告", *BODY, "岚溪县石桥镇人民政府", "2026年1月15日")
    cells = tuple(GridCell(text, row, 0, 1, 4) for row, text in enumerate(rows))
    found = read_prose(Document("docx", (Grid(len(rows), 4, cells, "markup"),)))
    assert (found.unit, found.year, found.signed_by) == ("岚溪县石桥镇", 2025, "岚溪县石桥镇人民政府")
    assert set(found.sections) == set("123456")


def test_a_heading_repeated_as_a_table_s_head_is_no_text() -> None:
    texts = (
        "岚溪县财政局2025年政府信息公开工作年度报告",
        "一、总体情况",
        "正文。",
        "二、主动公开政府信息情况",
        "三、收到和处理政府信息公开申请情况",
        "三、收到和处理政府信息公开申请情况",
        "六、其他需要报告的事项",
        "无。",
    )
    prose = read_prose(Document("docx", tuple(map(Paragraph, texts))))
    assert prose.sections == {"1": "正文。", "2": "", "3": "", "6": "无。"}


@pytest.mark.parametrize(
    "numbers",
    [["第一部分 ", "第二部分 ", "第三部分、", "第四部分 ", "第五部分 ", "第六部分 "], ["（一）", "（二）", "（三）", "（四）", "（五）", "（六）"],
     ["一 ", "二 ", "三 ", "四 ", "五 ", "六 "], [""] * 6],
)  # fmt: skip
def test_headings_numbered_otherwise(numbers: list[str]) -> None:
    names = ("总体情况", "主动公开政府信息情况", "收到和处理政府信息公开申请情况", "因政府信息公开工作被申请行政复议、提起行政诉讼情况",
             "存在的主要问题及改进情况", "其他需要报告的事项")  # fmt: skip
    lines = [text for number, name in zip(numbers, names, strict=True) for text in (f"{number}{name}", "正文。")]
    assert read_prose(document("澄岭县青禾镇2025年政府信息公开工作年度报告", *lines)).sections == dict.fromkeys(
        "123456", "正文。"
    )


def test_items_in_brackets_are_no_headings_beside_headings() -> None:
    found = read_prose(
        document(
            "一、总体情况",
            "（二）主动公开情况",
            "甲。",
            "（三）依申请公开政府信息情况",
            "乙。",
            "五、存在的主要问题",
            "丙。",
            "六、其他需要报告的事项",
            "无。",
        )
    )
    assert found.sections["1"] == "（二）主动公开情况\n甲。\n（三）依申请公开政府信息情况\n乙。"


def test_text_that_runs_on_behind_its_heading() -> None:
    told = "六、其他需要报告的事项：（一）收取信息处理费情况：本年度依法收取信息处理费0元，没有减免的情况，也没有退费。"
    assert (
        read_prose(document("一、总体情况", "正文。", told, "（二）其他：无。")).sections["6"]
        == f"{told[12:]}\n（二）其他：无。"
    )


def test_a_date_under_the_title_does_not_end_the_report() -> None:
    found = read_prose(
        document(
            "澄岭县青禾镇2025年政府信息公开工作年度报告",
            "（2026年1月20日）",
            "一、总体情况",
            "正文。",
            "六、其他需要报告的事项",
            "无。",
        )
    )
    assert (found.sections, found.issued_on) == ({"1": "正文。", "6": "无。"}, date(2026, 1, 20))


def test_a_title_in_the_table_of_facts_of_a_web_page() -> None:
    facts = Grid(
        1, 2, (GridCell("标题：", 0, 0), GridCell("宁川县司法局2025年政府信息公开工作年度报告", 0, 1)), "text"
    )
    prose = read_prose(Document("text", (Paragraph("宁川县人民政府"), facts, *document(*BODY).blocks)))
    assert (prose.unit, prose.year) == ("宁川县司法局", 2025)


@pytest.mark.parametrize(
    ("opening", "unit"),
    [
        ("现向社会公布2025年宁川县教育局政府信息公开工作年度报告。", "宁川县教育局"),
        ("现公布我局2025年政府信息公开工作年度报告。", None),
        ("发布日期：2026-01-29 来源：县司法局", None),
    ],
)
def test_a_unit_named_by_the_opening_alone(opening: str, unit: str | None) -> None:
    assert read_prose(document(opening, *BODY)).unit == unit


def test_a_title_printed_twice_names_no_unit() -> None:
    prose = read_prose(document(*["2025年政府信息公开工作年度报告"] * 2, *BODY))
    assert (prose.unit, prose.year, prose.title) == (None, 2025, "2025年政府信息公开工作年度报告")


def test_a_title_in_book_marks() -> None:
    assert (
        read_prose(document("《澄岭县青禾镇2025年政府信息公开工作年度报告》", "一、总体情况")).title
        == "澄岭县青禾镇2025年政府信息公开工作年度报告"
    )


def test_a_second_report_in_the_file_is_not_of_the_first() -> None:
    first = ("岚溪县石桥镇2025年政府信息公开工作年度报告", *BODY, "岚溪县石桥镇人民政府", "2026年1月15日")
    second = (
        "岚溪县青石乡2025年政府信息公开工作年度报告",
        *BODY[:-1],
        "另一份。",
        "岚溪县青石乡人民政府",
        "2026年1月20日",
    )
    found = read_prose(document(*first, *second))
    assert (found.unit, found.signed_by, found.issued_on) == (
        "岚溪县石桥镇",
        "岚溪县石桥镇人民政府",
        date(2026, 1, 15),
    )
    assert found.sections["6"] == "无。"


def test_a_sign_for_nothing_alone_in_a_row_is_the_text_of_its_section() -> None:
    rows = ("一、总体情况", "正文。", "二、主动公开政府信息情况", "无", "六、其他需要报告的事项", "无")
    cells = tuple(GridCell(text, row, 0) for row, text in enumerate(rows))
    found = read_prose(Document("html", (Grid(len(rows), 1, cells, "html"),)))
    assert (found.sections["2"], found.sections["6"]) == ("", "无")
