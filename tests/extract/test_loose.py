"""What is left of a table without rules is no text of its section."""

from __future__ import annotations

from gongkai_etl.extract.headings import section_of, whole_headings
from gongkai_etl.extract.loose import is_table_line, outside_tables
from gongkai_etl.model import Paragraph

SECTION = "三、收到和处理政府信息公开申请情况"


def _kept(*texts: str) -> list[str]:
    return [line.text for line in outside_tables([Paragraph(text) for text in texts], section_of)]


def test_all_between_the_first_and_the_last_row_is_of_the_table() -> None:
    rows = [
        "自然人 商业企 科研机",
        "业构益组织务机构",
        "（一）予以公开 1 0 0 0 0 0 1",
        "转13件）",
        "四、结转下年度继续办理 0 0 0 0 0 0 0",
    ]
    assert _kept(SECTION, "表格如下：", *rows, "注：含上年。") == [SECTION, "表格如下：", "注：含上年。"]


def test_the_rest_of_a_wrapped_note_below_the_last_row_is_of_the_table() -> None:
    assert _kept(SECTION, "（七）总计 1 0 0 0 0 0 1", "四、结转下年度继续办理 2（含上年结", "转1件）") == [SECTION]


def test_a_sentence_between_two_tables_stays() -> None:
    heading = "二、主动公开政府信息情况"
    assert _kept(heading, "规章 0 0 0", "下面说明", "另一类。", "行政许可 5") == [
        heading,
        "下面说明",
        "另一类。",
    ]


def test_a_table_above_its_heading_is_no_text_of_the_section_before() -> None:
    rows = ["信息内容 本年制发件数 本年废止件数 现行有效件数", "规章 0 0 0", "行政规范性文件 3 1 9", "行政许可 5"]
    assert _kept("一、总体情况", "正文。", *rows, "二、主动公开政府信息情况") == [
        "一、总体情况",
        "正文。",
        "二、主动公开政府信息情况",
    ]


def test_words_of_a_narrative_are_no_row() -> None:
    assert not is_table_line("2025年，本机关共收到政府信息公开申请12件，办结")
    assert is_table_line("本 年 度 3 0")


def test_a_heading_in_a_narrow_column_is_one_heading() -> None:
    parts = ["四、政府信息", "公开行政复", "议、行政诉", "讼情况"]
    lines = [Paragraph(text, 1, (50, 100 + 20 * k, 120, 112 + 20 * k)) for k, text in enumerate(parts)]
    beside = Paragraph("表格如下：", 1, (150, 101, 400, 113))
    whole = whole_headings([lines[0], beside, *lines[1:], Paragraph("正文。", 1, (50, 190, 400, 202))])
    assert [line.text for line in whole] == ["".join(parts), "表格如下：", "正文。"]


def test_a_heading_beside_its_table_goes_on_at_the_head_of_the_next_page() -> None:
    parts = [(1, 700.0, "四、政府信息"), (1, 720.0, "公开行政复"), (2, 80.0, "议、行政诉"), (2, 100.0, "讼情况")]
    lines = [Paragraph(text, page, (50, y, 120, y + 12)) for page, y, text in parts]
    assert [line.text for line in whole_headings(lines)] == ["四、政府信息公开行政复议、行政诉讼情况"]


def test_text_beside_the_first_line_of_a_heading_comes_behind_it() -> None:
    parts = ["四、政府信息 没有因公开引起的诉讼。", "公开行政复", "议、行政诉", "讼情况"]
    lines = [
        Paragraph(text, 1, (50, 100 + 20 * k, 400 if k == 0 else 120, 112 + 20 * k))
        for k, text in enumerate(parts)
    ]
    expected = ["四、政府信息公开行政复议、行政诉讼情况", "没有因公开引起的诉讼。"]
    assert [line.text for line in whole_headings(lines)] == expected
    above = Paragraph("没有因公开引起的诉讼。", 1, (150, 95, 400, 107))
    heading = Paragraph(expected[0], 1, (50, 100, 140, 112))
    assert [line.text for line in whole_headings([above, heading])] == expected


def test_the_lines_of_a_note_in_the_last_row_are_of_the_table() -> None:
    heading = "四、政府信息公开行政复议、行政诉讼情况"
    rows = ["结果维持 结果纠正 其他结果 尚未审结 总计", "1 0 9（其 0 9", "中修订", "7件）"]
    assert _kept(heading, *rows, "以上含上年。") == [heading, "以上含上年。"]
