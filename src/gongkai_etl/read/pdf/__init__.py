"""PDF → Document: characters and rules from PDFium, tables from the rules as drawn."""

from __future__ import annotations

import threading
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gongkai_etl.errors import ReadError
from gongkai_etl.model import Block, Document, Page
from gongkai_etl.read.pdf.arbiter import arbiter_grids
from gongkai_etl.read.pdf.digits import Digits
from gongkai_etl.read.pdf.glance import GLANCE_DPI, shows_other_figures
from gongkai_etl.read.pdf.opening import opened
from gongkai_etl.read.pdf.page import arrange, load, texts_of
from gongkai_etl.read.pdf.raster import picture
from gongkai_etl.read.pdf.trust import is_garbage, is_picture

__all__ = ["read", "upright_picture"]

_LOCK = threading.Lock()  # PDFium must never be entered twice at a time


def read(data: bytes, name: str) -> Document:
    """Read a PDF; pages without text that can be believed go to OCR.

    Raises ReadError (READ-ENCRYPTED, READ-DAMAGED, READ-PAGES, READ-OCR-MISSING).
    """
    blocks: list[Block] = []
    pages: list[Page] = []
    with _LOCK, opened(data, name) as (document, count):
        digits = Digits()
        for index in range(count):
            own, page = _page(document, index, digits)
            blocks += own
            pages.append(page)
    digital = tuple(page.number for page in pages if not page.scanned)
    return Document("pdf", tuple(blocks), tuple(pages), arbiter=partial(arbiter_grids, data, digital))


def _page(document: Any, index: int, digits: Digits) -> tuple[list[Block], Page]:
    """One page (0-based) by its characters, or by its picture where they cannot be believed."""
    raw = load(document, index, digits)
    visible = raw.found.chars.code[raw.sight.seen & ~raw.sight.mark]
    frame = raw.found.frame
    own, page = arrange(raw)
    untrue = is_picture(visible, raw.drawing, frame.width, frame.height) or is_garbage(
        visible, raw.found.nameless, texts_of(own)
    )
    if not untrue and raw.doubtful:
        image, scale = picture(document, index, GLANCE_DPI)
        untrue = shows_other_figures(page, np.ascontiguousarray(np.rot90(image, -frame.extra // 90)), scale)
    if not untrue:
        return own, page
    from gongkai_etl.read.scan import DPI, read_picture

    return read_picture(picture(document, index, DPI)[0], index + 1, min(frame.width, frame.height))


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
        image, scale = picture(document, number - 1, dpi)
        return np.ascontiguousarray(np.rot90(image, -frame.extra // 90)), scale
