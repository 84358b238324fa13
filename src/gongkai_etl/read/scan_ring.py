"""Round seals on colourless scans: taken away where they are paler than what is printed beneath them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from gongkai_etl.read.scan_ocr import Image

    Floats = NDArray[np.float32]

_PRINT, _PAPER = 65.0, 205.0
"""What is darker is printed, what is brighter is paper; the ink of a seal lies between."""
_STROKE = 0.0024
"""Strokes of a seal as a part of the page's width: about half a millimetre; rules and small print are thinner."""
_STEP = 4
_LEAST, _MOST = 0.055, 0.16
"""Radius of a seal as a part of the page's width."""
_DENSEST = 0.03
"""More of a page than this is grey where the print itself is blurred: then no seal can be told from it."""
_VOTES = 22
_SECTORS, _CLOSED, _BESIDE = 60, 0.88, 0.3
_AIR = 1.08
_LEVEL = 0.75


def without_rings(image: Image) -> Image:
    """The picture with the ink of round grey seals made paper."""
    import cv2
    import numpy as np

    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    middling = cv2.inRange(grey, _PRINT, _PAPER)
    stroke = max(round(_STROKE * min(grey.shape)), 3)
    thick = cv2.morphologyEx(middling, cv2.MORPH_OPEN, np.ones((stroke, stroke), np.uint8))
    made = image
    for x, y, radius in _circles(thick):
        top, left = max(int(y - radius), 0), max(int(x - radius), 0)
        part = (slice(top, int(y + radius)), slice(left, int(x + radius)))
        if made is image:
            made = image.copy()
        _whiten(made[part], middling[part], float(np.median(grey[part][thick[part] > 0])))
    return made


def _circles(ink: Image) -> list[tuple[float, float, float]]:
    """Middle and radius (pixels, with a little air) of each circle that is drawn nearly all around."""
    import cv2

    small = cv2.resize(ink, None, fx=1 / _STEP, fy=1 / _STEP, interpolation=cv2.INTER_AREA)
    _, small = cv2.threshold(small, 60, 255, cv2.THRESH_BINARY)
    width = min(small.shape)
    if not width < cv2.countNonZero(small) < _DENSEST * small.size:
        return []
    found = cv2.HoughCircles(
        cv2.GaussianBlur(small, (0, 0), 1.2),
        cv2.HOUGH_GRADIENT,
        dp=1.5,
        minDist=_LEAST * width,
        param1=120,
        param2=_VOTES,
        minRadius=int(_LEAST * width),
        maxRadius=int(_MOST * width),
    )
    if found is None:
        return []
    return [
        ((x + 0.5) * _STEP, (y + 0.5) * _STEP, radius * _STEP * _AIR)
        for x, y, radius in found.reshape(-1, 3)[:24].tolist()
        if _closed(small, x, y, radius)
    ]


def _closed(ink: Image, x: float, y: float, radius: float) -> bool:
    """Whether ink stands on the circle in nearly every direction, and hardly any right outside it.

    Among dense print every circle has ink on it, and as much beside it.
    """
    return _around(ink, x, y, radius, 0.95, 1.05) >= _CLOSED and _around(ink, x, y, radius, 1.12, 1.2) <= _BESIDE


def _around(ink: Image, x: float, y: float, radius: float, start: float, end: float) -> float:
    """In which part of all directions ink stands between two distances, in radii."""
    import numpy as np

    angles = (np.arange(_SECTORS) / _SECTORS * 2 * np.pi)[:, None]
    radii = np.arange(start * radius, end * radius + 1)[None, :]
    columns = np.rint(x + radii * np.cos(angles)).astype(int).clip(0, ink.shape[1] - 1)
    rows = np.rint(y + radii * np.sin(angles)).astype(int).clip(0, ink.shape[0] - 1)
    return float((ink[rows, columns] > 0).any(axis=1).mean())


def _whiten(part: Image, middling: Image, level: float) -> None:
    """Make paper of a seal's ink and of its edges; the thin edges of what is printed beside it stay."""
    import cv2
    import numpy as np

    ink = cv2.morphologyEx(middling, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    near = cv2.dilate(ink, np.ones((5, 5), np.uint8)) > 0
    top, black = _LEVEL * level, min(_PRINT, 0.5 * level)
    bright: Floats = part[near].astype(np.float32)
    part[near] = np.clip((bright - black) * (255.0 / (top - black)), 0, 255).astype(np.uint8)
