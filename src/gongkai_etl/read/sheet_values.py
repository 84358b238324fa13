"""Values of spreadsheet cells as a person sees them: 1.0 is 1, and 7730.28 is not 7730.280000000001."""

from __future__ import annotations

from datetime import date, time, timedelta

from gongkai_etl.text import chinese_date

_NOISE = 1e-9
"""What sums of formulas are off a whole number; no spreadsheet prints it."""


def shown(value: object) -> str:
    """The text of a stored value. Numbers have at most the 15 figures that spreadsheets keep."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return number(value)
    if isinstance(value, date):
        return chinese_date(value)
    if isinstance(value, time | timedelta):
        return str(value)
    return "" if value is None else str(value)


def number(value: float) -> str:
    """A number without exponent or trailing zeros."""
    if value != value or value in (float("inf"), float("-inf")):
        return ""
    if abs(value - round(value)) < _NOISE and abs(value) < 1e15:
        return str(round(value))
    text = f"{float(f'{value:.15g}'):f}" if abs(value) < 1e-4 else format(value, ".15g")
    return text.rstrip("0").rstrip(".") if "." in text and "e" not in text else text


def padded(text: str, decimals: int) -> str:
    """The number with at least so many decimals; figures that are stored are never cut off."""
    whole, _, part = text.partition(".")
    return f"{whole}.{part.ljust(decimals, '0')}" if whole.lstrip("-").isdecimal() else text
