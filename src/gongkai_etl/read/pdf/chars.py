"""The visible characters of a page as arrays: code, box, baseline, size, object."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass, fields
from itertools import repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gongkai_etl.read.pdf import raw
from gongkai_etl.read.pdf.frame import Floats, Frame
from gongkai_etl.text import CUT

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

_LEVEL = 1e-3
_OPAQUE, _DARK = 250, 140
_MOST_BLANKS, _INK, _INKED = 60, 0.3, 0.3
_AT_EDGE = 0.2
_TALL = 1.7
"""No font's characters are higher than this, in their widths."""
_IDEOGRAPHS = 0x2E80
_BESIDE = 0.22
"""Farthest that neighbours of one run stand apart, in sizes of the characters."""
_BLANK = np.zeros(0x10000, dtype=bool)
_BLANK[[9, 10, 13, 32, 0xA0, 0xAD, 0x2002, 0x2003, 0x2009, 0x200B, 0x3000, 0xFEFF]] = True


@dataclass(slots=True)
class Chars:
    """One entry a character, in the order of the file. Lengths in points on the shown page.

    ``base`` is the y of the baseline, ``item`` the number of the text object in ``items``.
    ``space`` says that a printed space stands before the character in the file.
    """

    code: Ints
    x0: Floats
    top: Floats
    x1: Floats
    bottom: Floats
    base: Floats
    size: Floats
    angle: Ints
    item: Ints
    space: Bools

    def __len__(self) -> int:
        return len(self.code)

    def usual_size(self, which: Any) -> float:
        """The size in the middle of those of a mask or index array; 0 of none. (numpy's median is slower.)"""
        size = self.size[which]
        middle = len(size) // 2
        return float(np.partition(size, middle)[middle]) if len(size) else 0.0

    def take(self, which: Any) -> Chars:
        """The characters of a mask or index array."""
        return Chars(*(getattr(self, field.name)[which] for field in fields(self)))


def read_chars(text_page: int, count: int, shown: Frame) -> Characters:
    """All printed characters of a page (spaces left out), and the frame in which they stand upright.

    ``shown`` is the page as the file asks for it.
    """
    codes = _codes(text_page, count)
    owner = np.array(list(map(raw.char_object, repeat(text_page), range(count))), dtype=object)
    owned = owner.astype(bool)  # what has no owner are the breaks that PDFium puts in
    blank = _BLANK[np.minimum(codes, 0xFFFF)]
    index = np.flatnonzero(owned & ~blank)
    spaced = np.zeros(count, dtype=bool)
    if count:
        spaced[1:] = (blank & owned)[:-1]
    items, first, item = np.unique(owner[index].astype(np.int64), return_index=True, return_inverse=True)
    matrix = raw.table(raw.char_matrix, text_page, index[first], 6, np.float32).astype(np.float64)
    loose = raw.table(raw.char_loose_box, text_page, index, 4, np.float32).astype(np.float64)
    turns = _angles(matrix, shown.turn)
    angle = turns[item]
    main = _main_angle(angle)
    if main and (firm := _is_firm(items)[item]).any():
        main = _main_angle(angle[firm])  # a page is not turned for its watermark
    frame = shown.turned(main)
    chars = _placed(text_page, index, frame, loose, matrix, item)
    lower(chars, text_page, index, codes[index] >= _IDEOGRAPHS, item)
    chars.code, chars.item, chars.space = codes[index], item.astype(np.int64), spaced[index]
    chars.angle = np.where(angle < 0, -1, (angle + main) % 360)
    inked = _inked(text_page, np.flatnonzero(owned & blank))
    nameless = 1.0 if inked else _nameless(text_page, index, chars.code)
    _mark_cut(chars, frame)
    return Characters(chars, items, frame, nameless)


