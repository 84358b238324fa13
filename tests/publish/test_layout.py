"""The printed tables: every slot covered once, every figure present, merged cells as on the form."""

from __future__ import annotations

import pytest

from gongkai_etl.form import edition
from gongkai_etl.publish.layout import PrintedTable, printed


@pytest.mark.parametrize("name", ["2021", "2019"])
@pytest.mark.parametrize("table", ["t2", "t3", "t4"])
def test_slots_cover_the_table_once_and_hold_every_figure(name: str, table: str) -> None:
    form = edition(name).tables[table]
    grid = printed(form)
    covered = [
        (slot.row + down, slot.column + right)
        for slot in grid.slots
        for down in range(slot.row_span)
        for right in range(slot.column_span)
    ]
    assert sorted(covered) == [(row, column) for row in range(grid.rows) for column in range(grid.columns)]
    assert [slot.key for slot in grid.slots if slot.key] == [key for key, *_ in form.cells()] or table == "t3"
    assert {slot.key for slot in grid.slots if slot.key} == {key for key, *_ in form.cells()}


def span(grid: PrintedTable, text: str) -> tuple[int, int]:
    found = [slot for slot in grid.slots if slot.text == text]
    assert found, text
    return found[0].row_span, found[0].column_span


def test_merged_cells_are_those_of_the_form() -> None:
    grid = printed(edition("2021").tables["t3"])
    assert (grid.rows, grid.columns) == (28, 10)
    assert span(grid, "三、本年度办理结果") == (22, 1)
    assert span(grid, "（三）不予公开") == (8, 1)
    assert span(grid, "（一）予以公开") == (1, 2)
    assert span(grid, "一、本年新收政府信息公开申请数量") == (1, 3)
    assert span(grid, "法人或其他组织") == (1, 5)
    four = printed(edition("2021").tables["t4"])
    assert (four.rows, four.columns) == (4, 15)
    assert span(four, "行政诉讼") == (1, 10)
    assert span(four, "未经复议直接起诉") == (1, 5)
    two = printed(edition("2021").tables["t2"])
    assert (two.rows, two.columns) == (14, 4)
    assert span(two, "本年处理决定数量") == (1, 3)
