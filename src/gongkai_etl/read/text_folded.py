"""Text in which whole tables stand on one line: each cell on a line of its own again."""

from __future__ import annotations

import re
from functools import cache

from gongkai_etl.form import TABLES, editions, table_form

_FEWEST_ROWS = 3
_SHORTEST_LABEL = 4
_FIGURES = re.compile(r"(?:\s[\d/—-]+){10}")
"""The one row of table 四, behind its heads."""


def unfolded(lines: list[str]) -> list[str]:
    """The lines, those with several rows of the form's tables in them cut at their spaces."""
    found: list[str] = []
    for line in lines:
        found += line.split() if line.count(" ") > _FEWEST_ROWS and _is_folded(line) else [line]
    return found


def _is_folded(line: str) -> bool:
    return len(_rows().findall(line)) >= _FEWEST_ROWS or (_disputes() in line and bool(_FIGURES.search(line)))


@cache
def _disputes() -> str:
    """A head that only table 四 has."""
    heads = table_form("t4", editions()[0]).blocks[0].columns
    return next(head.label for head in heads if head.key == "pending")


@cache
def _rows() -> re.Pattern[str]:
    """A label of a row, and the figure behind it."""
    labels = {
        re.escape(row.label)
        for table in TABLES
        for edition in editions()
        for row in table_form(table, edition).rows
        if len(row.label) >= _SHORTEST_LABEL
    }
    return re.compile(rf"(?:{'|'.join(sorted(labels))})\s+[\d/—-]")
