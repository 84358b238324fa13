"""The text of one cell → value, state and note (FORM.md, "A cell is never just a number")."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from gongkai_etl.form import Kind
from gongkai_etl.model import CellState, Value
from gongkai_etl.text import CUT, PICTURE, clean, squeeze

_NOT_APPLICABLE = re.compile(r"[/\\|\-—–―－‐‑−_~～]{1,6}|无|不适用|暂无|N/?A", re.IGNORECASE)
_SIGNS = {"减": "-", "减少": "-", "增": "+", "增加": "+", "−": "-", "－": "-", "–": "-", "—": "-", "＋": "+"}
_UNIT = "万元|亿元|元|件次|[件宗个条项起份例次人]"
_NUMBER = re.compile(
    r"(?P<sign>减少?|增加?|[-+−－–—＋])?"
    r"(?P<digits>\d{1,3}(?:[,，]\d{3})+|\d+)(?:(?P<point>[.．])(?P<decimals>\d+))?"
    rf"(?P<unit>{_UNIT})?"
)
_NOTE = re.compile(r"[(（\[【](?P<note>[^()（）]*)(?:[)）\]】]|$)")
"""A note beside a figure; its end can be lost with the lines behind a page's end."""
_BETWEEN = re.compile(r"[(（\[【][^()（）]*[)）\]】](?=\s*\d)")
"""A note with digits behind it: they are of the next figure."""
_OPEN_NOTE = re.compile(r"[-+减增]?\d[\d,]*[（(][^（()）]*")
_STRAY = re.compile(r"(?P<figure>[^（(\[【]*\d\s*件?)\s*[)）\]】]\s*")
"""A figure with the end of a note that began in the cell beside it."""
_STOP = re.compile(r"(?<=[\d件）)①-⑳⁰¹²³⁴-⁹*＊※†])\s*[。、；;]+(?=\s*$)")
"""The end of a sentence behind a figure. (A point or comma can be what is left of a figure that was cut.)"""
_MARK = re.compile(r"(?<=[^\s⁰¹²³⁴-⁹①-⑳⁽⁾*＊※†注+\-−－–—＋减增])\s*(?:[①-⑳*＊※†]|[注⁽]*[⁰¹²³⁴-⁹]+⁾?)+(?=\s*$)")
"""A reference mark behind a figure, or behind a mark for none: a sign, or numbers in superscript."""
_NO_FIGURE = re.compile("[⓪①-⑳]|[+\\-−－–—＋减增少加][⁰¹²³⁴-⁹]")
"""Numbers of notes that would be read as the figure's own digits."""
_TOGETHER = re.compile(r"^(?:共计|合计|共)(?=\d+[件宗条次份起]$)")
_GROUPS = re.compile(r"(?<![\d.])(\d{1,3})((?: \d{3})+)(?![\d.])")
_WRAPPED = re.compile(r"(?<=[\d.,])[ \t]*\n\s*(?=[\d.,])")
_APART = re.compile(r"\D*\d(?:[ \u3000\xa0\n]\d)+\D*")
_UNMAPPED = re.compile(f"[\x00-\x08{CUT}{PICTURE}\ufffd\ue000-\uf8ff]")
"""Characters of fonts that do not say what their glyphs mean, the marks of a figure that is cut and of a picture."""
_CHINESE = {
    "零": 0,
    "〇": 0,
    "○": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
_PLACES = {"十": 10, "百": 100, "千": 1000, "万": 10000}


@dataclass(frozen=True, slots=True)
class Figure:
    """What a cell says: ``value`` is int, or Decimal for money; ``note`` what stands beside the figure.

    ``joined``: the digits stood apart, or on two lines of the cell, and were put together.
    """

    value: Value
    state: CellState
    note: str | None = None
    joined: bool = False


@lru_cache(maxsize=4096)
def parse(text: str | None, kind: Kind = "count") -> Figure:
    """Read one cell. ``None`` means that no text for the cell was found: ``unread``.

    Counts are whole; ``money`` keeps the decimal as printed without separators (1.50 stays 1.50).
    A unit (0件, 251000元) or a bracket (22（其中修订16件）) becomes the note. Anything else is ``text``.
    """
    if text is None:
        return Figure(None, CellState.UNREAD)
    text = _MARK.sub("", _STOP.sub("", text))
    compact = squeeze(text)
    if not compact:
        return Figure(None, CellState.BLANK)
    if _NOT_APPLICABLE.fullmatch(compact):
        return Figure(None, CellState.NOT_APPLICABLE)
    if _UNMAPPED.search(text):
        return Figure(None, CellState.UNREAD)
    if _NO_FIGURE.search(text):
        return Figure(None, CellState.TEXT)
    figure = _printed(text, kind)
    if figure is None and (stray := _STRAY.fullmatch(text)):
        figure = replace(parse(stray["figure"], kind), joined=True)
    if figure is None and (_APART.fullmatch(text) or _WRAPPED.search(text)):
        whole = _printed(compact if _APART.fullmatch(text) else _WRAPPED.sub("", text), kind)
        figure = whole and replace(whole, joined=True)
    return figure or Figure(None, CellState.TEXT)


def _printed(text: str, kind: Kind) -> Figure | None:
    notes = [match["note"] for match in _NOTE.finditer(squeeze(text)) if match["note"]]
    bare = _NOTE.sub("", _BETWEEN.sub("|", clean(text)))
    spaced = re.sub(r"\s+", " ", bare).strip()
    grouped = _GROUPS.sub(lambda match: match[0].replace(" ", ""), spaced)
    if re.search(r"\d [\d.]", grouped) or re.search(r"[.．] \d", grouped):
        return None
    match = _NUMBER.fullmatch(_TOGETHER.sub("", grouped.replace(" ", "")))
    if match is not None and len(match["digits"]) > 1 and match["digits"][0] == "0":
        return None
    if match is None:
        whole = chinese_number(spaced.removesuffix("件"))
        return None if whole is None else Figure(_valued(str(whole), None, kind), CellState.NUMBER)
    if match["unit"]:
        notes.insert(0, f"单位：{match['unit']}")
    sign = _SIGNS.get(match["sign"] or "", match["sign"] or "")
    digits = sign.replace("+", "") + re.sub(r"[,，]", "", match["digits"])
    value = _valued(digits, match["decimals"], kind)
    return None if value is None else Figure(value, CellState.NUMBER, "；".join(notes) or None)


def _valued(digits: str, decimals: str | None, kind: Kind) -> Value:
    if kind == "money":
        return Decimal(f"{digits}.{decimals}" if decimals else digits)
    if decimals and decimals.strip("0"):
        return None
    return int(digits)


def chinese_number(text: str) -> int | None:
    """零, 十二, 一百零五 → 0, 12, 105; None for anything else (also for numbers of 10^8 and more)."""
    if not text or any(character not in _CHINESE and character not in _PLACES for character in text):
        return None
    if not any(character in _PLACES for character in text):
        return int("".join(str(_CHINESE[character]) for character in text))
    total, section, digit = 0, 0, 0
    for character in text:
        if character in _CHINESE:
            digit = _CHINESE[character]
        elif character == "万":
            total, section, digit = (total + section + digit) * 10000, 0, 0
        else:
            section += (digit or (1 if section == 0 else 0)) * _PLACES[character]
            digit = 0
    return total + section + digit


def is_unit(text: str) -> bool:
    """Whether a text is a unit without its figure."""
    return re.fullmatch(_UNIT, squeeze(text)) is not None


def is_sign(text: str) -> bool:
    """Whether a text is the word for a sign (增, 减少) without its figure."""
    return text in _SIGNS and text > "一"


def is_open_note(text: str) -> bool:
    """Whether a text is a figure and the beginning of its note in brackets."""
    return _OPEN_NOTE.fullmatch(text) is not None


@lru_cache(maxsize=4096)
def is_figure(text: str) -> bool:
    """Whether a word can be the whole content of a figure cell (a number or a mark for none).

    Chinese numerals other than 零 are left out: 三 and 二 are parts of this form's labels. So is a figure
    whose note is not closed (what follows is not yet the next figure), and the end of a note.
    """
    if is_open_note(text) or _STRAY.fullmatch(text):
        return False
    figure = parse(text.strip(CUT), "money")
    if figure.state is CellState.NUMBER:
        return any(character.isdigit() or character in "零〇" for character in text)
    return figure.state is CellState.NOT_APPLICABLE
