"""Whether a page's characters can be believed, or the page must be read as a picture."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from operator import add

import numpy as np

from gongkai_etl.form import SECTIONS, cell_labels, editions
from gongkai_etl.read.pdf.chars import Ints
from gongkai_etl.read.pdf.paths import Drawing
from gongkai_etl.text import squeeze

_FEW = 30
_IMAGE_PART = 0.25
_DRAWN_TEXT = 300
_NAMELESS = 0.03
_STRAY = 0.008
_FEW_STRAY = 4
_TELLING = 25
_ENOUGH = 120
_SAYING = re.compile(r"[^\W_\x00-\x7f]")
"""A letter that is not Latin, or a digit of another script."""
_WORDS = ((100, 0.11), (60, 0.06), (_TELLING, 0.0))
"""The more telling characters, the surer: up to which part of them may be known pairs on a page of garbage."""


def is_picture(visible: Ints, drawing: Drawing, width: float, height: float) -> bool:
    """A page with hardly any text of its own, but with a large image or with text drawn as curves."""
    if len(visible) >= _FEW:
        return False
    area = sum((f.box[2] - f.box[0]) * (f.box[3] - f.box[1]) for f in drawing.images)
    return area > _IMAGE_PART * width * height or drawing.curves > _DRAWN_TEXT


def is_garbage(visible: Ints, nameless: float, lines: list[str]) -> bool:
    """Characters that are not the printed ones: without Unicode, or such as make no words.

    Whatever a page of such a report says, many of its neighbouring characters are a pair of the
    form's labels or of common words (a third and more); under a broken mapping next to none are.
    Digits and punctuation say nothing either way.
    """
    if not len(visible):
        return False
    bad = (visible < 32) | (visible == 0xFFFD) | ((visible >= 0xE000) & (visible < 0xF900))
    if nameless > _NAMELESS or float(np.mean(bad)) > _NAMELESS or _strays(visible):
        return True
    known = common_pairs()
    telling = found = 0
    for line in lines:
        telling += len(_SAYING.findall(line))
        found += sum(map(known.__contains__, map(add, line, line[1:])))
        if telling > _ENOUGH:
            break
    most = next((part for least, part in _WORDS if telling >= least), None)
    return _is_latin(visible) if most is None else found <= most * telling


def _strays(visible: Ints) -> bool:
    """Accented letters and control characters strewn over a page: some glyphs have got other names (ÿ for （)."""
    stray = ((visible >= 0x7F) & (visible < 0xA0)) | ((visible >= 0xC0) & (visible < 0x250))
    stray &= (visible != ord("×")) & (visible != ord("÷"))
    return int(stray.sum()) >= max(_FEW_STRAY, _STRAY * len(visible))


def _is_latin(visible: Ints) -> bool:
    """A page of letters without any Chinese is not this form's: its characters are wrong."""
    letters = ((visible >= 0x41) & (visible < 0x5B)) | ((visible >= 0x61) & (visible < 0x7B))
    signs = ((visible >= 0x21) & (visible < 0x2D)) | ((visible >= 0x3A) & (visible < 0x41))
    signs |= (visible > 0x7E) & (visible < 0x2E80)
    strange = int((letters | signs).sum())
    return len(visible) >= 2 * _TELLING and strange > 0.6 * len(visible)


@cache
def common_pairs() -> frozenset[str]:
    """Pairs of characters that stand side by side in the form's labels and in common words."""
    labels = [squeeze(text) for name in editions() for text in cell_labels(name).values()]
    words = files(__package__).joinpath("words.txt").read_text("utf-8").split()
    return frozenset(
        word[i : i + 2] for word in [*labels, *SECTIONS.values(), *words] for i in range(len(word) - 1)
    )
