"""Tables that are pasted as pictures into otherwise digital pages: found where the form's tables are missing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from gongkai_etl.model import Block, Page, Paragraph
from gongkai_etl.read.pdf.page import RawPage, at
from gongkai_etl.read.pdf.paths import placed

Box = tuple[float, float, float, float]

_LEAST_WIDE, _LEAST_HIGH = 0.35, 30.0
_WRITTEN_OVER = 12
MOST = 12
"""Pictures of one document that are looked at; a table needs few, an album of photographs has many."""


def pictures_on(raw: RawPage) -> list[Box]:
    """The wide pictures of a page with hardly any characters upon them: x0, top, x1, bottom in points."""
    if not raw.drawing.images:
        return []
    frame, chars = raw.found.frame, raw.found.chars
    x, y = (chars.x0 + chars.x1) / 2, chars.base - 0.36 * chars.size
    found = []
    for x0, top, x1, bottom in placed([fill.box for fill in raw.drawing.images], frame).tolist():
        box = max(x0, 0.0), max(top, 0.0), min(x1, frame.width), min(bottom, frame.height)
        if box[2] - box[0] < _LEAST_WIDE * frame.width or box[3] - box[1] < _LEAST_HIGH:
            continue
        upon = (x > box[0]) & (x < box[2]) & (y > box[1]) & (y < box[3]) & raw.sight.seen & ~raw.sight.mark
        if int(upon.sum()) < _WRITTEN_OVER:
            found.append(box)
    return found


def with_pictures(
    blocks: list[Block], page: Page, image: Any, scale: float, boxes: list[Box]
) -> tuple[list[Block], Page]:
    """A page's blocks and words with what is written on its pictures, in their places.

    ``image`` is the whole page in the position of the boxes, ``scale`` its pixels a point.
    Raises ReadError READ-OCR-MISSING without the extra ``ocr``.
    """
    from gongkai_etl.read.scan import read_part

    words = list(page.words)
    for box in boxes:
        x0, top, x1, bottom = (int(edge * scale) for edge in box)
        part = np.ascontiguousarray(image[top : bottom + 1, x0 : x1 + 1])
        own, seen = read_part(part, scale, page.number)
        blocks = [*blocks, *(_moved(block, box[0], box[1]) for block in own)]
        words += [replace(word, box=_shifted(word.box, box[0], box[1])) for word in seen]
    return sorted(blocks, key=lambda block: at(block)[:2]), replace(page, words=tuple(words))


def _moved(block: Block, x: float, y: float) -> Block:
    if isinstance(block, Paragraph):
        return replace(block, box=_shifted(block.box, x, y) if block.box else None)
    cells = tuple(replace(cell, box=_shifted(cell.box, x, y) if cell.box else None) for cell in block.cells)
    return replace(block, cells=cells)


def _shifted(box: Box, x: float, y: float) -> Box:
    return round(box[0] + x, 2), round(box[1] + y, 2), round(box[2] + x, 2), round(box[3] + y, 2)
