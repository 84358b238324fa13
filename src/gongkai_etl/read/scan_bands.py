"""A page seen in bands one below the other: what the detector needs (180 bytes a pixel) stays bounded."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from gongkai_etl.read.scan_ocr import Image, Quads

    Quad = NDArray[np.float32]

MOST_PIXELS = 1_400_000
OVERLAP = 48
"""Rows that a band sees beyond its own: more than half the height of a printed line."""
_NEAR = 6.0
_SAME_PART = 0.5
_MORE = 1.3


def in_bands(image: Image, find: Callable[[Image], Quads]) -> Quads:
    """What ``find`` sees on each band, in pixels of the whole picture, each line of text once."""
    import numpy as np

    height, width = image.shape[:2]
    count = max(math.ceil(height * width / MOST_PIXELS), 1)
    cuts = [height * k // count for k in range(count + 1)]
    whole: list[Quad] = []
    for start, end in pairwise(cuts):
        top, bottom = max(start - OVERLAP, 0), min(end + OVERLAP, height)
        quads = find(np.ascontiguousarray(image[top:bottom])) + np.array([0, top], dtype=np.float32)
        whole = _with(whole, [quad for quad in quads if _owns(quad, start, end, height)], start)
    return np.array(whole, dtype=np.float32).reshape(-1, 4, 2)


def _owns(quad: Quad, start: int, end: int, height: int) -> bool:
    """Whether the middle of a line lies in a band, or so near its edge that both bands may claim it."""
    middle = float(quad[:, 1].mean())
    return (start == 0 or middle >= start - _NEAR) and (end == height or middle < end + _NEAR)


def _with(known: list[Quad], new: list[Quad], cut: int) -> list[Quad]:
    """Both bands' lines. One that both saw, or of which each saw a part, is one."""
    for quad in new:
        twins = [i for i, other in enumerate(known) if other[:, 1].max() > cut - OVERLAP and _same(other, quad)]
        for i in twins:
            quad = _joined(known[i], quad)
        known = [other for i, other in enumerate(known) if i not in twins] + [quad]
    return known


def _bounds(quad: Quad) -> tuple[float, float, float, float]:
    x0, y0 = quad.min(axis=0).tolist()
    x1, y1 = quad.max(axis=0).tolist()
    return x0, y0, x1, y1


def _area(box: tuple[float, float, float, float]) -> float:
    return max(box[2] - box[0], 0.0) * max(box[3] - box[1], 0.0)


def _same(first: Quad, second: Quad) -> bool:
    """Whether two boxes cover one another across, and overlap down the page."""
    a, b = _bounds(first), _bounds(second)
    across = min(a[2], b[2]) - max(a[0], b[0])
    down = min(a[3], b[3]) - max(a[1], b[1])
    within = down > _SAME_PART * min(a[3] - a[1], b[3] - b[1], 2 * OVERLAP)
    return across > _SAME_PART * min(a[2] - a[0], b[2] - b[0]) and within


def _joined(first: Quad, second: Quad) -> Quad:
    import numpy as np

    a, b = _bounds(first), _bounds(second)
    x0, y0, x1, y1 = min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3])
    larger, box = (first, a) if _area(a) >= _area(b) else (second, b)
    if _area((x0, y0, x1, y1)) <= _MORE * _area(box):
        return larger
    return np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]], dtype=np.float32)
