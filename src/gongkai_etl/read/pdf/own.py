"""A page's own text and tables: without the layers that seals, watermarks and stamps lay over or under them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from gongkai_etl.model import Box
from gongkai_etl.read.pdf.chars import Bools, Chars, Ints
from gongkai_etl.read.pdf.frame import Frame
from gongkai_etl.read.pdf.layers import Inks, Layer, judge, layers
from gongkai_etl.read.pdf.paths import Drawing, placed
from gongkai_etl.read.pdf.stamps import stamp_frames
from gongkai_etl.read.pdf.strays import Stray, broken, strays
from gongkai_etl.read.pdf.tables import Tables

if TYPE_CHECKING:
    from gongkai_etl.read.pdf.page import RawPage

_SHORT = 0.5
"""A rule of a seal is shorter than this part of the page's width."""
_FRAME = 30.0
"""The frame of a stamp stands this near to its text, points."""
_SIDES = 12
"""Most rules that a stamp is drawn with."""


@dataclass(slots=True)
class OwnText:
    """Upright characters with the cell in which each stands, the tables, and what may be another hand's."""

    chars: Chars
    cell: Ints
    tables: Tables
    doubtful: tuple[Box, ...] = ()


def own_text(page: RawPage) -> OwnText:
    """The characters that are the page's own. ``doubtful`` are the boxes of those that may not be."""
    chars, sight, frame = page.found.chars, page.sight, page.found.frame
    seen = sight.seen & ~sight.mark
    if sight.inks is None:
        return _placed(chars.take((chars.angle == 0) & seen), Tables.of(page.drawing, frame))
    found = layers(chars, sight.inks, sight.seen)
    framed, frames = stamp_frames(page.drawing, frame)
    lone = strays(chars, sight.inks, seen)
    bare = _kept(page.drawing, np.flatnonzero(~framed).tolist())
    bare = _unframed(bare, lone, chars, frame)
    drawing = _without(bare, found, frame.width)
    tables = Tables.of(drawing, frame)
    doubtful = np.zeros(len(chars), dtype=bool)
    if found:
        verdict = judge(chars, sight.inks.order, seen, found, tables.cells_at)
        guilty = [layer for layer in found if verdict.foreign[layer.which].all()]
        if drawing is not bare and len(guilty) < len(found):
            tables = Tables.of(_without(bare, guilty, frame.width), frame)
        seen &= ~verdict.foreign
        doubtful = verdict.doubtful
    which = np.flatnonzero((chars.angle == 0) & seen)
    own = _placed(chars.take(which), tables)
    doubtful[which] |= broken(own.chars, Inks(sight.inks.ink[which], sight.inks.order[which]), own.cell)
    for stray in lone:
        doubtful[stray.which] = True
    for x0, top, x1, bottom in frames.tolist():
        doubtful |= (chars.x1 > x0) & (chars.x0 < x1) & (chars.bottom > top) & (chars.top < bottom)
    if sight.pasted is not None:
        doubtful |= sight.pasted
    if sight.cut is not None:
        doubtful |= sight.cut
    doubtful &= sight.seen & (chars.angle == 0)  # no other is read
    if sight.covered is not None:
        doubtful |= _emptied(chars, sight.covered, own)
    if doubtful.any():
        own.doubtful = _boxes(chars, doubtful)
    return own


def _emptied(chars: Chars, covered: Bools, own: OwnText) -> Bools:
    """Covered characters of cells in which nothing is seen any more."""
    found = covered.copy()
    which = np.flatnonzero(covered)
    cell = own.tables.cells_of(chars.take(which))
    found[which] = (cell >= 0) & ~np.isin(cell, own.cell)
    return found


def _placed(chars: Chars, tables: Tables) -> OwnText:
    return OwnText(chars, tables.without_prose(chars, tables.cells_of(chars)), tables)


def _boxes(chars: Chars, which: Bools) -> tuple[Box, ...]:
    edges = np.stack([chars.x0, chars.base - 0.75 * chars.size, chars.x1, chars.base], axis=1)[which]
    return tuple((round(a, 2), round(b, 2), round(c, 2), round(d, 2)) for a, b, c, d in edges.tolist())


def _without(drawing: Drawing, found: list[Layer], width: float) -> Drawing:
    """The drawing without the short rules that belong to the layers: of their ink, drawn together with them."""
    if not found or len(drawing.inks) != len(drawing.rules):
        return drawing
    return _kept(
        drawing,
        [
            i
            for i, ((ink, order), box) in enumerate(zip(drawing.inks, drawing.rules, strict=True))
            if not any(ink == layer.ink and layer.first < order < layer.last for layer in found)
            or max(box[2] - box[0], box[3] - box[1]) > _SHORT * width
        ],
    )


def _unframed(drawing: Drawing, found: list[Stray], chars: Chars, frame: Frame) -> Drawing:
    """The drawing without the few rules that are drawn together with a stray text and stand around it."""
    if not found or len(drawing.inks) != len(drawing.rules) or not drawing.rules:
        return drawing
    orders = np.array([order for _, order in drawing.inks])
    boxes = placed(drawing.rules, frame)
    left_out = np.zeros(len(orders), dtype=bool)
    for stray in found:
        own = np.flatnonzero((orders > stray.first) & (orders < stray.last))
        if not 0 < len(own) <= _SIDES:
            continue
        text = chars.take(stray.which)
        near = (boxes[own, 0] > text.x0.min() - 2 * _FRAME) & (boxes[own, 2] < text.x1.max() + 2 * _FRAME)
        near &= (boxes[own, 1] > text.top.min() - _FRAME) & (boxes[own, 3] < text.bottom.max() + _FRAME)
        left_out[own[near]] = True
    return _kept(drawing, np.flatnonzero(~left_out).tolist())


def _kept(drawing: Drawing, kept: list[int]) -> Drawing:
    """The drawing with these of its rules; itself where that is all of them."""
    if len(kept) == len(drawing.rules):
        return drawing
    return replace(drawing, rules=[drawing.rules[i] for i in kept], inks=[drawing.inks[i] for i in kept])
