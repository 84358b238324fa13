"""Years and days in a text, in digits or in Chinese numerals."""

from __future__ import annotations

import re
from datetime import date

from gongkai_etl.extract.numbers import chinese_number
from gongkai_etl.text import squeeze

YEAR = re.compile(r"(?P<year>20[0-3]\d|二[〇○零Oo0]二[〇○零一二三四五六七八九])\s*年(?:度)?")
DATE = re.compile(
    r"(?P<year>20\d\d|二[〇○零Oo0]二[〇○零一二三四五六七八九])年"
    r"(?P<month>\d{1,2}|[一二三四五六七八九十]{1,2})月(?P<day>\d{1,2}|[一二三四五六七八九十]{1,3})日?"
)
DOTTED = re.compile(r"^(?P<year>20\d\d)[-./](?P<month>\d{1,2})[-./](?P<day>\d{1,2})$")
_PRINTED = re.compile(r"[:：\]】]?(20\d\d)[-./年](\d{1,2})[-./月](\d{1,2})")
_DIGITS = {**{c: k for k, c in enumerate("〇一二三四五六七八九")}, "○": 0, "零": 0, "O": 0, "o": 0, "0": 0}


def parse_date(text: str) -> date | None:
    """2026年1月15日, 二〇二六年一月十五日 or 2026-01-15 in a text (the last one); None when impossible."""
    compact = squeeze(text)
    matches = list(DATE.finditer(compact)) or list(DOTTED.finditer(compact))
    for match in reversed(matches):
        month, day = (_small(match[name]) for name in ("month", "day"))
        try:
            return date(year_of(match["year"]), month or 0, day or 0)
        except ValueError:
            continue
    return None


def day_at(text: str, place: int) -> date | None:
    """The day in digits right at a place of a text, or behind the colon or bracket there."""
    match = _PRINTED.match(text, place)
    try:
        return date(*map(int, match.groups())) if match else None
    except ValueError:
        return None


def year_of(text: str) -> int:
    """2025 or 二〇二五 as a number."""
    return int(text) if text.isdigit() else int("".join(str(_DIGITS[character]) for character in text))


def _small(text: str) -> int | None:
    return int(text) if text.isdigit() else chinese_number(text)
