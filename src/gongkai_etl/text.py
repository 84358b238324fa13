"""Characters of Chinese office documents, one written form for each before anything compares text; and dates."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from functools import lru_cache
from importlib.resources import files

CUT = "\ufdd0"
"""Stands where the rest of a word lies beyond the edge of its page (a noncharacter: no file means anything by it)."""
PICTURE = "\ufffc"
"""Stands for a picture in a text (OBJECT REPLACEMENT CHARACTER); its number in the document follows."""
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


def _letter_forms() -> dict[int, str]:
    codes = (*range(0x2F00, 0x2FE0), *range(0xF900, 0xFB00), *range(0xFF10, 0xFF5B))
    wide = {
        code: unicodedata.normalize("NFKC", chr(code)) for code in codes if chr(code).isalnum() or code < 0x2FE0
    }
    nothing = dict.fromkeys((*range(0x200B, 0x2010), *range(0x2028, 0x202F), 0x2060, 0xFEFF), "")
    return wide | RADICALS | nothing


_LETTER_FORMS = _letter_forms()
_LOOSE = re.compile(r"(?<![A-Za-z0-9.,]) | (?![A-Za-z0-9])")


def printed(text: str) -> str:
    """One written form for letters, digits and ideographs; punctuation and spacing as printed."""
    return text if text.isascii() else text.translate(_LETTER_FORMS)


def readable(text: str) -> str:
    """:func:`printed` without typographic spaces, for texts that people go on reading.

    2025 年 becomes 2025年, （一） stays （一）.
    """
    return _LOOSE.sub("", _SPACE.sub(" ", printed(text))).strip()


@lru_cache(maxsize=16384)
def squeeze(text: str) -> str:
    """:func:`clean` without any white space: the form in which labels are compared."""
    return _SPACE.sub("", clean(text))


def chinese_date(day: date | None, empty: str = "") -> str:
    """2026年1月15日; ``empty`` where there is no day."""
    return f"{day.year}年{day.month}月{day.day}日" if day else empty
