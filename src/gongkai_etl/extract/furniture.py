"""What stands at the edges of pages and belongs to no text: page numbers and running lines."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from gongkai_etl.extract.around import around
from gongkai_etl.extract.labels import has_words, normal
from gongkai_etl.extract.zones import zone_of
from gongkai_etl.model import Paragraph
from gongkai_etl.text import clean

_PAGE_NUMBER = re.compile(
    r"[-—–―=·~一\s]+\d{1,3}[-—–―=·~一\s]+"
    r"|第\s*[\d一二三四五六七八九十]{1,3}\s*页(?:\s*[,，/]?\s*共\s*[\d一二三四五六七八九十]{1,3}\s*页)?"
    r"|(?:(?:https?|file)://\S+\s+)?\d{1,3}\s*/\s*\d{1,3}|P(?:age)?\.?\s*\d{1,3}(?:\s*of\s*\d{1,3})?|=+.*page \d+ =+",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"^[-—–―=·~\s]*\d{1,3}[-—–―=·~\s]+|[-—–―=·~第P\s]+\d{1,3}(?:[页\s/,，共]+\d{1,3})?[-—–―=·~页\s]*$"
)
"""The number of a page before or behind the words of a running line."""
_EDGE = 2
"""So many lines at the head and the foot of a page can be running lines."""
_LEAST_WORDS = 2
"""Fewest characters of a running line."""

Sheet = tuple[int | None, Sequence[Paragraph]]
"""A page's number and its lines."""


def is_page_number(text: str, page: int | None = None) -> bool:
    """Whether a line is a page number and nothing else; a bare number only where it is ``page``'s own.

    A browser prints the page's address before it.
    """
    line = clean(text).strip()
    return _PAGE_NUMBER.fullmatch(line) is not None or (page is not None and line == str(page))


def furniture(pages: Sequence[Sheet]) -> list[set[int]]:
    """For each page, which of its lines are page numbers or running lines.

    A running line stands in the same words (but for a page's number) at the same height of two pages or
    more, has no other text between it and the edge, and is no row or head of a table (those are repeated
    too, but are part of it).
    """
    edges = [_edges(lines) for _, lines in pages]
    seen: dict[tuple[bool, str], list[tuple[int, Paragraph]]] = defaultdict(list)
    for at, ((_, lines), sides) in enumerate(zip(pages, edges, strict=True)):
        for foot, side in enumerate(sides):
            for i in side:
                seen[bool(foot), _name(lines[i].text)].append((at, lines[i]))
    found: list[set[int]] = []
    for at, ((number, lines), sides) in enumerate(zip(pages, edges, strict=True)):
        own: set[int] = set()
        for foot, side in enumerate(sides):
            for i in side:
                others = [line for page, line in seen[bool(foot), _name(lines[i].text)] if page != at]
                runs = _can_run(lines[i].text) and any(_is_level(lines[i], other) for other in others)
                if not runs and not is_page_number(lines[i].text, number):
                    break
                own.add(i)
        found.append(own)
    return found


def without_furniture(lines: Sequence[Paragraph]) -> list[Paragraph]:
    """The lines of a document without its page numbers and running lines; a running title is kept once."""
    pages: dict[int | None, list[int]] = {}
    for at, line in enumerate(lines):
        pages.setdefault(line.page, []).append(at)
    found = furniture([(number, [lines[at] for at in own]) for number, own in pages.items()])
    left_out = {own[i] for own, drop in zip(pages.values(), found, strict=True) for i in drop}
    title = next((at for at, line in enumerate(lines) if normal(line.text).endswith(around("titles"))), None)
    return [line for at, line in enumerate(lines) if at not in left_out or at == title]


def _edges(lines: Sequence[Paragraph]) -> tuple[list[int], list[int]]:
    """The lines at the head and at the foot of a page, each from the edge inwards."""
    places = list(range(len(lines)))
    return places[:_EDGE], places[: -_EDGE - 1 : -1]


def _name(text: str) -> str:
    return normal(_COUNTED.sub("", clean(text).strip()))


def _is_level(first: Paragraph, second: Paragraph) -> bool:
    """Whether lines of two pages stand at the same height; without places nothing speaks against it."""
    if first.box is None or second.box is None:
        return True
    return abs(first.box[1] - second.box[1]) <= (first.box[3] - first.box[1]) / 2


def _can_run(text: str) -> bool:
    name = _name(text)
    return (
        len(name) >= _LEAST_WORDS
        and has_words(name)
        and (zone_of(name) is None or name.endswith(around("titles")))
    )
