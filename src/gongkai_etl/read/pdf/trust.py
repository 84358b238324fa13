"""Whether a page's characters can be believed, or the page must be read as a picture."""

from __future__ import annotations

import numpy as np

from gongkai_etl.read.pdf.chars import Ints
from gongkai_etl.read.pdf.paths import Drawing

_FEW = 30
_IMAGE_PART = 0.25
_DRAWN_TEXT = 300
_GARBAGE = 0.08


def is_picture(visible: Ints, drawing: Drawing, width: float, height: float) -> bool:
    """A page with hardly any text of its own, but with a large image or with text drawn as curves."""
    if len(visible) >= _FEW:
        return False
    area = sum((f.box[2] - f.box[0]) * (f.box[3] - f.box[1]) for f in drawing.images)
    return area > _IMAGE_PART * width * height or drawing.curves > _DRAWN_TEXT


def is_garbage(visible: Ints) -> bool:
    """Characters that no font maps to text: private use, replacement, nothing, controls."""
    if not len(visible):
        return False
    bad = (visible == 0) | (visible == 0xFFFD) | ((visible >= 0xE000) & (visible < 0xF900)) | (visible < 32)
    return bool(np.mean(bad) > _GARBAGE)
