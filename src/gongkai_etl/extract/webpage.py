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
    for text in _above(document):
        for word in around("published"):
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
            yield squeeze("".join(cell.text for cell in block.cells[:_ABOVE]))
        else:
            yield squeeze(block.text)