def _mark_cut(chars: Chars, frame: Frame) -> None:
    """Where the page's edge cuts a run of characters, the first one lost becomes the mark CUT at the edge.

    So what is left of a figure is never taken for the figure.
    """
    x = (chars.x0 + chars.x1) / 2
    off = (x <= 0) | (x >= frame.width)
    if not off.any() or off.all():
        return
    for k in np.flatnonzero(off).tolist():
        near, far = (k - 1, frame.width - _AT_EDGE) if x[k] > 0 else (k + 1, _AT_EDGE)
        if not 0 <= near < len(off) or off[near] or chars.space[max(k, near)]:
            continue
        apart = max(chars.x0[k], chars.x0[near]) - min(chars.x1[k], chars.x1[near])
        if (
            apart < _BESIDE * chars.size[near]
            and abs(chars.base[k] - chars.base[near]) < _BESIDE * chars.size[near]
        ):
            chars.code[k], chars.x0[k], chars.x1[k] = ord(CUT), far - _AT_EDGE / 2, far + _AT_EDGE / 2


def _origins(text_page: int, index: Ints, matrix: Floats, item: Ints) -> Floats:
    """Where each character stands on its baseline, user space.

    The characters of one object stand on one line, at the height where its first one begins, unless they are
    written downwards or aslant: then each is asked.
    """
    last = np.zeros(len(matrix), dtype=np.int64)
    last[item] = index
    ends = raw.origins(text_page, last)
    origin = ends[item]
    odd = (np.abs(ends[:, 1] - matrix[:, 5]) > _LEVEL) | (np.abs(matrix[:, 1]) > _LEVEL)
    if odd.any():
        asked = np.flatnonzero(odd[item])
        origin[asked] = raw.origins(text_page, index[asked])
    return origin


@dataclass(slots=True)
class Characters:
    """``items`` are the addresses of the text objects that ``chars.item`` counts.

    ``nameless`` is the part (0..1) of the characters without Unicode.
    """

    chars: Chars
    items: Ints
    frame: Frame
    nameless: float


def _nameless(text_page: int, index: Ints, code: Ints) -> float:
    """Which part of the characters the file gives no Unicode for: one of each kind is asked, and every digit."""
    if not len(code):
        return 0.0
    _, first, count = np.unique(code, return_index=True, return_counts=True)
    digits = np.flatnonzero((code >= 48) & (code <= 57))
    bad = [raw.char_unmapped(text_page, i) == 1 for i in index[first].tolist()]
    part = float(count[np.array(bad)].sum()) / len(code)
    bad_digits = sum(raw.char_unmapped(text_page, i) == 1 for i in index[digits].tolist())
    return max(part, bad_digits / len(digits) if len(digits) else 0.0)


def _inked(text_page: int, blanks: Ints) -> bool:
    """Whether spaces are drawn with ink: glyphs that the file gives the name of a space."""
    blanks = blanks[:_MOST_BLANKS]
    matrix = raw.table(raw.char_matrix, text_page, blanks, 6, np.float32)
    blanks = blanks[np.abs(matrix[:, :2]).min(axis=1, initial=np.inf) < _LEVEL]  # aslant, boxes say nothing
    edges = np.zeros((len(blanks), 4))
    for row, index in enumerate(blanks.tolist()):
        start = edges.ctypes.data + row * edges.strides[0]
        raw.char_box(text_page, index, start, start + 8, start + 16, start + 24)
    sides = np.minimum(edges[:, 1] - edges[:, 0], edges[:, 3] - edges[:, 2])
    return int((sides > _INK).sum()) > _INKED * len(edges)


def _codes(text_page: int, count: int) -> Ints:
    if not count:
        return np.zeros(0, dtype=np.int64)
    buffer = np.zeros(2 * count + 2, dtype=np.uint16)
    written = raw.text_of(text_page, 0, count, buffer.ctypes.data)
    codes = buffer[:count].astype(np.int64)
    if written != count + 1 or bool(((codes >= 0xD800) & (codes < 0xE000)).any()):
        codes = np.fromiter(map(raw.char_unicode, repeat(text_page), range(count)), dtype=np.int64, count=count)
    codes[codes == 2] = ord("-")  # PDFium's mark for a hyphen at the end of a line
    return codes


