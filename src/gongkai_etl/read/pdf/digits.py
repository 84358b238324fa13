"""Whether the digits of a PDF's fonts are drawn as the digits that the file says they are.

A wrong ToUnicode that changes digits alone leaves every label sound and every figure wrong. So each font's
digits are looked at once a document: their outlines against those of common fonts.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from gongkai_etl.read.pdf import raw
from gongkai_etl.read.pdf.chars import Characters
from gongkai_etl.read.pdf.frame import Floats

Bools = NDArray[np.bool_]

_COLUMNS, _ROWS = 7, 10
_NARROW = 0.45
"""A 1 is put into a box of at least this part of its height, so that it stays narrow."""
_FULL_WIDTH = ord("０") - ord("0")
_SIZE = 100.0
_MARGIN = 2
_FEWEST_SEGMENTS, _MOST_SEGMENTS = 4, 1500
_MOST_SEEN = 4000
_CODES = 0x10000


_seen: dict[tuple[int, bytes], bool] = {}
"""Code and fingerprint of an outline → whether it is drawn as another digit: documents share their fonts."""


class Digits:
    """Looks at the digits of one document's fonts, each one once."""

    def __init__(self) -> None:
        self._known: dict[tuple[bytes, int], bool] = {}

    def doubtful(self, found: Characters) -> bool:
        """Whether a font of an open page has digits that look like other digits."""
        code, item = found.chars.code, found.chars.item
        wanted = np.flatnonzero(((code >= 48) & (code < 58)) | ((code >= 0xFF10) & (code < 0xFF1A)))
        pairs = np.unique(item[wanted] * _CODES + code[wanted])
        items, codes = (pairs // _CODES).tolist(), (pairs % _CODES).tolist()
        fonts = map(raw.text_font, found.items[items].tolist())
        used = {(font, digit) for font, digit in zip(fonts, codes, strict=True) if font}
        names = {font: raw.font_name(font) for font in {font for font, _ in used}}
        return any(self._differs(font, names[font], digit) for font, digit in sorted(used))

    def _differs(self, font: int, name: bytes, digit: int) -> bool:
        answer = self._known.get((name, digit)) if name else None
        if answer is None:
            answer = self._known[name, digit] = _drawn_as_another(font, digit)
        return answer


def _drawn_as_another(font: int, digit: int) -> bool:
    segments = _segments(font, digit)
    if not segments:
        return False
    count = len(segments)
    marks = raw.rows(raw.segment_point, [segments[k * count // 4] for k in range(4)], 2, np.float32)
    key = digit, count.to_bytes(4) + marks.tobytes()
    if key not in _seen:
        if len(_seen) >= _MOST_SEEN:
            _seen.clear()
        shape = outline(segments)
        _seen[key] = shape is not None and unlike(digit, shape)
    return _seen[key]


def _segments(font: int, code: int) -> list[int]:
    """The segments of a character's outline; none where the font has no outlines."""
    path = raw.glyph_path(font, code, _SIZE)
    count = raw.glyph_segment_count(path) if path else 0
    if not _FEWEST_SEGMENTS <= count <= _MOST_SEGMENTS:
        return []
    return list(map(raw.glyph_segment_at, repeat(path), range(count)))


def unlike(code: int, shape: Bools) -> bool:
    """Whether an outline is clearly nearer to another digit's outlines than to those of this one."""
    digits, shapes = _common()
    distance = (shape != shapes).sum(axis=1)
    own = digits == (code - _FULL_WIDTH if code > _FULL_WIDTH else code) - 48
    return bool(distance[own].min() >= distance[~own].min() + _MARGIN)


def outline(segments: list[int]) -> Bools | None:
    """A character as points inside its outline; None where it has no height."""
    points = raw.rows(raw.segment_point, segments, 2, np.float32).astype(np.float64)
    moves = np.array(list(map(raw.segment_type, segments))) == raw.MOVE
    return _filled(points, moves)


def _filled(points: Floats, moves: Bools) -> Bools | None:
    """The outline on a grid of its own box. Curves are taken for their control points: near enough."""
    low, high = points.min(axis=0), points.max(axis=0)
    if high[1] <= low[1]:
        return None
    starts = np.flatnonzero(moves)
    after = np.arange(1, len(points) + 1)
    after[np.append(starts[1:], len(points)) - 1] = starts if moves[0] else np.append(0, starts[1:])
    x, y = points.T
    nx, ny = points[after].T
    width = max(high[0] - low[0], _NARROW * (high[1] - low[1]))
    across = (low[0] + high[0]) / 2 + width * ((np.arange(_COLUMNS) + 0.5) / _COLUMNS - 0.5)
    down = high[1] - (high[1] - low[1]) * (np.arange(_ROWS) + 0.5) / _ROWS
    level = down[:, None]
    up, fall = (y <= level) & (ny > level), (ny <= level) & (y > level)
    with np.errstate(divide="ignore", invalid="ignore"):
        meets = x + (level - y) / (ny - y) * (nx - x)
    turn = up.astype(np.int64) - fall
    right = np.where(turn != 0, meets, -np.inf)[:, None, :] > across[None, :, None]
    return np.asarray((right * turn[:, None, :]).sum(axis=2) != 0).ravel()


@cache
def _common() -> tuple[NDArray[np.int64], Bools]:
    """The digit and the outline of each line of digits.txt."""
    lines = files(__package__).joinpath("digits.txt").read_text("ascii").splitlines()
    pairs = [line.split() for line in lines if not line.startswith("#")]
    bits = [[bit == "1" for bit in f"{int(shape, 16):0{_COLUMNS * _ROWS}b}"] for _, shape in pairs]
    return np.array([int(digit) for digit, _ in pairs]), np.array(bits)
