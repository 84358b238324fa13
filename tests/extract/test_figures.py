"""A figure printed with gaps: its sign, unit and note are part of it."""

from __future__ import annotations

from gongkai_etl.extract.figures import whole_figures
from gongkai_etl.model import Word


def word(text: str, left: float, top: float = 50.0, size: float = 10.0) -> Word:
    width = sum(size if character > "\u2e80" else size / 2 for character in text)
    return Word(text, (left, top, left + width, top + size))


def texts(*words: Word) -> list[str]:
    return [found.text for found in whole_figures(words)]


def test_a_figure_and_its_wrapped_note_are_one_word() -> None:
    column = [word("39(其中", 100), word("修改10", 100, 63), word("件)", 100, 76), word("7", 190)]
    assert texts(*column) == ["39(其中修改10件)", "7"]


def test_a_note_on_one_line_may_have_gaps() -> None:
    assert texts(word("14（含自然失效", 100), word("10", 175), word("件）", 190), word("3", 260)) == [
        "14（含自然失效10件）",
        "3",
    ]


def test_a_bracket_that_is_never_closed_takes_nothing() -> None:
    assert texts(word("39(其中", 100), word("10", 100, 63)) == ["39(其中", "10"]


def test_a_sign_and_a_unit_are_of_the_figure_beside_them() -> None:
    assert texts(word("减", 100), word("15", 112), word("8", 160), word("件", 168)) == ["减15", "8件"]


def test_a_mark_in_the_next_column_is_no_unit_or_sign() -> None:
    assert texts(word("8", 100), word("件", 140), word("减", 190), word("15", 230)) == ["8", "件", "减", "15"]


def test_a_note_may_end_below_its_last_word() -> None:
    assert texts(word("35（含自然失效", 100), word("20", 175), word("件）", 170, 63)) == ["35（含自然失效20件）"]


def test_a_note_cut_by_the_pages_end_keeps_what_stands_beside_it() -> None:
    assert texts(word("26（含自然失效", 100), word("19", 175), word("1140", 240)) == ["26（含自然失效19", "1140"]


def test_a_wrapped_note_leaves_its_figure_at_the_height_of_its_row() -> None:
    words = [
        Word("3", (300, 100, 310, 120)),
        Word("68（其中修订", (100, 100, 200, 120)),
        Word("49件）", (120, 124, 180, 144)),
    ]
    found = {word.text: word.box for word in whole_figures(words)}
    assert found["68（其中修订49件）"][1::2] == (100, 120)
    assert whole_figures(words[1:])[0].box[1::2] == (100, 144)


def test_two_wrapped_notes_side_by_side_stand_in_the_middle_of_their_row() -> None:
    left = [word("67（其中修订28", 100), word("件）", 120, 63)]
    right = [word("44（其中修订", 250), word("23", 313), word("件）", 270, 63)]
    found = {one.text: one.box for one in whole_figures([*left, *right, word("其他主动公开文件", 10, 56)])}
    assert found["67（其中修订28件）"][1::2] == found["44（其中修订23件）"][1::2] == (50, 73)