def _angles(matrix: Floats, turn: int) -> Ints:
    """Clockwise angle of each character's direction as shown: 0, 90, 180, 270, or -1 for slanting."""
    degrees = np.degrees(np.arctan2(-matrix[:, 1], matrix[:, 0])) + turn
    nearest = np.round(degrees / 90) * 90
    return np.where(np.abs(degrees - nearest) < 3, nearest.astype(np.int64) % 360, -1)


def _is_firm(items: Ints) -> Bools:
    """Which text objects are neither transparent nor pale."""
    colour = raw.colours(raw.fill_colour, items.tolist())
    return np.asarray((colour[:, 3] >= _OPAQUE) & (colour[:, :3].max(axis=1) < _DARK))


def _main_angle(angle: Ints) -> int:
    """How far the page must be turned back so that most of its text stands upright."""
    upright = np.bincount(angle[angle >= 0] // 90, minlength=4) if len(angle) else np.array([1, 0, 0, 0])
    best = int(upright.argmax())
    return (360 - best * 90) % 360 if upright[best] > upright[0] else 0


def _placed(page: int, index: Ints, frame: Frame, loose: Floats, matrix: Floats, item: Ints) -> Chars:
    """``matrix`` has a row for each text object, ``item`` says to which one a character belongs."""
    origin = _origins(page, index, matrix, item)
    base_x, base_y = frame.points(origin[:, 0], origin[:, 1])
    x0, top, x1, bottom = frame.boxes(loose[:, 0], loose[:, 3], loose[:, 2], loose[:, 1])
    size = bottom - top
    turned = (np.abs(matrix[:, 1]) > 0.02 * np.abs(matrix[:, 0]))[item]
    # PDFium forgets the text matrix in the boxes of vertical writing: sizes beyond belief are measured again.
    bad = np.flatnonzero(turned | (size < 4) | (size > 40) | (x1 - x0 < 0.05))
    if len(bad):
        origin[bad] = raw.origins(page, index[bad])
        base_x, base_y = frame.points(origin[:, 0], origin[:, 1])
        _tight(page, index, bad, frame, (x0, top, x1, bottom, size), base_x, base_y)
    empty = np.zeros(len(index), dtype=np.int64)
    return Chars(empty, x0, top, x1, bottom, base_y, size, empty, empty, empty.astype(bool))


def lower(chars: Chars, page: int, index: Ints, square: Bools, item: Ints) -> None:
    """Characters of fonts whose ``square`` ones are said to be far higher than wide get the height of their em.

    Their boxes would go over three lines, and columns far apart would seem to stand close.
    """
    tall = square & (chars.size > _TALL * (chars.x1 - chars.x0))
    if not tall.any():
        return
    heights = chars.size.round(1)
    for one in np.unique(item[np.isin(heights, np.unique(heights[tall]))]).tolist():
        own = np.flatnonzero(item == one)
        em = raw.em_size(page, int(index[own[0]]))
        own = own[chars.size[own] > _TALL * em]
        chars.size[own] = em
        chars.top[own], chars.bottom[own] = chars.base[own] - 0.85 * em, chars.base[own] + 0.15 * em


def _tight(
    page: int, index: Ints, bad: Ints, frame: Frame, out: tuple[Floats, ...], base_x: Floats, base_y: Floats
) -> None:
    """Turned text, and fonts without height: the em box from the glyph's own box, its size and its origin."""
    cell = (ctypes.c_double * 4)()
    at = [ctypes.addressof(cell) + 8 * i for i in range(4)]
    x0, top, x1, bottom, size = out
    for row in bad:
        i = int(index[row])
        if not raw.char_box(page, i, at[0], at[1], at[2], at[3]):
            continue
        left, right, low, high = cell
        a, b, c, d = (float(v) for v in frame.boxes(left, low, right, high))
        em = raw.em_size(page, i)
        start = float(base_x[row])
        x0[row], x1[row] = min(a, start), max(c, start + raw.advance(page, i, em))
        size[row] = em
        top[row], bottom[row] = min(b, float(base_y[row]) - 0.8 * em), max(d, float(base_y[row]) + 0.1 * em)
