"""Text and path objects of an OFD page (GB/T 33190-2016, 7 to 11) → characters and drawn lines in points."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from gongkai_etl.read.pdf.paths import THIN, Box, Drawing, Fill
from gongkai_etl.read.xml import Element, attribute, child, local

POINTS = 72 / 25.4
"""Points in a millimetre, the unit of OFD."""
_WHITE = 244
_SEEN = 12
_STRAIGHT = 0.8
_MAX_TOKENS = 40_000
_MAX_DEPTH = 32
_MAX_OBJECTS = 500_000
_MAX_REPEAT = 10_000

Matrix = tuple[float, float, float, float, float, float]
_SAME: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character: origin on its baseline, width and size in points, direction in degrees clockwise."""

    text: str
    x: float
    y: float
    width: float
    size: float
    angle: int
    item: int
    space: bool


@dataclass(slots=True)
class Page:
    """What has been read of a page; ``images`` are (resource id, area in square points).

    ``units`` are the groups of objects that pages place by their id, ``inks`` the red, green, blue and alpha of
    each text object.
    """

    glyphs: list[Glyph] = field(default_factory=list)
    drawing: Drawing = field(default_factory=Drawing)
    images: list[tuple[str, float]] = field(default_factory=list)
    order: int = 0
    units: Mapping[str, Element] = field(default_factory=dict)
    inks: dict[int, tuple[int, int, int, int]] = field(default_factory=dict)

    def take(self, node: Element, depth: int = 0, base: Matrix | None = None) -> None:
        """All visible objects below ``node``, in their order of drawing; ``base`` is where a group is placed."""
        base = base or _SAME
        for item in node if depth <= _MAX_DEPTH and self.order <= _MAX_OBJECTS else ():
            name = local(item)
            if attribute(item, "Visible") == "false":
                continue
            if name == "TextObject":
                self.order += 1
                self._text(item, base)
            elif name == "PathObject":
                self.order += 1
                self._path(item, base)
            elif name == "ImageObject":
                box = numbers(attribute(item, "Boundary"))
                area = box[2] * box[3] * POINTS**2 if len(box) == 4 else 0.0
                self.images.append((attribute(item, "ResourceID") or "", area))
            elif name in ("Content", "Layer", "PageBlock"):
                self.take(item, depth + 1, base)
            elif name == "CompositeObject":
                unit = self.units.get(attribute(item, "ResourceID") or "")
                self.order += 1
                if unit is not None:
                    self.take(unit, depth + 1, _matrix(item, base))

    def _text(self, node: Element, base: Matrix) -> None:
        matrix = _matrix(node, base)
        size = _first(attribute(node, "Size"), 0.0)
        scale = _first(attribute(node, "HScale"), 1.0)
        alpha = _alpha(node)
        if size <= 0 or alpha < _SEEN or attribute(node, "Fill") == "false":
            return
        fill = child(node, "FillColor")
        shade = 255.0 if fill is None else _first(attribute(fill, "Alpha"), 255.0)
        self.inks[self.order] = (*_colour(fill), min(alpha, int(shade)))
        stretch = math.sqrt(abs(matrix[0] * matrix[3] - matrix[1] * matrix[2])) or 1.0
        angle = _angle(matrix)
        x = y = 0.0
        for code in node:
            if local(code) != "TextCode":
                continue
            x, y = _first(attribute(code, "X"), x), _first(attribute(code, "Y"), y)
            blank = False
            for character, at_x, at_y, advance in _placed(code, x, y, size * scale):
                if character.isspace():
                    blank = True
                    continue
                px, py = _point(matrix, at_x, at_y)
                width = advance * stretch * POINTS
                self.glyphs.append(
                    Glyph(character, px, py, width, size * stretch * POINTS, angle, self.order, blank)
                )
                blank = False

    def _path(self, node: Element, base: Matrix) -> None:
        stroked, filled = attribute(node, "Stroke") != "false", attribute(node, "Fill") == "true"
        data, alpha = child(node, "AbbreviatedData"), _alpha(node)
        if data is None or alpha < _SEEN or not (stroked or filled):
            return
        colour = _colour(child(node, "StrokeColor" if stroked else "FillColor"))
        rules = self.drawing.pale_rules if min(colour) > _WHITE else self.drawing.rules
        matrix = _matrix(node, base)
        for points, straight in _subpaths(data.text or "", matrix):
            box = _around(points)
            if min(box[2] - box[0], box[3] - box[1]) <= THIN and straight:
                rules.append(box)
                continue
            if filled:
                shade = _colour(child(node, "FillColor"))
                self.drawing.fills.append(Fill(box, shade, self.order, alpha >= 250, 0))
            if not straight:
                self.drawing.curves += 1
            elif stroked:
                rules += [
                    side
                    for side in map(_around, pairwise(points))
                    if side[2] - side[0] < _STRAIGHT or side[3] - side[1] < _STRAIGHT
                ]
        red, green, blue = colour
        ink = red << 24 | green << 16 | blue << 8 | alpha
        self.drawing.inks += [(ink, self.order)] * (len(self.drawing.rules) - len(self.drawing.inks))


