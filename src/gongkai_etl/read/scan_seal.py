"""Red seals on coloured scans: taken away, because their rings cross rules and figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gongkai_etl.read.scan_ocr import Image

_RED = 38
_SMALLEST, _LARGEST = 0.09, 0.45
"""Width of a seal as a part of the page's: 30 to 60 mm are usual; red words are smaller, red rules are flat."""
_ROUND = 0.6
_STEP = 4
_BLACK = 60


def without_seals(image: Image) -> Image:
    """The picture with the red of each seal made paper; what is printed beneath it stays dark."""
    import cv2
    import numpy as np

    small = cv2.resize(image, None, fx=1 / _STEP, fy=1 / _STEP, interpolation=cv2.INTER_AREA).astype(np.int16)
    red = (small[:, :, 2] - small[:, :, :2].max(axis=2) > _RED).astype(np.uint8)
    if not red.any():
        return image
    count, _, stats, _ = cv2.connectedComponentsWithStats(
        cv2.dilate(red, np.ones((3, 3), np.uint8)), connectivity=8
    )
    width = min(small.shape[:2])
    made = image
    for x, y, w, h, _ in stats[1:count].tolist():
        if _SMALLEST * width < min(w, h) and max(w, h) < _LARGEST * width and min(w, h) > _ROUND * max(w, h):
            if made is image:
                made = image.copy()
            _whiten(made[y * _STEP : (y + h) * _STEP, x * _STEP : (x + w) * _STEP])
    return made


def _whiten(part: Image) -> None:
    """Red ink is nearly as bright as paper in the red channel, black ink is dark in it."""
    import cv2
    import numpy as np

    bright = part[:, :, 2].astype(np.int16)
    red = bright - part[:, :, :2].max(axis=2) > _RED // 2
    if not red.any():
        return
    # The colours of a compressed picture run over the edges of what is drawn: the ring's own edges are grey.
    edge = cv2.dilate(red.astype(np.uint8), np.ones((7, 7), np.uint8)) > 0
    ink = max(float(np.percentile(bright[red], 15)), _BLACK + 1.0)
    part[edge] = np.clip((bright[edge] - _BLACK) * (255.0 / (ink - _BLACK)), 0, 255).astype(np.uint8)[:, None]
