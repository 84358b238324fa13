"""Word documents in the layout of official papers (GB/T 9704-2012).

A4 with margins 37, 35, 28 and 26 mm, title 方正小标宋简体 二号, text 仿宋_GB2312 三号 on exactly 28
points, headings 黑体 and 楷体_GB2312, page number — 1 — outside. Fonts are set by name, each with a
fall-back that office programs know.
"""

from __future__ import annotations

import io
from datetime import datetime
from importlib.resources import files
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_COLOR_INDEX, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from gongkai_etl.publish.archive import normalise

TITLE, TEXT, HEAD, SUBHEAD, LATIN = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312", "Times New Roman"
FALLBACKS = {TITLE: "宋体", TEXT: "仿宋", SUBHEAD: "楷体"}
SIZE_2, SIZE_3, SIZE_4, SIZE_5, SIZE_5S = Pt(22), Pt(16), Pt(14), Pt(10.5), Pt(9)
TEXT_WIDTH_MM = 156

_STYLES = {
    # name: (font, size, indent of the first line in characters, alignment)
    "Normal": (TEXT, SIZE_3, 2, WD_ALIGN_PARAGRAPH.JUSTIFY),
    "Title": (TITLE, SIZE_2, 0, WD_ALIGN_PARAGRAPH.CENTER),
    "Heading 1": (HEAD, SIZE_3, 2, WD_ALIGN_PARAGRAPH.LEFT),
    "Heading 2": (SUBHEAD, SIZE_3, 2, WD_ALIGN_PARAGRAPH.LEFT),
}


class Paper:
    """One document being written. Texts in 〔 〕 are places for people to fill in and are highlighted."""

    def __init__(self, title: str, author: str) -> None:
        self.document = Document()
        self._page()
        for name, (font, size, indent, align) in _STYLES.items():
            _style(self.document.styles[name], font, size, indent, align)
        _footers(self.document)
        _fallback_fonts(self.document)
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
            _indent(paragraph._element.get_or_add_pPr(), 0)
        return paragraph

    def signature(self, office: str, day: str) -> None:
        """Who signs and when, on the right, two and four characters in from the margin."""
        self.document.add_paragraph()
        for text, characters in ((office, 2), (day, 4)):
            paragraph = self.text(text, align="right")
            paragraph.paragraph_format.keep_with_next = True
            paragraph.paragraph_format.right_indent = Pt(16 * characters)

    def picture(self, png: bytes, most_mm: float = 120) -> None:
        """A picture on a line of its own, at most so wide; its line grows with it."""
        from PIL import Image

        wide, _ = Image.open(io.BytesIO(png)).size
        paragraph = self.document.add_paragraph()
        paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
        paragraph.add_run().add_picture(io.BytesIO(png), width=Mm(min(most_mm, wide * 25.4 / 144)))

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


def set_fonts(properties: Any, east_asian: str, latin: str = LATIN) -> None:
    """Name the fonts of a run or style, for Chinese and for Latin letters, over any theme font."""
    fonts = properties.find(qn("w:rFonts"))
    if fonts is None:
        fonts = OxmlElement("w:rFonts")
        properties.insert(0, fonts)
    for name in list(fonts.attrib):
        del fonts.attrib[name]
    for name, font in (("ascii", latin), ("hAnsi", latin), ("cs", latin), ("eastAsia", east_asian)):
        fonts.set(qn(f"w:{name}"), font)


def _style(style: Any, font: str, size: Pt, indent: int, align: Any) -> None:
    set_fonts(style.element.get_or_add_rPr(), font)
    style.font.size, style.font.bold, style.font.italic = size, False, False
    style.font.color.rgb = RGBColor(0, 0, 0)
    layout = style.paragraph_format
    layout.space_before = layout.space_after = Pt(0)
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(28 if size != SIZE_2 else 34)
    layout.alignment = align
    properties = style.element.get_or_add_pPr()
    for border in properties.findall(qn("w:pBdr")):
        properties.remove(border)
    for spacing in style.element.get_or_add_rPr().findall(qn("w:spacing")):
        style.element.rPr.remove(spacing)
    _indent(properties, indent)
    _wrap_anywhere(properties)


def _wrap_anywhere(properties: Any) -> None:
    """Let 10+1+0=11 break at the end of a line: pushed whole to the next it would tear the line before apart."""
    wrap = OxmlElement("w:wordWrap")
    wrap.set(qn("w:val"), "0")
    properties.insert_element_before(wrap, "w:autoSpaceDE", "w:snapToGrid", "w:spacing", "w:ind", "w:jc")


def _indent(properties: Any, characters: int) -> None:
    indent = properties.get_or_add_ind()
    indent.set(qn("w:firstLineChars"), str(characters * 100))
    indent.set(qn("w:firstLine"), str(characters * 320))


def _footers(document: Any) -> None:
    """— 1 — in 四号 宋体: on the right of odd pages, on the left of even ones, one character in."""
    document.settings.odd_and_even_pages_header_footer = True
    section = document.sections[0]
    for footer, align in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        paragraph = footer.paragraphs[0]
        paragraph.alignment = align
        _indent(paragraph._element.get_or_add_pPr(), 0)
        paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Pt(14)
        for element in (_run("— "), _field("PAGE"), _run(" —")):
            paragraph._element.append(element)


def _run(text: str) -> Any:
    run = OxmlElement("w:r")
    properties = OxmlElement("w:rPr")
    set_fonts(properties, "宋体", "宋体")
    size = OxmlElement("w:sz")
    size.set(qn("w:val"), "28")
    properties.append(size)
    words = OxmlElement("w:t")
    words.set(qn("xml:space"), "preserve")
    words.text = text
    run.append(properties)
    run.append(words)
    return run


def _field(code: str) -> Any:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    field.append(_run("1"))
    return field


def _fallback_fonts(document: Any) -> None:
    """Say in the font table which font may stand in for one that a machine does not have."""
    for part in document.part.package.iter_parts():
        if str(part.partname) == "/word/fontTable.xml":
            template = files("gongkai_etl.publish").joinpath("fonts.xml").read_text("utf-8")
            entries = "".join(
                f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/></w:font>'
                for name, other in FALLBACKS.items()
            )
            part._blob = template.replace("<!-- fonts -->", entries).encode()
