"""Rows of a stream of text: what says that their figures stand in other columns, or are another row's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import groupby

from gongkai_etl.extract.labels import vocabulary
from gongkai_etl.extract.named import group_of, groups_in
from gongkai_etl.extract.orders import is_head, is_misordered, is_proven, without_heading
from gongkai_etl.extract.rows import LOST, Row
from gongkai_etl.form import editions

WIDTHS = {"t3": 7, "t4": 15}
_GROUP = 5
"""Figures of one group of table 四."""
_NAMED = 0.75
"""Least likeness of a label to one of the form."""
_STRAYS = 2
"""So many short runs of figures without a label, or long ones with one, are another column's."""
_SHORT = 3
"""So short a label can be a part of other words."""


@dataclass(frozen=True, slots=True)
class Flowed:
    """A row, and how it stood in the text: one without figures is a label that nothing follows.

    ``apart``: its figures stood on several lines; ``foreign``: a head above it is none of the form's.
    """

    row: Row
    apart: bool = False
    foreign: bool = False


def settled(table: str, found: Sequence[Flowed]) -> list[Row]:
    """The rows with figures; those of which anything is doubtful are incomplete, or have lost their figures."""
    doubtful = _loose(found) if table == "t3" else _shifted(found) if table == "t2" else []
    labelled = all(entry.row.labels for entry in found if entry.row.slots)
    rows = []
    for entry in found:
        row = entry.row
        if not row.slots:
            continue
        if entry.foreign or is_misordered(row.header, table) or any(row is other for other in doubtful):
            row = Row(row.labels, (LOST,) * len(row.slots), False, row.page, row.header)
        elif labelled:
            row = replace(row, labels=(_own_label(row.label, table),))
        told = entry.apart or table == "t2"  # which no identity bears out
        proven = not told or is_proven(row.header, table, len(row.slots))
        rows.append(replace(_grouped(row, table), complete=row.complete and proven and _is_sized(row, table)))
    return rows


@lru_cache(maxsize=4096)
def _own_label(label: str, table: str) -> str:
    """A row's label without a whole other one that stands before it: the row above has no figures."""
    start = next((at for at in range(len(label)) if label[at:] in _labels(table)), 0)
    before = label[:start]
    cut = any(before.endswith(name) or (len(name) > _SHORT and name in before) for name in _labels(table))
    return label[start:] if cut else label


@lru_cache(maxsize=4096)
def is_label(label: str, table: str) -> bool:
    """Whether a text is a row's label in the form, word for word."""
    return label in _labels(table)


@cache
def _labels(table: str) -> frozenset[str]:
    return frozenset(name for edition in editions() for name in vocabulary(table, edition).exact)


def _is_named(row: Row, table: str) -> bool:
    return any(vocabulary(table, edition).best(row.full_label) >= _NAMED for edition in editions())


def _loose(found: Sequence[Flowed]) -> list[Row]:
    """The rows of table 三, if figures stand before its first label, or by themselves, or are more than its columns."""
    rows = [entry.row for entry in found if entry.row.slots]
    named = [at for at, row in enumerate(rows) if _is_named(row, "t3")]
    if not named:
        return []
    width, inside = WIDTHS["t3"], rows[named[0] : named[-1]]
    before = any(_is_headed(row, rows[named[0]]) and not _is_numbering(row) for row in rows[: named[0]])
    strays = sum(len(row.slots) > width if row.labels else len(row.slots) < width for row in inside)
    return rows if before or strays >= _STRAYS else []


def _is_headed(row: Row, other: Row) -> bool:
    return bool(row.header) and row.header == other.header


def _shifted(found: Sequence[Flowed]) -> list[Row]:
    """The rows of table 二 in blocks that begin with figures: their label can be the one below, or a number be theirs.

    In a block with several columns a whole row of figures can have lost its label, if the last label has its own.
    """
    rows: list[Row] = []
    for _, group in groupby(found, key=lambda entry: entry.row.header):
        block = [entry.row for entry in group]
        nameless = block[0].slots and (not block[0].label or is_head(block[0].label, "t2"))
        whole = 1 < len(block[0].slots) == len(block[-1].slots)
        if len(block) > 1 and nameless and not whole:
            rows += block
    return rows


def _is_numbering(row: Row) -> bool:
    return len(row.slots) > 1 and [slot.text for slot in row.slots] == [f"{k + 1}" for k in range(len(row.slots))]


def _grouped(row: Row, table: str) -> Row:
    """A row of one group of table 四 with the group's name, where the heads right above it name one alone."""
    if table != "t4" or len(row.slots) != _GROUP or group_of(row.full_label) is not None:
        return row
    groups = groups_in(without_heading(row.header))
    return replace(row, labels=(groups[0],)) if len(groups) == 1 else row


def _is_sized(row: Row, table: str) -> bool:
    wanted = {"t3": WIDTHS["t3"], "t4": _GROUP}.get(table, 1)
    return len(row.slots) % wanted == 0
