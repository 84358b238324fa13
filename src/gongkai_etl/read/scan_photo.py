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
_DARKER = 28
_QUIET = 0.35


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
    """Corners of the brightest large quadrilateral, clockwise from the top left, if the rest is darker."""
    import cv2
    import numpy as np

    scale = _WORK_SIDE / max(image.shape[:2])
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    grey = cv2.GaussianBlur(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), (7, 7), 0)
    _, mask = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    mask = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((15, 15), np.uint8))
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not contours:
        return None
    sheet = cv2.convexHull(max(contours, key=cv2.contourArea))
    part = cv2.contourArea(sheet) / mask.size
    outline = cv2.approxPolyDP(sheet, 0.02 * cv2.arcLength(sheet, True), True)
    if len(outline) != 4 or not _LEAST_PART < part < _MOST_PART:
        return None
    inside = np.zeros_like(mask)
    cv2.fillPoly(inside, [outline], 255)
    outside = grey[inside == 0]
    if not outside.size or float(np.median(grey[inside > 0])) - float(np.median(outside)) < _DARKER:
        return None
    edges = cv2.Canny(grey, 60, 140)
    core = cv2.erode(inside, np.ones((9, 9), np.uint8)), cv2.erode(255 - inside, np.ones((9, 9), np.uint8))
    written, beside = (float(np.mean(edges[part > 0] > 0)) if part.any() else 0.0 for part in core)
    if beside > _QUIET * written:
        return None  # a shadow's border across the paper: there is writing on both sides
    return _clockwise(outline.reshape(4, 2).astype(np.float32) / np.float32(scale))


def _clockwise(points: NDArray[np.float32]) -> NDArray[np.float32]:
    import numpy as np

    total, difference = points.sum(axis=1), points[:, 0] - points[:, 1]
    order = [total.argmin(), difference.argmax(), total.argmax(), difference.argmin()]
    return np.stack([points[i] for i in order])
