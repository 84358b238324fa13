"""Which characters a person sees: not the invisible, the painted over, or the watermark's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gongkai_etl.read.pdf import raw
from gongkai_etl.read.pdf.chars import Bools, Characters
from gongkai_etl.read.pdf.frame import Floats
from gongkai_etl.read.pdf.layers import TYPED, Inks, is_digit
from gongkai_etl.read.pdf.paths import Drawing, Fill, placed

_INVISIBLE_MODES = (3, 7)
_WHITE = 244
_PALE = 150
_PALE_ALPHA = 170
_BIG = 1.5
_PAGE_PART = 0.5
_NEAR = 3.0
"""Farthest that the parts of one figure stand apart, in sizes of its characters."""


@dataclass(slots=True)
class Sight:
    """Masks over the characters: ``seen`` by people; ``mark`` is seen, but a watermark's. Their ``inks``.

    ``pasted`` are those under a small picture that was drawn over them, ``covered`` those under a painted area,
    ``cut`` those beside digits that are outside the area to which their text is cut.
    """

    seen: Bools
    mark: Bools
    inks: Inks | None = None
    pasted: Bools | None = None
    covered: Bools | None = None
    cut: Bools | None = None


def sight(found: Characters, drawing: Drawing, opaque: Callable[[int], bool] = bool) -> Sight:
    """Judge every character by its text object's colour and mode, and by what is drawn after it.

    ``opaque`` tells of an image, given by its address, whether it hides what lies under it.
    """
    chars = found.chars
    if not len(chars):
        return Sight(np.zeros(0, dtype=bool), np.zeros(0, dtype=bool))
    mode, colour = _paint(found.items.tolist(), drawing)
    alpha, light, dark = colour[:, 3], colour[:, :3].mean(axis=1), colour[:, :3].min(axis=1)
    hidden = np.isin(mode, _INVISIBLE_MODES) | (alpha < 12)
    seen = ~hidden[chars.item]
    x, y = (chars.x0 + chars.x1) / 2, chars.base - 0.36 * chars.size
    seen &= (x > 0) & (x < found.frame.width) & (y > 0) & (y < found.frame.height)
    cut = None
    if drawing.clips:
        areas = _areas(found, drawing)
        clipped = seen & ~_inside(x, y, areas[chars.item])
        cut = _beside(found, areas, clipped, x, y)
        seen &= ~clipped
    white = (dark > _WHITE)[chars.item] & seen
    order = np.array([drawing.order.get(item, 0) for item in found.items.tolist()])[chars.item]
    if white.any():
        shaded = [fill for fill in drawing.fills if min(fill.colour) <= _WHITE]
        seen &= ~white | _under(shaded + drawing.images, x, y, order, found, before=True)
    first = int(order.min())
    images = [fill for fill in drawing.images if fill.order > first]
    images = [fill for fill in _over(images, x, y, found) if opaque(fill.thing)] if images else images
    large = _page_images(images, found)
    late = [fill for fill in drawing.fills if fill.opaque and fill.order > first] + large
    covered = _under(late, x, y, order, found, before=False) & seen if late else None
    if covered is not None:
        seen &= ~covered
    small = [fill for fill in images if fill not in large]
    pasted = _under(small, x, y, order, found, before=False) & seen if small else None
    usual = chars.usual_size(seen)
    pale = (light > _PALE) | (alpha < _PALE_ALPHA)
    mark = (chars.angle < 0) | (pale[chars.item] & (chars.size > _BIG * usual))
    inks = Inks.of(colour[chars.item], order, seen)
    if drawing.typed:
        inks.ink[np.array([item in drawing.typed for item in found.items.tolist()])[chars.item]] = TYPED
    return Sight(seen, mark & seen, inks, pasted, covered, cut)


def _areas(found: Characters, drawing: Drawing) -> Floats:
    """The area (x0, top, x1, bottom) to which each text object is cut; without end for those that are whole."""
    area = np.tile((-np.inf, -np.inf, np.inf, np.inf), (len(found.items), 1))
    cut = [k for k, item in enumerate(found.items.tolist()) if item in drawing.clips]
    if cut:
        area[cut] = placed([drawing.clips[int(found.items[k])] for k in cut], found.frame)
    return area


def _inside(x: Floats, y: Floats, area: Floats) -> Bools:
    x0, top, x1, bottom = area.T
    return np.asarray((x >= x0) & (x <= x1) & (y >= top) & (y <= bottom))


def _beside(found: Characters, areas: Floats, clipped: Bools, x: Floats, y: Floats) -> Bools:
    """What stands near digits that are cut away, in the area to which they are cut: can be parts of one figure."""
    chars, near = found.chars, np.zeros(len(clipped), dtype=bool)
    for at in np.flatnonzero(clipped & is_digit(chars.code)).tolist():
        reach = _NEAR * chars.size[at]
        close = (np.abs(y - y[at]) < reach) & (np.abs(x - x[at]) < reach)
        near |= close & _inside(x, y, areas[chars.item[at]])
    return near


def _paint(items: list[int], drawing: Drawing) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Render mode of each text object, and its red, green, blue and alpha as seen."""
    mode = np.array(list(map(raw.render_mode, items)), dtype=np.int64)
    colour = raw.colours(raw.fill_colour, items)
    outlined = mode == 1
    colour[outlined] = (0, 0, 0, 255)
    if drawing.veils:
        colour[:, 3] = np.minimum(colour[:, 3], [drawing.veils.get(item, 255) for item in items])
    return mode, colour


def _page_images(images: list[Fill], found: Characters) -> list[Fill]:
    """Images that fill much of the page: text below them is the text layer of a scan."""
    least = _PAGE_PART * found.frame.width * found.frame.height
    return [f for f in images if (f.box[2] - f.box[0]) * (f.box[3] - f.box[1]) > least]


def _over(fills: list[Fill], x: Floats, y: Floats, found: Characters) -> list[Fill]:
    """Those of the areas in which any character stands."""
    boxes = placed([fill.box for fill in fills], found.frame)
    across = (x > boxes[:, 0, None]) & (x < boxes[:, 2, None])
    inside = across & (y > boxes[:, 1, None]) & (y < boxes[:, 3, None])
    return [fills[i] for i in np.flatnonzero(inside.any(axis=1)).tolist()]


def _under(
    fills: list[Fill], x: Floats, y: Floats, order: NDArray[np.int64], found: Characters, before: bool
) -> Bools:
    """Whether a character's middle lies in one of the areas, drawn before (or after) the character.

    What is drawn after hides a character only if nothing shows through it.
    """
    boxes = placed([fill.box for fill in fills], found.frame)
    turn = np.array([fill.order for fill in fills])[:, None]
    inside = (order > turn) if before else (order < turn)
    inside &= (x > boxes[:, 0, None]) & (x < boxes[:, 2, None])
    inside &= (y > boxes[:, 1, None]) & (y < boxes[:, 3, None])
    if not before:
        for index in np.flatnonzero(inside.any(axis=1)).tolist():
            inside[index] &= not raw.has_transparency(fills[index].thing)
    return np.asarray(inside.any(axis=0))
