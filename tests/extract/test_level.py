"""The strict witness for tables without rules: level with a label and under a head, or nothing."""

from __future__ import annotations

from gongkai_etl.extract.level import read_level
from gongkai_etl.extract.tables import reading_of
from gongkai_etl.form import table_form
from gongkai_etl.model import Page, Word

ROWS = table_form("t3", "2021").rows
COLUMNS = table_form("t3", "2021").blocks[0].columns
HEIGHT = 9.0
FIGURES = ["3", "", "0", "", "", "", "3"]


def word(text: str, centre: float, top: float) -> Word:
    half = 2.5 * len(text) if text.isdigit() else 4.5 * len(text)
    return Word(text, (centre - half, top, centre + half, top + HEIGHT))


def page(rows: dict[int, list[str]], down: dict[int, float] | None = None, aside: float = 0.0) -> Page:
    """Table 三 without rules, 20 points a row, 40 a column; ``down``: rows whose figures stand lower than the label."""
    words = [word("申请人情况", 400, 20)]
    for k, column in enumerate(COLUMNS):
        for line, part in enumerate((column.label[:3], column.label[3:])):
            words += [word(part, 300 + 40 * k, 38 + 9 * line)] if part else []
    for index, row in enumerate(ROWS):
        top = 60 + 20.0 * index
        words.append(word(row.label[:20], 110, top))
        lower = top + (down or {}).get(index, 0.0)
        figures = rows.get(index, FIGURES)
        words += [word(text, 300 + aside + 40 * k, lower) for k, text in enumerate(figures) if text]
    return Page(1, 700, 800, tuple(words))


def texts(given: Page, index: int) -> list[str | None]:
    cells = reading_of("level", read_level([given])).cells
    return [cells[f"t3.{ROWS[index].key}.{column.key}"].slot.text for column in COLUMNS]


def test_figures_level_with_their_label_and_under_their_heads_are_seen() -> None:
    assert texts(page({}), 5) == FIGURES


def test_a_row_without_figures_between_clear_rows_is_blank() -> None:
    assert texts(page({5: []}), 5) == [""] * 7


def test_figures_that_stand_lower_than_those_of_other_rows_leave_their_neighbours_in_doubt() -> None:
    found = page({6: []}, down={5: 9.0})
    assert texts(found, 5) == texts(found, 6) == texts(found, 4) == [None] * 7
    assert texts(found, 8) == FIGURES


def test_a_figure_between_two_heads_is_of_neither() -> None:
    assert texts(page({}, aside=18.0), 5) == [None] * 7


def test_the_last_row_of_a_page_is_not_blank_when_the_table_goes_on() -> None:
    whole = page({20: []})
    cut = 60 + 20.0 * 20 + HEIGHT
    upper = Page(1, 700, 800, tuple(w for w in whole.words if w.box[3] <= cut))
    assert texts(upper, 20) == [None] * 7


def test_a_head_cut_by_the_pages_end_names_the_columns_of_both_pages() -> None:
    whole = page({5: []})
    head = [one for one in whole.words if one.box[1] < 50 and one.text in ("自然人", "总计")]
    rest = tuple(one for one in whole.words if one not in head)
    above = [word(one.text, (one.box[0] + one.box[2]) / 2, 740) for one in head]
    before = Page(1, 700, 800, (word("申请人情况", 400, 720), *above))
    cells = reading_of("level", read_level([before, Page(2, 700, 800, rest)])).cells
    assert [cells[f"t3.{ROWS[5].key}.{column.key}"].slot.text for column in COLUMNS] == [""] * 7
    assert [cells[f"t3.{ROWS[6].key}.{column.key}"].slot.text for column in COLUMNS] == FIGURES


def test_figures_that_all_stand_at_one_edge_of_their_columns_are_under_their_heads() -> None:
    figures = {k: ["13", "", "0", "" if k % 2 else "256", "", "", "269"] for k in range(len(ROWS))}
    given = page(figures)
    moved = [
        Word(
            w.text,
            (
                w.box[0] + 18 - (w.box[2] - w.box[0]) / 2,
                w.box[1],
                w.box[2] + 18 - (w.box[2] - w.box[0]) / 2,
                w.box[3],
            ),
        )
        if w.text.isdigit()
        else w
        for w in given.words
    ]
    assert texts(Page(1, 700, 800, tuple(moved)), 6) == figures[6]
    moved[-1] = word("269", 540 + 4, moved[-1].box[1])
    assert texts(Page(1, 700, 800, tuple(moved)), 6) == [None] * 7


def test_heads_whose_lines_are_cut_by_the_pages_end_are_put_together() -> None:
    whole = page({5: []})
    head = [one for one in whole.words if one.box[1] < 45]
    rest = tuple(one for one in whole.words if one.box[1] >= 45)
    above = [Word(one.text, (one.box[0], one.box[1] + 700, one.box[2], one.box[3] + 700)) for one in head]
    given = [Page(1, 700, 800, tuple(above)), Page(2, 700, 800, rest)]
    cells = reading_of("level", read_level(given)).cells
    assert [cells[f"t3.{ROWS[5].key}.{column.key}"].slot.text for column in COLUMNS] == [""] * 7
