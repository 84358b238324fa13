"""A printed table of the form, or a plain one, as a Word table with true merged cells."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt

from gongkai_etl.publish.layout import PrintedTable, Slot
from gongkai_etl.publish.official import Paper
from gongkai_etl.publish.paper_styles import HEAD, SIZE_5S, TEXT, set_fonts

MARKED = "FFF2CC"
"""The fill of a figure that somebody must look at."""


@dataclass(frozen=True, slots=True)
class Look:
    """Widths in millimetres, size of the letters, space above and below them in points."""

    widths: Sequence[float]
    size: Pt = SIZE_5S
    padding: float = 1.5
    centre_rows: bool = False
    """Whether headings on the left stand in the middle of their cell, as in table 二."""


WIDTHS: dict[str, Sequence[float]] = {
    "t2": [54, 34, 34, 34],
    "t3": [13, 17, 43, *[11.85] * 7],
    "t4": [10.4] * 15,
}
"""All of them fill the 156 mm of the text."""


def add_printed(paper: Paper, grid: PrintedTable, look: Look, figure: Callable[[str], tuple[str, bool]]) -> None:
    """Write one table of the form. ``figure`` gives for a key its text and whether it is marked."""
    table = _table(paper, look.widths)
    owner = {
        (slot.row + down, slot.column + right): slot
        for slot in grid.slots
        for down in range(slot.row_span)
        for right in range(slot.column_span)
    }
    for row in range(grid.rows):
        line = _row(table, head=row < grid.head)
        column = 0
        while column < grid.columns:
            slot = owner[row, column]
            text, marked = figure(slot.key) if slot.key else (slot.text, False)
            line.append(_cell(slot, look, text, continues=row > slot.row, marked=marked))
            column += slot.column_span


def add_plain(paper: Paper, rows: Sequence[Sequence[str]], look: Look) -> None:
    """Write rows of text; the first is the heading and repeats on every page."""
    table = _table(paper, look.widths)
    for number, row in enumerate(rows):
        line = _row(table, head=number == 0)
        for column, text in enumerate(row):
            slot = Slot(number, column, text, role="column" if number == 0 else "row")
            line.append(_cell(slot, look, text, continues=False, marked=False))


def _table(paper: Paper, widths: Sequence[float]) -> Any:
    table = OxmlElement("w:tbl")
    properties = _child(table, "w:tblPr")
    _child(properties, "w:tblW", w=str(_twips(sum(widths))), type="dxa")
    _child(properties, "w:jc", val="center")
    borders = _child(properties, "w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        _child(borders, f"w:{side}", val="single", sz="4", space="0", color="000000")
    _child(properties, "w:tblLayout", type="fixed")
    margins = _child(properties, "w:tblCellMar")
    for side in ("left", "right"):
        _child(margins, f"w:{side}", w="40", type="dxa")
    grid = _child(table, "w:tblGrid")
    for width in widths:
        _child(grid, "w:gridCol", w=str(_twips(width)))
    body = paper.document.element.body
    # The section's properties stay last.
    body.insert(len(body) - 1, table)
    return table


def _row(table: Any, *, head: bool) -> Any:
    line = _child(table, "w:tr")
    properties = _child(line, "w:trPr")
    _child(properties, "w:cantSplit")
    if head:
        _child(properties, "w:tblHeader")
    return line


def _cell(slot: Slot, look: Look, text: str, *, continues: bool, marked: bool) -> Any:
    cell = OxmlElement("w:tc")
    properties = _child(cell, "w:tcPr")
    width = sum(look.widths[slot.column : slot.column + slot.column_span])
    _child(properties, "w:tcW", w=str(_twips(width)), type="dxa")
    if slot.column_span > 1:
        _child(properties, "w:gridSpan", val=str(slot.column_span))
    if slot.row_span > 1:
        _child(properties, "w:vMerge", **({} if continues else {"val": "restart"}))
    if marked:
        _child(properties, "w:shd", val="clear", color="auto", fill=MARKED)
    _child(properties, "w:vAlign", val="center")
    centred = slot.role != "row" or slot.row_span > 1 or look.centre_rows
    for piece in ("" if continues else text).split("\n"):
        cell.append(_paragraph(piece, look, centred=centred, heading=slot.role in ("column", "block")))
    return cell


def _paragraph(text: str, look: Look, *, centred: bool, heading: bool) -> Any:
    paragraph = OxmlElement("w:p")
    properties = _child(paragraph, "w:pPr")
    gap = str(int(look.padding * 20))
    _child(properties, "w:spacing", before=gap, after=gap, line="240", lineRule="auto")
    _child(properties, "w:ind", firstLineChars="0", firstLine="0")
    _child(properties, "w:jc", val="center" if centred else "left")
    run = _child(paragraph, "w:r")
    letters = _child(run, "w:rPr")
    set_fonts(letters, HEAD if heading else TEXT)
    size = str(int(look.size.pt * 2))
    _child(letters, "w:sz", val=size)
    _child(letters, "w:szCs", val=size)
    words = _child(run, "w:t")
    words.text = text
    words.set(qn("xml:space"), "preserve")
    return paragraph


def _child(parent: Any, tag: str, **attributes: str) -> Any:
    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    parent.append(element)
    return element


def _twips(millimetres: float) -> int:
    return round(millimetres / 25.4 * 1440)
