"""One page of a digital PDF: its paragraphs, grids and words."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import pypdfium2.raw as pdfium

from gongkai_etl.model import Block, Page, Paragraph, Word
from gongkai_etl.read.pdf import raw
from gongkai_etl.read.pdf.chars import Bools, Characters, read_chars
from gongkai_etl.read.pdf.columns import side_columns
from gongkai_etl.read.pdf.digits import Digits
from gongkai_etl.read.pdf.frame import Frame
from gongkai_etl.read.pdf.layout import Words, words_of
from gongkai_etl.read.pdf.newspaper import columns_on
from gongkai_etl.read.pdf.own import own_text
from gongkai_etl.read.pdf.paths import Drawing, read_drawing
from gongkai_etl.read.pdf.shown import lets_through, switched_off
from gongkai_etl.read.pdf.tables import grids_of
from gongkai_etl.read.pdf.typed import page_with_fields
from gongkai_etl.read.pdf.visible import Sight, sight


@dataclass(slots=True)
class RawPage:
    """What PDFium tells about a page, before any of it is put in order."""

    number: int
    found: Characters
    drawing: Drawing
    sight: Sight
    doubtful: bool = False
    """Whether a font's digits look like other digits than the file says."""


def load(document: Any, index: int, digits: Digits | None = None) -> RawPage:
    """Read the characters and paths of a page; everything of PDFium's is closed again.

    ``digits`` knows the fonts of the document's earlier pages.
    """
    page, first = page_with_fields(document, index)
    try:
        text = pdfium.FPDFText_LoadPage(page)
        try:
            count = max(pdfium.FPDFText_CountChars(text), 0)
            found = read_chars(raw.address(text), count, Frame.of(page))
            drawing = read_drawing(raw.address(page), first)
            doubtful = (digits or Digits()).doubtful(found)
            what = sight(found, drawing, lambda thing: not lets_through(document, thing))
            what.seen &= ~switched_off(document, index, found)
            return RawPage(index + 1, found, drawing, what, doubtful)
        finally:
            pdfium.FPDFText_ClosePage(text)
    finally:
        pdfium.FPDF_ClosePage(page)


def arrange(page: RawPage) -> tuple[list[Block], Page]:
    """Paragraphs and grids in reading order, and the words by position."""
    frame = page.found.frame
    own = own_text(page)
    chars, cell, tables = own.chars, own.cell, own.tables
    words = words_of(chars, cell)
    blocks: list[tuple[float, float, Block]] = [at(grid) for grid in grids_of(tables, words, page.number)]
    blocks += _paragraphs(words, page.number, side_columns(words, tables, frame.width), frame.width)
    blocks.sort(key=lambda item: item[:2])
    shown = tuple(Word(text, tuple(box)) for text, box in zip(words.texts, words.boxes.tolist(), strict=True))
    return [block for _, _, block in blocks], Page(
        page.number, round(frame.width, 2), round(frame.height, 2), shown, doubtful=own.doubtful
    )


def at(block: Block) -> tuple[float, float, Block]:
    """Top and left of a block, and the block: blocks are put in order by them."""
    boxes = [block.box] if isinstance(block, Paragraph) else [cell.box for cell in block.cells]
    known = [box for box in boxes if box]
    return min(box[1] for box in known), min(box[0] for box in known), block


def _paragraphs(words: Words, page: int, beside: Bools, width: float) -> list[tuple[float, float, Block]]:
    """The printed lines outside tables, without what stands in a column ``beside`` the text."""
    lines: dict[int, list[int]] = defaultdict(list)
    for index, (cell, line) in enumerate(zip(words.cell.tolist(), words.line.tolist(), strict=True)):
        if cell < 0 and not beside[index]:
            lines[line].append(index)
    columns = columns_on(list(lines.values()), words.boxes.tolist(), words.texts, width)
    taken = {word for column in columns for half in column for piece in half for word in piece.words}
    found = []
    for line in lines.values():
        if own := [word for word in line if word not in taken]:
            box = words.boxes[own]
            edges = (*box[:, :2].min(axis=0).tolist(), *box[:, 2:].max(axis=0).tolist())
            found.append(at(Paragraph(" ".join(words.texts[i] for i in own), page, edges)))
    for left, right in columns:
        found += [at(Paragraph(piece.text, page, piece.box)) for piece in left]
        foot = max(piece.top for piece in left)
        found += [
            (foot, k + 1.0, Paragraph(piece.text, page, piece.box)) for k, piece in enumerate(right, round(width))
        ]
    return found


def texts_of(blocks: list[Block]) -> list[str]:
    """The texts of lines and cells."""
    return [
        text
        for block in blocks
        for text in ([block.text] if isinstance(block, Paragraph) else [cell.text for cell in block.cells])
    ]
