"""Bytes of a text or web page → text, also where the page declares another encoding than it uses."""

from __future__ import annotations

import codecs
import re

_DECLARED = re.compile(
    rb"""<meta[^<>]{1,300}?charset\s*=\s*["']?\s*([A-Za-z0-9_-]+)|<\?xml[^<>]{1,100}?encoding\s*=\s*["']([A-Za-z0-9_-]+)""",
    re.IGNORECASE,
)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_NAMES = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs", "utf8": "utf-8"}
_COMMON = frozenset(
    "的一是不在有和人年中大为上个国以到时工作政府信息公开行法定理情况报告第主动机关部门数量申请其他总计"
    "县市区镇乡街道办事处本月日条件规章文件處理報告資訊開機關數計縣區鎮鄉"
)


def declared(data: bytes) -> list[str]:
    """The encodings that the markup names, in order: a page may have several and none may be true."""
    found = (match[1] or match[2] for match in _DECLARED.finditer(data[:200_000]))
    return list(dict.fromkeys(_NAMES.get(name.decode().lower(), name.decode().lower()) for name in found))


def decode(data: bytes) -> tuple[str, str]:
    """The text, and the name of the encoding that gave it.

    A byte order mark decides; then UTF-8, which no GBK or Big5 text of some length happens to be;
    then, of those that fit without a fault, the one that gives the most common Chinese characters.
    """
    for mark, name in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(name, "replace"), name
    if b"\0" in data[:1000]:
        return max(
            ((data.decode(name, "replace"), name) for name in ("utf-16-le", "utf-16-be")),
            key=lambda found: familiar(found[0]),
        )
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return _likeliest(data)


def familiar(text: str) -> float:
    """Share of a text that is ASCII or common Chinese; what is decoded wrongly, or no text, has little of it."""
    sample = text[:10_000]
    known = sum(" " <= character < "\x7f" or character in _COMMON or character in "\r\n\t" for character in sample)
    return known / max(1, len(sample))


def _likeliest(data: bytes) -> tuple[str, str]:
    names = [*declared(data), "gb18030", "utf-8", "big5hkscs"]
    best = ("", "")
    best_score = (float("-inf"), 0)
    for place, name in enumerate(dict.fromkeys(names)):
        try:
            text = data.decode(name, "replace")
        except (LookupError, ValueError):
            continue
        score = (_score(text), -place)
        if score > best_score:
            best, best_score = (text, name), score
    return best


def _score(text: str) -> float:
    """Share of common Chinese characters; each character that could not be decoded counts against it."""
    sample = text[:100_000]
    faults = text.count("\ufffd")
    common = sum(character in _COMMON for character in sample)
    return (common - 20 * faults) / max(1, len(sample))
