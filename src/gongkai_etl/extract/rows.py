"""What every way of reading a table gives: rows with a label and slots, in reading order."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from gongkai_etl.model import Box


@dataclass(slots=True)  # never changed, but not frozen: they are made by the hundred
class Slot:
    """The place of one figure. ``text`` is None where the document has no cell or lost its text.

    ``others`` are further readings of the same picture.
    """

    text: str | None
    page: int | None = None
    box: Box | None = None
    address: str | None = None
    confidence: float | None = None
    others: tuple[str, ...] = ()

    @property
    def filled(self) -> bool:
        """Whether any text stands here."""
        return bool(self.text and self.text.strip())


LOST = Slot(None)
"""A slot for which nothing was found."""


def spread(slots: Sequence[Slot], columns: Sequence[int], width: int) -> tuple[Slot, ...]:
    """The slots of a part of a table, each at its column's place in the whole one."""
    whole = [LOST] * width
    for column, slot in zip(columns, slots, strict=True):
        whole[column] = slot
    return tuple(whole)


def are_parts(columns: Collection[tuple[int, ...]], width: int) -> bool:
    """Whether these parts, each given by its columns, are together one table of this width."""
    return len(columns) > 1 and sorted(column for part in columns for column in part) == list(range(width))


@dataclass(frozen=True)
class Row:
    """One printed row: normalised labels (innermost last) and its figures from left to right.

    ``complete`` says that there is one slot for each column of the block, so that order means place.
    ``header`` is the block's header as printed above it (table 二), to tell the editions apart.
    ``columns`` are the places of the slots that its part of a table split by columns has; () for all.
    """

    labels: tuple[str, ...]
    slots: tuple[Slot, ...]
    complete: bool = True
    page: int | None = None
    header: str = ""
    columns: tuple[int, ...] = ()
    extra: dict[str, float] = field(default_factory=dict, compare=False)

    @property
    def label(self) -> str:
        """The innermost label."""
        return self.labels[-1] if self.labels else ""

    @property
    def full_label(self) -> str:
        """All labels, outermost first, as one text."""
        return "".join(self.labels)

    @cached_property
    def filled(self) -> frozenset[int]:
        """The numbers of the slots that hold text."""
        return frozenset(k for k, slot in enumerate(self.slots) if slot.filled)

    @property
    def figures(self) -> int:
        """How many slots hold text."""
        return len(self.filled)

    def joined(self, other: Row) -> Row:
        """This row and its second half from behind a page break, as the one row that they are."""
        width = max(len(self.slots), len(other.slots))
        mine = self.slots + (LOST,) * (width - len(self.slots))
        theirs = other.slots + (LOST,) * (width - len(other.slots))
        return replace(
            self,
            labels=(*self.labels[:-1], self.label + other.full_label),
            slots=tuple(_either(first, second) for first, second in zip(mine, theirs, strict=True)),
            complete=self.complete and other.complete,
        )


def _either(first: Slot, second: Slot) -> Slot:
    if first.filled and second.filled:
        return replace(first, text=f"{first.text}\n{second.text}")
    if second.filled:
        return second
    return first if first.filled or first.text is None else replace(first, text=second.text)
