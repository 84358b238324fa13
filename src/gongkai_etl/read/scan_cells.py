"""Lines of text found on a scan → strips that never cross a rule, read, and given to their cells."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from gongkai_etl.read.scan_image import cut
from gongkai_etl.read.scan_ocr import Recognised, recognise

if TYPE_CHECKING:
    from gongkai_etl.read.pdf.tables import Tables
    from gongkai_etl.read.scan_ocr import Image, Quads

Box = tuple[float, float, float, float]

_AIR = 1.2
_NARROWEST = 2.5
_NOTHING = Recognised("", 0.0)


@dataclass(slots=True)
class Strip:
    """One line of text within one cell (-1: outside tables); box in points."""

    box: Box
    cell: int
    read: Recognised = _NOTHING


def strips_on(image: Image, ink: Image, scale: float, quads: Quads, tables: Tables) -> list[Strip]:
    """The text lines of a page cut at the rules of its tables, each read once."""
    import numpy as np

    strips: list[Strip] = []
    for quad in quads / scale:
        x0, y0 = (float(v) for v in quad.min(axis=0))
        x1, y1 = (float(v) for v in quad.max(axis=0))
        for box in _split((x0, y0, x1, y1), tables):
            strips += [Strip(part, -1) for part in _upright(box, ink, scale)]
    if strips:
        middle = np.array([((b.box[0] + b.box[2]) / 2, (b.box[1] + b.box[3]) / 2) for b in strips])
        for strip, cell in zip(strips, tables.cells_at(middle[:, 0], middle[:, 1]).tolist(), strict=True):
            strip.cell = cell
    for strip, read in zip(strips, recognise([_picture(image, s.box, scale) for s in strips]), strict=True):
        strip.read = read
    return [strip for strip in strips if strip.read.text]


def _picture(image: Image, box: Box, scale: float) -> Image:
    x0, y0, x1, y1 = (edge * scale for edge in box)
    return cut(image, x0 - _AIR, y0 - _AIR, x1 + _AIR, y1 + _AIR)


def _split(box: Box, tables: Tables) -> list[Box]:
    """A box cut where it crosses from one cell into the next, first by columns, then by rows."""
    import numpy as np

    x0, y0, x1, y1 = box
    xs = np.arange(x0, x1, 1.0) + 0.5
    parts = _runs(tables.cells_at(xs, np.full(len(xs), (y0 + y1) / 2)).tolist(), x0, x1)
    boxes: list[Box] = []
    for left, right in parts:
        if y1 - y0 < 1.5 * (right - left) and len(parts) == 1:
            boxes.append((left, y0, right, y1))
            continue
        ys = np.arange(y0, y1, 1.0) + 0.5
        rows = _runs(tables.cells_at(np.full(len(ys), (left + right) / 2), ys).tolist(), y0, y1)
        boxes += [(left, top, right, bottom) for top, bottom in rows]
    return boxes


def _runs(cells: list[int], start: float, end: float) -> list[tuple[float, float]]:
    """Stretches of the same cell, too short ones left out; the whole when nothing remains."""
    cuts = [0, *(i for i in range(1, len(cells)) if cells[i] != cells[i - 1]), len(cells)]
    parts = [(start + a, min(start + b, end)) for a, b in pairwise(cuts)]
    return [part for part in parts if part[1] - part[0] >= _NARROWEST] or [(start, end)]


def _upright(box: Box, ink: Image, scale: float) -> list[Box]:
    """A tall box is characters one below the other: one box each, by the gaps between them."""
    x0, y0, x1, y1 = box
    if y1 - y0 < 1.6 * (x1 - x0):
        return [box]
    rows = [bool(row.any()) for row in cut(ink, x0 * scale, y0 * scale, x1 * scale, y1 * scale)]
    stretches = _filled(rows, int(0.8 * scale))
    least = 0.45 * (x1 - x0) * scale
    found = [(x0, y0 + a / scale, x1, y0 + b / scale) for a, b in stretches if b - a >= least]
    return found or [box]


def _filled(marks: list[bool], gap: int) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for index, mark in enumerate(marks):
        if not mark:
            continue
        if found and index - found[-1][1] <= gap:
            found[-1] = (found[-1][0], index + 1)
        else:
            found.append((index, index + 1))
    return found
