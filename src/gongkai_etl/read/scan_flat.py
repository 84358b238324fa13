"""A curled page, or one photographed aslant → flat: its long rules are made straight and square to each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gongkai_etl.read.scan_image import Sheet
from gongkai_etl.read.scan_ocr import find_text
from gongkai_etl.read.scan_rules import ink_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from gongkai_etl.read.scan_ocr import Image

    Floats = NDArray[np.float64]

_LONG, _RUN, _BIN = 50.0, 14.0, 10.0
"""Points: the shortest rule that is looked at, the run that it is made of, the step of its samples."""
_THICKEST = 4.5
_BENT = 0.9
"""Points by which rules leave their own height before the page is bent back."""
_LEAST_SAMPLES = 40
_BETTER = 0.6
_STEADY = 1e-3
_MESH = 32


@dataclass(frozen=True, slots=True)
class _Bend:
    """How far (pixels) a place is to be moved across the rules; ``terms`` of :func:`_shape`."""

    terms: Floats
    middle: Floats
    half: Floats
    low: Floats
    high: Floats

    def at(self, along: Floats, across: Floats) -> Floats:
        """The shift at places given along and across the rules, beyond the outermost rules as at them."""
        u = (along.clip(self.low[0], self.high[0]) - self.middle[0]) / self.half[0]
        v = (across.clip(self.low[1], self.high[1]) - self.middle[1]) / self.half[1]
        shift: Floats = _shape(u, v) @ self.terms
        return shift


def unbent(sheet: Sheet, scale: float) -> Sheet:
    """The page without the bend of its rules; as it is where they are straight. ``scale`` is pixels a point."""
    import cv2
    import numpy as np

    ink = ink_of(sheet.image, scale)
    shape = np.array(ink.shape, dtype=np.float64)
    flat = _bend(_samples(ink, scale), shape[::-1], scale)
    tall = _bend(_samples(np.ascontiguousarray(ink.T), scale), shape, scale)
    if flat is None and tall is None:
        return sheet

    def moved(x: Floats, y: Floats) -> tuple[Floats, Floats]:
        return 0 * x if tall is None else tall.at(y, x), 0 * y if flat is None else flat.at(x, y)

    height, width = ink.shape
    to_x, to_y = np.meshgrid(_knots(width), _knots(height))
    x, y = to_x, to_y
    for _ in range(4):
        right, down = moved(x, y)
        x, y = to_x - right, to_y - down
    shifts = [cv2.resize(part.astype(np.float32), (width, height)) for part in (x - to_x, y - to_y)]
    from_x = shifts[0] + np.arange(width, dtype=np.float32)
    from_y = shifts[1] + np.arange(height, dtype=np.float32)[:, None]
    image = cv2.remap(sheet.image, from_x, from_y, cv2.INTER_CUBIC, borderValue=(255, 255, 255))
    return Sheet(image, find_text(image))


def _knots(length: int) -> Floats:
    """The middles of equal parts of a side: where the shifts are worked out."""
    import numpy as np

    count = max(length // _MESH, 1)
    middles: Floats = (np.arange(count, dtype=np.float64) + 0.5) * (length / count) - 0.5
    return middles


def _shape(u: Floats, v: Floats) -> Floats:
    """What a sheet of paper does in a scanner or before a camera: lean, keystone, curl; nought in the middle."""
    import numpy as np

    return np.stack([u, u * u, u**3, u * v, u * u * v, u * v * v], axis=-1)


def _samples(ink: Image, scale: float) -> list[Floats]:
    """Long lying rules, each as its places (n, 2): along and across, in pixels."""
    import cv2
    import numpy as np

    thick = cv2.dilate(ink, np.ones((3, 1), np.uint8))
    lines = cv2.morphologyEx(thick, cv2.MORPH_OPEN, np.ones((1, int(_RUN * scale)), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(lines, connectivity=8)
    step = max(int(_BIN * scale), 1)
    found = []
    for x, y, width, height, area in stats[1:count].tolist():
        if width < _LONG * scale or area > _THICKEST * scale * width:
            continue
        part = lines[y : y + height, x : x + width] > 0
        filled = part[:, : width // step * step].reshape(height, -1, step).sum(axis=2)
        total = filled.sum(axis=0)
        good = (total > 0) & (total < _THICKEST * scale * step)
        middle = (filled * np.arange(height)[:, None]).sum(axis=0)[good] / total[good]
        along = x + (np.flatnonzero(good) + 0.5) * step
        if len(along) > 2:
            found.append(np.stack([along, y + middle], axis=1))
    return found


def _bend(rules: list[Floats], shape: Floats, scale: float) -> _Bend | None:
    """The common bend of all rules, by least squares and without strangers; None where there is none."""
    import numpy as np

    if sum(len(rule) for rule in rules) < _LEAST_SAMPLES:
        return None
    places = np.concatenate(rules)
    middle = half = shape / 2
    low, high = places.min(axis=0), places.max(axis=0)
    waves = [_shape(*((rule - middle) / half).T) for rule in rules]
    left = np.concatenate([wave - wave.mean(axis=0) for wave in waves])
    off = np.concatenate([rule[:, 1] - rule[:, 1].mean() for rule in rules])
    if float(np.percentile(np.abs(off), 97)) < _BENT * scale:
        return None
    keep = np.ones(len(off), dtype=bool)
    for _ in range(4):
        a, b = left[keep], -off[keep]
        terms = np.linalg.solve(a.T @ a + _STEADY * len(b) * np.eye(a.shape[1]), a.T @ b)
        rest = np.abs(left @ terms + off)
        keep = rest <= max(3 * float(np.median(rest)), 0.3 * scale)
    if float(np.percentile(rest[keep], 90)) > _BETTER * float(np.percentile(np.abs(off[keep]), 90)):
        return None
    return _Bend(terms, middle, half, low, high)
