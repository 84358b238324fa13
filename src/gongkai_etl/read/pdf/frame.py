"""From PDF user space to the page as people see it: points, origin at the top left, text upright."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pypdfium2.raw as pdfium
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_FINE = 100  # PDFium gives whole device units: make them hundredths of a point


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
    def of(cls, page: Any) -> Frame:
        """The frame of a page as PDFium shows it: its visible box, turned by its own /Rotate."""
        width, height = pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page)
        size = round(width * _FINE), round(height * _FINE)
        x, y = ctypes.c_int(), ctypes.c_int()

        def device(u: float, v: float) -> tuple[float, float]:
            pdfium.FPDF_PageToDevice(page, 0, 0, *size, 0, u, v, x, y)
            return x.value / _FINE, y.value / _FINE

        e, f = device(0, 0)
        (ax, ay), (cx, cy) = device(1000, 0), device(0, 1000)
        a, b, c, d = (round(v / 1000) for v in (ax - e, ay - f, cx - e, cy - f))
        return cls(a, b, c, d, e, f, width, height, int(pdfium.FPDFPage_GetRotation(page)) % 4 * 90)

    def turned(self, extra: int) -> Frame:
        """This frame turned further clockwise by 90, 180 or 270 degrees."""
        frame = self
        for _ in range(extra // 90):
            frame = replace(
                frame,
                a=-frame.b,
                b=frame.a,
                c=-frame.d,
                d=frame.c,
                e=frame.height - frame.f,
                f=frame.e,
                width=frame.height,
                height=frame.width,
            )
        return replace(frame, turn=(self.turn + extra) % 360, extra=extra)

    def points(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """User space → shown page."""
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f

    def boxes(self, left: Any, bottom: Any, right: Any, top: Any) -> tuple[Floats, Floats, Floats, Floats]:
        """Boxes of user space → x0, top, x1, bottom on the shown page."""
        x0, y0 = self.points(left, bottom)
        x1, y1 = self.points(right, top)
        return np.minimum(x0, x1), np.minimum(y0, y1), np.maximum(x0, x1), np.maximum(y0, y1)
