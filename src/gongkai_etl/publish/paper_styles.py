"""Fonts, sizes, spacing and page numbers of official papers (GB/T 9704-2012), as Word wants them said."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor

TITLE, TEXT, HEAD, SUBHEAD, LATIN = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312", "Times New Roman"
FALLBACKS = {TITLE: "宋体", TEXT: "仿宋", SUBHEAD: "楷体"}
SIZE_2, SIZE_3, SIZE_4, SIZE_5, SIZE_5S = Pt(22), Pt(16), Pt(14), Pt(10.5), Pt(9)

STYLES = {
    # name: (font, size, indent of the first line in characters, alignment)
    "Normal": (TEXT, SIZE_3, 2, WD_ALIGN_PARAGRAPH.JUSTIFY),
    "Title": (TITLE, SIZE_2, 0, WD_ALIGN_PARAGRAPH.CENTER),
    "Heading 1": (HEAD, SIZE_3, 2, WD_ALIGN_PARAGRAPH.LEFT),
    "Heading 2": (SUBHEAD, SIZE_3, 2, WD_ALIGN_PARAGRAPH.LEFT),
}


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


def set_style(style: Any, font: str, size: Pt, indent: int, align: Any) -> None:
    """Make a style of the template one of :data:`STYLES`."""
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
    indent_first(properties, indent)
    _wrap_anywhere(properties)


def _wrap_anywhere(properties: Any) -> None:
    """Let 10+1+0=11 break at the end of a line: pushed whole to the next it would tear the line before apart."""
    wrap = OxmlElement("w:wordWrap")
    wrap.set(qn("w:val"), "0")
    properties.insert_element_before(wrap, "w:autoSpaceDE", "w:snapToGrid", "w:spacing", "w:ind", "w:jc")


def indent_first(properties: Any, characters: int) -> None:
    """Indent the first line by so many characters; 0 takes an indent away."""
    indent = properties.get_or_add_ind()
    indent.set(qn("w:firstLineChars"), str(characters * 100))
    indent.set(qn("w:firstLine"), str(characters * 320))


def page_numbers(document: Any) -> None:
    """— 1 — in 四号 宋体: on the right of odd pages, on the left of even ones, one character in."""
    document.settings.odd_and_even_pages_header_footer = True
    section = document.sections[0]
    for footer, align in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        paragraph = footer.paragraphs[0]
        paragraph.alignment = align
        indent_first(paragraph._element.get_or_add_pPr(), 0)
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


def fallback_fonts(document: Any) -> None:
    """Say in the font table which font may stand in for one that a machine does not have."""
    for part in document.part.package.iter_parts():
        if str(part.partname) == "/word/fontTable.xml":
            template = files("gongkai_etl.publish").joinpath("fonts.xml").read_text("utf-8")
            entries = "".join(
                f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/></w:font>'
                for name, other in FALLBACKS.items()
            )
            part._blob = template.replace("<!-- fonts -->", entries).encode()
