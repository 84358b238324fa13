"""One cell's text: every way of printing a figure that offices use."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai_etl.extract.numbers import chinese_number, is_figure, parse
from gongkai_etl.model import CellState


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0), ("１２", 12), ("1,234", 1234), ("1 234", 1234), ("12,345,678", 12345678), ("减4", -4), ("+5", 5),
        ("－3", -3), ("-18", -18), ("0件", 0), ("零", 0), ("十二", 12), ("一百零五", 105), (" 7 ", 7), ("12.0", 12),
    ],
)  # fmt: skip
def test_counts(text: str, value: int) -> None:
    figure = parse(text)
    assert (figure.value, figure.state) == (value, CellState.NUMBER)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("7730.28", "7730.28"),
        ("18.8710", "18.8710"),
        ("0", "0"),
        ("1,234,567.80", "1234567.80"),
        ("251000元", "251000"),
    ],
)
def test_money_keeps_the_printed_decimal(text: str, value: str) -> None:
    figure = parse(text, "money")
    assert isinstance(figure.value, Decimal)
    assert str(figure.value) == value


@pytest.mark.parametrize(("text", "note"), [("22（其中修订 16 件）", "其中修订16件"), ("251000元", "单位：元")])
def test_what_stands_beside_a_figure_becomes_its_note(text: str, note: str) -> None:
    assert parse(text, "money").note == note


@pytest.mark.parametrize("text", ["/", "-", "—", "——", "无", "不适用", "＼", "N/A"])
def test_marks_for_not_applicable(text: str) -> None:
    assert parse(text).state is CellState.NOT_APPLICABLE


def test_blank_is_not_nought_and_lost_is_not_blank() -> None:
    assert parse("").state is CellState.BLANK
    assert parse(" \u00a0\u3000").state is CellState.BLANK
    assert parse(None).state is CellState.UNREAD
    assert parse("").value is None


@pytest.mark.parametrize("text", ["0 0", "12 34", "O", "3.5", "详见附件", "（0）", "1,23", "12 345 67"])
def test_anything_else_is_text_and_never_a_number(text: str) -> None:
    figure = parse(text)
    assert (figure.value, figure.state) == (None, CellState.TEXT)


@given(st.integers(0, 10**9))
def test_every_spelling_of_a_count_gives_the_count(number: int) -> None:
    wide = str(number).translate({ord(str(d)): chr(0xFF10 + d) for d in range(10)})
    for text in (str(number), f"{number:,}", f"{number:,}".replace(",", " "), f"{number}件", wide, f" {number}\n"):
        assert parse(text).value == number


@given(st.decimals(0, 10**8, places=4))
def test_money_round_trips(amount: Decimal) -> None:
    assert parse(f"{amount:,}", "money").value == amount


@pytest.mark.parametrize(
    ("text", "number"), [("二十", 20), ("二十三", 23), ("一万零三百", 10300), ("二〇二六", 2026)]
)
def test_chinese_numbers(text: str, number: int) -> None:
    assert chinese_number(text) == number


@pytest.mark.parametrize(
    ("word", "figure"), [("三", False), ("零", True), ("3", True), ("/", True), ("1.属于国家秘密", False)]
)
def test_what_can_fill_a_figure_cell(word: str, figure: bool) -> None:
    assert is_figure(word) is figure


@pytest.mark.parametrize(
    ("text", "value"), [("1 3", 13), ("2 8 6", 286), ("5 4 6 7\n4", 54674), ("14451\n件", 14451)]
)
def test_digits_printed_apart_are_one_figure_that_asks_to_be_confirmed(text: str, value: int) -> None:
    figure = parse(text)
    assert (figure.value, figure.state) == (value, CellState.NUMBER)
    assert figure.joined == ("件" not in text)


def test_a_reference_mark_is_no_part_of_a_figure() -> None:
    assert parse("0①").value == 0
    assert parse("12*").value == 12


def test_a_note_without_its_end_is_no_part_of_the_figure() -> None:
    assert parse("26（含自然失效19").value == 26


def test_a_figure_whose_note_is_still_open_is_no_whole_cell() -> None:
    assert not is_figure("26（含自然失效")
    assert is_figure("26（含自然失效19件）")


@pytest.mark.parametrize("mark", ["¹", "⁽¹⁾", "注¹", "①", "*", " ²"])
def test_a_reference_mark_is_not_of_the_figure(mark: str) -> None:
    assert parse(f"12{mark}").value == 12
    assert is_figure(f"12{mark}".replace(" ", ""))


@pytest.mark.parametrize("text", ["无²", "/①", "不适用⁽¹⁾"])
def test_a_reference_mark_is_not_of_a_mark_for_none(text: str) -> None:
    assert parse(text).state is CellState.NOT_APPLICABLE


@pytest.mark.parametrize("text", ["—²", "-¹", "减²", "①", "3①2"])
def test_numbers_of_notes_are_no_digits_of_a_figure(text: str) -> None:
    assert parse(text).state is CellState.TEXT


def test_the_end_of_a_neighbours_note_is_left_out_and_the_figure_is_not_sure() -> None:
    assert (parse("39828\n5）").value, parse("39828\n5）").joined) == (398285, True)
    assert parse("三）").state is CellState.TEXT
    assert not is_figure("7件）")


def test_two_figures_with_notes_are_no_figure() -> None:
    both = "105（其中修订12件）78（含自然失效"
    assert parse(both).state is CellState.TEXT
    assert not is_figure(both)
    assert parse("22（其中修订16件）件").value == 22


@pytest.mark.parametrize(
    ("text", "value"), [("0。", 0), ("12、", 12), ("3件；", 3), ("共3件", 3), ("合计 12 件", 12)]
)
def test_words_and_signs_of_a_sentence_are_not_of_the_figure(text: str, value: int) -> None:
    assert parse(text).value == value


@pytest.mark.parametrize("text", ["12.", "1,", "约3", "3余", "共3"])
def test_what_may_be_cut_or_is_not_exact_is_text(text: str) -> None:
    assert parse(text).state is CellState.TEXT