def numbers(text: str | None) -> list[float]:
    """The numbers of a list; anything else in it ends the list."""
    found = []
    for part in (text or "").split():
        try:
            value = float(part)
        except ValueError:
            break
        if not math.isfinite(value):
            break
        found.append(value)
    return found


def _first(text: str | None, otherwise: float) -> float:
    return next(iter(numbers(text)), otherwise)


def _matrix(node: Element, base: Matrix) -> Matrix:
    """Object space → page: the CTM, then the boundary's corner, then where the object's group is placed."""
    box = numbers(attribute(node, "Boundary"))
    x, y = (box[0], box[1]) if len(box) == 4 else (0.0, 0.0)
    own = numbers(attribute(node, "CTM"))
    a, b, c, d, e, f = own if len(own) == 6 else _SAME
    p, q, r, s, t, u = base
    return (
        p * a + r * b,
        q * a + s * b,
        p * c + r * d,
        q * c + s * d,
        p * (e + x) + r * (f + y) + t,
        q * (e + x) + s * (f + y) + u,
    )


def _point(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return (a * x + c * y + e) * POINTS, (b * x + d * y + f) * POINTS


def _angle(matrix: Matrix) -> int:
    degrees = math.degrees(math.atan2(matrix[1], matrix[0]))
    nearest = round(degrees / 90) * 90
    return nearest % 360 if abs(degrees - nearest) < 3 else -1


def _alpha(node: Element) -> int:
    return min(max(int(_first(attribute(node, "Alpha"), 255)), 0), 255)


def _colour(node: Element | None) -> tuple[int, int, int]:
    parts = numbers(attribute(node, "Value")) if node is not None else []
    if len(parts) == 1:
        parts *= 3
    red, green, blue = (min(max(int(part), 0), 255) for part in (parts if len(parts) >= 3 else (0, 0, 0))[:3])
    return red, green, blue


def deltas(text: str | None) -> list[float]:
    """The steps between characters; ``g n d`` means n times d (GB/T 33190, 11.3)."""
    parts = (text or "").split()
    found: list[float] = []
    place = 0
    while place < len(parts) and len(found) < _MAX_REPEAT:
        if parts[place] == "g" and place + 2 < len(parts):
            count, step = numbers(parts[place + 1]), numbers(parts[place + 2])
            if not count or not step:
                break
            found += step * min(int(count[0]), _MAX_REPEAT - len(found))
            place += 3
            continue
        step = numbers(parts[place])
        if not step:
            break
        found += step
        place += 1
    return found


def _placed(code: Element, x: float, y: float, em: float) -> Iterator[tuple[str, float, float, float]]:
    """Character, its origin, and its own width; steps that are missing are those of the font's em."""
    text = (code.text or "").replace("\r", "").replace("\n", "")
    across, down = deltas(attribute(code, "DeltaX")), deltas(attribute(code, "DeltaY"))
    for index, character in enumerate(text):
        width = em * (0.5 if character.isascii() else 1.0)
        step = across[min(index, len(across) - 1)] if across else 0.0 if down else width
        yield character, x, y, min(width, step) if step > 0 else width
        x += step
        y += down[min(index, len(down) - 1)] if down else 0.0


_OPERANDS = {"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}


def _subpaths(data: str, matrix: Matrix) -> Iterator[tuple[list[tuple[float, float]], bool]]:
    """The points of each subpath on the page, and whether it has no curves (GB/T 33190, 9.1)."""
    parts = data.split()[:_MAX_TOKENS]
    points: list[tuple[float, float]] = []
    straight = True
    place = 0
    while place < len(parts):
        command = parts[place]
        count = _OPERANDS.get(command)
        operands = numbers(" ".join(parts[place + 1 : place + 1 + (count or 0)]))
        if count is None or len(operands) < count:
            break
        place += 1 + count
        if command in "SM":
            if len(points) > 1:
                yield points, straight
            points, straight = [], True
        if command == "C" and points:
            points.append(points[0])
        elif count:
            straight = straight and command in "SML"
            points.append(_point(matrix, operands[-2], operands[-1]))
    if len(points) > 1:
        yield points, straight


def _around(points: list[tuple[float, float]] | tuple[tuple[float, float], tuple[float, float]]) -> Box:
    xs, ys = [point[0] for point in points], [point[1] for point in points]
    return min(xs), min(ys), max(xs), max(ys)
