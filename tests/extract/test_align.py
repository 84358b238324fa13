"""Rows find their place on the form whatever happened to labels, pages and order of reading."""

from __future__ import annotations

import random
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai_etl.extract.align import Match, align
from gongkai_etl.extract.labels import normal, vocabulary
from gongkai_etl.extract.rows import Row, Slot
from gongkai_etl.extract.tables import Seen, reading_of
from gongkai_etl.form import table_form

FORM = table_form("t3", "2021")


def row(label: str, number: int | None = None, blank: bool = False) -> Row:
    slots = tuple(Slot("" if blank else str(number)) for _ in range(7))
    return Row((normal(label),) if label else (), slots)


def whole(mutate: dict[int, list[Row]] | None = None) -> list[Row]:
    rows: list[Row] = []
    for index, form_row in enumerate(FORM.rows):
        rows += (mutate or {}).get(index, [row(form_row.label, index)])
    return rows


def numbers(rows: list[Row]) -> dict[int, str]:
    return {match.index: match.row.slots[0].text or "" for match in align(rows, vocabulary("t3", "2021"))}


def test_a_whole_table_in_order() -> None:
    assert numbers(whole()) == {index: str(index) for index in range(25)}


def test_a_row_cut_by_the_page_break_is_one_row() -> None:
    label = FORM.rows[20].label
    halves = [row(label[:18], 20), row(label[18:], blank=True)]
    found = numbers(whole({20: halves}))
    assert found == {index: str(index) for index in range(25)}


def test_figures_may_stand_in_the_second_half() -> None:
    label = FORM.rows[20].label
    halves = [row(label[:18], blank=True), row(label[18:], 20)]
    assert numbers(whole({20: halves}))[20] == "20"


def test_heads_repeated_on_the_next_page_are_passed_over() -> None:
    rows = whole()
    rows.insert(12, Row((normal("申请人情况"),), ()))
    assert numbers(rows) == {index: str(index) for index in range(25)}


def test_a_nameless_row_between_its_neighbours_is_taken_by_position() -> None:
    assert numbers(whole({7: [row("", 7)]}))[7] == "7"


def test_nameless_rows_whose_number_does_not_fit_stay_unread() -> None:
    found = numbers(whole({7: [row("", 7)], 8: []}))
    assert 7 not in found
    assert 8 not in found


def test_a_page_number_is_never_a_row() -> None:
    rows = whole()
    rows.insert(10, Row((), (Slot("4"),)))
    found = numbers(rows)
    assert found[9] == "9"
    assert found[10] == "10"


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 3))
def test_damaged_labels_never_move_a_figure_to_another_row(seed: int, lost: int) -> None:
    """Characters lost from labels may leave a row unread, but what is read stands in its own row."""
    chance = random.Random(seed)
    rows = []
    for index, form_row in enumerate(FORM.rows):
        label = normal(form_row.label)
        for _ in range(min(lost, max(0, len(label) - 4))):
            at = chance.randrange(len(label))
            label = label[:at] + label[at + 1 :]
        rows.append(Row((label,), tuple(Slot(str(index)) for _ in range(7))))
    for index, text in numbers(rows).items():
        assert text == str(index)


def test_a_full_row_that_is_no_row_of_the_form_makes_its_neighbours_doubtful() -> None:
    label = FORM.rows[6].label
    stain = row(label[2:], blank=True)
    stain = replace(stain, slots=(*stain.slots[:4], Slot("/"), *stain.slots[5:]))
    matches = align(whole({6: [row(label[:2], 6), stain]}), vocabulary("t3", "2021"))
    assert [match.index for match in matches if match.doubtful] == [5, 6]
    assert not any(match.doubtful for match in align(whole(), vocabulary("t3", "2021")))


def _behind_a_break(number: str, rest: str) -> list[Match]:
    """Row 15 ends a page with the figures ``number``; the next page begins with ``rest`` without a label."""
    rows = [replace(one, page=1 if at <= 15 else 2) for at, one in enumerate(whole())]
    slots = tuple(Slot(number if k < 2 else "0") for k in range(7))
    rows[15] = replace(rows[15], slots=slots)
    below = Row((), tuple(Slot(rest if k < 2 else "") for k in range(7)), page=2)
    return align([*rows[:16], below, *rows[16:]], vocabulary("t3", "2021"))


def test_figures_whose_second_lines_begin_the_next_page_are_whole() -> None:
    found = {match.index: match for match in _behind_a_break("354", "83")}
    assert [slot.text for slot in found[15].row.slots] == ["354\n83"] * 2 + ["0"] * 5
    assert [match.index for match in found.values() if match.doubtful] == []


def test_figures_that_did_not_fit_on_the_page_fill_the_row_before_its_end() -> None:
    rows = [replace(one, page=1 if at <= 15 else 2) for at, one in enumerate(whole())]
    rows[15] = replace(rows[15], slots=tuple(Slot("30" if k < 4 else "") for k in range(7)))
    for filled, said in ((range(4, 7), "7588\n2"), (range(4, 6), "")):
        below = Row((), tuple(Slot("7588\n2" if k in filled else "") for k in range(7)), page=2)
        found = {match.index: match for match in align([*rows[:16], below, *rows[16:]], vocabulary("t3", "2021"))}
        assert [slot.text for slot in found[15].row.slots] == ["30"] * 4 + [said] * 3
        assert found[15].doubtful == (not said)


def test_a_row_before_a_break_behind_which_figures_without_a_label_stand_is_doubtful() -> None:
    found = {match.index: match for match in _behind_a_break("3", "83")}
    assert found[15].row.slots[0].text == "3"
    assert [match.index for match in found.values() if match.doubtful] == [15, 16]


def test_the_rest_of_a_group_beside_second_lines_is_no_rows_name() -> None:
    rows = [replace(one, page=1 if at <= 12 else 2) for at, one in enumerate(whole())]
    rows[12] = replace(
        rows[12], labels=("四无法", *rows[12].labels), slots=(Slot("130,1"),) * 2 + (Slot("0"),) * 5
    )
    below = Row(("提供",), tuple(Slot("75" if k < 2 else "") for k in range(7)), page=2)
    found = {match.index: match for match in align([*rows[:13], below, *rows[13:]], vocabulary("t3", "2021"))}
    assert [slot.text for slot in found[12].row.slots] == ["130,1\n75"] * 2 + ["0"] * 5


def test_outcomes_whose_second_lines_begin_the_next_page_are_whole_or_doubtful() -> None:
    def cells(number: str, rest: str) -> dict[str, Seen]:
        rows = [
            Row((), tuple(Slot(number if k < 4 else "0") for k in range(15)), page=1),
            Row((), tuple(Slot(rest if k < 4 else "") for k in range(15)), page=2),
        ]
        return reading_of("grid", {"t2": [], "t3": [], "t4": rows}).cells

    whole = cells("113", "85")
    assert whole["t4.reconsideration.upheld"].slot.text == "113\n85"
    assert whole["t4.reconsideration.total"].slot.text == "0"
    assert all(seen.sure for seen in whole.values())
    assert not any(seen.sure for seen in cells("1", "85").values())
