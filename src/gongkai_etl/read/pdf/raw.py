"""The functions of PDFium that are called once a character or path, bound without pypdfium2's type checks.

Handles and buffers are plain integers here (addresses), so that a whole page's characters can be
asked for with ``map`` and land in one numpy array: about 0.3 µs a call instead of 2 µs.
"""

from __future__ import annotations

import ctypes
from collections import deque
from collections.abc import Callable
from ctypes import c_double, c_float, c_int, c_size_t, c_uint, c_ulong, c_void_p
from itertools import repeat
from typing import Any

import numpy as np
import pypdfium2  # noqa: F401 - starts the library
import pypdfium2.raw as pdfium
from numpy.typing import NDArray

Handle = int
Ints = NDArray[np.int64]
Call = Callable[..., Any]


def _bind(name: str, result: Any, *arguments: Any) -> Call:
    address = ctypes.cast(getattr(pdfium, name), c_void_p).value or 0
    bound: Call = ctypes.CFUNCTYPE(result, *arguments)(address)
    return bound


char_box = _bind("FPDFText_GetCharBox", c_int, c_void_p, c_int, c_void_p, c_void_p, c_void_p, c_void_p)
char_loose_box = _bind("FPDFText_GetLooseCharBox", c_int, c_void_p, c_int, c_void_p)
char_matrix = _bind("FPDFText_GetMatrix", c_int, c_void_p, c_int, c_void_p)
char_origin = _bind("FPDFText_GetCharOrigin", c_int, c_void_p, c_int, c_void_p, c_void_p)
char_object = _bind("FPDFText_GetTextObject", c_void_p, c_void_p, c_int)
char_unicode = _bind("FPDFText_GetUnicode", c_uint, c_void_p, c_int)
char_unmapped = _bind("FPDFText_HasUnicodeMapError", c_int, c_void_p, c_int)
char_font_size = _bind("FPDFText_GetFontSize", c_double, c_void_p, c_int)
text_of = _bind("FPDFText_GetText", c_int, c_void_p, c_int, c_int, c_void_p)

object_count = _bind("FPDFPage_CountObjects", c_int, c_void_p)
object_at = _bind("FPDFPage_GetObject", c_void_p, c_void_p, c_int)
form_object_count = _bind("FPDFFormObj_CountObjects", c_int, c_void_p)
form_object_at = _bind("FPDFFormObj_GetObject", c_void_p, c_void_p, c_uint)
object_type = _bind("FPDFPageObj_GetType", c_int, c_void_p)
object_bounds = _bind("FPDFPageObj_GetBounds", c_int, c_void_p, c_void_p, c_void_p, c_void_p, c_void_p)
object_matrix = _bind("FPDFPageObj_GetMatrix", c_int, c_void_p, c_void_p)
has_transparency = _bind("FPDFPageObj_HasTransparency", c_int, c_void_p)
fill_colour = _bind("FPDFPageObj_GetFillColor", c_int, c_void_p, c_void_p, c_void_p, c_void_p, c_void_p)
stroke_colour = _bind("FPDFPageObj_GetStrokeColor", c_int, c_void_p, c_void_p, c_void_p, c_void_p, c_void_p)
base_name = _bind("FPDFFont_GetBaseFontName", c_size_t, c_void_p, c_void_p, c_size_t)
glyph_path = _bind("FPDFFont_GetGlyphPath", c_void_p, c_void_p, c_uint, c_float)
glyph_segment_count = _bind("FPDFGlyphPath_CountGlyphSegments", c_int, c_void_p)
glyph_segment_at = _bind("FPDFGlyphPath_GetGlyphPathSegment", c_void_p, c_void_p, c_int)
glyph_width = _bind("FPDFFont_GetGlyphWidth", c_int, c_void_p, c_uint, c_float, c_void_p)
clip_of = _bind("FPDFPageObj_GetClipPath", c_void_p, c_void_p)
clip_count = _bind("FPDFClipPath_CountPaths", c_int, c_void_p)
clip_segment_count = _bind("FPDFClipPath_CountPathSegments", c_int, c_void_p, c_int)
clip_segment_at = _bind("FPDFClipPath_GetPathSegment", c_void_p, c_void_p, c_int, c_int)
mark_count = _bind("FPDFPageObj_CountMarks", c_int, c_void_p)
mark_at = _bind("FPDFPageObj_GetMark", c_void_p, c_void_p, c_ulong)
mark_name = _bind("FPDFPageObjMark_GetName", c_int, c_void_p, c_void_p, c_ulong, c_void_p)
image_as_drawn = _bind("FPDFImageObj_GetRenderedBitmap", c_void_p, c_void_p, c_void_p, c_void_p)
image_pixels = _bind("FPDFImageObj_GetImagePixelSize", c_int, c_void_p, c_void_p, c_void_p)
render_mode = _bind("FPDFTextObj_GetTextRenderMode", c_int, c_void_p)
text_font = _bind("FPDFTextObj_GetFont", c_void_p, c_void_p)
draw_mode = _bind("FPDFPath_GetDrawMode", c_int, c_void_p, c_void_p, c_void_p)
segment_count = _bind("FPDFPath_CountSegments", c_int, c_void_p)
segment_at = _bind("FPDFPath_GetPathSegment", c_void_p, c_void_p, c_int)
segment_type = _bind("FPDFPathSegment_GetType", c_int, c_void_p)
segment_point = _bind("FPDFPathSegment_GetPoint", c_int, c_void_p, c_void_p, c_void_p)
segment_closes = _bind("FPDFPathSegment_GetClose", c_int, c_void_p)


