"""What stands at the edges of pages and belongs to no text: page numbers and running lines."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from gongkai_etl.extract.around import around
from gongkai_etl.extract.labels import has_words, normal
from gongkai_etl.extract.numbers import is_figure
from gongkai_etl.extract.zones import zone_of
from gongkai_etl.model import Paragraph
from gongkai_etl.text import clean

_PAGE_NUMBER = re.compile(
    r"[-—–―=·~一\s]+\d{1,3}[-—–―=·~一\s]+"
    r"|第\s*[\d一二三四五六七八九十]{1,3}\s*页(?:\s*[,，/]?\s*共\s*[\d一二三四五六七八九十]{1,3}\s*页)?"
    r"|\d{1,3}\s*/\s*\d{1,3}|P(?:age)?\.?\s*\d{1,3}(?:\s*of\s*\d{1,3})?|=+.*page \d+ =+",
    re.IGNORECASE,
)
_EDGE = 2
"""So many lines at the head and the foot of a page can be running lines."""


def is_page_number(text: str, page: int | None = None) -> bool:
    """Whether a line is a page number and nothing else; a bare number only where it is ``page``'s own."""
    line = clean(text).strip()
    return _PAGE_NUMBER.fullmatch(line) is not None or (page is not None and line == str(page))


def furniture(pages: Sequence[tuple[int | None, Sequence[str]]]) -> list[set[int]]:
    """For each page, given as its number and its lines, which lines are page numbers or running lines.

    A running line stands in the same words at an edge of two pages or more, and is no row or head of
    a table (those are repeated too, but are part of it).
    """
    edges = [[i for i in range(len(lines)) if i < _EDGE or i >= len(lines) - _EDGE] for _, lines in pages]
    seen = Counter(
        name for (_, lines), edge in zip(pages, edges, strict=True) for name in {normal(lines[i]) for i in edge}
    )
    return [
        {
            i
            for i in edge
            if is_page_number(lines[i], number) or (seen[normal(lines[i])] > 1 and _can_run(lines[i]))
        }
        for (number, lines), edge in zip(pages, edges, strict=True)
    ]


def without_furniture(lines: Sequence[Paragraph]) -> list[Paragraph]:
    """The lines of a document without its page numbers and running lines; a running title is kept once."""
    pages: dict[int | None, list[int]] = {}
    for at, line in enumerate(lines):
        pages.setdefault(line.page, []).append(at)
    found = furniture([(number, [lines[at].text for at in own]) for number, own in pages.items()])
    left_out = {own[i] for own, drop in zip(pages.values(), found, strict=True) for i in drop}
    title = next((at for at, line in enumerate(lines) if normal(line.text).endswith(around("titles"))), None)
    return [line for at, line in enumerate(lines) if at not in left_out or at == title]


def _can_run(text: str) -> bool:
    name = normal(text)
    return has_words(name) and zone_of(name) is None and not any(map(is_figure, text.split()))
