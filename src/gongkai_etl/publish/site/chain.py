"""The years of one unit as one picture: what came in, what went out, what stayed open for the next year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from gongkai_etl.model import Value
from gongkai_etl.publish.words import figure

_HEIGHT, _TOP, _BASE = 180.0, 34.0, 214.0
_STEP, _BAR, _GAP = 260.0, 64.0, 40.0
_COLOURS = {
    "brought_forward": "#8a5a00",
    "received": "#1f5fa8",
    "processed": "#2c6e49",
    "carried_forward": "#8a5a00",
}
_WORDS = {
    "brought_forward": "上年结转",
    "received": "本年新收",
    "processed": "本年办结",
    "carried_forward": "结转下年",
}


@dataclass(frozen=True, slots=True)
class ChainYear:
    """The four totals of one year, each None when there is no figure."""

    year: int
    brought_forward: Value
    received: Value
    processed: Value
    carried_forward: Value

    def heights(self) -> tuple[float, float]:
        """How high the two bars are, for the scale alone: a missing figure takes no room."""
        return (
            float(self.brought_forward or 0) + float(self.received or 0),
            float(self.processed or 0) + float(self.carried_forward or 0),
        )

    def say(self) -> str:
        """The year in words, for people who do not see the picture."""
        parts = [f"{word}{figure(getattr(self, name), '无数据')}" for name, word in _WORDS.items()]
        return f"{self.year}年{'、'.join(parts)}"


def chain_svg(years: Sequence[ChainYear]) -> str:
    """An SVG element: for each year two bars (in, out), and a band from last year's rest to this year's."""
    scale = _HEIGHT / max([1.0, *(height for year in years for height in year.heights())])
    width = _STEP * len(years) + 20
    words = "；".join(year.say() for year in years)
    pieces = [
        f'<svg class="chain" viewBox="0 0 {width:.0f} 270" role="img" aria-label="{escape(words, quote=True)}">',
        *(_bands(years, scale)),
        *(piece for number, year in enumerate(years) for piece in _year(number, year, scale)),
        "</svg>",
    ]
    return "".join(pieces)


def _year(number: int, year: ChainYear, scale: float) -> list[str]:
    left = 20 + number * _STEP
    right = left + _BAR + _GAP
    return [
        _text(left + _BAR + _GAP / 2, 18, "year", f"{year.year}年"),
        *_stack(left, [("brought_forward", year.brought_forward), ("received", year.received)], scale),
        *_stack(right, [("carried_forward", year.carried_forward), ("processed", year.processed)], scale),
        _text(left + _BAR / 2, 232, "axis", f"收到 {figure(_both(year.brought_forward, year.received))}"),
        _text(right + _BAR / 2, 232, "axis", f"去向 {figure(_both(year.processed, year.carried_forward))}"),
        *_legend(left, right, year),
    ]


def _text(x: float, y: float, kind: str, words: str) -> str:
    return f'<text x="{x:.0f}" y="{y:.1f}" class="{kind}">{words}</text>'


def _rect(x: float, y: float, width: float, height: float, look: str) -> str:
    return f'<rect x="{x:.0f}" y="{y:.1f}" width="{width:.0f}" height="{height:.1f}" {look}/>'


def _both(one: Value, two: Value) -> Value:
    return None if one is None or two is None else one + two


def _stack(left: float, parts: list[tuple[str, Value]], scale: float) -> list[str]:
    """Bars from the base line upwards; a figure that is missing is a dashed box, never a bar of 0."""
    pieces, bottom = [], _BASE
    for name, value in parts:
        if value is None:
            pieces.append(
                f'<rect x="{left:.0f}" y="{bottom - 14:.1f}" width="{_BAR:.0f}" height="14" class="none"/>'
            )
            bottom -= 14
            continue
        height = float(value) * scale
        top = bottom - height
        pieces.append(_rect(left, top, _BAR, height, f'fill="{_COLOURS[name]}"'))
        if height >= 16:
            pieces.append(_text(left + _BAR / 2, top + height / 2 + 5, "inside", str(value)))
        bottom = top
    return pieces


def _legend(left: float, right: float, year: ChainYear) -> list[str]:
    rows = [
        (left, 248, "received", year.received),
        (left, 264, "brought_forward", year.brought_forward),
        (right, 248, "processed", year.processed),
        (right, 264, "carried_forward", year.carried_forward),
    ]
    return [
        _rect(x, y - 9, 9, 9, f'fill="{_COLOURS[name]}"')
        + _text(x + 13, y, "key", f"{_WORDS[name]} {figure(value)}")
        for x, y, name, value in rows
    ]


def _bands(years: Sequence[ChainYear], scale: float) -> list[str]:
    """From last year's carried forward to this year's brought forward; red when the two differ."""
    pieces = []
    for number, (before, now) in enumerate(pairwise(years)):
        start, end = before.carried_forward, now.brought_forward
        if start is None or end is None:
            continue
        x = 20 + number * _STEP + 2 * _BAR + _GAP
        x_end = 20 + (number + 1) * _STEP
        tops = (_BASE - float(start) * scale, _BASE - float(end) * scale)
        same = start == end
        corners = [(x, _BASE), (x, tops[0]), (x_end, tops[1]), (x_end, _BASE)]
        points = " ".join(f"{right:.0f},{down:.1f}" for right, down in corners)
        pieces.append(f'<polygon points="{points}" class="{"band" if same else "band broken"}"/>')
        if not same:
            pieces.append(_text((x + x_end) / 2, _TOP + 8, "warn", f"上年报告 {start}，本年填 {end}"))
    return pieces
