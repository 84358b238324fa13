"""PDF → Document: characters and rules from PDFium, tables from the rules as drawn."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gongkai_etl.errors import ReadError
from gongkai_etl.model import Block, Document, Page
from gongkai_etl.read.pdf.arbiter import arbiter_grids
from gongkai_etl.read.pdf.digits import Digits
from gongkai_etl.read.pdf.glance import LOOK_DPI, shows_other_figures
from gongkai_etl.read.pdf.opening import opened
from gongkai_etl.read.pdf.page import arrange, load, texts_of
from gongkai_etl.read.pdf.pictured import MOST, pictures_on, with_pictures
from gongkai_etl.read.pdf.raster import picture
from gongkai_etl.read.pdf.trust import is_garbage, is_picture
from gongkai_etl.read.pictures import lacks_tables

__all__ = ["read", "upright_picture"]

_Read = tuple[list[Block], Page, list[tuple[float, float, float, float]]]

_LOCK = threading.Lock()  # PDFium must never be entered twice at a time


def read(data: bytes, name: str) -> Document:
    """Read a PDF; pages without text that can be believed go to OCR.

    Raises ReadError (READ-ENCRYPTED, READ-DAMAGED, READ-PAGES, READ-OCR-MISSING).
    """
    with _LOCK, opened(data, name) as (document, count):
        digits = Digits()
        read_pages = [_page(document, index, digits) for index in range(count)]
        if any(boxes for _, _, boxes in read_pages) and lacks_tables(_texts(read_pages)):
            read_pages = _looked_at(document, read_pages)
    blocks = [block for own, _, _ in read_pages for block in own]
    pages = tuple(page for _, page, _ in read_pages)
    digital = tuple(page.number for page in pages if not page.scanned)
    return Document("pdf", tuple(blocks), pages, arbiter=partial(arbiter_grids, data, digital))


def _page(document: Any, index: int, digits: Digits) -> _Read:
    """One page (0-based) by its characters, or by its picture where they cannot be believed.

    The boxes are those of the pictures on it that may show more.
    """
    raw = load(document, index, digits)
    visible = raw.found.chars.code[raw.sight.seen & ~raw.sight.mark]
    frame = raw.found.frame
    own, page = arrange(raw)
    untrue = is_picture(visible, raw.drawing, frame.width, frame.height) or is_garbage(
        visible, raw.found.nameless, texts_of(own)
    )
    if not untrue and raw.doubtful:
        untrue = shows_other_figures(page, *_upright(document, index, frame.extra))
    if not untrue:
        return own, page, pictures_on(raw)
    from gongkai_etl.read.scan import DPI, read_picture

    return *read_picture(picture(document, index, DPI)[0], index + 1, min(frame.width, frame.height)), []


def _texts(read_pages: list[_Read]) -> Iterator[str]:
    for own, _, _ in read_pages:
        yield from texts_of(own)


def _looked_at(document: Any, read_pages: list[_Read]) -> list[_Read]:
    """The pages with what their pictures say, as long as there are not too many of them."""
    left = MOST
    found = []
    for own, page, boxes in read_pages:
        boxes, left = boxes[:left], left - len(boxes[:left])
        if boxes:
            index = page.number - 1
            extra = load(document, index).found.frame.extra
            own, page = with_pictures(own, page, *_upright(document, index, extra), boxes)
        found.append((own, page, boxes))
    return found


def _upright(document: Any, index: int, extra: int, dpi: float = LOOK_DPI) -> tuple[NDArray[np.uint8], float]:
    """The picture of a page turned as its boxes are (``extra`` degrees), and its pixels a point."""
    image, scale = picture(document, index, dpi)
    return np.ascontiguousarray(np.rot90(image, -extra // 90)), scale


def upright_picture(data: bytes, name: str, number: int, scanned: bool, dpi: float) -> tuple[NDArray[Any], float]:
    """A page (1-based) in the position in which its boxes were given: BGR pixels, and pixels a point.

    Raises ReadError like :func:`read`.
    """
    with _LOCK, opened(data, name) as (document, count):
        if not 1 <= number <= count:
            raise ReadError("READ-PAGES", f"“{name}”没有第{number}页，只有{count}页。请核对页码。")
        frame = load(document, number - 1).found.frame
        if scanned:
            from gongkai_etl.read.scan import DPI, scale_of, straight_sheet

            sheet = straight_sheet(picture(document, number - 1, DPI)[0])
            return sheet.image, scale_of(sheet, min(frame.width, frame.height))
        return _upright(document, number - 1, frame.extra, dpi)
