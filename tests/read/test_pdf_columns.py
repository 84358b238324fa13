"""Menus beside the text of printed web pages."""

from __future__ import annotations

from reportlab.pdfgen.canvas import Canvas

from gongkai_etl.read.pdf import read
from tests.read.show import lines
from tests.read.sketch import Draw, line, pdf

MENU = ("政府信息公开指南", "政府信息公开制度", "法定主动公开内容", "政府信息公开年报", "依申请公开", "2025年")
TEXT = "本机关认真落实条例各项要求，主动公开政府信息若干条。"


def column(texts: tuple[str, ...], x: float, step: float = 21) -> list[Draw]:
    return [line(text, x, 760 - step * k) for k, text in enumerate(texts)]


def test_a_menu_left_of_the_text_is_not_of_it() -> None:
    data = pdf(*column(MENU, 40), *column((TEXT,) * 7, 200, 19), line("六、其他需要报告的事项", 40, 560))
    assert lines(read(data, "a.pdf")) == [TEXT] * 7 + ["六、其他需要报告的事项"]


def test_a_menu_right_of_the_text_is_not_of_it() -> None:
    data = pdf(*column((TEXT,) * 7, 40, 19), *column(MENU, 440))
    assert lines(read(data, "a.pdf")) == [TEXT] * 7


def test_labels_beside_figures_without_rules_are_no_menu() -> None:
    figures = [line(f"{k}", 300 + 60 * c, 760 - 21 * k) for k in range(6) for c in range(4)]
    found = lines(read(pdf(*column(MENU, 40), *figures), "a.pdf"))
    assert [text.split()[0] for text in found] == list(MENU)


def test_short_lines_among_full_ones_are_no_menu() -> None:
    texts = [part for k in range(5) for part in (TEXT, f"第{k}项。")]
    assert lines(read(pdf(*column(tuple(texts), 40)), "a.pdf")) == texts


def test_a_menu_in_a_narrow_box_is_not_of_the_text() -> None:
    def box(canvas: Canvas) -> None:
        canvas.grid([430, 560], [772 - 21 * k for k in range(7)])

    data = pdf(*column((TEXT,) * 7, 40, 19), box, *column(MENU, 440))
    assert lines(read(data, "a.pdf")) == [TEXT] * 7
    first = pdf(*column((TEXT,) * 8, 40, 19), box, line("机构职能", 440, 781), *column(MENU, 440))
    assert lines(read(first, "a.pdf")) == [TEXT] * 8
