"""What is written in one cell of a scan: specks and remains of the rules taken away, read on its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gongkai_etl.read.scan_image import cut
from gongkai_etl.read.scan_ocr import Recognised, recognise

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from gongkai_etl.read.scan_ocr import Image

    Flags = NDArray[np.bool_]
    Stats = NDArray[Any]

Box = tuple[float, float, float, float]

_EDGE = 1.4
_GLYPH = 2.6
_DASH = 1.6
_SPECK = 0.6
_SLANT = 0.21
_SURE_OF_SLASH = 0.8


@dataclass(slots=True)
class Written:
    """``box`` (points) of the writing in a cell; ``picture`` shows it alone; ``slant`` is its lean to the right."""

    box: Box
    picture: Image
    slant: float


def written_in(image: Image, ink: Image, box: Box, scale: float) -> Written | None:
    """The writing within a cell, or None where there is none."""
    import cv2
    import numpy as np

    x0, y0, x1, y1 = (edge * scale for edge in box)
    part = cut(ink, x0, y0, x1, y1).copy()
    edge = max(int(_EDGE * scale), 1)
    part[:edge], part[-edge:], part[:, :edge], part[:, -edge:] = 0, 0, 0, 0
    count, labels, stats, _ = cv2.connectedComponentsWithStats(part, connectivity=8)
    keep = _writing(stats[1:count], part.shape, edge, scale)
    if not keep.any():
        return None
    kept = stats[1:count][keep]
    left, top = kept[:, 0].min(), kept[:, 1].min()
    right, bottom = (kept[:, 0] + kept[:, 2]).max(), (kept[:, 1] + kept[:, 3]).max()
    mask = np.isin(labels, np.flatnonzero(keep) + 1)
    specks = cv2.dilate(((part > 0) & ~mask).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    clean = cut(image, x0, y0, x1, y1).copy()
    clean[specks & ~mask] = 255
    air = int(max(0.22 * (bottom - top), scale))
    a, b = max(top - air, 0), bottom + air
    c, d = max(left - air, 0), right + air
    picture = cv2.copyMakeBorder(clean[a:b, c:d], 1, 1, 3, 3, cv2.BORDER_REPLICATE)
    px, py = max(int(x0), 0), max(int(y0), 0)
    place = ((px + left) / scale, (py + top) / scale, (px + right) / scale, (py + bottom) / scale)
    return Written(place, picture, _slant(mask))


def _writing(stats: Stats, shape: tuple[int, ...], edge: int, scale: float) -> Flags:
    """Which pieces of ink are writing: glyphs, and dots that stand on the glyphs' line between them."""
    import numpy as np

    height, width = shape[:2]
    x, y, w, h, area = stats[:, 0], stats[:, 1], stats[:, 2], stats[:, 3], stats[:, 4]
    near = (x <= edge + 1) | (x + w >= width - edge - 1) | (y <= edge + 1) | (y + h >= height - edge - 1)
    thin = np.minimum(w, h) <= 1.3 * scale
    long = np.maximum(w, h) > 0.5 * np.where(w > h, width, height)
    usable = ~(near & (thin | long))
    dash = usable & (w > 1.9 * h) & (w >= _DASH * scale)
    glyph = usable & (np.maximum(w, h) >= _GLYPH * scale)
    if not glyph.any():
        return dash
    inner = (y + h / 2 > y[glyph].min() + 0.2 * h[glyph].max()) & (y + h < (y + h)[glyph].max())
    glyph |= dash & inner
    low = np.median((y + h)[glyph])
    tall = float(np.max(h[glyph]))
    dot = usable & ~glyph & (area >= (_SPECK * scale) ** 2) & (np.abs(y + h - low) < 0.22 * tall)
    left, right = x[glyph].min(), (x + w)[glyph].max()
    found: Flags = glyph | (dot & (x > left) & (x + w < right))
    return found


def _slant(mask: Flags) -> float:
    """How far the writing leans to the right, as width by height (a slash about 0.4, an upright 1 about 0)."""
    import numpy as np

    rows, columns = np.nonzero(mask)
    spread = float(((rows - rows.mean()) ** 2).sum())
    return -float(((rows - rows.mean()) * (columns - columns.mean())).sum()) / spread if spread else 0.0


def read_again(writings: list[Written]) -> list[Recognised]:
    """Read the writing of each cell on its own. A lone stroke that leans like a slash is a slash."""
    found = []
    for writing, read in zip(writings, recognise([w.picture for w in writings]), strict=True):
        slash = read.text in {"1", "l", "I", "|", "丨", "7", "/", "J"} and writing.slant > _SLANT
        found.append(Recognised("/", _SURE_OF_SLASH) if slash else read)
    return found
