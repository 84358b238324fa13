"""What the viewer decides of a page: optional content that is switched off, images that let the page through."""

from __future__ import annotations

import ctypes
from typing import Any

import numpy as np
import pypdfium2.raw as pdfium

from gongkai_etl.read.pdf import raw
from gongkai_etl.read.pdf.chars import Bools, Characters
from gongkai_etl.read.pdf.raster import picture

_DPI = 100
_INK = 40
_HOLES = 0.2
_MOST_PIXELS = 40_000_000


def switched_off(document: Any, index: int, found: Characters) -> Bools:
    """Characters of optional content (layers) that leave no ink on the page's picture (``index`` is 0-based)."""
    chars = found.chars
    off = np.zeros(len(chars), dtype=bool)
    optional = raw.marked(found.items.tolist(), "OC") if len(chars) else off
    if not optional.any():
        return off
    image, scale = picture(document, index, _DPI)
    image = np.rot90(image, -found.frame.extra // 90)
    for at in np.flatnonzero(optional[chars.item]).tolist():
        edges = chars.x0[at], chars.base[at] - 0.75 * chars.size[at], chars.x1[at], chars.base[at]
        x0, top, x1, bottom = (max(round(float(edge) * scale), 0) for edge in edges)
        part = image[top : bottom + 1, x0 : x1 + 1]
        off[at] = not part.size or int(part.max()) - int(part.min()) < _INK
    return off


def lets_through(document: Any, thing: int) -> bool:
    """Whether an image has holes through which a good part of what lies below it is seen (its alpha)."""
    width, height = ctypes.c_uint(), ctypes.c_uint()
    known = raw.image_pixels(thing, ctypes.addressof(width), ctypes.addressof(height))
    if not known or width.value * height.value > _MOST_PIXELS:
        return False
    drawn = raw.image_as_drawn(raw.address(document), None, thing)
    if not drawn:
        return False
    bitmap = ctypes.cast(drawn, pdfium.FPDF_BITMAP)
    try:
        if pdfium.FPDFBitmap_GetFormat(bitmap) != pdfium.FPDFBitmap_BGRA:
            return False
        rows, step = pdfium.FPDFBitmap_GetHeight(bitmap), pdfium.FPDFBitmap_GetStride(bitmap)
        start = ctypes.cast(pdfium.FPDFBitmap_GetBuffer(bitmap), ctypes.POINTER(ctypes.c_uint8))
        alpha = np.ctypeslib.as_array(start, (rows, step))[:, 3::4]
        return float(np.mean(alpha < 128)) > _HOLES
    finally:
        pdfium.FPDFBitmap_Destroy(bitmap)
