"""Scanned and photographed pages → a straight, upright picture with the lines of text on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gongkai_etl.read.scan_ocr import find_text, recognise, upside_down
from gongkai_etl.read.scan_seal import without_seals

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from gongkai_etl.read.scan_ocr import Image, Quads

_SKEW_LEAST = 0.08
_SKEW_MOST = 20.0
_SAMPLES, _SAMPLES_READ = 16, 8
_LEGIBLE, _FEWEST = 0.2, 3.0
_MOSTLY_WIDE = 4
"""So many times as long as all tall lines together the wide ones are where they need not be read to be sure."""
_CUT, _EDGE = 3, 0.006
_SHADOW = 61
_INK_PART = 0.1
"""Percent of a page that is ink, if only a few lines."""
_FAINT, _PALE, _PALEST = 70.0, 150.0, 205.0
_CALM = 0.8
"""The blur, in pixels, with which the contrast of a very pale page is raised."""


@dataclass(slots=True)
class Sheet:
    """``image`` is BGR, upright and straight; ``quads`` the lines of text found on it, in its pixels."""

    image: Image
    quads: Quads


def straightened(image: Image) -> Sheet:
    """Make a page evenly lit, without seals, turn it upright, and take out the skew. Deterministic.

    Raises ReadError READ-OCR-MISSING without the extra ``ocr``.
    """
    image = without_seals(contrasted(evenly_lit(image)))
    quads = find_text(image)
    if quarters := _position(image, quads):
        image = _turned(image, quarters)
        quads = find_text(image)
    return _deskewed(image, quads)


def cut_off(sheet: Sheet) -> bool:
    """Whether several lines of text run over a side of the picture: what was taken for the sheet is a part of it."""
    left, right = sheet.quads[:, :, 0].min(axis=1), sheet.quads[:, :, 0].max(axis=1)
    across = sheet.image.shape[1]
    edge = _EDGE * across
    return int(((left < edge) | (right > across - edge)).sum()) >= _CUT


def evenly_lit(image: Image) -> Image:
    """Divide by the paper's own brightness, so that shadows and yellowed paper become white."""
    import cv2
    import numpy as np

    small = cv2.resize(image, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    paper = cv2.medianBlur(cv2.dilate(small, np.ones((7, 7), np.uint8)), _SHADOW)
    if paper.min() > 225:
        return image
    paper = cv2.resize(paper, (image.shape[1], image.shape[0]), interpolation=cv2.INTER_LINEAR)
    even: Image = cv2.divide(image, np.maximum(paper, 1), scale=255)
    return even


def contrasted(image: Image) -> Image:
    """A faint print made black: the darkest of the ink becomes 0."""
    import cv2
    import numpy as np

    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    ink = float(np.percentile(grey[::3, ::3], _INK_PART))
    if ink >= _PALE:
        # Noise on an empty page is as dark as that; calmed, it is not, and does not become ink.
        ink = float(np.percentile(cv2.blur(grey, (3, 3))[::3, ::3], _INK_PART))
        image = cv2.GaussianBlur(image, (0, 0), _CALM) if ink < _PALEST else image
    if not _FAINT < ink < _PALEST:
        return image
    dark: Image = cv2.convertScaleAbs(
        cv2.subtract(image, np.full_like(image, int(ink))), alpha=255.0 / (255.0 - ink)
    )
    return dark


def strips_of(image: Image, quads: Quads) -> list[Image]:
    """Cut lines of text out of a straight picture: their upright boxes with a little air around."""
    strips = []
    for quad in quads:
        x0, y0 = quad.min(axis=0)
        x1, y1 = quad.max(axis=0)
        strips.append(cut(image, float(x0), float(y0), float(x1), float(y1)))
    return strips


def cut(image: Image, x0: float, y0: float, x1: float, y1: float) -> Image:
    """A part of a picture, never empty."""
    height, width = image.shape[:2]
    left, top = min(max(int(x0), 0), width - 1), min(max(int(y0), 0), height - 1)
    right, bottom = max(min(int(x1 + 1), width), left + 1), max(min(int(y1 + 1), height), top + 1)
    return image[top:bottom, left:right]


def _sizes(quads: Quads) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    import numpy as np

    across = np.linalg.norm(quads[:, 1] - quads[:, 0], axis=1)
    down = np.linalg.norm(quads[:, 3] - quads[:, 0], axis=1)
    return across, down


def _position(image: Image, quads: Quads) -> int:
    """By how many quarters to the left the page is to be turned so that its lines can be read.

    Heads of narrow columns run down a page that is upright; they can be read after one more quarter.
    """
    across, down = _sizes(quads)
    wide, tall = across > 3 * down, down > 3 * across
    if across[wide].sum() > _MOSTLY_WIDE * down[tall].sum():
        return 2 if upside_down(strips_of(image, _widest(quads))) else 0
    strips = strips_of(image, _longest(quads))
    read = [_legible([_turned(strip, quarters) for strip in strips]) for quarters in range(4)]
    least = max(_LEGIBLE * max(read), _FEWEST)
    return next((k for k in range(4) if read[k] >= least > read[k - 1]), 0)


def _longest(quads: Quads) -> Quads:
    across, down = _sizes(quads)
    return quads[(-across - down).argsort(kind="stable")[:_SAMPLES_READ]]


def _legible(strips: list[Image]) -> float:
    """How many characters can be read; what is read by chance is not sure and counts for little."""
    return sum(len(read.text) * read.confidence**2 for read in recognise(strips))


def _widest(quads: Quads) -> Quads:
    across, down = _sizes(quads)
    return quads[(-across / (down + 1)).argsort(kind="stable")[:_SAMPLES]]


def _turned(image: Image, quarters: int) -> Image:
    import numpy as np

    return np.ascontiguousarray(np.rot90(image, quarters))


def _deskewed(image: Image, quads: Quads) -> Sheet:
    import cv2
    import numpy as np

    across, down = _sizes(quads)
    wide = quads[across > 4 * down]
    if len(wide) < 3:
        return Sheet(image, quads)
    edge = wide[:, 1] - wide[:, 0] + wide[:, 2] - wide[:, 3]
    skew = float(np.median(np.degrees(np.arctan2(edge[:, 1], edge[:, 0]))))
    if not _SKEW_LEAST < abs(skew) < _SKEW_MOST:
        return Sheet(image, quads)
    height, width = image.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), skew, 1.0)
    straight = cv2.warpAffine(image, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=(255, 255, 255))
    moved = cv2.transform(quads.reshape(1, -1, 2), turn).reshape(-1, 4, 2)
    return Sheet(straight, moved.astype(np.float32))
