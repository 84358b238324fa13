"""Tables that stand in a document more than once."""

from __future__ import annotations

from gongkai_etl.extract.copies import copies_of
from gongkai_etl.extract.labels import normal, vocabulary
from gongkai_etl.extract.proof import prove
from gongkai_etl.extract.rows import Row, Slot
from gongkai_etl.extract.tables import reading_of
from gongkai_etl.form import table_form

FORM = table_form("t3", "2021")


def table(figure: str) -> list[Row]:
    slots = tuple(Slot(figure) for _ in FORM.blocks[0].columns)
    return [Row((normal("".join(row.groups[-1:]) + row.label),), slots) for row in FORM.rows]


def test_a_table_that_begins_again_is_another_one() -> None:
    words = vocabulary("t3", "2021")
    assert [len(copy) for copy in copies_of(table("0") + table("1"), words)] == [len(FORM.rows)] * 2
    assert len(copies_of(table("0") + table("0")[:3], words)) == 1


def test_an_empty_form_stands_behind_a_filled_one() -> None:
    first, second = copies_of(table("") + table("1"), vocabulary("t3", "2021"))
    assert (first[0].figures, second[0].figures) == (7, 0)


def test_figures_that_two_tables_give_otherwise_are_uncertain() -> None:
    other = [*table("0")[:-1], *table("5")[-1:]]
    reading = reading_of("markup", {"t2": [], "t3": table("0") + other, "t4": []})
    cells, notes = prove([reading], {"t2": None, "t3": "2021", "t4": None}, structural=True)
    doubtful = [key for key, cell in cells.items() if key.startswith("t3") and not cell.certain]
    assert doubtful == [f"t3.carried_forward.{column.key}" for column in FORM.blocks[0].columns]
    assert cells["t3.carried_forward.total"].value == 0
    assert [len(note.cells) for note in notes] == [7]


def test_the_same_table_twice_is_no_doubt() -> None:
    reading = reading_of("markup", {"t2": [], "t3": table("0") + table("0") + table(""), "t4": []})
    assert reading.rivals == {}


def test_a_text_of_digits_alone_is_no_certain_text() -> None:
    for text, certain in (("1 5887", False), ("01", False), ("见附件", True)):
        reading = reading_of("markup", {"t2": [], "t3": table(text), "t4": []})
        cells, _ = prove([reading], {"t2": None, "t3": "2021", "t4": None}, structural=True)
        assert cells["t3.received.total"].certain is certain


def test_a_second_table_of_outcomes_that_says_otherwise_makes_them_uncertain() -> None:
    rows = [Row((), tuple(Slot(figure) for _ in range(15))) for figure in "01"]
    reading = reading_of("markup", {"t2": [], "t3": [], "t4": rows})
    assert len(reading.rivals) == 15
    assert {seen.slot.text for seen in reading.cells.values()} == {"0"}
    assert reading_of("markup", {"t2": [], "t3": [], "t4": [*rows[:1], *rows[:1]]}).rivals == {}
