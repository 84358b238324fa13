"""What a printed web page says around its text: the day of publication above it, buttons and addresses below it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from gongkai_etl.extract.around import around
from gongkai_etl.extract.dates import day_at
from gongkai_etl.model import Document, Grid
from gongkai_etl.text import squeeze

_LONGEST = 80
_ABOVE = 60
_PARTS = re.compile(r"(?<=\d)(\s+)(?=\d)")


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
    days, facts = (tuple(map(squeeze, around(name))) for name in ("days", "facts"))
    for text in _above(document):
        told = len(text) <= _LONGEST and text.startswith(facts)
        for word in (*around("published"), *(day for day in days if told or text.startswith(day))):
            if word in text and (day := day_at(text, text.find(word) + len(word))):
                return day
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
