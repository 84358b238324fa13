"""Figures wrapped in narrow columns, told from rows that stand close."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gongkai_etl.extract.places import is_of_figure, is_wrapped, printed_lines, stacks
from gongkai_etl.model import Word


def word(text: str, x: float, top: float, size: float = 10.0) -> Word:
    half = len(text) * size / 4
    return Word(text, (x - half, top, x + half, top + size))


def test_a_second_line_of_digits_goes_on() -> None:
    assert is_wrapped([[word("94552", 100, 50), word("68824", 150, 50)], [word("2", 100, 63), word("5", 150, 63)]])


def test_the_rest_of_a_figure_may_begin_with_nought_and_end_with_its_unit() -> None:
    assert is_of_figure("05")
    assert is_wrapped([[word("326", 100, 50)], [word("05", 100, 63)]])
    assert is_wrapped([[word("15083", 100, 50)], [word("2件", 100, 63)]])


def test_noughts_over_each_other_are_rows() -> None:
    assert not is_wrapped([[word("0", 100, 50), word("12", 150, 50)], [word("0", 100, 63), word("3", 150, 63)]])


def test_marks_and_short_figures_are_rows() -> None:
    assert not is_wrapped([[word("/", 100, 50)], [word("3", 100, 63)]])
    assert not is_wrapped([[word("5", 100, 50)], [word("3", 100, 63)]])


def test_lines_far_apart_are_rows() -> None:
    assert not is_wrapped([[word("94552", 100, 50)], [word("2", 100, 90)]])


@given(st.lists(st.integers(10, 10**7), min_size=1, max_size=7), st.integers(1, 5))
def test_cut_figures_come_together_again(figures: list[int], width: int) -> None:
    words = [
        word(str(figure)[start : start + width], 60.0 * k, 50 + 12.0 * line)
        for k, figure in enumerate(figures)
        for line, start in enumerate(range(0, len(str(figure)), width))
    ]
    found = ["".join(part.text for part in stack) for stack in stacks(words)]
    assert found == [str(figure) for figure in figures]
    assert sum(map(len, printed_lines(words))) == len(words)


def test_a_single_digit_goes_on_below_the_line_of_the_other_figures() -> None:
    assert is_wrapped([[word("1", 100, 50)], [word("7", 150, 59), word("0", 200, 59)], [word("9", 100, 68)]])


def test_a_figure_with_separators_may_be_cut_anywhere() -> None:
    assert is_of_figure("535,5")
    assert is_wrapped([[word("535,5", 100, 50), word("7", 150, 50)], [word("10", 100, 60)]])
    assert not is_wrapped([[word("535,5", 100, 50)], [word("1", 100, 60)]])
