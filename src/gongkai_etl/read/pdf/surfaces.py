"""Tables that are drawn with areas instead of rules: white gaps in colour, cells painted one by one."""

from __future__ import annotations

import numpy as np

from gongkai_etl.read.pdf.frame import Floats, Frame
from gongkai_etl.read.pdf.paths import Drawing, Fill, placed
from gongkai_etl.read.pdf.rules import Rules, components, whole_rules

_LEAST = 8.0
_WHITE = 244
_MOST = 4000


def pale_rules(drawing: Drawing, frame: Frame) -> Floats:
    """White rules that can be seen, because they lie upon a coloured area."""
    shades = [fill.box for fill in drawing.fills if min(fill.colour) <= _WHITE]
    rules = placed(drawing.pale_rules, frame)
    if not len(rules) or not shades:
        return np.zeros((0, 4))
    return rules[_inside(rules, placed(shades, frame))]


def painted_rules(drawing: Drawing, frame: Frame, tables: list[tuple[float, float, float, float]]) -> list[Rules]:
    """The sides of painted cells outside the tables already known, as the rules of further tables."""
    fills = [fill for fill in drawing.fills if fill.opaque][:_MOST]
    if len(fills) < 4:
        return []
    boxes = placed([fill.box for fill in fills], frame)
    large = ((boxes[:, 2] - boxes[:, 0]) >= _LEAST) & ((boxes[:, 3] - boxes[:, 1]) >= _LEAST)
    free = ~_inside(boxes, np.array(tables)) if tables else np.ones(len(boxes), dtype=bool)
    chosen = boxes[large & free & _stand_out(fills, boxes)]
    if len(chosen) < 4:
        return []
    x0, top, x1, bottom = chosen.T
    sides = [(x0, top, x1, top), (x0, bottom, x1, bottom), (x0, top, x0, bottom), (x1, top, x1, bottom)]
    return components(whole_rules(np.concatenate([np.stack(side, axis=1) for side in sides])))


def _stand_out(fills: list[Fill], boxes: Floats) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Coloured areas, and white ones upon colour; white upon the white page is not seen."""
    white = np.array([min(fill.colour) > _WHITE for fill in fills])
    if white.all():
        return ~white
    return ~white | _inside(boxes, boxes[~white])


def _inside(boxes: Floats, others: Floats) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    x, y = ((boxes[:, 0] + boxes[:, 2]) / 2)[:, None], ((boxes[:, 1] + boxes[:, 3]) / 2)[:, None]
    hit = (x > others[None, :, 0]) & (x < others[None, :, 2]) & (y > others[None, :, 1]) & (y < others[None, :, 3])
    return np.asarray(hit.any(axis=1))
