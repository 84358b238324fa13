"""Page numbers and running lines are no text, and never a part of a label."""

from __future__ import annotations

import pytest

from gongkai_etl.extract.furniture import furniture, is_page_number, without_furniture
from gongkai_etl.model import Paragraph


@pytest.mark.parametrize(
    "text",
    [
        "第3页",
        "- 3 -",
        "— 12 —",
        "第 3 页，共 9 页",
        "3 / 9",
        "Page 3 of 9",
        "P. 3",
        "https://www.lanxi.gov.cn/t1.html 3/9",
    ],
)
def test_page_numbers(text: str) -> None:
    assert is_page_number(text)


@pytest.mark.parametrize("text", ["3", "第三项", "3.其他", "2025年", "-5"])
def test_other_lines_with_numbers(text: str) -> None:
    assert not is_page_number(text)


def test_a_bare_number_is_a_page_number_only_on_its_own_page() -> None:
    assert is_page_number("3", 3)
    assert not is_page_number("3", 4)


def test_a_line_at_the_head_of_two_pages_runs_but_a_row_of_the_form_does_not() -> None:
    pages = [
        (1, _lines("岚溪县财政局", "正文一", "（七）总计 0 0 0 0 0 0 0", "第1页")),
        (2, _lines("岚溪县财政局", "（七）总计", "正文二", "第2页")),
    ]
    assert furniture(pages) == [{0, 3}, {0, 3}]


def test_a_running_line_may_hold_figures_and_its_page_number() -> None:
    pages = [
        (
            page,
            _lines(
                "岚溪县财政局 2025 年政府信息公开工作年度报告",
                f"正文{page}",
                "又一行",
                f"末行{page}",
                f"岚溪县财政局 — {page} —",
            ),
        )
        for page in (1, 2)
    ]
    assert furniture(pages) == [{0, 4}, {0, 4}]


def test_a_name_in_the_title_and_in_the_signature_does_not_run() -> None:
    name = "岚溪县财政局"
    title, signature = Paragraph(name, 1, (200, 80, 400, 100)), Paragraph(name, 3, (300, 400, 500, 416))
    first = [title, *_lines("2025年度报告", "一", "二", "三")]
    assert (
        furniture([(1, first), (3, [*_lines("四", "五", "六"), signature, *_lines("2026年1月5日")])])
        == [set()] * 2
    )
    assert furniture([(1, first), (3, [signature, *_lines("2026年1月5日")])]) == [set()] * 2


def _lines(*texts: str) -> list[Paragraph]:
    return [Paragraph(text) for text in texts]


def test_a_running_title_is_kept_once() -> None:
    title = "岚溪县财政局2025年政府信息公开工作年度报告"
    lines = [
        Paragraph(text, page) for page in (1, 2) for text in (title, f"正文{page}", "又一行", "末行", f"{page}")
    ]
    kept = [line.text for line in without_furniture(lines)]
    assert kept.count(title) == 1
    assert "正文2" in kept
    assert "2" not in kept
