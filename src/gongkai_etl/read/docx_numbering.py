"""The labels that Word prints before numbered paragraphs (一、 （一） 1.), which stand nowhere in the text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from gongkai_etl.read.numerals import numeral
from gongkai_etl.read.xml import Element, attribute, child, local


@dataclass(slots=True)
class _Level:
    start: int = 1
    form: str = "decimal"
    text: str = ""
    legal: bool = False


@dataclass(slots=True)
class _List:
    levels: dict[int, _Level] = field(default_factory=dict)
    count: dict[int, int] = field(default_factory=dict)


class Numbering:
    """Counts the numbered paragraphs of a document; ask once for each, in reading order."""

    def __init__(self, root: Element | None) -> None:
        self._lists: dict[str, _List] = {}
        self._of: dict[str, str] = {}
        self._restarts: dict[str, dict[int, int]] = {}
        self._links: dict[str, str] = {}
        for node in root if root is not None else ():
            if local(node) == "abstractNum":
                self._abstract(node)
            elif local(node) == "num":
                self._number(node)

    def _abstract(self, node: Element) -> None:
        key = attribute(node, "abstractNumId") or ""
        self._lists[key] = _List({level: _level(item) for level, item in _levels(node)})

    def _number(self, node: Element) -> None:
        key = attribute(node, "numId") or ""
        abstract = child(node, "abstractNumId")
        self._of[key] = (attribute(abstract, "val") or "") if abstract is not None else ""
        for item in node:
            if local(item) == "lvlOverride":
                start = child(item, "startOverride")
                if start is not None:
                    level = _whole(attribute(item, "ilvl"), 0)
                    self._restarts.setdefault(key, {})[level] = _whole(attribute(start, "val"), 1)

    def label(self, number: str, level: int) -> str:
        """The label of the next paragraph of list ``number`` at ``level`` (0-based); empty when it has none."""
        known = self._lists.get(self._of.get(number, ""))
        if known is None or level not in known.levels:
            return ""
        for place, start in self._restarts.pop(number, {}).items():
            known.count[place] = start - 1
        self._count(known, level)
        own = known.levels[level]
        if own.form in ("bullet", "none") and "%" not in own.text:
            return "" if own.form == "bullet" else own.text
        return re.sub(r"%([1-9])", lambda match: _printed(known, int(match[1]) - 1, own.legal), own.text)

    @staticmethod
    def _count(known: _List, level: int) -> None:
        for place in range(level):
            known.count.setdefault(place, known.levels[place].start if place in known.levels else 1)
        known.count[level] = known.count.get(level, known.levels[level].start - 1) + 1
        for place in [place for place in known.count if place > level]:
            del known.count[place]


def _printed(known: _List, place: int, legal: bool) -> str:
    level = known.levels.get(place, _Level())
    return numeral(known.count.get(place, level.start), "decimal" if legal else level.form)


def _levels(node: Element) -> list[tuple[int, Element]]:
    return [(_whole(attribute(item, "ilvl"), 0), item) for item in node if local(item) == "lvl"]


def _level(node: Element) -> _Level:
    def value(name: str) -> str | None:
        found = child(node, name)
        return attribute(found, "val") if found is not None else None

    return _Level(
        _whole(value("start"), 1),
        value("numFmt") or "decimal",
        value("lvlText") or "",
        child(node, "isLgl") is not None,
    )


def _whole(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 7 else otherwise
