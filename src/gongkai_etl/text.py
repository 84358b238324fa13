"""Characters of Chinese office documents: one written form for each, before anything compares text."""

from __future__ import annotations

import re
import unicodedata
from importlib.resources import files

_SPACE = re.compile(r"[\s\u00a0\u200b-\u200f\u2028-\u202f\u2060\ufeff\u3000]+")


def _radicals() -> dict[int, str]:
    lines = files("gongkai_etl").joinpath("radicals.tsv").read_text("utf-8").splitlines()
    pairs = (line.split("\t")[:2] for line in lines if line and not line.startswith("#"))
    return {int(code, 16): character for code, character in pairs}


RADICALS: dict[int, str] = _radicals()
"""CJK radicals supplement → ideograph; NFKC leaves these (Kangxi radicals it maps itself)."""


def clean(text: str) -> str:
    """NFKC, radicals as ideographs, no zero-width characters; the spacing is kept.

    Full-width digits and letters become half-width, and so do full-width brackets and colons:
    compare labels only after both sides went through here.
    """
    if text.isascii():
        return text
    text = unicodedata.normalize("NFKC", text.translate(RADICALS))
    return re.sub(r"[\u200b-\u200f\u2028-\u202e\u2060\ufeff]", "", text)


def squeeze(text: str) -> str:
    """:func:`clean` without any white space: the form in which labels are compared."""
    return _SPACE.sub("", clean(text))
