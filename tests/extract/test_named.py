"""Columns and rows in another order than the form's are told by their heads."""

from __future__ import annotations

from gongkai_etl.extract.grids import read_grids
from gongkai_etl.extract.lines import Line, read_lines
from gongkai_etl.extract.rows import Row
from gongkai_etl.form import table_form
from gongkai_etl.read import read as read_page

NAMES = [column.label for column in table_form("t3", "2021").blocks[0].columns]
OUTCOMES = [column.label for column in table_form("t4", "2021").blocks[0].columns]


def read(*rows: str) -> dict[str, list[Row]]:
    table = "".join(f"<tr>{row}</tr>" for row in rows)
    return read_grids(read_page(f"<html><body><table>{table}</table></body></html>".encode(), "页.html").grids)


def cells(*texts: object) -> str:
    return "".join(f"<td>{text}</td>" for text in texts)


def texts(rows: list[Row]) -> list[list[str | None]]:
    return [[slot.text for slot in row.slots] for row in rows]


def test_the_total_may_come_first() -> None:
    head = cells("申请人情况", NAMES[-1], *NAMES[:-1])
    rows = read(head, cells("一、本年新收政府信息公开申请数量", 9, 5, 4, 0, "", 0, 0))
    assert texts(rows["t3"]) == [["5", "4", "0", "", "0", "0", "9"]]


def test_a_column_of_last_year_is_no_total() -> None:
    head = cells("申请人情况", *NAMES, "上年总计")
    rows = read(head, *(cells(f"{n}.重复申请", 1, "", 0, 0, 0, 0, 1, 7) for n in range(4)))
    assert texts(rows["t3"]) == [["1", "", "0", "0", "0", "0", "1"]] * 4


def test_nothing_says_where_the_figures_of_a_wide_table_stand() -> None:
    rows = read(cells("一、本年新收政府信息公开申请数量", "", 3, "", "", "", "", 3, "", "", "", ""))
    assert texts(rows["t3"]) == [[None] * 7]


def test_columns_of_table_two_by_their_names() -> None:
    head = cells("信息内容", "本年废止件数", "本年制发件数", "现行有效件数", "备注")
    rows = read(cells("第二十条第（一）项"), head, cells("规章", 1, 2, 3, "含修订1件"))
    assert texts(rows["t2"]) == [["2", "1", "3"]]


def test_a_head_repeated_over_its_columns_is_one() -> None:
    head = cells("信息内容", *["本年处理决定数量"] * 3)
    rows = read(
        cells(*["第二十条第（五）项"] * 4), head, cells("行政许可", 12, "", ""), cells("行政处罚", 3, 3, 3)
    )
    assert [row[0] for row in texts(rows["t2"])] == ["12", "3"]


def test_groups_of_table_four_by_their_names() -> None:
    groups = "<td colspan=10>行政诉讼</td><td colspan=5>行政复议</td>"
    parts = "<td colspan=5>未经复议直接起诉</td><td colspan=5>复议后起诉</td>" + "".join(
        f"<td rowspan=2>{name}</td>" for name in OUTCOMES
    )
    rows = read(groups, parts, cells(*OUTCOMES * 2), cells(*range(1, 16)), cells(*range(101, 116)))
    assert texts(rows["t4"]) == [[str(n) for n in (*range(111, 116), *range(101, 111))]]


def test_empty_columns_between_those_of_table_four() -> None:
    wide = "".join(f"<td>{name}</td><td></td>" for name in OUTCOMES)
    groups = "<td colspan=10>行政复议</td><td colspan=10>未经复议直接起诉</td><td colspan=10>复议后起诉</td>"
    rows = read(groups, wide * 3, "".join(f"<td>{n}</td><td></td>" for n in range(101, 116)))
    assert texts(rows["t4"]) == [[str(n) for n in range(101, 116)]]


def test_rows_of_table_four_by_their_labels_and_heads() -> None:
    head = cells("类别", "总计", *OUTCOMES[:-1])
    labels = ("复议后起诉", "行政复议", "未经复议直接起诉")
    rows = read(
        head, *(cells(label, 10 * k + 5, *range(10 * k + 1, 10 * k + 5)) for k, label in enumerate(labels))
    )
    assert texts(rows["t4"]) == [[str(10 * k + n) for n in range(1, 6)] for k in (1, 2, 0)]


def lines(*texts: str) -> list[Row]:
    return read_lines([Line(text) for text in texts])["t4"]


def test_lines_whose_heads_name_other_columns_first_have_no_figures() -> None:
    heading = "四、因政府信息公开工作被申请行政复议、提起行政诉讼情况"
    figures = " ".join("0" * 15)
    assert [slot.text for slot in lines(heading, "行政复议 行政诉讼", figures)[0].slots] == ["0"] * 15
    assert [slot.text for slot in lines(heading, "行政诉讼 行政复议", figures)[0].slots] == [None] * 15
