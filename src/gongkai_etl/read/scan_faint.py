"""Rules too faint to be seen by themselves: looked for where other rows or columns of the table have theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gongkai_etl.read.pdf.rules import Rules

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from gongkai_etl.read.pdf.lattice import Lattice
    from gongkai_etl.read.scan_ocr import Image, Quads

    Floats = NDArray[np.float64]

_SIDE = 1.5
"""Points between a rule's middle and the paper above and below it with which it is compared."""
_SEARCH = 1.0
_ENDS = 1.2
_RUN = 9
"""Pixels along a rule whose mean is taken, so that noise is no rule."""
_DARKER = 7.0
_PART = 0.8
"""So much of the way from one border to the next must be darker than the paper on both sides."""
_LEAST = 16
_PIECE = 30.0
_WITHIN = 1.5


def with_faint_rules(rules: Rules, made: Lattice, grey: Image, scale: float, quads: Quads) -> Rules:
    """The rules of a table and those that can be made out between its undivided slots.

    ``grey`` is the page, ``scale`` its pixels a point, ``quads`` its lines of text (pixels), through which no
    rule is looked for: the stem of a 4 is as long as a row is high. ``made`` is what the rules draw.
    """
    import numpy as np

    words = np.concatenate([quads.min(axis=1), quads.max(axis=1)], axis=1).astype(np.float64) / scale
    lying = _found(grey, scale, made.ys, made.xs, made.cell, words[:, [1, 3, 0, 2]])
    standing = _found(grey.T, scale, made.xs, made.ys, made.cell.T, words[:, [0, 2, 1, 3]])
    if not lying and not standing:
        return rules
    return Rules(
        np.concatenate((rules.h, np.array(lying, dtype=np.float64).reshape(-1, 3))),
        np.concatenate((rules.v, np.array(standing, dtype=np.float64).reshape(-1, 3))),
    )


def _found(
    grey: Image, scale: float, places: Floats, steps: Floats, cell: NDArray[np.int64], words: Floats
) -> list[tuple[float, float, float]]:
    """Rules at inner borders ``places`` from one of ``steps`` to the next: (place, start, end) in points.

    ``words`` are boxes as first and last place, start, end.
    """
    return [
        (float(places[k]), float(steps[j]), float(steps[j + 1]))
        for k in range(1, len(places) - 1)
        for j in range(len(steps) - 1)
        if cell[k - 1, j] == cell[k, j]
        and not _written(words, places[k], *steps[j : j + 2])
        and _drawn(grey, places[k] * scale, steps[j : j + 2] * scale, scale)
    ]


def _written(words: Floats, place: float, start: float, end: float) -> bool:
    first, last, left, right = words.T
    through = (
        (first + _WITHIN < place) & (place < last - _WITHIN) & (left < end - _WITHIN) & (start + _WITHIN < right)
    )
    return bool(through.any())


def _drawn(grey: Image, place: float, ends: Floats, scale: float) -> bool:
    import cv2
    import numpy as np

    side, search = max(round(_SIDE * scale), 3), max(round(_SEARCH * scale), 1)
    top = round(place) - side - search
    left, right = int(ends[0] + _ENDS * scale), int(ends[1] - _ENDS * scale)
    if top < 0 or right - left < _LEAST:
        return False
    band = np.ascontiguousarray(grey[top : top + 2 * (side + search) + 1, left:right]).astype(np.float32)
    if band.shape[0] < 2 * (side + search) + 1:
        return False
    calm = cv2.blur(band, (_RUN, 1))
    middle = calm[side : side + 2 * search + 1]
    above, below = calm[: 2 * search + 1], calm[2 * side :]
    darker = np.minimum(above, below) - middle > _DARKER
    # The line is straight: piece by piece it lies at one height. What is dark here and there is writing.
    pieces = np.array_split(darker, max(round((right - left) / (_PIECE * scale)), 1), axis=1)
    return all(float(piece.mean(axis=1).max()) >= _PART for piece in pieces)
