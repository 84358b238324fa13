"""The pages cut into stretches, each of which belongs to one table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from gongkai_etl.extract.figures import whole_figures
from gongkai_etl.extract.furniture import furniture
from gongkai_etl.extract.headings import heading_words
from gongkai_etl.extract.labels import has_words, normal
from gongkai_etl.extract.places import printed_lines
from gongkai_etl.extract.zones import head_of, zone_of
from gongkai_etl.model import Page, Paragraph, Word


@dataclass(slots=True)
class Zone:
    """A stretch of one page that belongs to one table."""

    table: str
    page: Page
    words: list[Word]


def stretches(pages: Sequence[Page]) -> list[Zone]:
    """The pages cut at the first label or head of each table and at the headings of the sections."""
    zones: list[Zone] = []
    table: str | None = None
    lines_of = [printed_lines(page.words) for page in pages]
    running = furniture(
        [(page.number, [_as_line(line) for line in lines]) for page, lines in zip(pages, lines_of, strict=True)]
    )
    for page, lines, left_out in zip(pages, lines_of, running, strict=True):
        current: Zone | None = None
        for at, line in enumerate(lines):
            if at in left_out:
                continue
            table = _turn("".join(word.text for word in line), table)
            if table is None:
                current = None
                continue
            if current is None or current.table != table:
                current = Zone(table, page, [])
                zones.append(current)
            current.words += line
    return [replace(zone, words=whole_figures(zone.words)) for zone in zones]


def _as_line(words: Sequence[Word]) -> Paragraph:
    text = " ".join(word.text for word in words)
    return Paragraph(text, None, (words[0].box[0], min(word.box[1] for word in words), *words[-1].box[2:]))


_PROSE = ("1", "5", "6")
"""The sections that are text: their headings end a table."""


@lru_cache(maxsize=4096)
def _turn(text: str, table: str | None) -> str | None:
    name = normal(text)
    if len(name) < 30 and any(word in name for section in _PROSE for word in heading_words()[section]):
        return None
    if len(name) > 70 and not any(character.isdigit() for character in name):
        return table if table != "t4" else None
    if head_of(name[:60]) and has_words(name):
        return head_of(name[:60])
    zone = zone_of("".join(part for part in name if not part.isdigit())) if has_words(name) else None
    return zone or table
