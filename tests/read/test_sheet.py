"""Workbooks: stored values as people see them, merged cells, addresses of the office."""

from __future__ import annotations

import io
from typing import Any

import pytest

from gongkai_etl.errors import ReadError
from gongkai_etl.model import Document
from gongkai_etl.read import read
from gongkai_etl.read.sheet_values import number, padded, shown
from tests.read.show import lines, matrix


def book(*sheets: Any) -> bytes:
    """Each sheet a function that fills it, or its rows."""
    from openpyxl import Workbook

    made = Workbook()
    made.remove(made.worksheets[0])
    for place, fill in enumerate(sheets):
        sheet = made.create_sheet(f"表{place + 1}")
        if callable(fill):
            fill(sheet)
        else:
            for row in fill:
                sheet.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def sheet(*sheets: Any) -> Document:
    return read(book(*sheets), "报告.xlsx")


def test_rows_with_one_cell_are_lines_and_the_others_a_table() -> None:
    document = sheet(
        [
            ["青禾镇2025年政府信息公开工作年度报告"],
            [],
            ["二、主动公开政府信息情况"],
            ["信息内容", "本年制发件数", "本年废止件数"],
            ["规章", 0, 1.0],
            ["第二十条第（五）项"],
            ["行政许可", "/", 11398889],
            [],
            ["六、其他需要报告的事项"],
        ]
    )
    assert lines(document) == [
        "青禾镇2025年政府信息公开工作年度报告",
        "二、主动公开政府信息情况",
        "六、其他需要报告的事项",
    ]
    assert matrix(document.grids[0]) == [
        ["信息内容", "本年制发件数", "本年废止件数"],
        ["规章", "0", "1"],
        ["第二十条第（五）项", "", ""],
        ["行政许可", "/", "11398889"],
    ]
    assert [cell.address for cell in document.grids[0].cells][4] == "表1!B5"


def test_rows_that_were_left_blank_stay_in_the_table() -> None:
    document = sheet(
        [["信息内容", "本年制发件数"], ["规章"], ["行政规范性文件"], ["某镇人民政府"], ["2026年1月15日"]]
    )
    assert lines(document) == ["某镇人民政府", "2026年1月15日"]
    assert matrix(document.grids[0])[1:] == [["规章", ""], ["行政规范性文件", ""]]


def test_merged_cells_and_a_table_that_begins_further_in() -> None:
    def fill(made: Any) -> None:
        made["C3"], made["F3"], made["C4"], made["D4"], made["E4"], made["F4"] = (
            "一、新收",
            5,
            "三、",
            "（一）",
            "甲",
            6,
        )
        made["D5"], made["E5"], made["F5"] = "（二）", "乙", 7
        made.merge_cells("C3:E3")
        made.merge_cells("C4:C5")

    grid = sheet(fill).grids[0]
    assert matrix(grid) == [["一、新收*1×3", "5"], ["三、*2×1", "（一）", "甲", "6"], ["（二）", "乙", "7"]]
    assert grid.cells[0].address == "表1!C3"


def test_a_row_of_labels_inside_a_merged_group_stays_in_the_table() -> None:
    def fill(made: Any) -> None:
        for row in (["三、", "（一）", 1], [None, "（二）"], [None, "（三）", 3]):
            made.append(row)
        made.merge_cells("A1:A3")

    assert matrix(sheet(fill).grids[0])[1] == ["（二）", ""]


def test_what_is_hidden_is_left_out() -> None:
    def hidden(made: Any) -> None:
        made.append(["旧", 1])
        made.sheet_state = "hidden"

    def rows(made: Any) -> None:
        made.append(["规章", 7, 1, 5])
        made.append(["上年", 7, 2, 6])
        made.append(["规章", 7, 3, 7])
        made.row_dimensions[2].hidden = made.row_dimensions[3].hidden = True
        made.column_dimensions["B"].hidden = True
        made.merge_cells("A1:B1")

    document = sheet(hidden, rows)
    assert [matrix(grid) for grid in document.grids] == [[["规章", "1", "5"]]]
    assert [cell.address for cell in document.grids[0].cells] == ["表2!A1", "表2!C1", "表2!D1"]


def test_a_hidden_row_or_column_that_is_the_forms_only_one_is_read() -> None:
    def rows(made: Any) -> None:
        made.append(["信息内容", "本年制发件数", "本年废止件数"])
        made.append(["规章", 1, 2])
        made.append(["行政规范性文件", 3, 4])
        made.row_dimensions[2].hidden = made.column_dimensions["C"].hidden = True

    assert matrix(sheet(rows).grids[0])[1:] == [["规章", "1", "2"], ["行政规范性文件", "3", "4"]]


