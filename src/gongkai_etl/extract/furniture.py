"""What stands at the edges of pages and belongs to no text: page numbers and running lines."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from gongkai_etl.extract.labels import has_words, normal
from gongkai_etl.extract.numbers import is_figure
from gongkai_etl.extract.zones import zone_of
from gongkai_etl.model import Word
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


def without_furniture(pages: Sequence[tuple[int, list[list[Word]]]]) -> list[list[list[Word]]]:
    """The printed lines of each page (given with its number) without page numbers and running lines.

    A running line stands in the same words at an edge of two pages or more, and is no row or head of
    a table (those are repeated too, but are part of it).
    """
    texts = [[" ".join(word.text for word in line) for line in lines] for _, lines in pages]
    edges = [{*range(_EDGE), *range(len(lines) - _EDGE, len(lines))} for _, lines in pages]
    seen = Counter(
        name
        for own, edge in zip(texts, edges, strict=True)
        for name in {normal(own[i]) for i in edge if 0 <= i < len(own)}
    )
    kept = []
    for (number, lines), own, edge in zip(pages, texts, edges, strict=True):
        kept.append(
            [
                line
                for i, line in enumerate(lines)
                if i not in edge or not (is_page_number(own[i], number) or _runs(line, seen[normal(own[i])]))
            ]
        )
    return kept


def _runs(line: Sequence[Word], times: int) -> bool:
    name = normal("".join(word.text for word in line))
    return (
        times > 1 and has_words(name) and zone_of(name) is None and not any(is_figure(word.text) for word in line)
    )
