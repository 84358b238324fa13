"""The fields of a roster row that need reading: dates, due days, addresses, lists of names."""

from __future__ import annotations

import re
from datetime import date

from gongkai_etl.collect.sheets import Row
from gongkai_etl.text import squeeze

_MAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;]+")
_DATE = re.compile(r"(\d{4})[年\-/.](\d{1,2})[月\-/.](\d{1,2})日?")
_DAY = re.compile(r"(?:\d{4}[年\-/.])?(\d{1,2})[月\-/.](\d{1,2})日?")


def aliases_of(text: str, name: str) -> tuple[str, ...]:
    """Other names, however they are separated, the full name left out."""
    parts = (squeeze(part) for part in re.split(r"[、,，;；|\n]", text))
    return tuple(dict.fromkeys(part for part in parts if part and part != name))


def date_of(row: Row, field: str, faults: list[str]) -> date | None:
    """The date of a column, or None when it is empty or (told in ``faults``) no date."""
    text = squeeze(row.values.get(field, "")).split("T")[0]
    match = _DATE.match(text)
    if not text:
        return None
    try:
        if match is None:
            raise ValueError
        return date(*(int(part) for part in match.groups()))
    except ValueError:
        faults.append(row.place(field) + f"“{text}”不是日期，请写成2026年1月15日或2026-01-15")
        return None


def due_of(row: Row, faults: list[str]) -> tuple[int, int]:
    """Month and day of the due date; 31 January (条例第四十九条) when the column is empty."""
    text = squeeze(row.values.get("due", ""))
    if not text:
        return 1, 31
    match = _DAY.match(text)
    try:
        if match is None:
            raise ValueError
        day = date(2026, int(match[1]), int(match[2]))  # no leap year: 2月29日 would not come each year
    except ValueError:
        faults.append(row.place("due") + f"“{text}”不是期限，请写成1月31日")
        return 1, 31
    return day.month, day.day


def mail_of(row: Row, faults: list[str]) -> str | None:
    """The e-mail address, or None."""
    text = squeeze(row.values.get("email", ""))
    if text and not _MAIL.fullmatch(text):
        faults.append(row.place("email") + f"“{text}”不是电子邮箱地址")
    return text or None
