"""DOCX layouts: merged cells as on the form, and what people do to a file before they hand it in."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import docx
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from tests.writers.layout import Blocks, Form, Line, Slot, Table, blocks, random_form
from tests.writers.truth import Truth

FONTS = ("Noto Serif CJK SC", "Noto Sans CJK SC", "AR PL UMing CN", "AR PL UKai CN", "WenQuanYi Zen Hei")


def write(truth: Truth, variant: str = "plain", seed: int = 0, font: str = FONTS[0], margin: int = 25) -> bytes:
    """The report as a DOCX; ``variant`` is a key of VARIANTS. The same arguments give the same bytes."""
    rng = random.Random(seed)
    document = docx.Document()
    stamp = datetime(truth.year + 1, 1, 10, tzinfo=UTC).replace(tzinfo=None)
    document.core_properties.created = document.core_properties.modified = stamp
    document.core_properties.author = truth.unit_short
    style = document.styles["Normal"]
    style.font.name, style.font.size = font, Pt(rng.choice((12, 14, 16)))
    style.element.rPr.rFonts.set(qn("w:eastAsia"), font)
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(margin)
    VARIANTS[variant](document, blocks(truth, random_form(rng) if seed else Form()), rng)
    return _stable(document)


def _stable(document: Any) -> bytes:
    """The file with a fixed date on every part."""
    draft, final = io.BytesIO(), io.BytesIO()
    document.save(draft)
    with ZipFile(draft) as source, ZipFile(final, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            info = ZipInfo(name, (2026, 1, 10, 9, 0, 0))
            info.compress_type = ZIP_DEFLATED
            target.writestr(info, source.read(name))
    return final.getvalue()


def put_line(holder: Any, line: Line) -> Any:
    """A paragraph in the style of its role."""
    paragraph = holder.add_paragraph()
    run = paragraph.add_run(line.text)
    if line.role == "title":
        paragraph.alignment, run.bold, run.font.size = 1, True, Pt(20)
    elif line.role == "heading":
        run.bold = True
        paragraph.paragraph_format.first_line_indent = Pt(28)
    elif line.role == "sign":
        paragraph.alignment = 2
    else:
        paragraph.paragraph_format.first_line_indent = Pt(28)
    return paragraph


def put_table(holder: Any, table: Table, size: float = 9, upright: bool = False) -> Any:
    """A table with the merged cells of the form."""
    made = holder.add_table(len(table.rows), table.columns)
    if holder.__class__.__name__ == "Document":
        made.style = "Table Grid"
    for row, column, slot in table.placed():
        cell = made.cell(row, column)
        if slot.rows > 1 or slot.columns > 1:
            cell = cell.merge(made.cell(row + slot.rows - 1, column + slot.columns - 1))
        for extra in cell.paragraphs[1:]:
            extra._p.getparent().remove(extra._p)
        _fill(cell, slot, size)
        if upright and slot.kind == "group" and slot.rows > 5:
            direction = OxmlElement("w:textDirection")
            direction.set(qn("w:val"), "tbRlV")
            cell._tc.get_or_add_tcPr().append(direction)
    scale = 160 / sum(table.widths)
    for column, part in enumerate(table.widths):
        made.columns[column].width = Mm(part * scale)
        for cell in made.columns[column].cells:
            if cell._tc.grid_span == 1:
                cell.width = Mm(part * scale)
    return made


def _fill(cell: Any, slot: Slot, size: float) -> None:
    paragraph = cell.paragraphs[0]
    run = paragraph.add_run(slot.text)
    run.font.size = Pt(size)
    if slot.kind not in ("label", "stub"):
        paragraph.alignment = 1
    cell.vertical_alignment = 1


def plain(document: Any, content: Blocks, rng: random.Random) -> None:
    """As typed into the form."""
    size = rng.choice((8, 9, 10.5, 12))
    for block in content:
        if isinstance(block, Line):
            put_line(document, block)
        else:
            put_table(document, block, size)


def upright(document: Any, content: Blocks, rng: random.Random) -> None:
    """The label 三、本年度办理结果 set vertically, row heights fixed, header rows repeated."""
    for block in content:
        if isinstance(block, Line):
            put_line(document, block)
            continue
        made = put_table(document, block, 10.5, upright=True)
        for number, row in enumerate(made.rows):
            row.height = Mm(9)
            if number < block.head:
                row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def landscape(document: Any, content: Blocks, rng: random.Random) -> None:
    """A landscape file."""
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = section.page_height, section.page_width
    plain(document, content, rng)


def numbered(document: Any, content: Blocks, rng: random.Random) -> None:
    """Headings numbered by the word processor: 一、 is nowhere in the text."""
    numbering = document.part.numbering_part.element
    abstract = OxmlElement("w:abstractNum")
    abstract.set(qn("w:abstractNumId"), "77")
    level = OxmlElement("w:lvl")
    level.set(qn("w:ilvl"), "0")
    for name, value in (("start", "1"), ("numFmt", "chineseCounting"), ("lvlText", "%1、")):
        part = OxmlElement(f"w:{name}")
        part.set(qn("w:val"), value)
        level.append(part)
    abstract.append(level)
    numbering.insert(0, abstract)
    number = OxmlElement("w:num")
    number.set(qn("w:numId"), "77")
    link = OxmlElement("w:abstractNumId")
    link.set(qn("w:val"), "77")
    number.append(link)
    numbering.append(number)
    for block in content:
        if isinstance(block, Table):
            put_table(document, block)
            continue
        if block.role != "heading":
            put_line(document, block)
            continue
        paragraph = put_line(document, Line(block.text.split("、", 1)[1], "heading"))
        properties = OxmlElement("w:numPr")
        for name, value in (("ilvl", "0"), ("numId", "77")):
            part = OxmlElement(f"w:{name}")
            part.set(qn("w:val"), value)
            properties.append(part)
        paragraph._p.get_or_add_pPr().append(properties)


def tracked(document: Any, content: Blocks, rng: random.Random) -> None:
    """Figures and words changed with change tracking on: only the inserted ones count."""
    plain(document, content, rng)
    runs = [run for table in document.tables for cell in _cells(table) for run in cell.paragraphs[0].runs]
    figures = [run for run in runs if run.text.isdigit()]
    for run in [*rng.sample(figures, min(30, len(figures))), document.paragraphs[1].runs[0]]:
        _track(run, f"{rng.randint(1, 999)}" if run.text.isdigit() else "（作废的文字）")


def _cells(table: Any) -> list[Any]:
    return list({id(cell._tc): cell for row in table.rows for cell in row.cells}.values())


def _track(run: Any, old: str) -> None:
    element = run._r
    removed = deepcopy(element)
    for text in removed.findall(qn("w:t")):
        text.tag = qn("w:delText")
        text.text = old
    inserted, deleted = OxmlElement("w:ins"), OxmlElement("w:del")
    for change, number in ((deleted, "1"), (inserted, "2")):
        change.set(qn("w:id"), number)
        change.set(qn("w:author"), "办公室")
        change.set(qn("w:date"), "2026-01-09T08:00:00Z")
    deleted.append(removed)
    element.addprevious(deleted)
    element.addprevious(inserted)
    inserted.append(element)


def boxed(document: Any, content: Blocks, rng: random.Random) -> None:
    """The title in a text box, the rest as typed."""
    title = next(block for block in content if isinstance(block, Line))
    paragraph = document.add_paragraph()
    run = paragraph.add_run()
    picture, shape = OxmlElement("w:pict"), _vml("shape")
    shape.set("style", "width:400pt;height:60pt")
    box, inner = _vml("textbox"), OxmlElement("w:txbxContent")
    inside, inside_run, text = OxmlElement("w:p"), OxmlElement("w:r"), OxmlElement("w:t")
    text.text = title.text
    inside_run.append(text)
    inside.append(inside_run)
    inner.append(inside)
    box.append(inner)
    shape.append(box)
    picture.append(shape)
    run._r.append(picture)
    plain(document, content[1:], rng)


def _vml(name: str) -> Any:
    from lxml.etree import Element

    space = "urn:schemas-microsoft-com:vml"
    return Element(f"{{{space}}}{name}", nsmap={"v": space})


def nested(document: Any, content: Blocks, rng: random.Random) -> None:
    """Everything inside one layout table of one cell."""
    cell = document.add_table(1, 1).cell(0, 0)
    for block in content:
        if isinstance(block, Line):
            put_line(cell, block)
        else:
            put_table(cell, block)


VARIANTS: dict[str, Callable[[Any, Blocks, random.Random], None]] = {
    "plain": plain,
    "upright": upright,
    "landscape": landscape,
    "numbered": numbered,
    "tracked": tracked,
    "boxed": boxed,
    "nested": nested,
}
