"""Printed web pages: where the text ends, and the day of publication above it."""

from __future__ import annotations

from datetime import date

import pytest

from gongkai_etl.extract.webpage import foot_of, published_on
from gongkai_etl.model import Document, Grid, GridCell, Paragraph

TEXT = ["六、其他需要报告的事项", "本机关没有收取信息处理费。"]


@pytest.mark.parametrize(
    "line",
    [
        "分享到： 微信 微博",
        "【打印本页】 【关闭窗口】",
        "上一篇：某镇2024年部门预算公开",
        "主办：某县人民政府办公室",
    ],
)
def test_the_text_ends_before_what_a_web_page_prints_below_it(line: str) -> None:
    assert foot_of([*TEXT, line, "联系电话：88012345"], 0) == 2


@pytest.mark.parametrize(
    "line", ["打印机等设备已配备到位。", "主办单位每季度通报一次。", "本机关分享到的经验有三条。"]
)
def test_sentences_of_the_text_are_no_foot(line: str) -> None:
    assert foot_of([*TEXT, line], 0) == 3


def test_a_foot_before_the_last_heading_is_passed_over() -> None:
    assert foot_of(["分享到：", *TEXT], 1) == 3


def test_the_day_of_publication_stands_in_a_line_or_a_table_above() -> None:
    line = Paragraph("发布时间：2026-01-15 10:22 来源：某县某镇 浏览次数：35")
    assert published_on(Document("pdf", (line,))) == date(2026, 1, 15)
    texts = ("索引号：", "000-2026-1", "发布日期：", "2026年1月9日")
    cells = tuple(GridCell(text, 0, column) for column, text in enumerate(texts))
    assert published_on(Document("pdf", (Grid(1, 4, cells, "grid"),))) == date(2026, 1, 9)
    assert published_on(Document("pdf", (Paragraph("时间：2026/1/9 09:15"),))) == date(2026, 1, 9)
    assert published_on(Document("pdf", (Paragraph("来源：县公安局 时间：2026-01-09 15:51"),))) == date(2026, 1, 9)
    assert published_on(Document("pdf", (Paragraph("统计时间：2025年1月1日至12月31日"),))) is None
    assert published_on(Document("pdf", (Paragraph("发布时间：2026-13-15"), Paragraph("2026-01-15")))) is None
