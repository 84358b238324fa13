"""PDF → Document: characters and rules from PDFium, tables from the rules as drawn."""

from __future__ import annotations

import threading
from functools import partial

from gongkai_etl.model import Block, Document, Page
from gongkai_etl.read.pdf.arbiter import arbiter_grids
from gongkai_etl.read.pdf.opened import opened
from gongkai_etl.read.pdf.page import arrange, load
from gongkai_etl.read.pdf.raster import picture
from gongkai_etl.read.pdf.trust import is_garbage, is_picture

_LOCK = threading.Lock()  # PDFium must never be entered twice at a time


def read(data: bytes, name: str) -> Document:
    """Read a PDF; pages without text that can be believed go to OCR.

    Raises ReadError (READ-ENCRYPTED, READ-DAMAGED, READ-PAGES, READ-OCR-MISSING).
    """
    blocks: list[Block] = []
    pages: list[Page] = []
    with _LOCK, opened(data, name) as (document, count):
        for index in range(count):
            raw = load(document, index)
            visible = raw.found.chars.code[raw.sight.seen & ~raw.sight.mark]
            frame = raw.found.frame
            if is_picture(visible, raw.drawing, frame.width, frame.height) or is_garbage(visible):
                from gongkai_etl.read.scan import DPI, read_picture

                image, _ = picture(document, index, DPI)
                own, page = read_picture(image, index + 1, None)
            else:
                own, page = arrange(raw)
            blocks += own
            pages.append(page)
    digital = tuple(page.number for page in pages if not page.scanned)
    return Document("pdf", tuple(blocks), tuple(pages), arbiter=partial(arbiter_grids, data, digital))
