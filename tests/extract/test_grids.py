"""Table 三 as drawn or marked up: what stands right of its columns is no label and no figure."""

from __future__ import annotations

from gongkai_etl.extract.grids import read_grids
from gongkai_etl.extract.rows import Row
from gongkai_etl.form import table_form
from gongkai_etl.model import Grid, GridCell
from gongkai_etl.read import read as read_page

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


def read(table: str) -> dict[str, list[Row]]:
    return read_grids(read_page(f"<html><body>{table}</body></html>".encode(), "页.html").grids)


def texts(rows: list[Row]) -> list[list[str | None]]:
    return [[slot.text for slot in row.slots] for row in rows]


HEAD = "<tr><td colspan=2>申请人情况</td>" + "".join(f"<td>{column.label}</td>" for column in COLUMNS) + "</tr>"


def test_words_instead_of_a_figure_do_not_take_the_row() -> None:
    row = "<tr><td colspan=2>（一）予以公开</td><td>4</td><td>见附件</td>" + "<td>0</td>" * 4 + "<td>4</td></tr>"
    assert texts(read(f"<table>{HEAD}{row}</table>")["t3"]) == [["4", "见附件", "0", "0", "0", "0", "4"]]
    head = "<tr><td>信息内容</td><td>本年制发件数</td><td>本年废止件数</td><td>现行有效件数</td></tr>"
    row = "<tr><td>规章</td><td>待核实</td><td>0</td><td>1</td></tr>"
    assert texts(read(f"<table><tr><td>第二十条第（一）项</td></tr>{head}{row}</table>")["t2"]) == [
        ["待核实", "0", "1"]
    ]


def test_a_remark_right_of_table_two_does_not_take_the_rows_figures() -> None:
    head = "<tr><td>信息内容</td><td>本年处理决定数量</td><td></td></tr>"
    row = "<tr><td>行政许可</td><td>12</td><td>由政务服务中心提供</td></tr>"
    assert texts(read(f"<table><tr><td>第二十条第（五）项</td></tr>{head}{row}</table>")["t2"]) == [["12"]]


def test_a_row_that_begins_early_is_read_where_all_its_figures_are_there() -> None:
    rest = "<td>0</td>" * 5 + "<td>4</td>"
    groups = "<td rowspan=2>三、本年度办理结果</td><td rowspan=3>（六）其他处理</td>"
    usual = f"<tr>{groups}<td>1.申请人无正当理由逾期不补正</td><td>4</td>{rest}</tr>"
    cut = f"<tr><td>3.其他</td><td>4</td>{rest}</tr>"
    early = f"<tr><td>（七）总计</td><td>4</td>{rest}</tr>"
    head = HEAD.replace("colspan=2", "colspan=3")

    def last(row: str) -> list[str | None]:
        return texts(read(f"<table>{head}{usual}{cut}{row}</table>")["t3"])[-1]

    assert last(early) == ["4", "0", "0", "0", "0", "0", "4"]
    assert last(early.replace("<td>0</td>", "", 1)) == [None] * 7
    assert last(early.replace("<td>4</td>", "<td></td>", 1)) == [None] * 7
