"""Text in two columns is read column by column; tables and headings beside each other are none."""

from __future__ import annotations

from gongkai_etl.extract.paragraphs import paragraphs
from gongkai_etl.model import Paragraph
from gongkai_etl.read.pdf import read
from tests.read.sketch import Draw, line, pdf, rules, texts

LEFT_COLUMN = (
    "一是坚持公开为常态，不公开为例外，",
    "围绕群众关切公开政府信息；二是健全",
    "制度，完善公开目录，规范公开流程。",
    "三是加强平台建设，依托门户网站和政",
)
RIGHT_COLUMN = (
    "务新媒体发布信息，做到及时、准确；",
    "四是强化监督，把公开工作纳入考核，",
    "全年开展培训两次，未发生责任追究。",
)


def _column(lines: tuple[str, ...], x: float, top: float, step: float = 18) -> list[Draw]:
    return [line(text, x, top - step * k) for k, text in enumerate(lines)]


def _drawn() -> bytes:
    left, right = _column(LEFT_COLUMN, 60, 780), _column(RIGHT_COLUMN, 310, 780)
    return pdf(
        line("一、总体情况", 60, 805), *left, *right, line("二、主动公开政府信息情况", 60, 706), rules, texts()
    )


def test_the_left_column_comes_before_the_right_one() -> None:
    printed = [block.text for block in read(_drawn(), "a.pdf").blocks if isinstance(block, Paragraph)]
    assert printed == ["一、总体情况", *LEFT_COLUMN, *RIGHT_COLUMN, "二、主动公开政府信息情况"]


def test_the_lines_of_a_column_are_one_text_across_the_gutter() -> None:
    assert paragraphs(read(_drawn(), "a.pdf"))[1] == "".join((*LEFT_COLUMN, *RIGHT_COLUMN))


def test_a_table_without_rules_is_no_newspaper() -> None:
    labels = tuple(f"{k}.属于三类内部事务信息的事项" for k in range(1, 6))
    heads = ("申请人情况自然人和商业企业", "法律服务机构其他", "12345678", "23456789", "34567890")
    printed = [
        block.text
        for block in read(pdf(*_column(labels, 60, 780), *_column(heads, 310, 780)), "a.pdf").blocks
        if isinstance(block, Paragraph)
    ]
    assert printed == [f"{label} {head}" for label, head in zip(labels, heads, strict=True)]
