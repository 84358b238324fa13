"""What the end of a page and wandering columns leave in doubt is lost, not blank."""

from __future__ import annotations

from gongkai_etl.extract.rows import Row, Slot
from gongkai_etl.extract.steady import before_the_break, behind_the_break, wanders, without_gaps
from gongkai_etl.model import Word

LABEL, FIGURE = Word("3.其他", (60, 700, 120, 712)), Word("189", (300, 720, 320, 732))
BLANK = Row(("（七）总计",), (Slot(""), Slot("")))


def _texts(rows: list[Row]) -> list[list[str | None]]:
    return [[slot.text for slot in row.slots] for row in rows]


def test_a_blank_row_behind_figures_without_a_label_is_lost() -> None:
    assert _texts(behind_the_break([BLANK, BLANK], [LABEL, FIGURE])) == [[None, None], ["", ""]]
    beside = Word("189", (300, 700, 320, 712))
    assert behind_the_break([BLANK], [LABEL, beside]) == [BLANK]


def test_a_row_at_a_pages_end_is_in_doubt_where_figures_above_the_first_label_begin_the_next_page() -> None:
    cut = Row(("一、本年新收政府信息公开申请数量",), (Slot("98"), Slot("")))
    label = Word("二、上年结转政府信息公开申请数量", (60, 80, 220, 92))
    found = before_the_break([BLANK, cut], [Word("24", (300, 60, 320, 72)), label])
    assert _texts(found) == [["", ""], ["98", None]]
    assert [row.complete for row in found] == [True, False]
    assert before_the_break([cut], [Word("24", (300, 80, 320, 92)), label]) == [cut]


def test_the_first_row_of_a_page_is_in_doubt_behind_figures_without_a_label() -> None:
    (found,) = behind_the_break([Row(("3.其他",), (Slot("45"), Slot("")))], [LABEL, FIGURE])
    assert [slot.text for slot in found.slots] == ["45", None]
    assert not found.complete


def test_only_whole_rows_are_kept() -> None:
    whole = Row(("3.其他",), (Slot("1"), Slot("2")))
    assert _texts(without_gaps([whole, BLANK])) == [["1", "2"], [None, None]]


def _row(top: float, *places: float) -> list[Word]:
    return [Word("3", (x, top, x + 5, top + 10)) for x in places]


def test_figures_that_keep_to_no_edge_wander_even_where_no_row_is_whole() -> None:
    columns = [100.0 + 25 * k for k in range(7)]
    steady = [word for k in range(4) for word in _row(50 + 20 * k, 98, 148, 248)]
    loose = [word for k in range(6) for word in _row(50 + 20 * k, 98 + 3.5 * k, 148 + 3.5 * k, 248 + 3.5 * k)]
    assert not wanders([steady], columns)
    assert wanders([loose], columns)
