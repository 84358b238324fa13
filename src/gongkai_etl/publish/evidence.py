"""Pictures of where figures stand: the part of a PDF page with the tables, and the strip around one cell."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from gongkai_etl.model import Box, Report
from gongkai_etl.publish.inputs import PageImage, UnitYear

if TYPE_CHECKING:
    from PIL.Image import Image

    Picture = Callable[[int, bool], tuple[Image, float] | None]

DPI = 110
_SCALE = DPI / 72
_ABOVE, _AROUND = 90.0, 12.0
_STRIP_ABOVE, _STRIP_BELOW = 40.0, 10.0
"""Points above the first figure (headings of the table), around the figures, and around the cell of a strip."""


def page_images(report: Report, picture: Picture) -> tuple[PageImage, ...]:
    """Each page that holds figures, cut down to its tables; empty when places are not boxes on pages.

    ``picture`` gives a page (number, whether its figures were recognised in a scan) and its pixels a
    point, or None when it cannot be drawn. Text outside the tables (names, telephone numbers) stays out of what is kept.
    """
    boxes = _boxes(report)
    scanned = {cell.page for cell in report.cells.values() if cell.confidence is not None}
    drawn = ((page, picture(page, page in scanned)) for page in sorted(boxes))
    return tuple(_cut(page, boxes[page], *found) for page, found in drawn if found)


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

    scale = picture.width / (image.box[2] - image.box[0])
    origins = (*image.box[:2], *image.box[:2])
    left, top, right, bottom = ((length - origin) * scale for length, origin in zip(box, origins, strict=True))
    first = max(0, round(top - _STRIP_ABOVE * scale))
    last = min(picture.height, round(bottom + _STRIP_BELOW * scale))
    strip = picture.crop((0, first, picture.width, last))
    outline = (left - 1, top - 1 - first, right + 1, bottom + 1 - first)
    ImageDraw.Draw(strip).rectangle(outline, outline=(200, 20, 20), width=3)
    return _png(_without_margins(strip).quantize(32))


def _without_margins(strip: Image) -> Image:
    """The strip without the white paper on its left and right: a notice has no room to waste."""
    from PIL import ImageOps

    ink = ImageOps.invert(strip.convert("L")).point(lambda level: 255 if level > 60 else 0).getbbox()
    if ink is None:
        return strip
    return strip.crop((max(0, ink[0] - 6), 0, min(strip.width, ink[2] + 6), strip.height))


def _boxes(report: Report) -> dict[int, list[Box]]:
    boxes: dict[int, list[Box]] = {}
    for cell in report.cells.values():
        if cell.page is not None and cell.bbox is not None and not isinstance(cell.bbox, str):
            boxes.setdefault(cell.page, []).append(cell.bbox)
    return boxes


def _cut(page: int, boxes: list[Box], whole: Image, scale: float) -> PageImage:
    top = max(0, round((min(box[1] for box in boxes) - _ABOVE) * scale))
    bottom = min(whole.height, round((max(box[3] for box in boxes) + _AROUND) * scale))
    part = whole.convert("L").crop((0, top, whole.width, bottom))
    box = (0.0, top / scale, part.width / scale, bottom / scale)
    if scale > _SCALE:
        # A scan is kept at its own fineness; the public needs no more than the screen shows.
        part = part.resize((round(part.width * _SCALE / scale), round(part.height * _SCALE / scale)))
    return PageImage(page, box, _png(part.quantize(16)))


def _png(picture: Any) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()
