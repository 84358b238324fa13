"""Figures by their position alone, where no rules are drawn."""

from __future__ import annotations

from gongkai_etl.extract.aligned import read_aligned
from gongkai_etl.extract.level import read_level
from gongkai_etl.extract.tables import reading_of
from gongkai_etl.form import table_form
from gongkai_etl.model import Page, Word

ROWS = table_form("t3", "2021").rows
HEIGHT = 9.0


def word(text: str, centre: float, top: float) -> Word:
    half = 2.5 * len(text) if text.isdigit() else 4.5 * len(text)
    return Word(text, (centre - half, top, centre + half, top + HEIGHT))


def page(figures: dict[int, list[str]], extra: tuple[Word, ...] = ()) -> Page:
    """Table 三 without rules: one line a row, 20 points apart, the seven columns 40 points apart."""
    words = [word("申请人情况", 400, 40)]
    for index, row in enumerate(ROWS):
        top = 60 + 20.0 * index
        words.append(word(row.label[:20], 110, top))
        words += [word(text, 300 + 40 * k, top) for k, text in enumerate(figures.get(index, ["0"] * 7)) if text]
    return Page(1, 700, 800, (*words, *extra))


def texts(given: Page, row: str) -> list[str | None]:
    cells = reading_of("aligned", read_aligned([given])).cells
    return [cells[f"t3.{row}.{column.key}"].slot.text for column in table_form("t3", "2021").blocks[0].columns]


def test_columns_keep_their_place_when_cells_are_blank() -> None:
    found = texts(page({5: ["3", "", "", "", "", "", "3"]}), ROWS[5].key)
    assert found == ["3", "", "", "", "", "", "3"]


def test_a_figure_a_little_lower_than_its_row_sends_the_row_to_no_other() -> None:
    second = ["65", "8", "", "82", "46", "", "201"]
    low = tuple(word("0", 300 + 40 * k, 86) for k in (2, 5))
    given = page({0: ["3889", "1978", "894", "528", "2293", "2332", "11914"], 1: second}, low)
    assert texts(given, ROWS[0].key) == ["3889", "1978", "894", "528", "2293", "2332", "11914"]
    assert texts(given, ROWS[1].key)[:2] == ["65", "8"]


def test_a_figure_wrapped_in_a_narrow_column_is_put_together() -> None:
    lower = word("6", 540, 60 + 20.0 * 5 + 11)
    found = texts(page({5: ["126", "0", "0", "0", "0", "0", "12"]}, (lower,)), ROWS[5].key)
    assert found == ["126", "0", "0", "0", "0", "0", "12\n6"]
    assert texts(page({5: ["126", "0", "0", "0", "0", "0", "12"]}, (lower,)), ROWS[6].key) == ["0"] * 7


def test_a_row_with_one_figure_is_not_the_second_line_of_the_row_above() -> None:
    found = page({6: ["", "", "", "", "", "", "7"]})
    assert texts(found, ROWS[5].key) == ["0"] * 7
    assert texts(found, ROWS[6].key) == [""] * 6 + ["7"]


def test_a_blank_row_takes_no_figures_of_its_neighbours() -> None:
    found = page({6: [""] * 7, 7: ["9", "0", "0", "0", "0", "0", "9"]})
    assert texts(found, ROWS[6].key) == [""] * 7
    assert texts(found, ROWS[7].key) == ["9", "0", "0", "0", "0", "0", "9"]


def test_figures_printed_without_a_gap_are_lost_and_not_one_figure() -> None:
    found = texts(page({5: ["3", "0", "0", "0", "", "", ""]}, (word("2181185218118511", 480, 160),)), ROWS[5].key)
    assert found == ["3", "0", "0", "0", None, None, ""]


def test_a_page_number_is_no_part_of_the_last_label() -> None:
    last = ROWS[-1]
    found = page({}, (word("第1页", 110, 60 + 20.0 * len(ROWS) - 8),))
    assert texts(found, last.key) == ["0"] * 7


def test_words_further_below_a_label_are_not_of_it() -> None:
    group = word("三、本年度办理结果", 110, 60 + 20.0 * 7 - 2)
    upper = [word(text, 300 + 40 * k, 60 + 20.0 * 7 - 4) for k, text in enumerate(["518"] * 7)]
    lower = [word(text, 300 + 40 * k, 60 + 20.0 * 7 + 6) for k, text in enumerate(["16"] * 7)]
    found = page({6: ["12"] * 7, 7: [""] * 7}, (group, *upper, *lower))
    assert texts(found, ROWS[6].key) == ["12"] * 7
    assert texts(found, ROWS[7].key) == ["518\n16"] * 7


