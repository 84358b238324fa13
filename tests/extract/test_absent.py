"""What a document does not have: a table only spoken of, and a column that table 三 lacks."""

from __future__ import annotations

from gongkai_etl.extract import extract
from gongkai_etl.form import table_form
from gongkai_etl.model import CellState, Report
from gongkai_etl.read import read

FORM = table_form("t3", "2021")
PROSE = (
    "一是加强政府信息管理，2025年未制发行政规范性文件，现行有效的行政规范性文件14件，行政事业性收费项目全部公开；"
    "二是行政复议案件2件，其中结果维持1件，结果纠正0件，其他结果1件，尚未审结0件，未发生行政诉讼。"
)


def _report(table: str) -> Report:
    page = f"""<html><body><h1>澄岭县青禾镇2025年政府信息公开工作年度报告</h1><p>一、总体情况</p><p>{PROSE}</p>
        <p>二、主动公开政府信息情况</p><p>三、收到和处理政府信息公开申请情况</p>{table}
        <p>四、政府信息公开行政复议、行政诉讼情况</p><p>五、存在的主要问题及改进情况</p><p>公开不够及时。</p>
        <p>六、其他需要报告的事项</p><p>无。</p><p>青禾镇人民政府</p><p>2026年1月15日</p></body></html>"""
    return extract(read(page.encode(), "页.html"))


def _table(columns: list[str]) -> str:
    heads = "".join(f"<td>{FORM.blocks[0].columns[k].label}</td>" for k in _places(columns))
    rows = [
        f"<tr><td>{row.label}</td>" + "".join(f"<td>{k}</td>" for k in _places(columns)) + "</tr>"
        for row in FORM.rows
    ]
    return f"<table><tr><td>申请人情况</td>{heads}</tr>{''.join(rows)}</table>"


def _places(columns: list[str]) -> list[int]:
    return [k for k, column in enumerate(FORM.blocks[0].columns) if column.key in columns]


def _states(report: Report, part: str) -> set[CellState]:
    return {cell.state for key, cell in report.cells.items() if part in key}


def test_a_table_of_which_only_sentences_speak_is_absent() -> None:
    report = _report("")
    assert {table: _states(report, f"{table}.") for table in ("t2", "t3", "t4")} == {
        table: {CellState.ABSENT} for table in ("t2", "t3", "t4")
    }


def test_a_column_that_the_table_lacks_is_absent_and_the_others_keep_their_places() -> None:
    every = [column.key for column in FORM.blocks[0].columns]
    report = _report(_table([key for key in every if key != "social_welfare"]))
    assert _states(report, ".social_welfare") == {CellState.ABSENT}
    for k, column in enumerate(FORM.blocks[0].columns):
        if column.key != "social_welfare":
            assert {report.cells[f"t3.{row.key}.{column.key}"].value for row in FORM.rows} == {k}


def test_rows_of_a_table_that_is_no_table_are_printed_and_unread() -> None:
    pairs = "".join(
        f"<dt>{row.label}（{column.label}）</dt><dd>{k}</dd>"
        for row in FORM.rows
        for k, column in enumerate(FORM.blocks[0].columns)
    )
    report = _report(f"<dl>{pairs}</dl>")
    assert _states(report, "t3.") == {CellState.UNREAD}
    assert _states(report, "t2.") == {CellState.ABSENT}
