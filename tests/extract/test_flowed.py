"""Text without cells: figures in another order than the form's are never taken for the form's."""

from __future__ import annotations

from itertools import chain

import pytest

from gongkai_etl.extract.lines import Line, read_lines
from gongkai_etl.extract.tables import Reading, reading_of
from gongkai_etl.form import table_form

APPLICANTS = [column.label for column in table_form("t3", "2021").blocks[0].columns]
OUTCOMES = [column.label for column in table_form("t4", "2021").blocks[0].columns]
HEAD = ["申请人情况", "自然人", "法人或其他组织", "总计", *APPLICANTS[1:-1]]
GROUPS = ["行政复议", "未经复议直接起诉", "复议后起诉"]
CODES = ["第二十条第（一）项", "信息内容", "本年制发件数", "本年废止件数", "现行有效件数"]


def read(*cells: object) -> Reading:
    """What is read of a text with one cell on each line."""
    return reading_of("lines", read_lines([Line(f"{cell}") for cell in cells]))


def seen(reading: Reading, row: str) -> tuple[list[str | None], bool]:
    own = [cell for key, cell in reading.cells.items() if key.startswith(row)]
    return [cell.slot.text for cell in own], all(cell.sure for cell in own)


def rows(count: int) -> list[object]:
    labels = [row.label for row in table_form("t3", "2021").rows][:count]
    return list(chain.from_iterable((label, at, 0, 0, 0, 0, 0, at) for at, label in enumerate(labels, 11)))


def test_figures_in_the_order_of_the_form() -> None:
    assert seen(read(*HEAD, *rows(4)), "t3.granted.") == (["13", "0", "0", "0", "0", "0", "13"], True)


@pytest.mark.parametrize(
    "head",
    [
        ["申请人情况", "自然人", "总计", "法人或其他组织", *APPLICANTS[1:-1]],
        ["申请人情况", "总计", "自然人", "法人或其他组织", *APPLICANTS[1:-1]],
        ["申请人情况", "自然人", "法人或其他组织", "总计", "其他", *APPLICANTS[1:-2]],
        ["申请人情况", *APPLICANTS[:3], "总计", *APPLICANTS[3:-1]],
    ],
)
def test_applicants_in_another_order_are_unread(head: list[str]) -> None:
    assert seen(read(*head, *rows(4)), "t3.granted.")[0] == [None] * 7


def test_columns_that_no_head_names_are_not_sure() -> None:
    assert seen(read("申请人情况", *rows(4)), "t3.granted.") == (["13", "0", "0", "0", "0", "0", "13"], False)


def test_an_offices_own_column_leaves_no_figure_its_place() -> None:
    assert seen(read(*HEAD, "上年数", *rows(4)), "t3.granted.")[0] == [None] * 7


def test_labels_below_their_figures() -> None:
    _, *cells = rows(4)
    assert seen(read(*HEAD, *cells, "四、结转下年度继续办理"), "t3.granted.")[0] == [None] * 7
    reading = read(*CODES, 0, 1, 2, "规章", 3, 4, 5, "行政规范性文件", "第二十条第（五）项")
    assert seen(reading, "t2.regulations.")[0] == [None] * 3
    reading = read("第二十条第（六）项", "本年处理决定数量", "行政处罚", "1 行政强制")
    assert seen(reading, "t2.penalties.")[0] == [None]


def test_a_blank_row_gives_its_label_to_no_other() -> None:
    reading = read(*HEAD, *rows(2), "（一）予以公开", "（二）部分公开", *[7, 0, 0, 0, 0, 0, 7])
    assert "t3.granted.total" not in reading.cells
    assert seen(reading, "t3.granted_in_part.") == (["7", "0", "0", "0", "0", "0", "7"], True)


def test_table_two_is_sure_under_all_its_heads_only() -> None:
    assert seen(read(*CODES, "规章", 0, 1, 2), "t2.regulations.") == (["0", "1", "2"], True)
    assert seen(read(*CODES[:2], "规章", 0, 1, 2), "t2.regulations.") == (["0", "1", "2"], False)
    assert seen(read(*CODES[:2], *CODES[3:], CODES[2], "规章", 0, 1, 2), "t2.regulations.")[0] == [None] * 3


def test_outcomes_in_the_order_of_the_form() -> None:
    head = ["行政复议", "行政诉讼", *OUTCOMES, *GROUPS[1:], *OUTCOMES * 2]
    assert seen(read(*head, *range(15)), "t4.reconsideration.") == (["0", "1", "2", "3", "4"], True)
    swapped = ["行政复议", "行政诉讼", *OUTCOMES, *GROUPS[1:], *OUTCOMES, OUTCOMES[1], OUTCOMES[0], *OUTCOMES[2:]]
    assert seen(read(*swapped, *range(15)), "t4.litigation_direct.")[0] == [None] * 5


def test_groups_of_table_four_by_the_labels_of_their_rows() -> None:
    own = [(name, *range(5 * at, 5 * at + 5)) for at, name in enumerate(GROUPS)]
    reading = read("行政复议、行政诉讼情况", *OUTCOMES, *own[2], *own[0], *own[1])
    assert seen(reading, "t4.reconsideration.")[0] == ["0", "1", "2", "3", "4"]
    assert seen(reading, "t4.litigation_after")[0] == ["10", "11", "12", "13", "14"]


def test_an_edition_that_only_its_rows_tell() -> None:
    rows = ["规章 0 0 0", "规范性文件 7 8 9", "行政许可 8 -2 5", "其他对外管理服务事项 0 1 0", "行政处罚 2 0 2"]
    reading = read("第二十条第（一）项", *rows, "行政强制 1 0 1", "行政事业性收费 4 2")
    assert reading.editions["t2"] == "2019"