def heads() -> tuple[Word, ...]:
    names = [column.label for column in table_form("t3", "2021").blocks[0].columns]
    return tuple(
        word(part, 300 + 40 * k, 38 + 9 * line)
        for k, name in enumerate(names)
        for line, part in enumerate((name[:3], name[3:]))
        if part
    )


def test_columns_are_those_of_the_heads_where_no_row_is_full() -> None:
    given = page({index: ["8", "", "", "", "", "", "8"] for index in range(len(ROWS))}, heads())
    assert texts(given, ROWS[9].key) == ["8", "", "", "", "", "", "8"]
    assert texts(page({index: [] for index in range(len(ROWS))}, heads()), ROWS[9].key) == [""] * 7


def test_a_column_of_line_numbers_is_no_applicant() -> None:
    numbers = tuple(word(str(index + 1), 265, 60 + 20.0 * index) for index in range(len(ROWS)))
    found = page({5: ["3", "0", "0", "0", "0", "", "3"]}, (*heads(), *numbers))
    assert texts(found, ROWS[5].key) == ["3", "0", "0", "0", "0", "", "3"]


def test_a_figure_with_its_note_below_the_first_digits_is_put_together() -> None:
    lower = (word("6", 300, 60 + 20.0 * 5 + 11), word("3（含结转）", 540, 60 + 20.0 * 5 + 11))
    found = texts(page({5: ["126", "0", "0", "0", "0", "0", "126"]}, lower), ROWS[5].key)
    assert found == ["126\n6", "0", "0", "0", "0", "0", "126\n3（含结转）"]


def test_figures_above_digits_that_are_no_row_are_lost() -> None:
    lower = (word("0", 340, 60 + 20.0 * 5 + 11), word("1", 540, 60 + 20.0 * 5 + 11))
    found = texts(page({5: ["126", "0", "0", "0", "0", "0", "126"]}, lower), ROWS[5].key)
    assert found == ["126", None, "0", "0", "0", "0", None]


def _moved(given: Page, index: int, by: float) -> Page:
    """The figures of a row some points further right."""
    top = 60 + 20.0 * index
    words = [
        word(w.text, (w.box[0] + w.box[2]) / 2 + by, top) if w.box[1] == top and w.text.isdigit() else w
        for w in given.words
    ]
    return Page(1, 700, 800, tuple(words))


def test_a_whole_row_that_stands_a_column_further_right_is_lost() -> None:
    given = _moved(page({5: ["5", "7", "0", "4", "4", "0", "20"]}), 5, 34)
    assert texts(given, ROWS[5].key) == [None] * 7
    assert read_level([given])["t3"] == []


def test_blanks_between_wandering_columns_are_lost() -> None:
    given = _moved(page({5: ["5", "7", "0", "4", "4", "0", "20"], 7: ["3", "", "", "", "", "", "3"]}), 5, 34)
    assert texts(given, ROWS[7].key) == [None] * 7
    assert texts(given, ROWS[8].key) == ["0"] * 7


def test_a_row_with_figures_run_together_with_notes_is_lost() -> None:
    both = word("10（含结转）7（含", 320, 160)
    given = page({5: ["", "", "0", "0", "0", "0", "17"]}, (both,))
    assert texts(given, ROWS[5].key) == [None] * 7
    level = reading_of("level", read_level([given])).cells
    assert (
        level.get(f"t3.{ROWS[5].key}.natural_person") is None
        or level[f"t3.{ROWS[5].key}.business"].slot.text is None
    )


def test_a_figure_upon_which_a_word_lies_is_no_blank_outcome() -> None:
    head = [word("行政复议", 120, 5), word("行政诉讼", 400, 5)]
    names = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")
    head += [word(names[k % 5], 40 + 38 * k, 30) for k in range(15)]
    figures = [word("3", 40 + 38 * k, 60) for k in range(15) if k not in (5, 6)]
    given = Page(1, 700, 800, (*head, *figures, word("维16持", 40 + 38 * 5, 60)))
    for name, rows in (("aligned", read_aligned([given])), ("level", read_level([given]))):
        cells = reading_of(name, rows).cells
        assert "t4.litigation_direct.upheld" not in cells or cells["t4.litigation_direct.upheld"].slot.text is None
    assert reading_of("aligned", read_aligned([given])).cells["t4.litigation_direct.corrected"].slot.text == ""


def test_a_label_that_runs_into_figures_leaves_no_blanks() -> None:
    given = page({5: ["", "", "62", "0", "0", "0", "62"]})
    glued = Word("2.其他法律行政法规禁止公开12546426", (20, 160, 345, 169))
    words = tuple(glued if one.text.startswith("2.其他法律行政") else one for one in given.words)
    assert texts(Page(1, 700, 800, words), ROWS[5].key) == [None] * 7
