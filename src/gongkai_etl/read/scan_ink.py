"""What is written in one cell of a scan: specks and remains of the rules taken away, read on its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
_SIGN = 1.4
"""How many times as wide as high a sign before or between digits is, at the least; a lone dash is longer."""
_SPECK = 0.6
_SLANT = 0.21
_SURE_OF_STROKE = 0.8
FIGURES = "0123456789.,/-—一+减增件元万 "
"""The characters of figures and of marks for none."""
_LOW = 0.5
_FLAT = 2.6
_SPECKS = ".,·、'`"
_FRAME, _PALE = 2.0, 26.0
"""Points along a cell's rules that are left out, and the greyest that paper may be, in looking for nothing."""


@dataclass(slots=True)
class Written:
    """``box`` (points) of the writing in a cell; its lines, each shown alone in a picture."""

    box: Box
    lines: list[Line]


@dataclass(slots=True)
class Line:
    """``picture`` shows one line of writing without specks, ``plain`` as it is; ``mask`` is its ink alone.

    ``slant`` is its lean to the right; ``flat`` says that it is one lying stroke.
    """

    picture: Image
    plain: Image
    mask: Image
    slant: float
    flat: bool


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
    mask = np.isin(labels, np.flatnonzero(keep) + 1)
    specks = cv2.dilate(((part > 0) & ~mask).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    plain = cut(image, x0, y0, x1, y1)
    clean = plain.copy()
    clean[specks & ~mask] = 255
    lines = [_line(plain, clean, mask, *rows, scale) for rows in _line_rows(stats[1:count][keep])]
    rows, columns = np.nonzero(mask)
    px, py = max(int(x0), 0), max(int(y0), 0)
    corners = px + columns.min(), py + rows.min(), px + columns.max() + 1, py + rows.max() + 1
    left, top, right, bottom = (float(corner) / scale for corner in corners)
    return Written((left, top, right, bottom), lines)


def _line_rows(stats: Stats) -> list[tuple[int, int]]:
    """Top and bottom of each line of writing; what is low belongs to the line beside it."""
    tallest = int(stats[:, 3].max())
    lines: list[tuple[int, int]] = []
    for _, top, _, height, _ in sorted(stats.tolist(), key=lambda piece: piece[1] + piece[3] / 2):
        bottom = top + height
        least = min(height, lines[-1][1] - lines[-1][0]) if lines else 0
        if lines and (top < lines[-1][1] - 0.2 * tallest or least < _LOW * tallest):
            lines[-1] = min(lines[-1][0], top), max(lines[-1][1], bottom)
        else:
            lines.append((top, bottom))
    return lines


def _line(plain: Image, clean: Image, mask: Flags, top: int, bottom: int, scale: float) -> Line:
    import cv2
    import numpy as np

    own = mask[top:bottom]
    columns = np.flatnonzero(own.any(axis=0))
    left, right = int(columns[0]), int(columns[-1]) + 1
    air = int(max(0.22 * (bottom - top), scale))
    rows, across = slice(max(top - air, 0), bottom + air), slice(max(left - air, 0), right + air)
    alone = clean.copy()
    alone[:top][mask[:top]], alone[bottom:][mask[bottom:]] = 255, 255
    shown = [cv2.copyMakeBorder(one[rows, across], 1, 1, 3, 3, cv2.BORDER_REPLICATE) for one in (alone, plain)]
    black = np.where(mask[rows, across], 0, 255).astype(np.uint8)
    flat = bottom - top <= _FLAT * scale and right - left > 1.9 * (bottom - top)
    return Line(shown[0], shown[1], black, _slant(own), flat)


def is_clear(image: Image, box: Box, scale: float) -> bool:
    """Whether nothing at all, however pale, stands within a cell."""
    import cv2
    import numpy as np

    edge = _FRAME * scale
    x0, y0, x1, y1 = (side * scale for side in box)
    if x1 - x0 < 4 * edge or y1 - y0 < 4 * edge:
        return False
    grey = cv2.cvtColor(cut(image, x0 + edge, y0 + edge, x1 - edge, y1 - edge), cv2.COLOR_BGR2GRAY)
    calm = cv2.GaussianBlur(grey, (0, 0), 0.35 * scale)
    return float(np.median(calm)) - float(calm.min()) < _PALE


def _writing(stats: Stats, shape: tuple[int, ...], edge: int, scale: float) -> Flags:
    """Which pieces of ink are writing: glyphs, and dots that stand on the glyphs' line between them."""
    import numpy as np

    height, width = shape[:2]
    x, y, w, h, area = stats[:, 0], stats[:, 1], stats[:, 2], stats[:, 3], stats[:, 4]
    beside, above = (x <= edge + 1) | (x + w >= width - edge - 1), (y <= edge + 1) | (y + h >= height - edge - 1)
    # A piece of a rule lies along it; a digit that touches the rule above or below it stands.
    near = (beside & above) | np.where(w > h, above, beside)
    thin = np.minimum(w, h) <= 1.3 * scale
    long = np.maximum(w, h) > 0.5 * np.where(w > h, width, height)
    corner = beside & above & (area < scale * (w + h))
    usable = ~(near & (thin | long) | corner)
    dash = usable & (w > 1.9 * h) & (w >= _DASH * scale)
    glyph = usable & (np.maximum(w, h) >= _GLYPH * scale)
    if not glyph.any():
        return dash
    sign = usable & (w > _SIGN * h) & (w >= _DASH * scale)
    inner = (y + h / 2 > y[glyph].min() + 0.2 * h[glyph].max()) & (y + h < (y + h)[glyph].max())
    glyph |= sign & inner
    low = np.median((y + h)[glyph])
    tall = float(np.max(h[glyph]))
    dot = usable & ~glyph & (area >= (_SPECK * scale) ** 2) & (np.abs(y + h - low) < 0.22 * tall)
    left, right = x[glyph].min(), (x + w)[glyph].max()
    found: Flags = glyph | (dot & (x > left) & (x + w < right))
    return found


def _slant(mask: Flags) -> float:
    """How far the tallest stroke leans to the right, as width by height (a slash about 0.4, an upright 1 about 0)."""
    import cv2
    import numpy as np

    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    if count < 2:
        return 0.0
    rows, columns = np.nonzero(labels == 1 + int(stats[1:, 3].argmax()))
    spread = float(((rows - rows.mean()) ** 2).sum())
    return -float(((rows - rows.mean()) * (columns - columns.mean())).sum()) / spread if spread else 0.0


def read_again(writings: Sequence[Written]) -> list[Recognised]:
    """Read the writing of each cell on its own. A lone stroke that leans like a slash is a slash."""
    return _read(writings, lambda line: line.picture)


def read_otherwise(writings: Sequence[Written]) -> list[list[Recognised]]:
    """Further readings of each cell's figure: as it stands, enlarged and sharpened, and as bare ink."""
    ways = [_read(writings, show, FIGURES) for show in (lambda line: line.plain, _sharp, _bare)]
    return [list(reads) for reads in zip(*ways, strict=True)]


def _read(writings: Sequence[Written], show: Callable[[Line], Image], only: str = "") -> list[Recognised]:
    lines = [line for writing in writings for line in writing.lines]
    said = recognise([show(line) for line in lines], only)
    reads = iter(_stroke(line, read) for line, read in zip(lines, said, strict=True))
    found = []
    for writing in writings:
        own = [next(reads) for _ in writing.lines]
        texts = [read.text for read in own if read.text]
        text = ("\n" if all(text.isdigit() for text in texts) else "").join(texts)
        found.append(Recognised(text, min(read.confidence for read in own)))
    return found


def _stroke(line: Line, read: Recognised) -> Recognised:
    if line.flat:
        return Recognised("—", _SURE_OF_STROKE)
    slash = read.text.strip(_SPECKS) in {"1", "l", "I", "|", "丨", "7", "/", "J"} and line.slant > _SLANT
    return Recognised("/", _SURE_OF_STROKE) if slash else read


def _sharp(line: Line) -> Image:
    import cv2

    large = cv2.resize(line.picture, None, fx=3, fy=3, interpolation=cv2.INTER_CUBIC)
    return cv2.addWeighted(large, 1.8, cv2.GaussianBlur(large, (0, 0), 3), -0.8, 0)


def _bare(line: Line) -> Image:
    import cv2

    large = cv2.resize(line.mask, None, fx=3, fy=3, interpolation=cv2.INTER_CUBIC)
    return cv2.cvtColor(cv2.GaussianBlur(large, (0, 0), 1.5), cv2.COLOR_GRAY2BGR)
