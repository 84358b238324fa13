"""The line of progress: how many units had handed in by the end of each day, as SVG points."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

WIDTH, HEIGHT = 240, 48


@dataclass(frozen=True, slots=True)
class Spark:
    """``points`` for a polyline in a box of WIDTH × HEIGHT, and what the line says in words."""

    points: str
    words: str
    due_x: float | None


def sparkline(arrivals: Iterable[date | None], total: int, due: date | None, today: date) -> Spark | None:
    """The line from the first arrival to today (at most 120 days); None before anything has come."""
    days = sorted(day for day in arrivals if day is not None)
    if not days or not total:
        return None
    first = days[0] - timedelta(days=1)
    last = min(max(days[-1], min(today, due or today)), first + timedelta(days=120))
    length = max(1, (last - first).days)
    points = []
    for n in range(length + 1):
        at = first + timedelta(days=n)
        count = sum(day <= at for day in days)
        points.append(f"{WIDTH * n / length:.1f},{HEIGHT - 2 - (HEIGHT - 4) * count / total:.1f}")
    due_x = WIDTH * (due - first).days / length if due and first <= due <= last else None
    words = f"{days[0].month}月{days[0].day}日至{last.month}月{last.day}日，累计{len(days)}个单位报送"
    return Spark(" ".join(points), words, due_x)
