"""The drawn lines of a scanned page, as pieces of rules like those of a digital one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from gongkai_etl.read.scan_ocr import Image, Quads

Piece = tuple[float, float, float, float]

_SHORTEST_FLAT, _SHORTEST_TALL = 18.0, 11.0
_THICKEST = 4.5
_BREAK = 1.1
_WINDOW = 25.0
_PARTS = 12
_CLEAN, _DOUBLE = 0.3, 0.75
_LONG, _SOLID = 60.0, 0.96
"""Strokes of letters in a row are nowhere so long (points) without gaps, whatever stands close to them."""


def ink_of(image: Image, scale: float) -> Image:
    """Black on white → 255 where there is ink. ``scale`` is pixels a point."""
    import cv2

    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    window = int(_WINDOW * scale) | 1
    ink: Image = cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, window, 18)
    return ink


def rule_pieces(ink: Image, scale: float, quads: Quads | None = None) -> NDArray[np.float64]:
    """Pieces of horizontal and vertical rules: (n, 4) boxes x0, top, x1, bottom in points.

    ``quads`` are the lines of text (pixels): an upright line within one of them is a stroke of a letter.
    """
    import numpy as np

    words = np.zeros((0, 4)) if quads is None else np.concatenate([quads.min(axis=1), quads.max(axis=1)], axis=1)

    flat = [(x0, (y0 + y1) / 2, x1, (y0 + y1) / 2) for x0, y0, x1, y1 in _lying(ink, scale, _SHORTEST_FLAT)]
    tall = [
        (y0, x0, y1, x1)
        for x0, y0, x1, y1 in _lying(np.ascontiguousarray(ink.T), scale, _SHORTEST_TALL, words[:, [1, 0, 3, 2]])
    ]
    middle = [((x0 + x1) / 2, y0, (x0 + x1) / 2, y1) for x0, y0, x1, y1 in tall]
    return np.array(flat + middle, dtype=np.float64).reshape(-1, 4) / scale


def _lying(ink: Image, scale: float, shortest: float, words: NDArray[Any] | None = None) -> list[Piece]:
    """Horizontal lines as short pieces, each at its own height (scanned lines lean and bend), in pixels.

    Lines within one of the boxes ``words`` (x0, y0, x1, y1) are left out.
    """
    import cv2
    import numpy as np

    def kernel(length: float) -> NDArray[np.uint8]:
        return np.ones((1, max(int(length * scale), 1)), np.uint8)

    # A line that leans by a pixel falls into short steps: thicken it before looking along it.
    thick = cv2.dilate(ink, np.ones((2, 1), np.uint8))
    closed = cv2.morphologyEx(thick, cv2.MORPH_CLOSE, kernel(_BREAK))
    lines = cv2.morphologyEx(closed, cv2.MORPH_OPEN, kernel(shortest))
    count, _, stats, _ = cv2.connectedComponentsWithStats(lines, connectivity=8)
    pieces: list[Piece] = []
    for x, y, width, height, area in stats[1:count].tolist():
        thickness = area / width
        if thickness > _THICKEST * scale or (words is not None and _within(words, x, y, x + width, y + height)):
            continue
        own = _steps(lines, x, y, width, height) if height > 1.5 * thickness else [(x, y, x + width, y + height)]
        if not _clean(ink, own, scale):
            own = _without_strokes(ink, _steps(lines, x, y, width, height), scale)
            if sum(x1 - x0 for x0, _, x1, _ in own) < shortest * scale or not _clean(ink, own, scale):
                continue
        pieces += own
    return pieces


def _without_strokes(ink: Image, pieces: list[Piece], scale: float) -> list[Piece]:
    """A rule without the strokes of letters that stand in its line right beyond its ends."""
    best: list[Piece] = []
    run: list[Piece] = []
    for piece in pieces:
        run = [*run, piece] if _clean(ink, [piece], scale) else []
        best = max(best, run, key=len)
    return best


def _within(words: NDArray[Any], x0: float, y0: float, x1: float, y1: float) -> bool:
    inside = (words[:, 0] - 1 <= x0) & (x1 <= words[:, 2] + 1) & (words[:, 1] + 1 < y0) & (y1 < words[:, 3] - 1)
    return bool(inside.any())


def _steps(lines: Image, x: int, y: int, width: int, height: int) -> list[Piece]:
    import numpy as np

    pieces: list[Piece] = []
    for k in range(_PARTS):
        start, end = x + width * k // _PARTS, x + width * (k + 1) // _PARTS
        rows = np.flatnonzero(lines[y : y + height, start:end].any(axis=1))
        if len(rows):
            pieces.append((start, y + int(rows[0]), end, y + int(rows[-1]) + 1))
    return pieces


def _clean(ink: Image, pieces: list[Piece], scale: float) -> bool:
    """A rule has paper above and below, or the other rule of a pair; strokes of letters in a row have not.

    Where figures stand close under a rule, only its own length without a gap tells.
    """
    above = below = length = solid = 0.0
    air = max(int(0.9 * scale), 1)
    for x0, y0, x1, y1 in pieces:
        a, b, left, right = int(y0), int(y1), int(x0), int(x1)
        length += right - left
        solid += float(ink[a:b, left:right].any(axis=0).sum())
        above += float(ink[max(a - 2 * air, 0) : max(a - air // 2, 1), left:right].any(axis=0).sum())
        below += float(ink[b + air // 2 : b + 2 * air, left:right].any(axis=0).sum())
    up, down = above / length, below / length
    if length > _LONG * scale and solid > _SOLID * length and min(up, down) < _DOUBLE:
        return True
    return min(up, down) < _CLEAN and (max(up, down) < _CLEAN or max(up, down) > _DOUBLE)
