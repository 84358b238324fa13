"""Text and Markdown: lines stay lines, tables keep their places, figures are never moved by guessing."""

from __future__ import annotations

import pytest

from gongkai_etl.errors import ReadError
from gongkai_etl.model import Document, Paragraph
from gongkai_etl.read import read
from tests.read.show import columns, lines, matrix

ZEROS = "\t".join("0" * 7)


def text(*rows: str) -> Document:
    return read("\n".join(rows).encode(), "报告.txt")


def test_lines_are_paragraphs_and_marks_of_markdown_are_not_text() -> None:
    document = text("# 青禾镇报告", "", "**（一）主动公开。**正文 ２ 件。", "## **二、情况** ##", "---", "1.2.3")
    assert document.blocks == (
        Paragraph("青禾镇报告", heading=True),
        Paragraph("（一）主动公开。正文 ２ 件。"),
        Paragraph("二、情况", heading=True),
        Paragraph("1.2.3"),
    )


def test_a_markdown_table() -> None:
    document = text("前", "| 信息内容 | 本年制发件数 |", "|---|:---:|", "| 规章 | 0 |", "| 文件 |  |", "后")
    assert lines(document) == ["前", "后"]
    assert matrix(document.grids[0]) == [["信息内容", "本年制发件数"], ["规章", "0"], ["文件", ""]]


def test_spans_filled_in_every_place() -> None:
    document = text(
        "| 第二十条第（八）项 | 第二十条第（八）项 | 第二十条第（八）项 | 第二十条第（八）项 |",
        "|---|---|---|---|",
        "| 信息内容 | 上一年项目数量 | 本年增/减 | 本年增/减 |",
        "| 行政事业性收费 | 5 | 5 | 5 |",
    )
    assert matrix(document.grids[0]) == [
        ["第二十条第（八）项*1×4"],
        ["信息内容", "上一年项目数量", "本年增/减*1×2"],
        ["行政事业性收费", "5", "5*1×2"],
    ]


def test_equal_figures_under_different_heads_are_different_cells() -> None:
    document = text("| 信息内容 | 甲 | 乙 |", "|---|---|---|", "| 规章 | 0 | 0 |")
    assert matrix(document.grids[0])[1] == ["规章", "0", "0"]


def test_pipes_without_an_edge_and_with_captions() -> None:
    document = text(
        "第二十条第(一)项 |", "信息内容 | 本年制发件数 |", "规章 | / |", "三、收到和处理政府信息公开申请情况"
    )
    assert lines(document) == ["三、收到和处理政府信息公开申请情况"]
    assert matrix(document.grids[0]) == [["第二十条第(一)项"], ["信息内容", "本年制发件数"], ["规章", "/"]]


def test_cells_on_lines_of_their_own_that_tell_no_rows_stay_lines() -> None:
    document = text("一、本年新收政府信息公开申请数量 |", "3 |", "3 |", "|||||||")
    assert lines(document) == ["一、本年新收政府信息公开申请数量", "3", "3"]
    assert document.grids == ()


def test_cells_on_lines_of_their_own_are_rows_where_pipes_fill_them_up() -> None:
    rows = (
        "第二十条第(一)项 |",
        "|||",
        "信息内容 |",
        "制发",
        "件数 |",
        "废止 |",
        "有效 |",
        "规章 |",
        "0 |",
        "|",
        "6 |",
    )
    document = text("二、情况", *rows, "许可 |", "8 |", "||", "三、情况")
    assert lines(document) == ["二、情况", "三、情况"]
    assert matrix(document.grids[0]) == [
        ["第二十条第(一)项", "", "", ""],
        ["信息内容", "制发 件数", "废止", "有效"],
        ["规章", "0", "", "6"],
        ["许可", "8", "", ""],
    ]


def test_blank_cells_on_lines_of_their_own_belong_to_the_row_that_is_filled_up_behind_them() -> None:
    blanks = ["|"] * 6
    rows = (
        "一、新收 |",
        *blanks,
        "3 |",
        "||",
        "二、结转 |",
        *blanks,
        "0 |",
        "||",
        "三、结果 |",
        "公开 |",
        *blanks,
        "3 |",
        "|",
    )
    document = text(*rows)
    assert [row[-3:] for row in matrix(document.grids[0])] == [["", "", "3"], ["", "", "0"], ["", "", "3"]]


