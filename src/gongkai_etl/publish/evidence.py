"""Pictures of where figures stand: the part of a PDF page with the tables, and the strip around one cell."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

from gongkai_etl.model import Box, Report
from gongkai_etl.publish.inputs import PageImage, UnitYear

_DPI = 110
_ABOVE, _AROUND = 90.0, 12.0
_STRIP_ABOVE, _STRIP_BELOW = 40.0, 10.0
"""Points above the first figure (headings of the table), around the figures, and around the cell of a strip."""


def page_images(pdf: bytes, report: Report) -> tuple[PageImage, ...]:
    """Each page that holds figures, cut down to its tables; empty when places are not boxes on pages.

    Text outside the tables (names, telephone numbers) stays out of the picture. Raises
    pypdfium2.PdfiumError when the bytes are not a PDF.
    """
    import pypdfium2

    boxes = _boxes(report)
    if not boxes:
        return ()
    document = pypdfium2.PdfDocument(pdf)
    try:
        return tuple(_picture(document, page, boxes[page]) for page in sorted(boxes) if page <= len(document))
    finally:
        document.close()


def crops(unit: UnitYear, keys: Iterable[str]) -> dict[str, bytes]:
    """Cell key → strip, for those cells that stand on one of the unit's page pictures."""
    from PIL import Image

    images = {image.page: (image, Image.open(io.BytesIO(image.png)).convert("RGB")) for image in unit.images}
    found = {}
    for key in keys:
        cell = unit.cell(key)
        if cell and cell.page in images and cell.bbox and not isinstance(cell.bbox, str):
            image, picture = images[cell.page]
            found[key] = _strip(image, picture, cell.bbox)
    return found


def _strip(image: PageImage, picture: Any, box: Box) -> bytes:
    """The part of a page around one cell, over the whole width, with the cell outlined in red."""
    from PIL import ImageDraw

    scale = _DPI / 72
    origins = (*image.box[:2], *image.box[:2])
    left, top, right, bottom = ((length - origin) * scale for length, origin in zip(box, origins, strict=True))
    first = max(0, round(top - _STRIP_ABOVE * scale))
    last = min(picture.height, round(bottom + _STRIP_BELOW * scale))
    strip = picture.crop((0, first, picture.width, last))
    outline = (left - 1, top - 1 - first, right + 1, bottom + 1 - first)
    ImageDraw.Draw(strip).rectangle(outline, outline=(200, 20, 20), width=3)
    return _png(strip.quantize(32))


def _boxes(report: Report) -> dict[int, list[Box]]:
    boxes: dict[int, list[Box]] = {}
    for cell in report.cells.values():
        if cell.page is not None and cell.bbox is not None and not isinstance(cell.bbox, str):
            boxes.setdefault(cell.page, []).append(cell.bbox)
    return boxes


def _picture(document: Any, page: int, boxes: list[Box]) -> PageImage:
    sheet = document[page - 1]
    width, height = sheet.get_size()
    top = max(0.0, min(box[1] for box in boxes) - _ABOVE)
    bottom = min(height, max(box[3] for box in boxes) + _AROUND)
    scale = _DPI / 72
    whole = sheet.render(scale=scale, grayscale=True).to_pil()
    part = whole.crop((0, round(top * scale), round(width * scale), round(bottom * scale)))
    # What the crop really shows, so that places stay exact after rounding to pixels.
    box = (0.0, round(top * scale) / scale, part.width / scale, (round(top * scale) + part.height) / scale)
    return PageImage(page, box, _png(part.quantize(16)))


def _png(picture: Any) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()
