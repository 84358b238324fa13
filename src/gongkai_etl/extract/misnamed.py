"""Rows of the form that stand under a name of their own: found by their place, their label is another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from gongkai_etl.extract.labels import has_words, normal, pairs, vocabulary
from gongkai_etl.extract.tables import Reading
from gongkai_etl.form import TABLE_NAMES, table_form
from gongkai_etl.model import ReadingNote

_ALIKE = 0.45
"""Likeness of two labels below which they are no spellings of one name."""
_MOST = 3
"""More labels than this that say something else are damage of the file, not a change by its author."""
_LABELLED = ("t2", "t3")


def misnamed(readings: Sequence[Reading], editions: Mapping[str, str | None]) -> Iterator[ReadingNote]:
    """A note for each row whose printed label shares next to nothing with the form's."""
    drawn = next((reading for reading in readings if reading.name in ("grid", "markup") and reading.labels), None)
    if drawn is None:
        return
    for table in _LABELLED:
        if drawn.editions.get(table) is None or drawn.editions[table] != editions.get(table):
            continue
        edition = str(editions[table])
        rows = {row.key: row for row in table_form(table, edition).rows}
        found = [
            (key, printed)
            for key, printed in drawn.labels.items()
            if key.startswith(table) and _differs(printed, key.split(".")[1], table, edition)
        ]
        for key, printed in found if len(found) <= _MOST else ():
            row = rows[key.split(".")[1]]
            message = (
                f"{TABLE_NAMES[table]}中应为“{row.label}”的一行，名称写的是“{printed}”，请核对名称和这一行的数。"
            )
            cells = tuple(cell for cell in drawn.cells if cell.startswith(f"{key}."))
            yield ReadingNote("FORM-LABEL", message, cells)


def _differs(printed: str, key: str, table: str, edition: str) -> bool:
    if not has_words(printed):
        return False
    own = pairs(normal(printed))
    names = _names(table, edition)[key]
    return bool(names) and all(2 * len(own & name) < _ALIKE * (len(own) + len(name)) for name in names)


@cache
def _names(table: str, edition: str) -> dict[str, list[frozenset[str]]]:
    """Row key → the pairs of characters of each of its spellings."""
    rows = table_form(table, edition).rows
    found: dict[str, list[frozenset[str]]] = {row.key: [] for row in rows}
    for index, name, _ in vocabulary(table, edition).fuzzy:
        found[rows[index].key].append(pairs(name))
    return found