def test_a_formula_that_was_never_worked_out_is_unknown_and_an_error_is_its_name() -> None:
    def rows(made: Any) -> None:
        made.append(["总计", "=1+1", "=A1"])
        made["C1"].data_type = "e"
        made["C1"].value = "#REF!"

    assert matrix(sheet(rows).grids[0]) == [["总计", "\ufffd", "#REF!"]]


def test_struck_out_and_raised_figures_of_a_cell() -> None:
    from openpyxl.cell.rich_text import CellRichText, TextBlock
    from openpyxl.cell.text import InlineFont

    def rows(made: Any) -> None:
        made["A1"] = "规章"
        made["B1"] = CellRichText(TextBlock(InlineFont(strike=True), "3"), TextBlock(InlineFont(), "5"))
        made["C1"] = CellRichText(
            TextBlock(InlineFont(), "6"), TextBlock(InlineFont(vertAlign="superscript"), "1")
        )

    assert matrix(sheet(rows).grids[0]) == [["规章", "5", "6¹"]]


def test_struck_out_cells_of_a_workbook() -> None:
    from openpyxl.cell.rich_text import CellRichText, TextBlock
    from openpyxl.cell.text import InlineFont
    from openpyxl.styles import Font

    def rows(made: Any) -> None:
        made.append(
            ["规章", 3, CellRichText(TextBlock(InlineFont(strike=True), "4"), TextBlock(InlineFont(), "5"))]
        )
        made["B1"].font = made["C1"].font = Font(strike=True)

    assert matrix(sheet(rows).grids[0]) == [["规章", "", "5"]]


def opened(styles: str, rows: str) -> Document:
    """An .ods with these automatic styles and rows."""
    import zipfile

    names = "".join(
        f' xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for prefix, name in (("office", "office"), ("style", "style"), ("table", "table"), ("text", "text"))
    )
    body = f'<office:body><office:spreadsheet><table:table table:name="年报">{rows}</table:table></office:spreadsheet>'
    content = f"<office:document-content{names}><office:automatic-styles>{styles}</office:automatic-styles>{body}"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        target.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        target.writestr("META-INF/manifest.xml", "<manifest/>")
        target.writestr("content.xml", f"{content}</office:body></office:document-content>")
    return read(out.getvalue(), "报告.ods")


STRUCK = (
    '<style:style style:name="T1" style:family="text">'
    '<style:text-properties style:text-line-through-style="solid"/></style:style>'
    '<style:style style:name="T2" style:family="text"><style:text-properties style:text-position="super 58%"/></style:style>'
    '<style:style style:name="T3" style:family="text">'
    '<style:text-properties style:text-line-through-style="none"/></style:style>'
    '<style:style style:name="ce1" style:family="table-cell" style:parent-style-name="T1"/>'
)


def cell(text: str, kind: str = 'office:value-type="string"') -> str:
    return f"<table:table-cell {kind}><text:p>{text}</text:p></table:table-cell>"


def test_struck_out_and_raised_figures_of_an_open_document_sheet() -> None:
    own = cell("9", 'table:style-name="ce1" office:value-type="float" office:value="9"')
    own += cell(
        '<text:span text:style-name="T3">8</text:span>', 'table:style-name="ce1" office:value-type="string"'
    )
    spans = '<text:span text:style-name="T1">3</text:span>5', '6<text:span text:style-name="T2">1</text:span>'
    rows = f"<table:table-row>{cell('规章')}{cell(spans[0])}{cell(spans[1])}{own}{cell('7')}</table:table-row>"
    assert matrix(opened(STRUCK, rows).grids[0]) == [["规章", "5", "6¹", "", "8", "7"]]


def test_hidden_rows_and_columns_and_errors_of_an_open_document_sheet() -> None:
    error = cell("#REF!", 'office:value-type="string" calcext:value-type="error" xmlns:calcext="urn:calcext"')
    columns = '<table:table-column/><table:table-column table:visibility="collapse"/><table:table-column/>'
    row = f"<table:table-row>{cell('上年')}{cell('1')}{cell('2')}</table:table-row>"
    hidden = row.replace("<table:table-row", '<table:table-row table:visibility="collapse"')
    last = f"<table:table-row>{cell('总计')}{cell('3')}{error}</table:table-row>"
    rows = f"{columns}<table:table-row-group>{hidden}</table:table-row-group>{last}"
    assert matrix(opened("", rows).grids[0]) == [["总计", "#REF!"]]


