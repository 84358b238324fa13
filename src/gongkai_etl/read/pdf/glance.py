"""A glance at the picture of a page: whether the figures that the file names are those that are shown."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from gongkai_etl.errors import ReadError
from gongkai_etl.model import Page, Word

LOOK_DPI = 200
_MOST = 24
_AIRS = (-1.5, -1.0, 1.5, 1.0)
_WRONG = 0.25
_SURE = 0.7
_FIGURE = re.compile(r"\d+")


def shows_other_figures(page: Page, image: NDArray[np.uint8], scale: float) -> bool:
    """Whether more than a quarter of a page's longer figures are read otherwise from its picture.

    ``scale`` is pixels a point. Where nothing can be recognised (no figures, the extra ``ocr`` is not installed)
    the doubt stands.
    """
    from gongkai_etl.read.scan_image import cut
    from gongkai_etl.read.scan_ocr import recognise

    words = _telling(page.words)
    strips = [
        cut(image, *((edge + air) * scale for edge, air in zip(word.box, _AIRS, strict=True))) for word in words
    ]
    try:
        shown = recognise(strips)
    except ReadError:
        return True
    pairs = [(word.text, read.text) for word, read in zip(words, shown, strict=True) if read.confidence >= _SURE]
    wrong = sum(text != read.replace(" ", "") for text, read in pairs)
    return wrong > _WRONG * len(pairs) or not pairs


def _telling(words: tuple[Word, ...]) -> list[Word]:
    """Figures with the most digits, each once."""
    figures = {word.text: word for word in words if _FIGURE.fullmatch(word.text)}
    return sorted(figures.values(), key=lambda word: (-len(set(word.text)), word.text))[:_MOST]
