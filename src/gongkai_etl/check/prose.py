"""Prose as sentences and clauses without white space, and the numbers in it with their kind."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from gongkai_etl.check.catalogue import load
from gongkai_etl.text import clean

_ITEM = re.compile(r"^[#*\s]*(?:[(（]?[一二三四五六七八九十\d]{1,3}[)）、.．](?!\d)|[一二三四五六七八九十]是)")
_LONGEST = 2000
"""Characters of a sentence: what goes on without a full stop is cut, at a comma where there is one."""
_OVERLONG = re.compile(rf".{{1,{_LONGEST}}}(?:[,;、:]|$)|.{{1,{_LONGEST}}}")
_STOP = re.compile(r"(?<=[。!！?？])|\n")
_QUOTED = re.compile(r"“[^”]{0,40}”|《[^》]{0,60}》|\"[^\"]{0,40}\"")
_MARKS = re.compile(r"[“《\"]")
_THOUSANDS = re.compile(r"(?<![\d,.])(\d{1,3}(?:,\d{3})+)(?![\d,])(?!\.\d)")
_DIGITS = {character: k for k, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}
_CHINESE = "[零〇一二两三四五六七八九十百千万]+"
NUMBER = rf"(?:\d+(?:\.\d+)?万?|{_CHINESE})"
"""A figure as written: 12, 3.5万, 二十三. Group it yourself."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence without white space: ``section`` it stands in, and how many stand before it there.

    ``plain`` is the text with names in quotation marks and titles of documents blotted out, at the same places.
    """

    section: str
    order: int
    text: str
    plain: str


def sentences_of(section: str, text: str) -> tuple[Sentence, ...]:
    """The sentences of one section. Hard-wrapped lines are joined where no paragraph ends."""
    joined: list[str] = []
    for line in clean(text).replace("**", "").splitlines():
        line = line.strip()
        if not line:
            continue
        if joined and not joined[-1].endswith(("。", ":", "!", "?", "；")) and not _ITEM.match(line):
            joined[-1] += line
        else:
            joined.append(line)
    parts = [
        piece for line in joined for part in _STOP.split(line) if part and part.strip() for piece in _cut(part)
    ]
    squeezed = [_THOUSANDS.sub(lambda match: match[1].replace(",", ""), "".join(part.split())) for part in parts]
    return tuple(sentence(section, order, part) for order, part in enumerate(squeezed))


def _cut(part: str) -> list[str]:
    return [part] if len(part) <= _LONGEST else _OVERLONG.findall(part)


def sentence(section: str, order: int, text: str) -> Sentence:
    """A sentence from its text without white space."""
    return Sentence(section, order, text, blotted(text) if _MARKS.search(text) else text)


def blotted(text: str) -> str:
    """What stands in quotation marks or is the title of a document, as boxes of the same length."""
    return _QUOTED.sub(lambda match: match[0][0] + "□" * (len(match[0]) - 2) + match[0][-1], text)


def sentences(sections: Mapping[str, str]) -> tuple[Sentence, ...]:
    """The sentences of what stands before section 一 ("0") and of sections 1 to 6, in order."""
    return tuple(s for name in sorted(sections) for s in sentences_of(name, sections[name]))


def place(section: str) -> str:
    """第一部分; 开头 for what stands before it."""
    return f"第{'零一二三四五六'[int(section)]}部分" if section != "0" else "开头"


def value(written: str) -> int | Decimal | None:
    """12, 3.5万, 二十三, 一百零五 or 两千 as a number; None when it is none (二〇二五 is a year, not a count)."""
    if written[:1].isdigit():
        scale = 10000 if written.endswith("万") else 1
        number = Decimal(written.rstrip("万")) * scale
        return int(number) if number == number.to_integral_value() and "." not in written.rstrip("万") else number
    return _chinese(written)


def _chinese(written: str) -> int | None:
    if "万" in written:
        high, _, low = written.partition("万")
        first, second = _chinese(high), _chinese(low) if low else 0
        return None if first is None or second is None else first * 10000 + second
    if len(written) > 1 and not any(character in _TENS for character in written):
        return None
    total, digit = 0, None
    for character in written:
        if character in _TENS:
            total += (1 if digit is None else digit) * _TENS[character]
            digit = None
        elif character in _DIGITS:
            digit = _DIGITS[character]
        else:
            return None
    return total + (digit or 0)


@cache
def words(name: str) -> dict[str, str]:
    """A word list of ``data/words.yaml`` joined to alternatives of a regular expression."""
    data = load("data", "words.yaml")[name]
    return {key: "|".join(values) for key, values in data.items()}


_CLAUSE_END = re.compile(r"[,。;:!?、]")
_MORE = 10
"""So many characters more or less are shown when that cuts between clauses."""


def excerpt(text: str, start: int, end: int, around: int = 24) -> str:
    """The words around a place as they were printed, cut at a readable length, between clauses where it can be."""
    left, right = _cut_before(text, start, around), _cut_behind(text, end, around)
    shown = printed(text[left:right])
    return ("…" if left else "") + (shown.removesuffix("。") if right == len(text) else shown + "…")


def _cut_before(text: str, start: int, around: int) -> int:
    left = max(0, start - around)
    if left <= _MORE:
        return 0
    ends = [match.end() for match in _CLAUSE_END.finditer(text, left - _MORE, min(left + _MORE, start))]
    if ends:
        return min(ends, key=lambda at: abs(at - left))
    while left < start and text[left].isdigit() and text[left - 1].isdigit():
        left += 1
    return left


def _cut_behind(text: str, end: int, around: int) -> int:
    right = min(len(text), end + around)
    if right + _MORE >= len(text):
        return len(text)
    ends = [match.start() for match in _CLAUSE_END.finditer(text, max(end, right - _MORE), right + _MORE)]
    if ends:
        return min(ends, key=lambda at: abs(at - right))
    while right > end and text[right].isdigit() and text[right - 1].isdigit():
        right -= 1
    return right


_FULL_WIDTH = str.maketrans(",;:()!?", "，；：（）！？")
_BESIDE_CHINESE = re.compile(
    r"(?<=[一-鿿”》%\d)])[,;:()!?]+(?=[一-鿿“《(]|$)|(?<=[一-鿿])[,;:()!?]+|[,;:()!?]+(?=[一-鿿])"
)


def printed(text: str) -> str:
    """Text for people: punctuation beside Chinese characters as Chinese punctuation again."""
    return _BESIDE_CHINESE.sub(lambda match: match[0].translate(_FULL_WIDTH), text)
