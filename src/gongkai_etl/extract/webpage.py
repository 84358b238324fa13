"""What a printed web page says around its text: the day of publication above it, buttons and addresses below it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from gongkai_etl.extract.around import around
from gongkai_etl.model import Document, Grid
from gongkai_etl.text import squeeze

_LONGEST = 80
_ABOVE = 60
_PARTS = re.compile(r"(?<=\d)(\s+)(?=\d)")
_DAY = re.compile(r"[:：\]】]?(20\d\d)[-./年](\d{1,2})[-./月](\d{1,2})")


def foot_of(texts: Sequence[str], start: int) -> int:
    """The index after ``start`` at which what stands below the text begins; the number of texts where nothing does."""
    words = tuple(map(squeeze, around("feet")))
    for at in range(start + 1, len(texts)):
        line = squeeze(texts[at]).lstrip("【[〖(（")
        if len(line) <= _LONGEST and line.startswith(words):
            return at
    return len(texts)


def published_on(document: Document) -> date | None:
    """The day that a line or table above the text gives as the day of publication (发布时间：2026-01-15)."""
    days = tuple(map(squeeze, around("days")))
    for text in _above(document):
        for word in (*around("published"), *(day for day in days if text.startswith(day))):
            found = _DAY.match(text, text.find(word) + len(word)) if word in text else None
            if found:
                try:
                    return date(*map(int, found.groups()))
                except ValueError:
                    continue
    return None


def _above(document: Document) -> Iterator[str]:
    for block in document.blocks[:_ABOVE]:
        if isinstance(block, Grid):
            yield _compact("".join(cell.text for cell in block.cells[:_ABOVE]))
        else:
            yield _compact(block.text)


def _compact(text: str) -> str:
    """A text without spaces, but between day and hour."""
    return "".join(squeeze(part) or " " for part in _PARTS.split(text))
