"""Table 三 as drawn or marked up: what stands right of its columns is no label and no figure."""

from __future__ import annotations

from gongkai_etl.extract.grids import read_grids
from gongkai_etl.form import table_form
from gongkai_etl.model import Grid, GridCell

COLUMNS = table_form("t3", "2021").blocks[0].columns


def test_a_remark_right_of_the_columns_does_not_take_the_rows_figures() -> None:
    heads = [GridCell(column.label, 0, 1 + k) for k, column in enumerate(COLUMNS)]
    rows = [
        GridCell(text, 1 + index, column)
        for index, (label, note) in enumerate((("（一）予以公开", "含街道"), ("（七）总计", "")))
        for column, text in enumerate((label, "4", "0", "0", "0", "0", "0", "4", note))
    ]
    cells = (GridCell("申请人情况", 0, 0), *heads, GridCell("备注", 0, 8), *rows)
    found = [[slot.text for slot in row.slots] for row in read_grids([Grid(3, 9, cells, "html")])["t3"]]
    assert found == [["4", "0", "0", "0", "0", "0", "4"]] * 2
