"""The form's identities over cells that were read: which there are, and whether one holds."""

from __future__ import annotations

from collections.abc import Mapping

from gongkai_etl.form import Identity, edition
from gongkai_etl.model import Cell, CellState

_UNSEEN = (CellState.UNREAD, CellState.TEXT, CellState.ABSENT)


def identities(editions: Mapping[str, str | None]) -> list[Identity]:
    """The identities of one year, each table's in its own edition."""
    names = {table: name or "2021" for table, name in editions.items()}
    return [
        i for name in dict.fromkeys(names.values()) for i in edition(name).identities if names[i.table] == name
    ]


def holds(identity: Identity, cells: Mapping[str, Cell]) -> bool | None:
    """Whether Σ left = Σ right with blanks as 0; None when a cell is not read or all are blank."""
    sides = []
    read = 0
    for terms in (identity.left, identity.right):
        total = 0
        for term in terms:
            cell = cells.get(term.key)
            if cell is None or cell.state in _UNSEEN:
                return None
            if cell.value is not None:
                read += 1
                total += term.sign * int(cell.value)
        sides.append(total)
    return sides[0] == sides[1] if read else None


def says_nothing(identity: Identity, cells: Mapping[str, Cell]) -> bool:
    """Whether all of an identity's cells are read and hold no figure."""
    read = [cells.get(key) for key in identity.keys]
    return all(cell is not None and cell.value is None and cell.state not in _UNSEEN for cell in read)
