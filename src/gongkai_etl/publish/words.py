"""Figures and numerals as the public reads them."""

from __future__ import annotations

from decimal import Decimal

from gongkai_etl.model import Value

_NUMERALS = "〇一二三四五六七八九十"


def figure(value: Value, empty: str = "—") -> str:
    """A figure as printed: no separators, decimals keep their digits; ``empty`` where there is none."""
    if value is None:
        return empty
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def percent(rate: Decimal | None) -> str:
    """0.1234 as 12.34%."""
    return "—" if rate is None else f"{rate * 100:.2f}%"


def numeral(number: int) -> str:
    """1 to 99 in Chinese numerals, as in headings: 十二."""
    tens, ones = divmod(number, 10)
    head = ("" if tens == 1 else _NUMERALS[tens]) + "十" if tens else ""
    return head + (_NUMERALS[ones] if ones or not tens else "")