def test_cells_on_lines_of_their_own_without_filled_rows_stay_lines() -> None:
    document = text("规章 |", "0 |", "1 |", "2 |", "许可 |", "3 |", "处罚 |", "4 |")
    assert lines(document) == ["规章", "0", "1", "2", "许可", "3", "处罚", "4"]


def test_rows_that_begin_with_a_pipe_and_fill_up_their_last_line() -> None:
    heads = ("|", "第二十条 | |||", "|", "信息内容 |", "制发 |", "废止 |", "有效 |")
    document = text(*heads, "|", "规章 |", "0 |", "0 |", "6 |", "|", "许可 |", "8 | ||")
    assert matrix(document.grids[0])[2:] == [["规章", "0", "0", "6"], ["许可", "8"]]


def test_filled_rows_from_which_blanks_fell_away_end_with_their_last_figure() -> None:
    heads = ("第二十条 | |||", "信息内容 | 制发 | 废止 | 有效 |")
    dropped = text(*heads, "规章 | 0 | 6 | |", "许可 | |||")
    assert matrix(dropped.grids[0])[2:] == [["规章", "0", "6"], ["许可", "", "", ""]]
    kept = text(*heads, "规章 | 0 | 6 | |", "文件 | | 1 | 2 |")
    assert matrix(kept.grids[0])[2:] == [["规章", "0", "6", ""], ["文件", "", "1", "2"]]


def test_filled_rows_have_their_figures_behind_one_label_or_two() -> None:
    figures = " | ".join("1234567")
    document = text(
        "自然人 | 总计 | ||||||||",
        f"一、新收 | {figures} | ||",
        f"三、结果 | （一）公开 | {figures} | |",
        "（二）部分公开 | 不适用 | 2 |  | 4 | 5 | 6 | 7 | ||",
        "（七）总计 | 1 | 2 | 3 | 4 | 5 |  |  | ||",
        "四、下年 |  |  |  |  |  |  | 7 | ||",
    )
    one, two = [0, *range(2, 9)], list(range(9))
    assert columns(document.grids[0])[1:] == [one, two, one, [0, 1], one]


def test_a_row_that_begins_with_a_blank_among_rows_without_a_pipe_at_their_left() -> None:
    document = text("维持 | 纠正 | 其他 |", "| 2 | 3 |", "1 | 2 | 3 |")
    assert matrix(document.grids[0])[1:] == [["", "2", "3"], ["1", "2", "3"]]


def test_tabs() -> None:
    document = text("二、情况", "信息内容\t本年制发件数\t本年废止件数", "规章\t0\t1", "行政许可\t0\t", "", "正文")
    assert lines(document) == ["二、情况", "正文"]
    assert matrix(document.grids[0])[1:] == [["规章", "0", "1"], ["行政许可", "0", ""]]


def test_a_row_without_its_label_cells_keeps_its_figures_in_the_last_columns() -> None:
    document = text(f"（七）总计\t\t\t{ZEROS}", f"一、新收\t\t{ZEROS}", f"四、结转\t{ZEROS}")
    assert columns(document.grids[0])[1] == [0, 1, *range(3, 10)]
    assert columns(document.grids[0])[2] == [0, *range(3, 10)]
    assert matrix(document.grids[0])[2][0] == "四、结转*1×3"


def test_a_row_that_lost_a_figure_is_not_moved() -> None:
    document = text(f"（七）总计\t\t\t{ZEROS}", f"\t\t1.属于国家秘密\t{ZEROS[2:]}")
    assert columns(document.grids[0])[1] == list(range(9))


def test_labels_wrapped_behind_a_blank_line_belong_to_their_row() -> None:
    document = text(
        f"\t（六）其他\t1.逾期不补正、行\t{ZEROS}",
        "",
        "\t处理\t政机关不再处理\t\t\t\t\t\t\t",
        f"\t\t3.其他\t{ZEROS}",
    )
    assert matrix(document.grids[0])[0][:3] == ["", "（六）其他处理", "1.逾期不补正、行政机关不再处理"]
    assert document.grids[0].rows == 2


