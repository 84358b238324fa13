"""Table 二 by position: blanks keep their columns."""

from __future__ import annotations

from gongkai_etl.extract.proactive import _without_doubtful, proactive_rows
from gongkai_etl.extract.rows import Row, Slot
from gongkai_etl.model import Word

HEADS = ("本年制发件数", "本年废止件数", "现行有效件数")


def word(text: str, centre: float, top: float) -> Word:
    half = len(text) * (2.5 if text.isascii() else 5.0)
    return Word(text, (centre - half, top, centre + half, top + 10))


def table(*rows: tuple[str, dict[int, str]]) -> list[list[str | None]]:
    words = [word("第二十条第（一）项", 300, 50), word("信息内容", 100, 70)]
    words += [word(head, 200 + 100 * k, 70) for k, head in enumerate(HEADS)]
    for index, (label, figures) in enumerate(rows):
        top = 90 + 20.0 * index
        words += [word(label, 100, top)] if label else []
        words += [word(text, 200 + 100 * k, top) for k, text in figures.items()]
    return [[slot.text for slot in row.slots] for row in proactive_rows(words, 1)]


def test_a_figure_stands_under_its_head() -> None:
    assert table(("规章", {1: "3"}), ("行政规范性文件", {0: "2", 2: "9"})) == [["", "3", ""], ["2", "", "9"]]


def test_a_row_without_figures_is_blank() -> None:
    assert table(("规章", {}), ("行政规范性文件", {0: "2", 1: "0", 2: "9"})) == [["", "", ""], ["2", "0", "9"]]


def test_figures_beside_no_label_may_be_those_of_a_row_that_seems_blank() -> None:
    assert table(("规章", {}), ("", {0: "2", 1: "0", 2: "9"})) == [["2", "0", "9"]]


def test_a_head_printed_in_two_words_is_one_column() -> None:
    words = [
        word("本年", 190, 70),
        word("制发件数", 222, 70),
        word("本年废止件数", 300, 70),
        word("规章", 100, 90),
    ]
    words += [word("1", 205, 90), word("2", 300, 90)]
    assert [slot.text for row in proactive_rows(words, 1) for slot in row.slots] == ["1", "2"]


def test_a_figure_whose_note_goes_on_behind_the_page_keeps_its_column() -> None:
    assert table(("行政规范性文件", {0: "2", 1: "26(含失效", 2: "9"})) == [["2", "26(含失效", "9"]]


def test_what_is_blank_beside_figures_without_a_label_is_lost() -> None:
    rows = _without_doubtful(
        [Row(("行政规范性文件",), (Slot(""), Slot("3"), Slot(""))), Row((), (Slot("68"), Slot("630")))]
    )
    assert [slot.text for slot in rows[0].slots] == [None, "3", None]


def test_a_row_with_figures_run_together_has_no_blanks() -> None:
    heads = [Word("信息内容", (50, 80, 90, 90)), Word("本年制发件数", (150, 80, 210, 90))]
    heads += [Word("本年废止件数", (250, 80, 310, 90)), Word("现行有效件数", (350, 80, 410, 90))]
    line = [
        Word("行政规范性文件", (50, 100, 120, 110)),
        Word("10（含修订）7（含", (160, 100, 300, 110)),
        Word("5", (375, 100, 380, 110)),
    ]
    rows = proactive_rows([*heads, *line], 1)
    assert all(slot.text is None for row in rows for slot in row.slots)


def test_the_strict_witness_sees_no_blanks_beside_figures_without_a_label() -> None:
    words = [word("第二十条第（一）项", 300, 50), word("信息内容", 100, 70), word("行政规范性文件", 100, 90)]
    words += [word(head, 200 + 100 * k, 70) for k, head in enumerate(HEADS)]
    words += [word("2", 200, 84), word("3", 300, 90), word("9", 400, 84)]
    rows = [row for row in proactive_rows(words, 1, strict=True) if row.label]
    assert [slot.text for row in rows for slot in row.slots] == [None, "3", None]


def test_a_unit_below_its_figure_leaves_the_row_level_with_its_label() -> None:
    words = [word("第二十条第（一）项", 300, 50), word("信息内容", 100, 70), word("行政规范性文件", 100, 96)]
    words += [word(head, 200 + 100 * k, 70) for k, head in enumerate(HEADS)]
    words += [
        word("134", 200, 90),
        word("件", 200, 103),
        word("0件", 300, 96),
        word("271", 400, 90),
        word("件", 400, 103),
    ]
    assert [[slot.text for slot in row.slots] for row in proactive_rows(words, 1)] == [["134件", "0件", "271件"]]
