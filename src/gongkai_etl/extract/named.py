"""Where the words of a table's heads say which column is which, whatever their order."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from gongkai_etl.extract.labels import normal
from gongkai_etl.form import Column, editions, table_form
from gongkai_etl.model import GridCell

Spans = tuple[tuple[int, int], ...]
_GROUPS = (("复议后起诉", 2), ("未经复议", 1), ("行政复议", 0))
"""What the heads of table 四 say of the three groups of columns, the telling ones first."""


def _names(columns: Sequence[Column]) -> list[frozenset[str]]:
    return [frozenset(normal(text) for text in (column.label, *column.variants)) for column in columns]


@cache
def _applicants() -> tuple[frozenset[str], ...]:
    return tuple(_names(table_form("t3", "2021").blocks[0].columns))


@cache
def _outcomes() -> tuple[frozenset[str], ...]:
    return tuple(_names(table_form("t4", "2021").blocks[0].columns))


@cache
def _proactive() -> tuple[tuple[frozenset[str], ...], ...]:
    """The columns of each block of table 二, the widest blocks first."""
    blocks = [tuple(_names(block.columns)) for name in editions() for block in table_form("t2", name).blocks]
    return tuple(sorted(dict.fromkeys(blocks), key=len, reverse=True))


def applicant_spans(heads: Sequence[Sequence[GridCell | None]]) -> Spans | None:
    """(first, last) grid column of each applicant, in the form's order; None unless every head is word for word.

    ``heads`` are the slots of the rows of the head.
    """
    found: list[list[int]] = [[] for _ in _applicants()]
    for column in range(min(map(len, heads), default=0)):
        said = [normal(cell.text) for row in reversed(heads) if (cell := row[column]) is not None]
        known = next((k for name in said for k, names in enumerate(_applicants()) if name in names), None)
        if known is not None:
            found[known].append(column)
    if not all(columns and columns[-1] - columns[0] == len(columns) - 1 for columns in found):
        return None
    return tuple((columns[0], columns[-1]) for columns in found)


def is_in_order(spans: Spans) -> bool:
    """Whether columns stand in the form's order."""
    return list(spans) == sorted(spans)


def group_of(label: str) -> int | None:
    """The group of table 四 that a text names: 0 to 2."""
    return next((k for words, k in _GROUPS if words in label), None)


def groups_in(header: str) -> list[str]:
    """What heads say of the groups of table 四 that they name."""
    return [words for words, _ in _GROUPS if words in header]


def proactive_cells(rest: Sequence[GridCell], heads: Sequence[GridCell]) -> list[GridCell] | None:
    """The cells of a row of table 二 under its named heads, in the form's order; None where heads do not tell."""
    for block in _proactive():
        own = [[head for head in heads if normal(head.text) in names] for names in block]
        if all(own):
            found = [cell for named in own if (cell := _below(named, rest)) is not None]
            return found if len({id(cell) for cell in found}) == len(block) else None
    return None


def _below(heads: Sequence[GridCell], rest: Sequence[GridCell]) -> GridCell | None:
    """The cell under a head; under one that is repeated over all the columns it covers, the one with a text."""
    places = {head.column for head in heads}
    under = [cell for cell in rest if places.intersection(range(cell.column, cell.column + cell.column_span))]
    filled = [cell for cell in under if cell.text.strip()]
    if len({cell.text for cell in filled}) > 1:
        return None
    return next(iter(filled or under), None)


def outcome_place(
    cell: GridCell, heads: Sequence[Sequence[GridCell | None]], label: str
) -> tuple[int, int] | None:
    """(group, outcome) of a figure of table 四 by the heads above it, or the label of its row; None if unsaid.

    The name of a group stands over the first of its columns, where text has no cells that span.
    """
    above = [
        normal(head.text) for row in heads if cell.column < len(row) and (head := row[cell.column]) is not None
    ]
    named = [
        next((text for head in reversed(row[: cell.column + 1]) if head and (text := normal(head.text))), "")
        for row in heads
    ]
    group = group_of("".join([*named, label]))
    outcomes = [k for text in above for k, names in enumerate(_outcomes()) if text in names]
    return (group, outcomes[-1]) if group is not None and outcomes else None
