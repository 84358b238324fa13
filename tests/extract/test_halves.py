"""Table 三 split by columns: some applicants on one page, the others on the next."""

from __future__ import annotations

from dataclasses import replace

from gongkai_etl.extract.aligned import read_aligned
from gongkai_etl.extract.grids import read_grids
from gongkai_etl.extract.rows import Row, are_parts
from gongkai_etl.extract.tables import reading_of
from gongkai_etl.form import table_form
from gongkai_etl.model import Grid, GridCell, Page, Word

FORM = table_form("t3", "2021")
COLUMNS = FORM.blocks[0].columns


def _figure(row: int, column: int) -> str:
    return f"{100 * row + column}"


def _grid(page: int, columns: range, labelled: bool = True) -> Grid:
    left = 1 if labelled else 0
    cells = [GridCell(COLUMNS[k].label, 0, left + at, page=page) for at, k in enumerate(columns)]
    for index, row in enumerate(FORM.rows, start=1):
        cells += [GridCell(row.label, index, 0, page=page)] if labelled else []
        cells += [GridCell(_figure(index, k), index, left + at, page=page) for at, k in enumerate(columns)]
    if labelled:
        cells.append(GridCell("申请人情况", 0, 0, page=page))
    return Grid(len(FORM.rows) + 1, left + len(columns), tuple(cells), "grid", page)


def _read(rows: dict[str, list[Row]]) -> dict[str, str | None]:
    return {key: seen.slot.text for key, seen in reading_of("grid", rows).cells.items()}


WHOLE = {
    f"t3.{row.key}.{column.key}": _figure(index, k)
    for index, row in enumerate(FORM.rows, start=1)
    for k, column in enumerate(COLUMNS)
}


def test_parts_with_labels_are_one_table() -> None:
    assert _read(read_grids([_grid(1, range(5)), _grid(2, range(5, 7))])) == WHOLE


def test_a_part_without_labels_has_the_rows_in_their_order() -> None:
    assert _read(read_grids([_grid(1, range(6)), _grid(2, range(6, 7), labelled=False)])) == WHOLE


def test_a_part_without_labels_and_with_a_row_too_few_is_not_read() -> None:
    short = _grid(2, range(5, 7), labelled=False)
    short = replace(short, rows=short.rows - 1, cells=tuple(cell for cell in short.cells if cell.row != 3))
    found = _read(read_grids([_grid(1, range(5)), short]))
    assert found == {
        key: text for key, text in WHOLE.items() if not key.endswith((".other_organisation", ".total"))
    }


def test_parts_that_leave_out_a_column_are_no_table() -> None:
    assert are_parts({(0, 1), (2, 3)}, 4)
    assert not are_parts({(0, 1), (3,)}, 4)
    assert not are_parts({(0, 1, 2, 3)}, 4)


def _page(number: int, columns: range) -> Page:
    words = [Word("申请人情况", (60, 80, 120, 92))]
    words += [Word(COLUMNS[k].label, (300 + 60 * at, 100, 340 + 60 * at, 112)) for at, k in enumerate(columns)]
    for index, row in enumerate(FORM.rows, start=1):
        y = 110 + 20 * index
        words.append(Word(row.label, (60, y, 280, y + 12)))
        words += [
            Word(_figure(index, k), (310 + 60 * at, y, 330 + 60 * at, y + 12)) for at, k in enumerate(columns)
        ]
    return Page(number, 595, 842, tuple(words))


def test_parts_are_one_table_by_the_positions_of_their_words_too() -> None:
    assert _read(read_aligned([_page(1, range(5)), _page(2, range(5, 7))])) == WHOLE
    assert _read(read_aligned([_page(1, range(6)), _page(2, range(6, 7))])) == WHOLE