def test_columns_of_spaces_are_a_table_where_heads_stand_over_them() -> None:
    head, first = (
        "信息内容        本年制发件数  本年废止件数  现行有效件数",
        "规章            0                           7",
    )
    document = text(
        "二、情况", head, first, "行政规范性文件  12            3             45", "第二十条第（五）项"
    )
    assert matrix(document.grids[0])[1:] == [["规章", "0", "", "7"], ["行政规范性文件", "12", "3", "45"]]
    assert lines(document) == ["二、情况", "第二十条第（五）项"]


@pytest.mark.parametrize(
    "rows",
    [
        ("规章      0    0     7",),
        ("信息内容  本年制发件数  本年废止件数  现行有效件数", "规章  0  7", "文件  0  0  5"),
        ("规章      0    0     7", "文件      0    0"),
        ("规章  0  0  7", "行政规范性文件  12  3  45"),
        ("规章", "0  0  7", "文件", "1  2  3"),
    ],
)
def test_spaces_that_do_not_tell_the_column_are_left_to_the_reader_of_lines(rows: tuple[str, ...]) -> None:
    document = text(*rows)
    assert document.grids == ()
    assert [line.split() for line in lines(document)] == [row.split() for row in rows]


@pytest.mark.parametrize("mark", [",", ";", "；"])
def test_cells_parted_by_commas(mark: str) -> None:
    rows = [mark.join(row) for row in (["规章", "0", '"1,234"', ""], ["行政规范性文件", "1", "2", "3"])]
    expected = [["规章", "0", "1,234", ""], ["行政规范性文件", "1", "2", "3"]]
    assert matrix(text("一，二，三，四", "二、情况", *rows).grids[0]) == expected


def test_a_comma_inside_a_figure_leaves_the_lines_as_they_are() -> None:
    rows = ["规章,0,1,234,7", "行政规范性文件,1,2,3", "行政许可,0,0,0"]
    assert lines(text(*rows)) == rows


def test_drawn_boxes_are_tables_and_the_lines_between_two_rules_one_row() -> None:
    document = text(
        "┌────┬──┬──┐", "│行政规范│12│3 │", "│性文件  │  │  │", "├────┼──┼──┤", "│规章    │0 │7 │", "└────┴──┴──┘"
    )
    assert matrix(document.grids[0]) == [["行政规范性文件", "12", "3"], ["规章", "0", "7"]]


def test_glued_digits_are_left_as_they_are() -> None:
    assert lines(text("行政规范性文件693665")) == ["行政规范性文件693665"]


def test_a_table_in_html_inside_markdown() -> None:
    document = text("# 报告", "二、情况", "<table><tr><td>规章</td>", "<td>0</td></tr></table>", "后")
    assert matrix(document.grids[0]) == [["规章", "0"]]
    assert lines(document) == ["报告", "二、情况", "后"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\r\r\n"])
def test_encodings_and_line_ends(encoding: str, end: str) -> None:
    data = end.join(["二、主动公开政府信息情况", "规章\t0"]).encode(encoding)
    document = read(data, "报告.txt")
    assert lines(document) == ["二、主动公开政府信息情况"]
    assert matrix(document.grids[0]) == [["规章", "0"]]


def test_a_file_of_rules_only_is_empty() -> None:
    with pytest.raises(ReadError, match="READ-EMPTY"):
        text("---", "", "-----")


def test_a_short_row_with_blanks_keeps_its_places_from_the_right() -> None:
    document = text("三、结果 | （一）予以公开 | 0 |  |  |  |  |  | 0", "一、新收 | 4 |  |  |  |  |  | 4")
    assert columns(document.grids[0])[1] == [0, *range(2, 9)]


def test_tables_on_one_line_are_cut_at_their_spaces() -> None:
    document = text(
        "二、情况 信息内容 本年处理决定数量 行政许可 12 行政处罚 3 行政强制 0 三、情况", "行政许可、行政处罚 3 件"
    )
    cells = [
        "二、情况",
        "信息内容",
        "本年处理决定数量",
        "行政许可",
        "12",
        "行政处罚",
        "3",
        "行政强制",
        "0",
        "三、情况",
    ]
    assert lines(document) == [*cells, "行政许可、行政处罚 3 件"]
    figures = ["0"] * 15
    assert lines(text("结果维持 尚未审结 总计 " + " ".join(figures))) == ["结果维持", "尚未审结", "总计", *figures]
