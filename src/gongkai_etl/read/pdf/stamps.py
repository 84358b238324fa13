"""Frames of stamps: small boxes drawn in one stroke that fit none of the rules around them."""

from __future__ import annotations

import numpy as np

from gongkai_etl.read.pdf.chars import Bools
from gongkai_etl.read.pdf.frame import Floats, Frame
from gongkai_etl.read.pdf.paths import Drawing, placed

_WIDE, _HIGH = 0.5, 120.0
_LEAST = 12.0
_LEVEL = 0.8
_THROUGH = 3.0
_MOST = 600


def stamp_frames(drawing: Drawing, frame: Frame) -> tuple[Bools, Floats]:
    """Which rules are of a stamp's frame, and the frames' boxes (x0, top, x1, bottom).

    A cell of a table shares its borders with others; a stamp lies across them.
    """
    none = np.zeros(len(drawing.rules), dtype=bool)
    if len(drawing.inks) != len(drawing.rules) or len(drawing.rules) < 8:
        return none, np.zeros((0, 4))
    order = np.array([order for _, order in drawing.inks])
    own, index, count = np.unique(order, return_inverse=True, return_counts=True)
    groups = np.flatnonzero((count == 4) | (count == 5))  # four sides, and the closing point
    if not 0 < len(groups) <= _MOST:
        return none, np.zeros((0, 4))
    sides = placed(drawing.rules, frame)
    boxes = np.array([[*sides[index == g, :2].min(axis=0), *sides[index == g, 2:].max(axis=0)] for g in groups])
    wide, high = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
    small = (wide > _LEAST) & (wide < _WIDE * frame.width) & (high > _LEAST) & (high < _HIGH)
    upright = sides[:, 3] - sides[:, 1] > sides[:, 2] - sides[:, 0]
    x, y = (sides[:, 0] + sides[:, 2]) / 2, (sides[:, 1] + sides[:, 3]) / 2
    alone = np.ones(len(groups), dtype=bool)
    for edge, place, kind in ((0, x, upright), (2, x, upright), (1, y, ~upright), (3, y, ~upright)):
        level = (np.abs(boxes[:, edge, None] - place) < _LEVEL) & kind & (order != own[groups][:, None])
        alone &= ~level.any(axis=1)
    across = (boxes[:, 0, None] < x) & (x < boxes[:, 2, None]) & upright & _through(boxes[:, 1::2], sides[:, 1::2])
    along = (boxes[:, 1, None] < y) & (y < boxes[:, 3, None]) & ~upright & _through(boxes[:, ::2], sides[:, ::2])
    chosen = small & alone & (across | along).any(axis=1)
    return np.isin(index, groups[chosen]), boxes[chosen]


def _through(boxes: Floats, sides: Floats) -> Bools:
    """Whether each rule runs through one of the two edges of each box."""
    crossed = [
        (sides[:, 0] < boxes[:, edge, None] - _THROUGH) & (sides[:, 1] > boxes[:, edge, None] + _THROUGH)
        for edge in (0, 1)
    ]
    return np.asarray(crossed[0] | crossed[1])
