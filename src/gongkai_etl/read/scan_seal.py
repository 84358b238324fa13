"""Seals and stamps on scans: taken away where they are not black, because they cross rules and figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from gongkai_etl.read.scan_ocr import Image

_COLOUR = 34
_SEAL, _LARGEST, _ROUND = 0.09, 0.45, 0.6
"""Width of a seal as a part of the page's: 30 to 60 mm are usual; coloured words are smaller, coloured rules flat."""
_LOWEST, _LONG, _FLAT = 0.055, 0.13, 0.28
"""Boxes in which names and days are stamped are lower than seals, but longer than a letterhead's characters."""
_STEP = 4
_BLACK = 60
_PART_BLACK = 0.5


def without_seals(image: Image) -> Image:
    """The picture with the ink of each stamp made paper; what is printed beneath it stays dark."""
    from gongkai_etl.read.scan_ring import without_rings

    return without_rings(_without_coloured(image))


def _without_coloured(image: Image) -> Image:
    import cv2
    import numpy as np

    small = cv2.resize(image, None, fx=1 / _STEP, fy=1 / _STEP, interpolation=cv2.INTER_AREA)
    coloured = (_colour(small) > _COLOUR).astype(np.uint8)
    if not coloured.any():
        return image
    count, _, stats, _ = cv2.connectedComponentsWithStats(
        cv2.dilate(coloured, np.ones((3, 3), np.uint8)), connectivity=8
    )
    width = min(small.shape[:2])
    made = image
    for x, y, w, h, _ in stats[1:count].tolist():
        if _is_stamp(w / width, h / width):
            if made is image:
                made = image.copy()
            _whiten(made[y * _STEP : (y + h) * _STEP, x * _STEP : (x + w) * _STEP])
    return made


def _is_stamp(w: float, h: float) -> bool:
    low, long = min(w, h), max(w, h)
    seal = low > _SEAL and low > _ROUND * long
    box = low > _LOWEST and long > _LONG and low > _FLAT * long
    return long < _LARGEST and (seal or box)


def _colour(image: Image) -> NDArray[np.int16]:
    """How far each pixel is from grey."""
    import numpy as np

    difference: NDArray[np.int16] = image.max(axis=2).astype(np.int16) - image.min(axis=2)
    return difference


def _whiten(part: Image) -> None:
    """Coloured ink is nearly as bright as paper in one of the channels, black ink is dark in all."""
    import cv2
    import numpy as np

    bright = part.max(axis=2).astype(np.int16)
    coloured = _colour(part) > _COLOUR // 2
    if not coloured.any():
        return
    # The colours of a compressed picture run over the edges of what is drawn: the ring's own edges are grey.
    edge = cv2.dilate(coloured.astype(np.uint8), np.ones((7, 7), np.uint8)) > 0
    ink = float(np.percentile(bright[coloured], 15))
    black = min(float(_BLACK), _PART_BLACK * ink)
    part[edge] = np.clip((bright[edge] - black) * (255.0 / (ink - black)), 0, 255).astype(np.uint8)[:, None]
