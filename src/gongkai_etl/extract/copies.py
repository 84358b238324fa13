"""A table that stands in a document more than once: last year's for comparison, another unit's, an empty form."""

from __future__ import annotations

from collections.abc import Sequence

from gongkai_etl.extract.labels import Vocabulary
from gongkai_etl.extract.rows import Row

_AGAIN = 0.4
"""So large a part of the form's rows stands a second time where a table begins again."""


def copies_of(rows: Sequence[Row], vocabulary: Vocabulary) -> list[list[Row]]:
    """The rows, cut where the table begins again; the copy that is read comes first.

    That is the first with a figure: an empty form can stand before a filled one. A row repeated at a page's
    end begins no copy.
    """
    known = [_index(row, vocabulary) for row in rows]
    starts = [0]
    for at, index in enumerate(known):
        seen = set(known[starts[-1] : at])
        if index is not None and index in seen:
            again = [other for other in known[at:] if other is not None and other in seen]
            if len(set(again)) >= max(3, _AGAIN * len(vocabulary.form.rows)):
                starts.append(at)
    copies = [list(rows[start:end]) for start, end in zip(starts, [*starts[1:], len(rows)], strict=True)]
    return sorted(copies, key=lambda copy: not any(row.figures for row in copy))


def _index(row: Row, vocabulary: Vocabulary) -> int | None:
    """The row of the form whose label this is, word for word; None for others and for labels without cells."""
    if not row.slots:
        return None
    return vocabulary.exact.get(row.label, vocabulary.exact.get(row.full_label))
