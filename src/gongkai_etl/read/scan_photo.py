"""A photographed sheet of paper → the sheet alone, seen from straight above."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from gongkai_etl.read.scan_ocr import Image

_WORK_SIDE = 900
_LEAST_PART = 0.35
_MOST_PART = 0.97
_CLOSE = 15
_DARKER = 28
_QUIET = 0.35
_LEVELS = (1.0, 0.8, 0.65)
"""Parts of the level between dark and bright at which the sheet is looked for."""
_SHORTEST_SIDE = 150
_BESIDE, _STEP = 12, 14
"""Pixels to both sides of the paper's edge, and how much brighter the paper is than what is beyond."""


def flattened(image: Image) -> Image:
    """The paper's four corners pulled straight; the picture as it is where no sheet stands out."""
    import cv2
    import numpy as np

    corners = _corners(image)
    if corners is None:
        return image
    top, right, bottom, left = (float(np.linalg.norm(corners[i] - corners[(i + 1) % 4])) for i in range(4))
    width, height = int(max(top, bottom)), int(max(left, right))
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
    matrix = cv2.getPerspectiveTransform(corners, target)
    flat: Image = cv2.warpPerspective(image, matrix, (width, height), flags=cv2.INTER_CUBIC)
    return flat


def _corners(image: Image) -> NDArray[np.float32] | None:
    """Corners of the brightest large quadrilateral, clockwise from the top left, if the rest is darker.

    Where the light falls from one side, what is between light and shadow comes out first, and the sheet below it.
    """
    import cv2
    import numpy as np

    scale = _WORK_SIDE / max(image.shape[:2])
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    grey = cv2.GaussianBlur(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), (7, 7), 0)
    level, _ = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    for lower in _LEVELS:
        corners = _bright(grey, lower * level)
        if corners is not None and _is_sheet(grey, corners):
            return corners / np.float32(scale)
    return None


def _bright(grey: Image, level: float) -> NDArray[np.float32] | None:
    """The corners of the largest part brighter than a level, if it is a large quadrilateral."""
    import cv2
    import numpy as np

    # With a frame of darkness around it: closed at the picture's border, the sheet would grow to its corners.
    bright = cv2.copyMakeBorder((grey > level).astype(np.uint8), *4 * (_CLOSE,), cv2.BORDER_CONSTANT, value=0)
    mask = cv2.morphologyEx(bright, cv2.MORPH_CLOSE, np.ones((_CLOSE, _CLOSE), np.uint8))
    mask = np.ascontiguousarray(mask[_CLOSE:-_CLOSE, _CLOSE:-_CLOSE])
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not contours:
        return None
    sheet = cv2.convexHull(max(contours, key=cv2.contourArea))
    outline = cv2.approxPolyDP(sheet, 0.02 * cv2.arcLength(sheet, True), True)
    if len(outline) != 4 or not _LEAST_PART < cv2.contourArea(sheet) / mask.size < _MOST_PART:
        return None
    return _clockwise(outline.reshape(4, 2).astype(np.float32))


def _is_sheet(grey: Image, corners: NDArray[np.float32]) -> bool:
    """Whether what is around a quadrilateral is darker, from its very edges on, and nothing is written there."""
    import cv2
    import numpy as np

    inside = np.zeros_like(grey)
    cv2.fillPoly(inside, [corners.astype(np.int32)], 255)
    outside = grey[inside == 0]
    if not outside.size or float(np.median(grey[inside > 0])) - float(np.median(outside)) < _DARKER:
        return False
    edges = cv2.Canny(grey, 60, 140)
    core = cv2.erode(inside, np.ones((9, 9), np.uint8)), cv2.erode(255 - inside, np.ones((9, 9), np.uint8))
    written, beside = (float(np.mean(edges[part > 0] > 0)) if part.any() else 0.0 for part in core)
    if beside > _QUIET * written:
        return False  # a shadow's border across the paper: there is writing on both sides
    return all(_ends(grey, corners[i], corners[(i + 1) % 4]) for i in range(4))


def _ends(grey: Image, start: NDArray[np.float32], end: NDArray[np.float32]) -> bool:
    """Whether the paper ends at a side (clockwise), or the picture does; a shadow is soft."""
    import numpy as np

    along = end - start
    length = float(np.hypot(*along))
    if length < _SHORTEST_SIDE:
        return False
    out = np.array([along[1], -along[0]]) / length * _BESIDE
    middle = start + np.linspace(0.05, 0.95, 19)[:, None] * along
    beyond, within = np.rint(middle + out).astype(int), np.rint(middle - out).astype(int)
    size = np.array(grey.shape[::-1])
    seen = ((beyond >= 0) & (beyond < size) & (within >= 0) & (within < size)).all(axis=1)
    if not seen.any():
        return True
    (x, y), (x1, y1) = within[seen].T, beyond[seen].T
    step = grey[y, x].astype(int) - grey[y1, x1]
    return float(np.median(step)) >= _STEP


def _clockwise(points: NDArray[np.float32]) -> NDArray[np.float32]:
    import numpy as np

    total, difference = points.sum(axis=1), points[:, 0] - points[:, 1]
    order = [total.argmin(), difference.argmax(), total.argmax(), difference.argmin()]
    return np.stack([points[i] for i in order])
