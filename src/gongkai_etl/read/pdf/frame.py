"""From PDF user space to the page as people see it: points, origin at the top left, text upright."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pypdfium2.raw as pdfium
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_TURNS = {0: (1, 0, 0, 1), 90: (0, -1, 1, 0), 180: (-1, 0, 0, -1), 270: (0, 1, -1, 0)}


@dataclass(frozen=True, slots=True)
class Frame:
    """An affine map ``x' = a·x + c·y + e``, ``y' = b·x + d·y + f`` and the size of its picture.

    ``turn`` is how far (degrees clockwise) the page is turned for showing; ``extra`` is the part of it
    that the file does not ask for, because its text lies on its side.
    """

    a: float
    b: float
    c: float
    d: float
    e: float
    f: float
    width: float
    height: float
    turn: int
    extra: int = 0

    @classmethod
    def of(cls, left: float, bottom: float, right: float, top: float, turn: int, extra: int = 0) -> Frame:
        """The frame of a page box that is shown turned by ``turn`` and then ``extra`` degrees clockwise."""
        turn += extra
        a, b, c, d = _TURNS[turn % 360]
        # user space has its origin below: flip y after the turn
        a, b, c, d = a, -b, c, -d
        xs = [a * x + c * y for x in (left, right) for y in (bottom, top)]
        ys = [b * x + d * y for x in (left, right) for y in (bottom, top)]
        return cls(a, b, c, d, -min(xs), -min(ys), max(xs) - min(xs), max(ys) - min(ys), turn % 360, extra)

    def points(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """User space → shown page."""
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f

    def boxes(self, left: Any, bottom: Any, right: Any, top: Any) -> tuple[Floats, Floats, Floats, Floats]:
        """Boxes of user space → x0, top, x1, bottom on the shown page."""
        x0, y0 = self.points(left, bottom)
        x1, y1 = self.points(right, top)
        return np.minimum(x0, x1), np.minimum(y0, y1), np.maximum(x0, x1), np.maximum(y0, y1)


def page_box(page: Any) -> tuple[float, float, float, float]:
    """left, bottom, right, top of the visible part of a page: CropBox within MediaBox, as PDFium shows it."""
    box = pdfium.FS_RECTF()
    if pdfium.FPDF_GetPageBoundingBox(page, box) and box.right > box.left and box.top > box.bottom:
        return box.left, box.bottom, box.right, box.top
    return 0.0, 0.0, pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page)


def page_turn(page: Any) -> int:
    """The page's own /Rotate in degrees clockwise."""
    return int(pdfium.FPDFPage_GetRotation(page)) % 4 * 90
