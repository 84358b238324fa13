"""Tables of which a document has only pictures."""

from __future__ import annotations

from gongkai_etl.extract import extract
from gongkai_etl.extract.pictured import without_pictures
from gongkai_etl.model import CellState, Document, Paragraph
from gongkai_etl.read import read
from gongkai_etl.text import CUT
from gongkai_etl.text import PICTURE as MARK

PICTURE = "<p><img src='t.png'></p>"


def page(second: str, fourth: str) -> bytes:
    return f"""<html><body><h1>澄岭县青禾镇2025年政府信息公开工作年度报告</h1><p>一、总体情况</p><p>正文。</p>
        <p>二、主动公开政府信息情况</p>{second}<p>三、收到和处理政府信息公开申请情况</p>
        <p>四、政府信息公开行政复议、行政诉讼情况</p>{fourth}<p>六、其他需要报告的事项</p><p>无。</p>
        <p>青禾镇人民政府</p>{PICTURE}<p>2026年1月15日</p></body></html>""".encode()


def test_a_table_that_is_a_picture_is_unread_and_said_to_be_one() -> None:
    report = extract(read(page(PICTURE, ""), "页.html"))
    states = {
        table: {c.state for key, c in report.cells.items() if key.startswith(table)}
        for table in ("t2", "t3", "t4")
    }
    assert states == {"t2": {CellState.UNREAD}, "t3": {CellState.ABSENT}, "t4": {CellState.ABSENT}}
    assert [(note.code, note.message[:2]) for note in report.notes] == [("READ-NOTE", "表二")]
    assert report.sections["2"] == ""
    assert (report.signed_by, str(report.issued_on)) == ("青禾镇人民政府", "2026-01-15")


def test_a_figure_that_is_a_picture_is_unread() -> None:
    head = "<tr><td>信息内容</td><td>本年制发件数</td><td>本年废止件数</td><td>现行有效件数</td></tr>"
    row = "<tr><td>规章</td><td>0</td><td><img src='5.png'></td><td>7</td></tr>"
    report = extract(read(page(f"<table><tr><td>第二十条第（一）项</td></tr>{head}{row}</table>", ""), "页.html"))
    cells = [report.cells[f"t2.regulations.{key}"] for key in ("issued", "repealed", "in_force")]
    assert [(cell.value, cell.state.value) for cell in cells] == [(0, "number"), (None, "unread"), (7, "number")]


def test_a_figure_cut_by_the_page_is_no_picture() -> None:
    document = Document("pdf", (Paragraph(f"{CUT}12"), Paragraph(f"{MARK}12")))
    kept, _ = without_pictures(document)
    assert [block.text for block in kept.blocks if isinstance(block, Paragraph)] == [f"{CUT}12"]