_MOST_MARKS = 12

MOVE = 2
"""The type of a segment with which a new part of an outline begins."""


def font_name(font: Handle) -> bytes:
    """The name that a font has in the file, with the mark of its subset; empty where it has none."""
    name = ctypes.create_string_buffer(128)
    base_name(font, ctypes.addressof(name), len(name))
    return name.value


def address(handle: Any) -> Handle:
    """The plain address behind one of pypdfium2's typed handles."""
    return ctypes.cast(handle, c_void_p).value or 0


def table(call: Call, owner: Handle, index: Ints, width: int, kind: type[np.generic]) -> NDArray[Any]:
    """``call(owner, i, target)`` for each i of ``index`` into the rows of a (n, width) array.

    The call takes one address for the whole row (it fills a struct of ``width`` numbers).
    """
    out = np.zeros((len(index), width), dtype=kind)
    if len(index):
        step, start = out.strides[0], out.ctypes.data
        end = start + step * len(index)
        deque(map(call, repeat(owner), index.tolist(), range(start, end, step)), maxlen=0)
    return out


def origins(owner: Handle, index: Ints) -> NDArray[np.float64]:
    """The origin (on the baseline) of each character of ``index``, in user space."""
    out = np.zeros((len(index), 2), dtype=np.float64)
    if len(index):
        start, end = out.ctypes.data, out.ctypes.data + 16 * len(index)
        xs, ys = range(start, end, 16), range(start + 8, end + 8, 16)
        deque(map(char_origin, repeat(owner), index.tolist(), xs, ys), maxlen=0)
    return out


def rows(call: Call, things: list[Handle], width: int, kind: type[np.generic]) -> NDArray[Any]:
    """``call(thing, place, place…)`` for each thing, into rows of ``width`` numbers of 4 bytes each."""
    out = np.zeros((len(things), width), dtype=kind)
    if things:
        start, step = out.ctypes.data, 4 * width
        end = start + step * len(things)
        deque(map(call, things, *(range(start + 4 * k, end + 4 * k, step) for k in range(width))), maxlen=0)
    return out


def colours(call: Call, things: list[Handle], asked: NDArray[np.bool_] | None = None) -> NDArray[np.int64]:
    """Red, green, blue, alpha of each object; opaque black for those not asked for, and for patterns."""
    out = np.zeros((len(things), 4), dtype=np.uint32)
    out[:, 3] = 255
    which = np.arange(len(things)) if asked is None else np.flatnonzero(asked)
    if len(which):
        places = [(out.ctypes.data + 4 * k + 16 * which).tolist() for k in range(4)]
        deque(map(call, [things[i] for i in which.tolist()], *places), maxlen=0)
    return out.astype(np.int64)


def marked(things: list[Handle], name: str) -> NDArray[np.bool_]:
    """Which objects stand in marked content of a short name (OC, Artifact)."""
    counts = np.array(list(map(mark_count, things)), dtype=np.int64)
    found = np.zeros(len(things), dtype=bool)
    wanted = np.frombuffer(f"{name}\0".encode("utf-16-le"), dtype=np.uint8)
    for level in range(min(int(counts.max(initial=0)), _MOST_MARKS)):
        which = np.flatnonzero(counts > level)
        marks = list(map(mark_at, [things[i] for i in which.tolist()], repeat(level)))
        names = np.zeros((len(which), len(wanted)), dtype=np.uint8)
        length = c_ulong()
        places = range(names.ctypes.data, names.ctypes.data + names.size, len(wanted))
        deque(map(mark_name, marks, places, repeat(len(wanted)), repeat(ctypes.addressof(length))), maxlen=0)
        found[which] |= (names == wanted).all(axis=1)
    return found


class Slots:
    """Scratch memory for calls that give their answer in up to six places."""

    def __init__(self) -> None:
        self.floats = (c_float * 6)()
        self.f = tuple(ctypes.addressof(self.floats) + 4 * i for i in range(6))

    def bounds(self, thing: Handle) -> tuple[float, float, float, float] | None:
        """left, bottom, right, top of a page object, in the space of what holds it."""
        f = self.f
        if not object_bounds(thing, f[0], f[1], f[2], f[3]):
            return None
        left, bottom, right, top = self.floats[:4]
        return left, bottom, right, top


def em_size(text_page: Handle, index: int) -> float:
    """The font size of a character as shown, points, whatever way it is turned."""
    matrix = (c_float * 6)()
    if not char_matrix(text_page, index, ctypes.addressof(matrix)):
        return float(char_font_size(text_page, index))
    return float(abs(char_font_size(text_page, index)) * float(np.hypot(matrix[0], matrix[1])))


def advance(text_page: Handle, index: int, em: float) -> float:
    """How far a character moves the pen, points; half an em where the font does not say."""
    owner = char_object(text_page, index)
    font = text_font(owner) if owner else None
    width = c_float()
    if font and glyph_width(font, char_unicode(text_page, index), em, ctypes.addressof(width)) and width.value > 0:
        return float(width.value)
    return em / 2
