"""Word documents in the layout of official papers (GB/T 9704-2012).

A4 with margins 37, 35, 28 and 26 mm, title 方正小标宋简体 二号, text 仿宋_GB2312 三号 on exactly 28
points, headings 黑体 and 楷体_GB2312, page number — 1 — outside. Fonts are set by name, each with a
fall-back that office programs know.
"""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_COLOR_INDEX, WD_LINE_SPACING
from docx.shared import Mm, Pt

from gongkai_etl.publish.archive import normalise
from gongkai_etl.publish.paper_styles import (
    STYLES,
    fallback_fonts,
    indent_first,
    page_numbers,
    set_fonts,
    set_style,
)


class Paper:
    """One document being written. Texts in 〔 〕 are places for people to fill in and are highlighted."""

    def __init__(self, title: str, author: str) -> None:
        self.document = Document()
        self._page()
        for name, (font, size, indent, align) in STYLES.items():
            set_style(self.document.styles[name], font, size, indent, align)
        page_numbers(self.document)
        fallback_fonts(self.document)
        properties = self.document.core_properties
        properties.title, properties.author, properties.language = title, author, "zh-CN"
        properties.last_modified_by, properties.comments = author, ""

    def _page(self) -> None:
        section = self.document.sections[0]
        section.orientation = WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin = Mm(37), Mm(35)
        section.left_margin, section.right_margin = Mm(28), Mm(26)
        # The page number stands 7 mm below the text.
        section.footer_distance = Mm(23)

    def title(self, *lines: str) -> None:
        """The title, one paragraph a line, with an empty line below it."""
        for line in lines:
            self.document.add_paragraph(line, style="Title")
        self.document.add_paragraph()

    def heading(self, text: str, level: int = 1) -> None:
        """一、 on level 1, （一） on level 2."""
        self.document.add_paragraph(text, style=f"Heading {level}")

    def text(self, text: str, *, align: str = "", indent: bool = True, font: str = "") -> Any:
        """A paragraph of the body; 〔…〕 in it is highlighted."""
        paragraph = self.document.add_paragraph()
        for piece, place in split_places(text):
            run = paragraph.add_run(piece)
            if place:
                run.font.highlight_color = WD_COLOR_INDEX.YELLOW
            if font:
                set_fonts(run._element.get_or_add_rPr(), font)
        if align:
            paragraph.alignment = {"right": WD_ALIGN_PARAGRAPH.RIGHT, "left": WD_ALIGN_PARAGRAPH.LEFT}[align]
        if not indent or align == "right":
            indent_first(paragraph._element.get_or_add_pPr(), 0)
        return paragraph

    def signature(self, office: str, day: str) -> None:
        """Who signs and when, on the right, two and four characters in from the margin.

        The last lines of the text go with it: a page may not hold a signature alone.
        """
        self.document.paragraphs[-1].paragraph_format.keep_with_next = True
        self.document.add_paragraph().paragraph_format.keep_with_next = True
        for text, characters in ((office, 2), (day, 4)):
            paragraph = self.text(text, align="right")
            paragraph.paragraph_format.keep_with_next = True
            paragraph.paragraph_format.right_indent = Pt(16 * characters)

    def picture(self, png: bytes, most_mm: float = 156) -> None:
        """A picture on a line of its own, at most so wide; its line grows with it."""
        from PIL import Image

        wide, _ = Image.open(io.BytesIO(png)).size
        paragraph = self.document.add_paragraph()
        paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
        paragraph.paragraph_format.space_after = Pt(6)
        indent_first(paragraph._element.get_or_add_pPr(), 0)
        paragraph.add_run().add_picture(io.BytesIO(png), width=Mm(min(most_mm, wide * 25.4 / 110)))

    def page_break(self) -> None:
        """Begin a new page."""
        self.document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)

    def to_bytes(self, moment: datetime) -> bytes:
        """The DOCX file; the same document gives the same bytes."""
        buffer = io.BytesIO()
        self.document.save(buffer)
        return normalise(buffer.getvalue(), moment)


def split_places(text: str) -> list[tuple[str, bool]]:
    """A text cut into pieces, each with whether it is a place for people to fill in."""
    pieces = []
    for number, piece in enumerate(text.split("〔")):
        head, bracket, tail = piece.partition("〕") if number else ("", "", piece)
        # 〔2021〕 is the year of a document's number, not a place to fill in.
        is_place = bool(bracket) and not head.isdigit()
        if head or bracket:
            pieces.append((f"〔{head}〕", is_place))
        pieces.append((tail, False))
    return [(piece, place) for piece, place in pieces if piece]