def test_formulas_give_the_value_that_was_stored() -> None:
    import zipfile

    data = book([["总计", "=1+1"]])
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            part = (
                source.read(name)
                .replace(b"<f>1+1</f><v />", b"<f>1+1</f><v>2</v>")
                .replace(b"<v></v>", b"<v>2</v>")
            )
            target.writestr(name, part)
    assert matrix(read(out.getvalue(), "报告.xlsx").grids[0]) == [["总计", "2"]]


def test_zeros_of_the_number_format_are_kept() -> None:
    def fill(made: Any) -> None:
        made.append(["收费", 18.871, 7730.28, 0, 5, "18.8"])
        for column, form in zip("BCDEF", ("0.0000", "#,##0.00", "0.00", "0", "0.0000"), strict=True):
            made[f"{column}1"].number_format = form

    assert matrix(sheet(fill).grids[0]) == [["收费", "18.8710", "7730.28", "0.00", "5", "18.8"]]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (1e6, "1000000"),
        (0.1 + 0.2, "0.3"),
        (59237.2449, "59237.2449"),
        (24252.311082, "24252.311082"),
        (-3.0, "-3"),
        (0.00001, "0.00001"),
        (123456789012.5, "123456789012.5"),
        (float("nan"), ""),
        (2.000000000001, "2"),
    ],
)
def test_numbers_as_a_spreadsheet_prints_them(value: float, text: str) -> None:
    assert number(value) == text


def test_other_values() -> None:
    from datetime import date, datetime

    assert [shown(value) for value in (None, "x", True, date(2026, 1, 5), datetime(2026, 1, 5, 8))] == [
        "", "x", "TRUE", "2026年1月5日", "2026年1月5日",
    ]  # fmt: skip
    assert padded("无", 2) == "无"


@pytest.mark.office
@pytest.mark.parametrize("ending", ["xls", "ods"])
def test_other_kinds_of_workbooks(ending: str) -> None:
    from tests.writers import programs

    if not programs.has("soffice"):
        pytest.skip("LibreOffice is not installed")

    def fill(made: Any) -> None:
        made.append(["一、新收", None, 5])
        made.append(["二、", "结转", 7.5])
        made["C2"].number_format = "0.000"
        made.merge_cells("A1:B1")

    rows = matrix(read(programs.converted(book(fill), "xlsx", ending), f"报告.{ending}").grids[0])
    assert rows[0][0].startswith("一、新收")
    assert rows[0][-1] == "5"
    assert rows[1] == ["二、", "结转", "7.500" if ending == "xls" else "7.5"]


def xml(rows: str, options: str = "") -> Document:
    sheet = (
        f'<Worksheet ss:Name="表"><Table>{rows}</Table><WorksheetOptions>{options}</WorksheetOptions></Worksheet>'
    )
    spaces = 'xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"'
    return read(f'<?xml version="1.0"?><Workbook {spaces}>{sheet}</Workbook>'.encode(), "年报.xls")


def test_a_workbook_saved_as_xml() -> None:
    rows = (
        '<Row><Cell ss:MergeDown="1"><Data ss:Type="String">规章</Data></Cell><Cell><Data ss:Type="Number">3</Data></Cell>'
        '<Cell><Data ss:Type="Number">18.5</Data></Cell></Row><Row><Cell ss:Index="2"><Data>无</Data></Cell><Cell/></Row>'
        '<Row ss:Hidden="1"><Cell><Data>旧</Data></Cell><Cell><Data>9</Data></Cell></Row>'
    )
    document = xml(rows)
    assert matrix(document.grids[0]) == [["规章*2×1", "3", "18.5"], ["无", ""]]
    assert document.grids[0].cells[1].address == "表!B1"


@pytest.mark.parametrize(
    ("rows", "options", "code"),
    [
        ('<Row ss:Index="999999"><Cell><Data>1</Data></Cell></Row>', "", "READ-UNSAFE"),
        ("<Row><Cell><Data>1</Data></Cell></Row>", "<Visible>SheetHidden</Visible>", "READ-NO-TEXT"),
    ],
)
def test_a_workbook_saved_as_xml_that_cannot_be_read(rows: str, options: str, code: str) -> None:
    with pytest.raises(ReadError, match=code):
        xml(rows, options)
