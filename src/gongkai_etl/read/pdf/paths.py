"""The drawn lines of a page: path objects → pieces of horizontal and vertical rules, and filled areas."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise, repeat

import numpy as np
from numpy.typing import NDArray

from gongkai_etl.read.pdf import raw
from gongkai_etl.read.pdf.frame import Floats, Frame

THIN = 3.2
"""A filled rectangle up to this thick (points) is a rule."""
_MAX_SEGMENTS = 4000
_ONE_SHAPE = 6
_SEEN = 12
_WHITE = 244
_OPAQUE = 250
_CLEAR = 255
_NO_COLOUR = (0, 0, 0)
_MAX_DEPTH = 6
_RECTANGLE = (4, 5)
_MOST_CLIPS = 12
_TEXT, _PATH, _SHADING, _IMAGE, _FORM = 1, 2, 4, 3, 5
_LINE, _CURVE, _MOVE = 0, 1, 2

Box = tuple[float, float, float, float]
Matrix = tuple[float, float, float, float, float, float]


@dataclass(frozen=True, slots=True)
class Fill:
    """A filled area or an image: box (left, bottom, right, top) in user space, place in the drawing order.

    ``thing`` is the object's address, good as long as the page is open.
    """

    box: Box
    colour: tuple[int, int, int]
    order: int
    opaque: bool
    thing: int


@dataclass(slots=True)
class Drawing:
    """What is drawn on a page beside text. Boxes are left, bottom, right, top in user space.

    ``inks`` are colour (:func:`ink`) and place in the drawing order of each of ``rules``; ``order`` is the place
    of each text object, ``veils`` the alpha of those that stand in a form that is drawn transparent, ``typed``
    are those of form fields, ``clips`` the areas outside which nothing of some of them is seen.
    """

    rules: list[Box] = field(default_factory=list)
    inks: list[tuple[int, int]] = field(default_factory=list)
    pale_rules: list[Box] = field(default_factory=list)  # white: seen only upon a coloured area
    fills: list[Fill] = field(default_factory=list)
    images: list[Fill] = field(default_factory=list)
    curves: int = 0
    order: dict[int, int] = field(default_factory=dict)
    veils: dict[int, int] = field(default_factory=dict)
    typed: set[int] = field(default_factory=set)
    clips: dict[int, Box] = field(default_factory=dict)


def ink(colours: NDArray[np.int64]) -> NDArray[np.int64]:
    """Rows of red, green, blue, alpha as one number each."""
    return np.asarray(colours @ np.array([1 << 24, 1 << 16, 1 << 8, 1]))


def read_drawing(page: int, fields: int | None = None) -> Drawing:
    """All path and image objects of a page, those inside form XObjects too, and the order of drawing.

    The objects from number ``fields`` on are form fields.
    """
    drawing = Drawing()
    reader = _Reader(drawing)
    things = list(map(raw.object_at, repeat(page), range(raw.object_count(page))))
    reader.take(things[:fields], None, 0)
    if fields is not None:
        before = set(drawing.order)
        reader.take(things[fields:], None, 0)
        drawing.typed = set(drawing.order) - before
    return drawing


def _times(first: Matrix, then: Matrix | None) -> Matrix:
    if then is None:
        return first
    a, b, c, d, e, f = first
    p, q, r, s, t, u = then
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u


def _moved(box: Box, matrix: Matrix | None) -> Box:
    if matrix is None:
        return box
    a, b, c, d, e, f = matrix
    xs = [a * x + c * y + e for x in (box[0], box[2]) for y in (box[1], box[3])]
    ys = [b * x + d * y + f for x in (box[0], box[2]) for y in (box[1], box[3])]
    return min(xs), min(ys), max(xs), max(ys)


class _Reader:
    def __init__(self, drawing: Drawing) -> None:
        self.drawing = drawing
        self.slots = raw.Slots()
        self.order = 0
        self.veil = _CLEAR
        self.point = (ctypes.c_float * 2)()
        self.point_at = ctypes.addressof(self.point)

    def take(self, things: list[int], matrix: Matrix | None, depth: int) -> None:
        """Note the objects of a page or form, in their order of drawing."""
        kinds = list(map(raw.object_type, things))
        start = 0
        for end in [*(i for i, kind in enumerate(kinds) if kind == _FORM), len(things)]:
            if start < end:
                self._plain(things[start:end], np.array(kinds[start:end]), matrix)
            if end < len(things):
                self._form(things[end], matrix, depth)
            start = end + 1

    def _form(self, thing: int, matrix: Matrix | None, depth: int) -> None:
        self.order += 1
        if depth < _MAX_DEPTH:
            outer, self.veil = self.veil, min(self.veil, int(raw.colours(raw.fill_colour, [thing])[0, 3]))
            parts = map(raw.form_object_at, repeat(thing), range(raw.form_object_count(thing)))
            self.take(list(parts), _times(self._matrix(thing), matrix), depth + 1)
            self.veil = outer

    def _plain(self, things: list[int], kinds: NDArray[np.int64], matrix: Matrix | None) -> None:
        """Objects between two forms: texts and paths by their kind, images one by one."""
        begun = self.order + 1
        self.order += len(things)
        texts = np.flatnonzero(kinds == _TEXT).tolist()
        self.drawing.order.update((things[i], begun + i) for i in texts)
        if self.veil < _CLEAR:
            self.drawing.veils.update((things[i], self.veil) for i in texts)
        self._clips([things[i] for i in texts], matrix)
        for i in np.flatnonzero(kinds == _IMAGE).tolist():
            if box := self.slots.bounds(things[i]):
                self.drawing.images.append(Fill(_moved(box, matrix), _NO_COLOUR, begun + i, True, things[i]))
        if paths := np.flatnonzero(kinds == _PATH).tolist():
            self._paths([things[i] for i in paths], [begun + i for i in paths], matrix)

    def _clips(self, texts: list[int], matrix: Matrix | None) -> None:
        """The areas to which texts are cut; only upright rectangles."""
        counts = list(map(raw.clip_count, map(raw.clip_of, texts)))
        if max(counts, default=0) <= 0:
            return
        for text, count in zip(texts, counts, strict=True):
            clip = raw.clip_of(text) if count > 0 else 0
            if sides := [box for k in range(min(count, _MOST_CLIPS)) if (box := self._clip(clip, k))]:
                left, bottom, right, top = zip(*sides, strict=True)
                self.drawing.clips[text] = _moved((max(left), max(bottom), min(right), min(top)), matrix)

    def _clip(self, clip: int, number: int) -> Box | None:
        """One path of a clip by two of its corners; None where it is no rectangle."""
        if raw.clip_segment_count(clip, number) not in _RECTANGLE:
            return None
        corners = []
        for index in (0, 2):
            raw.segment_point(raw.clip_segment_at(clip, number, index), self.point_at, self.point_at + 4)
            corners.append(tuple(self.point))
        (x0, y0), (x1, y1) = corners
        return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)

    def _matrix(self, thing: int) -> Matrix:
        f = self.slots.f
        raw.object_matrix(thing, f[0])
        a, b, c, d, e, g = self.slots.floats
        return a, b, c, d, e, g

    def _paths(self, things: list[int], orders: list[int], matrix: Matrix | None) -> None:
        """All paths of one space: most are thin rectangles or lines, known by their bounds alone."""
        boxes = raw.rows(raw.object_bounds, things, 4, np.float32).astype(np.float64)
        modes = raw.rows(raw.draw_mode, things, 2, np.int32) != 0
        counts = np.array(list(map(raw.segment_count, things)))
        fills = raw.colours(raw.fill_colour, things, modes[:, 0])
        colours = np.where(modes[:, 1:], raw.colours(raw.stroke_colour, things, modes[:, 1]), fills)
        seen = modes.any(axis=1) & (colours[:, 3] >= _SEEN)
        pale = colours[:, :3].min(axis=1) > _WHITE
        if matrix is not None:
            boxes = np.array([_moved(box, matrix) for box in boxes.tolist()])
        thin = (np.minimum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]) <= THIN) & (counts <= _ONE_SHAPE)
        self.drawing.rules += boxes[seen & thin & ~pale].tolist()
        colours[:, 3] = np.minimum(colours[:, 3], self.veil)
        inks = list(zip(ink(colours).tolist(), orders, strict=True))
        self.drawing.inks += [inks[i] for i in np.flatnonzero(seen & thin & ~pale).tolist()]
        self.drawing.pale_rules += boxes[seen & thin & pale].tolist()
        for i in np.flatnonzero(seen & ~thin).tolist():
            if modes[i, 0]:
                red, green, blue, alpha = fills[i].tolist()
                box = tuple(boxes[i].tolist())
                self.drawing.fills.append(Fill(box, (red, green, blue), orders[i], alpha >= _OPAQUE, things[i]))
            if counts[i] > _MAX_SEGMENTS:
                self.drawing.curves += 1
            elif modes[i, 1] or counts[i] > _ONE_SHAPE:
                rules = self.drawing.pale_rules if pale[i] else self.drawing.rules
                self._pieces(things[i], int(counts[i]), matrix, rules, bool(modes[i, 1]))
                self.drawing.inks += [inks[i]] * (len(self.drawing.rules) - len(self.drawing.inks))

    def _pieces(self, thing: int, count: int, matrix: Matrix | None, rules: list[Box], stroked: bool) -> None:
        """The sides of a path's subpaths: all straight ones if stroked, else only thin closed shapes."""
        whole = _times(self._matrix(thing), matrix)
        for points, straight in self._subpaths(thing, count, whole):
            if not straight:
                self.drawing.curves += 1
                continue
            if stroked:
                rules += [side for side in _sides(points) if side[2] - side[0] < 0.8 or side[3] - side[1] < 0.8]
                continue
            xs, ys = [p[0] for p in points], [p[1] for p in points]
            outer = (min(xs), min(ys), max(xs), max(ys))
            if min(outer[2] - outer[0], outer[3] - outer[1]) <= THIN:
                rules.append(outer)

    def _subpaths(self, thing: int, count: int, m: Matrix) -> Iterator[tuple[list[tuple[float, float]], bool]]:
        points: list[tuple[float, float]] = []
        straight = True
        for index in range(count):
            segment = raw.segment_at(thing, index)
            raw.segment_point(segment, self.point_at, self.point_at + 4)
            kind = raw.segment_type(segment)
            if kind == _MOVE:
                if len(points) > 1:
                    yield points, straight
                points, straight = [], True
            straight = straight and kind != _CURVE
            x, y = self.point
            points.append((m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5]))
            if raw.segment_closes(segment):
                points.append(points[0])
        if len(points) > 1:
            yield points, straight


def _sides(points: list[tuple[float, float]]) -> Iterator[Box]:
    for (x0, y0), (x1, y1) in pairwise(points):
        yield min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def placed(boxes: list[Box], frame: Frame) -> Floats:
    """Boxes of user space → an (n, 4) array of x0, top, x1, bottom on the shown page."""
    if not boxes:
        return np.zeros((0, 4))
    array = np.array(boxes, dtype=np.float64)
    return np.stack(frame.boxes(array[:, 0], array[:, 1], array[:, 2], array[:, 3]), axis=1)
