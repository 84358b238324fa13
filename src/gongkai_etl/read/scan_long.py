"""A picture as long as several sheets (pages joined one below the other) → its pages, cut between lines."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from gongkai_etl.read.scan_ocr import Image

    Floats = NDArray[np.float64]

_SHEET = 2**0.5
_LONG = 2.2
"""So many times as high as wide, a picture is more than one sheet."""
_AROUND = 0.22
"""How far from its due place a cut may be, in heights of a sheet."""
_DARK = 40
_EACH = 4
_RULES = 25
"""Rows: more than a rule is thick."""
_EMPTY, _GAP = 0.003, 0.004
"""The part of an empty row that may be specks, and the least height of a gap as a part of the width."""
_RULE, _NEARLY = 0.35, 0.9


def sheets_in(width: int, height: int) -> int:
    """How many sheets of paper as wide as a picture it has room for."""
    return max(round(height / (width * _SHEET)), 1) if height > _LONG * width else 1


def pages_in(grey: Image) -> list[tuple[int, int]]:
    """The first row and the end of each part of a long picture: cut where nothing stands, or along a rule.

    A rule at which it is cut is seen in both parts.
    """
    height, width = grey.shape
    count = sheets_in(width, height)
    inked = _inked(grey) if count > 1 else None
    reach = int(_AROUND * height / count)
    cuts = [(0, 0)]
    if inked is not None:
        cuts += [_cut(inked, height * k // count, reach, width) for k in range(1, count)]
    return [(start, end) for (start, _), (_, end) in pairwise([*cuts, (height, height)])]


def _inked(grey: Image) -> Floats:
    """Which part of each row is darker than most of the rows around."""
    import cv2
    import numpy as np

    usual = np.median(grey[:, ::_EACH], axis=1).astype(np.float32)
    paper = cv2.dilate(usual.reshape(-1, 1), np.ones((_RULES, 1), np.uint8)).reshape(-1, 1)
    share: Floats = (grey < paper - _DARK).mean(axis=1)
    return share


def _cut(inked: Floats, place: int, reach: int, width: int) -> tuple[int, int]:
    """Where the next part begins, and where the one before ends."""
    import numpy as np

    first = place - reach
    near = inked[first : place + reach]
    edges = np.flatnonzero(np.diff(np.concatenate(([0], near < _EMPTY, [0])).astype(np.int8))).reshape(-1, 2)
    if len(edges):
        top, bottom = edges[np.argmax(edges[:, 1] - edges[:, 0])].tolist()
        if bottom - top >= _GAP * width:
            return first + (top + bottom) // 2, first + (top + bottom) // 2
    if near.max() > _RULE:
        rows = np.flatnonzero(near >= _NEARLY * near.max())
        rule = int(rows[np.argmin(np.abs(rows - reach))]) + first
        air = max(width // 200, 4)
        return rule - air, rule + air
    row = first + int(near.argmin())
    return row, row
