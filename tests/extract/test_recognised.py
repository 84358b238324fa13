"""Figures of pictures: proof by their own row and column, and the choice between several readings."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gongkai_etl.extract.numbers import parse
from gongkai_etl.extract.recognised import CHOSEN, choose, prove_own
from gongkai_etl.form import edition, table_form
from gongkai_etl.model import Cell, CellState

EDITIONS = {"t2": "2021", "t3": "2021", "t4": "2021"}
SHOWN = {
    "received": (3, 2, 0, 0, 0, 0, 5),
    "brought_forward": (1, 0, 0, 0, 0, 0, 1),
    "granted": (4, 1, 0, 0, 0, 0, 5),
    "processed_total": (4, 1, 0, 0, 0, 0, 5),
    "carried_forward": (0, 1, 0, 0, 0, 0, 1),
}


def cell(value: int | None, confidence: float = 0.99) -> Cell:
    state = CellState.BLANK if value is None else CellState.NUMBER
    return Cell(value, "" if value is None else str(value), state, confidence=1.0 if value is None else confidence)


@pytest.fixture
def cells() -> dict[str, Cell]:
    form = table_form("t3", "2021")
    columns = [column.key for column in form.blocks[0].columns]
    return {
        f"t3.{row.key}.{column}": cell(SHOWN.get(row.key, (0,) * 7)[k])
        for row in form.rows
        for k, column in enumerate(columns)
    }


def certain(cells: dict[str, Cell]) -> set[str]:
    prove_own(cells, set(cells), EDITIONS)
    return {key for key, one in cells.items() if one.certain}


def test_all_of_a_table_that_adds_up_is_certain(cells: dict[str, Cell]) -> None:
    assert certain(cells) == set(cells)


def test_a_wrong_figure_leaves_its_row_and_column_uncertain_and_no_other(cells: dict[str, Cell]) -> None:
    cells["t3.granted.business"] = cell(7)
    doubtful = set(cells) - certain(cells)
    assert all(".granted." in key or key.endswith(".business") for key in doubtful)
    assert {"t3.granted.total", "t3.granted.business", "t3.closed_other.business"} <= doubtful


def test_blanks_are_nought_only_where_the_total_agrees(cells: dict[str, Cell]) -> None:
    empty = [key for key in cells if key.endswith(("social_welfare", "legal_service"))]
    cells |= dict.fromkeys(empty, cell(None))
    assert certain(cells) == set(cells)
    assert cells[empty[0]].value is None


def test_a_blank_where_the_total_disagrees_or_ink_stands_is_not_certain(cells: dict[str, Cell]) -> None:
    cells["t3.granted.business"] = cell(None)
    cells["t3.granted.legal_service"] = replace(cell(None), confidence=0.0)
    found = certain(cells)
    assert not {"t3.granted.business", "t3.granted.legal_service"} & found


def test_cells_of_doubtful_labels_and_disputed_places_are_not_certain(cells: dict[str, Cell]) -> None:
    cells["t3.granted.business"] = replace(cells["t3.granted.business"], readings={"表格线": "1", "文字位置": "7"})
    prove_own(cells, {key for key in cells if ".received." not in key}, EDITIONS)
    assert not cells["t3.granted.business"].certain
    assert not cells["t3.received.total"].certain
    assert cells["t3.granted.total"].certain


def test_another_reading_that_mends_row_and_column_is_chosen_and_stays_uncertain(cells: dict[str, Cell]) -> None:
    cells["t3.granted.natural_person"] = cell(9, 0.95)
    others = {"t3.granted.natural_person": {"4": parse("4"), "5": parse("5")}}
    choose(cells, others, EDITIONS)
    chosen = cells["t3.granted.natural_person"]
    assert (chosen.value, chosen.raw, chosen.reason) == (4, "4", CHOSEN)
    assert set(cells) - certain(cells) == {"t3.granted.natural_person"}
    assert cells["t3.granted.natural_person"].readings == {"识别一": "9", "识别二": "4"}


def test_a_figure_of_the_report_is_not_corrected_by_half_a_reason(cells: dict[str, Cell]) -> None:
    cells["t3.granted.total"] = cell(6)
    others = {"t3.granted.natural_person": {"5": parse("5")}}
    choose(cells, others, EDITIONS)
    assert cells["t3.granted.natural_person"].value == 4


def test_where_two_choices_mend_the_same_none_is_taken(cells: dict[str, Cell]) -> None:
    row = {key: one for key, one in cells.items() if ".granted." in key}
    row["t3.granted.total"] = cell(8)
    low = ("t3.granted.natural_person", "t3.granted.business")
    row |= {key: replace(row[key], confidence=0.4) for key in low}
    choose(row, {low[0]: {"7": parse("7")}, low[1]: {"4": parse("4")}}, EDITIONS)
    assert [row[key].value for key in low] == [4, 1]
    assert any(identity.rule == "T3-TOTAL" for identity in edition("2021").identities)


def test_a_nought_that_is_the_only_figure_of_its_column_is_not_certain(cells: dict[str, Cell]) -> None:
    kept = ("t3.granted.legal_service", "t3.granted.total")
    cells |= {key: cell(None) for key in cells}
    cells |= {key: cell(0) for key in kept}
    assert certain(cells).isdisjoint(kept)
    for row in ("received", "processed_total"):
        cells |= {f"t3.{row}.legal_service": cell(0), f"t3.{row}.total": cell(0)}
    assert certain(cells) >= set(kept)
