"""Word documents (.docx and what WPS saves so), read from their XML and never through another program."""

from __future__ import annotations

from posixpath import join, normpath

from gongkai_etl.errors import ReadError
from gongkai_etl.model import Document, Grid, Paragraph
from gongkai_etl.read.docx_numbering import Numbering
from gongkai_etl.read.docx_styles import Styles, numbering_of
from gongkai_etl.read.docx_table import merged, rows_of
from gongkai_etl.read.docx_text import is_placeholder, words_of
from gongkai_etl.read.flat import container
from gongkai_etl.read.pictures import marked, with_pictures
from gongkai_etl.read.tables import RawCell, RawTable, blocks_of, join_lines, tidy
from gongkai_etl.read.xml import Element, attribute, child, local, parse
from gongkai_etl.read.zips import Zip
from gongkai_etl.text import PICTURE

READER = "docx"
MAX_XML = 100 * 2**20

_THROUGH = frozenset({"sdtContent", "customXml", "ins", "moveTo", "smartTag"})


def read(data: bytes, name: str) -> Document:
    """Paragraphs and tables of the body; headers, footers and notes are left out.

    Raises ReadError ``READ-DAMAGED``, ``READ-UNSAFE``, ``READ-ENCRYPTED``, ``READ-NO-TEXT``.
    """
    package = Zip(data if data.startswith(b"PK") else container(data, name), name)
    main = _main_part(package, name)
    root = parse(package.read(main, MAX_XML), name)
    body = child(root, "body")
    walk = _Walk(*(_part(package, ending, name) for ending in ("/styles.xml", "/numbering.xml")))
    if body is not None:
        walk.blocks(body)
    blocks = blocks_of(walk.flow, READER)
    if not any(isinstance(block, Grid) or not block.text.startswith(PICTURE) for block in blocks):
        return _embedded(package, name)
    files = _pictures(package, main, name) if walk.pictures else {}
    return with_pictures(Document("docx", blocks), lambda number: files.get(walk.pictures[number]), name)


def _pictures(package: Zip, main: str, name: str) -> dict[str, bytes]:
    """Id of a relation of the main part → bytes of the picture."""
    folder, _, file = main.rpartition("/")
    relations = f"{folder}/_rels/{file}.rels"
    found = {}
    for node in parse(package.read(relations, MAX_XML), name) if relations in package.names else ():
        target = attribute(node, "Target") or ""
        entry = target.lstrip("/") if target.startswith("/") else normpath(join(folder, target))
        if (attribute(node, "Type") or "").endswith("/image") and entry in package.names:
            found[attribute(node, "Id") or ""] = package.read(entry, MAX_XML)
    return found


def _main_part(package: Zip, name: str) -> str:
    if "word/document.xml" in package.names:
        return "word/document.xml"
    if "_rels/.rels" in package.names:
        for node in parse(package.read("_rels/.rels", MAX_XML), name):
            if (attribute(node, "Type") or "").endswith("/officeDocument"):
                return (attribute(node, "Target") or "").lstrip("/")
    return "word/document.xml"


def _part(package: Zip, ending: str, name: str) -> Element | None:
    entry = package.find(ending)
    return parse(package.read(entry, MAX_XML), name) if entry else None


def _embedded(package: Zip, name: str) -> Document:
    """A document that is only a shell around a web page (some sites export so)."""
    from gongkai_etl.read import html

    entry = next((item for end in (".mht", ".html", ".htm", ".xhtml") if (item := package.find(end))), None)
    if entry is None:
        raise ReadError(
            "READ-NO-TEXT", f"{name}：文档里没有文字，可能只有图片。请让报送单位报送可编辑的文档，或另存为 PDF。"
        )
    return html.read(package.read(entry, MAX_XML), name)


class _Walk:
    """The body in reading order; ``flow`` is what has been read so far, ``pictures`` the ids of its pictures."""

    def __init__(self, styles: Element | None, numbering: Element | None) -> None:
        self.flow: list[Paragraph | RawTable] = []
        self.pictures: list[str] = []
        self._styles = Styles(styles)
        self._numbering = Numbering(numbering)
        self._open = ""

    def blocks(self, node: Element) -> None:
        """Paragraphs and tables below ``node``, also those inside content controls."""
        for item in node:
            name = local(item)
            if name == "p":
                self._paragraph(item)
            elif name == "tbl":
                self._table(item)
            elif name == "sdt":
                content = child(item, "sdtContent")
                if content is not None and not (_is_contents(item) or is_placeholder(item)):
                    self.blocks(content)
            elif name in _THROUGH:
                self.blocks(item)
            elif name == "AlternateContent":
                branch = next(iter(item), None)
                if branch is not None:
                    self.blocks(branch)

    def _paragraph(self, node: Element) -> None:
        properties = child(node, "pPr")
        style_node = child(properties, "pStyle")
        style = self._styles.get(attribute(style_node, "val") if style_node is not None else None)
        if style.name.startswith("toc "):
            return
        words = words_of(node, self._styles, style.hidden)
        text = self._open + words.text
        self._open = ""
        if _mark_is_deleted(properties):
            self._open = text
        elif text.strip():
            text = self._labelled(text, numbering_of(properties), style.numbering)
            heading = style.heading or child(properties, "outlineLvl") is not None
            self._lines(text, heading, _is_centred(properties))
        for picture in () if text.strip() or words.boxes else words.pictures:
            self.flow.append(marked(len(self.pictures)))
            self.pictures.append(picture)
        for box in words.boxes:
            self.blocks(box)

    def _labelled(self, text: str, own: tuple[str, int] | None, by_style: tuple[str, int] | None) -> str:
        number, level = own or by_style or ("0", 0)
        if not number and by_style:
            number = by_style[0]
        if number in ("", "0"):
            return text
        label = self._numbering.label(number, level)
        space = " " if label and label[-1].isascii() and label[-1].isalnum() else ""
        return label + space + text.lstrip()

    def _lines(self, text: str, heading: bool, centred: bool) -> None:
        """Breaks inside a paragraph end a line of prose, but only wrap a title."""
        lines = [tidy(line) for line in text.split("\n")]
        if centred or heading:
            lines = [join_lines(lines)]
        self.flow += [Paragraph(line, heading=heading) for line in lines if line]

    def _table(self, node: Element) -> None:
        rows = [[(placed, RawCell(self._cell(placed.node))) for placed in row] for row in rows_of(node)]
        self.flow.append(RawTable(merged(rows)))

    def _cell(self, node: Element) -> list[Paragraph | RawTable]:
        outer, self.flow = self.flow, []
        self.blocks(node)
        content, self.flow = self.flow, outer
        return content


def _mark_is_deleted(properties: Element | None) -> bool:
    """A tracked change took the paragraph's end away: the next paragraph goes on in the same line."""
    marks = child(properties, "rPr")
    return marks is not None and any(local(item) in ("del", "moveFrom") for item in marks)


def _is_centred(properties: Element | None) -> bool:
    node = child(properties, "jc")
    return node is not None and attribute(node, "val") == "center"


def _is_contents(node: Element) -> bool:
    gallery = child(node, "sdtPr", "docPartObj", "docPartGallery")
    return gallery is not None and (attribute(gallery, "val") or "").lower() == "table of contents"
