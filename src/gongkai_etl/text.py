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


def readable(text: str) -> str:
    """One written form for letters and ideographs, punctuation as printed, no typographic spaces.

    For texts that people go on reading: 2025 年 becomes 2025年, （一） stays （一）.
    """
    text = "".join(
        unicodedata.normalize("NFKC", character) if _is_letter_form(character) else character
        for character in text.translate(RADICALS)
    )
    return _LOOSE.sub("", re.sub(r"[\s\u00a0\u200b-\u200f\u3000\ufeff]+", " ", text)).strip()


_LOOSE = re.compile(r"(?<![A-Za-z0-9.,]) | (?![A-Za-z0-9])")


def _is_letter_form(character: str) -> bool:
    code = ord(character)
    return 0x2F00 <= code <= 0x2FDF or 0xF900 <= code <= 0xFAFF or (0xFF10 <= code <= 0xFF5A and character.isalnum())


def squeeze(text: str) -> str:
    """:func:`clean` without any white space: the form in which labels are compared."""
    return _SPACE.sub("", clean(text))
