"""OFD, the fixed-layout format of Chinese offices (GB/T 33190-2016): pages of placed text and lines.

Characters and lines are put in order by the same code as those of a PDF.
"""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import dirname, join, normpath

import numpy as np

from gongkai_etl.errors import ReadError
from gongkai_etl.model import Block, Document
from gongkai_etl.model import Page as ShownPage
from gongkai_etl.read.ofd_objects import POINTS, Glyph, Page, numbers
from gongkai_etl.read.pdf.chars import Characters, Chars
from gongkai_etl.read.pdf.frame import Frame
from gongkai_etl.read.pdf.layers import Inks
from gongkai_etl.read.pdf.page import RawPage, arrange
from gongkai_etl.read.pdf.visible import Sight
from gongkai_etl.read.xml import Element, attribute, child, local, parse
from gongkai_etl.read.zips import Zip
from gongkai_etl.settings import settings

_A4 = (0.0, 0.0, 210.0, 297.0)
_ASCENT = 0.88
_MAX_PART = 50 * 2**20
_PICTURE = 0.5
"""A page without text on which an image fills so much is a scan."""


def read(data: bytes, name: str) -> Document:
    """Raises ReadError ``READ-DAMAGED``, ``READ-UNSAFE``, ``READ-PAGES``, ``READ-NO-TEXT``, and those of scans."""
    package = _Package(data, name)
    blocks: list[Block] = []
    pages: list[ShownPage] = []
    for number, (part, box) in enumerate(package.pages(), 1):
        own, page = package.page(part, box, number)
        blocks += own
        pages.append(page)
    if not blocks:
        raise ReadError("READ-NO-TEXT", f"{name}：OFD 里没有可读的文字。请让报送单位报送可编辑的文档。")
    return Document("ofd", tuple(blocks), tuple(pages))


class _Package:
    """The container: documents, pages, templates and pictures by their places."""

    def __init__(self, data: bytes, name: str) -> None:
        self._name = name
        self._zip = Zip(data, name)
        self._templates: dict[str, str] = {}
        self._pictures: dict[str, str] = {}
        self._units: dict[str, Element] = {}

    def pages(self) -> Iterator[tuple[str, list[float]]]:
        """Entry and physical box (millimetres) of each page, over all documents of the file."""
        count = 0
        for body in self._parsed(self._zip.find("OFD.xml") or "OFD.xml"):
            root_node = child(body, "DocRoot")
            if root_node is None or not root_node.text:
                continue
            entry = _beside("", root_node.text.strip())
            root = self._parsed(entry)
            common = child(root, "CommonData")
            self._resources(common, entry)
            box = numbers(_text(child(common, "PageArea", "PhysicalBox")))
            listed = child(root, "Pages")
            for page in listed if listed is not None else ():
                count += 1
                if count > settings().read_max_pages:
                    raise ReadError(
                        "READ-PAGES",
                        f"{self._name}：超过 {settings().read_max_pages} 页，没有读取。请让报送单位只报送年度报告本身。",
                    )
                yield _beside(entry, attribute(page, "BaseLoc") or ""), box

    def page(self, entry: str, box: list[float], number: int) -> tuple[list[Block], ShownPage]:
        """Paragraphs, grids and words of one page; a page that is only a picture goes to OCR."""
        root = self._parsed(entry)
        own = numbers(_text(child(root, "Area", "PhysicalBox")))
        left, top, width, height = next(
            (tuple(item) for item in (own, box) if len(item) == 4 and item[2] > 0), _A4
        )
        page = Page(units=self._units)
        for node in root:
            if local(node) == "PageRes" and node.text:
                self._media(_beside(entry, node.text.strip()))
            if local(node) == "Template" and (
                template := self._templates.get(attribute(node, "TemplateID") or "")
            ):
                page.take(self._parsed(template))
        page.take(root)
        scanned = self._scanned(page, width * height * POINTS**2)
        if scanned is not None:
            from gongkai_etl.read import scan
            from gongkai_etl.read.scan_file import pictures

            image = next(pictures(scanned, self._name))
            return scan.read_picture(image, number)
        frame = Frame(1, 0, 0, 1, -left * POINTS, -top * POINTS, width * POINTS, height * POINTS, 0)
        chars = _chars(page.glyphs, frame)
        seen = np.ones(len(chars), dtype=bool)
        colour = np.array([page.inks[item] for item in chars.item.tolist()], dtype=np.int64).reshape(-1, 4)
        sight = Sight(seen, chars.angle < 0, Inks.of(colour, chars.item, seen))
        return arrange(
            RawPage(number, Characters(chars, np.zeros(0, dtype=np.int64), frame, 0.0), page.drawing, sight)
        )

    def _scanned(self, page: Page, area: float) -> bytes | None:
        if page.glyphs:
            return None
        resource, size = max(page.images, key=lambda item: item[1], default=("", 0.0))
        entry = self._pictures.get(resource)
        if entry is None or size < _PICTURE * area or entry not in self._zip.names:
            return None
        return self._zip.read(entry, _MAX_PART)

    def _resources(self, common: Element | None, entry: str) -> None:
        for node in common if common is not None else ():
            if local(node) == "TemplatePage":
                self._templates[attribute(node, "ID") or ""] = _beside(entry, attribute(node, "BaseLoc") or "")
            elif local(node) in ("PublicRes", "DocumentRes") and node.text:
                self._media(_beside(entry, node.text.strip()))

    def _media(self, entry: str) -> None:
        if entry not in self._zip.names:
            return
        root = self._parsed(entry)
        base = _beside(entry, attribute(root, "BaseLoc") or "")
        for node in root.iter():
            if local(node) == "CompositeGraphicUnit":
                self._units[attribute(node, "ID") or ""] = node
            elif local(node) == "MultiMedia":
                file = _text(child(node, "MediaFile"))
                self._pictures[attribute(node, "ID") or ""] = _beside(base + "/", file)

    def _parsed(self, entry: str) -> Element:
        return parse(self._zip.read(entry, _MAX_PART), self._name)


def _text(node: Element | None) -> str:
    return (node.text or "").strip() if node is not None else ""


def _beside(entry: str, place: str) -> str:
    """A place as written in ``entry``: from the root when it begins with a slash, else from its folder."""
    path = place.lstrip("/") if place.startswith("/") else join(dirname(entry), place)
    return normpath(path) if path else ""


def _chars(glyphs: list[Glyph], frame: Frame) -> Chars:
    table = np.array(
        [
            (ord(glyph.text), glyph.x, glyph.y, glyph.width, glyph.size, glyph.angle, glyph.item)
            for glyph in glyphs
        ],
        dtype=np.float64,
    ).reshape(-1, 7)
    code, x, y, width, size, angle, item = table.T
    x, y = frame.points(x, y)
    whole = [part.astype(np.int64) for part in (code, angle, item)]
    space = np.array([glyph.space for glyph in glyphs], dtype=bool)
    top, bottom = y - _ASCENT * size, y + (1 - _ASCENT) * size
    return Chars(whole[0], x, top, x + width, bottom, y, size, whole[1], whole[2], space)
