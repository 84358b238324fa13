"""The part of a sheet that people see: without its hidden rows and columns."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from gongkai_etl.read.sheet_looks import Looks
from gongkai_etl.text import squeeze

Spans = dict[tuple[int, int], tuple[int, int]]
"""First (row, column) of a merged range → (row span, column span)."""


@dataclass(frozen=True, slots=True)
class Part:
    """Texts and merged ranges of what is seen; ``rows`` and ``columns`` are their places in the whole sheet."""

    texts: list[list[str]]
    spans: Spans
    rows: list[int]
    columns: list[int]


def shown_part(
    texts: list[list[str]], spans: Spans, looks: Looks, labels: Collection[str], heads: Collection[str]
) -> Part:
    """What is seen, and what is hidden of the form alone: a row or column of it that stands nowhere else.

    Offices hide rows and columns of nothing but noughts; other hidden ones hold notes and last year's figures.
    """
    height, width = len(texts), max(map(len, texts), default=0)
    rows = _kept(height, looks.rows, ((row, text) for row, own in enumerate(texts) for text in own), labels)
    columns = _kept(
        width, looks.columns, ((column, text) for own in texts for column, text in enumerate(own)), heads
    )
    if len(rows) == height and len(columns) == width:
        return Part(texts, spans, rows, columns)
    place = ({row: at for at, row in enumerate(rows)}, {column: at for at, column in enumerate(columns)})
    part = Part([[texts[row][column] for column in columns] for row in rows], {}, rows, columns)
    for (top, left), (down, across) in spans.items():
        seen = [
            [place[k][n] for n in range(a, a + b) if n in place[k]]
            for k, a, b in ((0, top, down), (1, left, across))
        ]
        if seen[0] and seen[1]:
            part.spans[seen[0][0], seen[1][0]] = (len(seen[0]), len(seen[1]))
            if top < height and left < width:
                part.texts[seen[0][0]][seen[1][0]] = texts[top][left]
    return part


def _kept(
    count: int, hidden: Collection[int], cells: Iterable[tuple[int, str]], words: Collection[str]
) -> list[int]:
    """The places that are not hidden, and those hidden ones with a word of the form that no other has."""
    if not hidden:
        return list(range(count))
    said = [(at, name) for at, text in cells if text and (name := squeeze(text)) in words]
    seen = {name for at, name in said if at not in hidden}
    needed = {at for at, name in said if at in hidden and name not in seen}
    return [at for at in range(count) if at not in hidden or at in needed]
