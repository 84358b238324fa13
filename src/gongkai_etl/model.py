"""The things that flow through the pipeline: frozen, typed, no I/O.

file → :class:`Submission` → :class:`Document` → :class:`Report` → :class:`Finding`. All of them go
to JSON and back through :func:`to_json` and :func:`from_json`, always to the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Literal, TypeVar

T = TypeVar("T")

Box = tuple[float, float, float, float]
"""x0, top, x1, bottom in PDF points, origin at the top left of the page."""

Severity = Literal["error", "warning", "notice"]


class CellState(StrEnum):
    """What stands in a cell of the form (FORM.md)."""

    NUMBER = "number"
    BLANK = "blank"
    NOT_APPLICABLE = "not_applicable"
    TEXT = "text"
    UNREAD = "unread"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Unit:
    """A reporting unit of the roster. ``due`` is (month, day) of the year after the report's."""

    code: str
    name: str
    kind: str
    aliases: tuple[str, ...] = ()
    parent: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    change_reason: str | None = None
    email: str | None = None
    source: str | None = None
    due: tuple[int, int] = (1, 31)

    @property
    def names(self) -> tuple[str, ...]:
        """The full name and every alias."""
        return (self.name, *self.aliases)


@dataclass(frozen=True, slots=True)
class Submission:
    """Raw bytes as they arrived, kept in the object store under ``key`` and never changed."""

    unit: str
    year: int
    sha256: str
    extension: str
    size: int
    received_at: datetime
    origin: str
    file_name: str
    key: str


@dataclass(frozen=True, slots=True)
class GridCell:
    """One cell of a table as drawn or marked up. ``row`` and ``column`` are 0-based, of its first slot.

    ``others`` are what else the picture of a scanned cell was read as.
    """

    text: str
    row: int
    column: int
    row_span: int = 1
    column_span: int = 1
    page: int | None = None
    box: Box | None = None
    address: str | None = None
    confidence: float | None = None
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Grid:
    """One table, or the part of a table that stands on one page."""

    rows: int
    columns: int
    cells: tuple[GridCell, ...]
    reader: str
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph outside tables (of PDF: one printed line; lines are joined by ``extract``)."""

    text: str
    page: int | None = None
    box: Box | None = None
    heading: bool = False


Block = Paragraph | Grid


@dataclass(frozen=True, slots=True)
class Word:
    """A run of characters without a gap, on one line of a page."""

    text: str
    box: Box
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """The words of one page, for readings that go by position. Lengths in PDF points.

    ``doubtful`` are the boxes of characters that may be of a seal or a watermark, not of the cell they stand in.
    """

    number: int
    width: float
    height: float
    words: tuple[Word, ...]
    scanned: bool = False
    doubtful: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """What a file says, before anyone asks what it means.

    ``blocks`` are paragraphs and grids in reading order. ``pages`` is filled for formats with
    positions (PDF, scan, OFD). ``arbiter`` reads the tables on pages of the given numbers once more in
    another, slower way and gives its grids; it lives only as long as the process that read the file.
    """

    format: str
    blocks: tuple[Block, ...]
    pages: tuple[Page, ...] = ()
    metadata: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    arbiter: Callable[[Collection[int]], tuple[Grid, ...]] | None = field(default=None, compare=False, repr=False)

    @property
    def grids(self) -> tuple[Grid, ...]:
        """The tables alone."""
        return tuple(block for block in self.blocks if isinstance(block, Grid))


Value = int | Decimal | None


_NO_READINGS: Mapping[str, str] = {}
"""Shared by all cells whose readings agree: an archive has millions of them."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure of the form with its proof. ``value`` is a Decimal only for money, else whole.

    ``reason`` says in Chinese why the figure is certain or not; ``note`` is what stands beside the
    figure in the cell (其中修订16件); ``readings`` are the texts of all readings when they differ.
    """

    value: Value
    raw: str | None
    state: CellState
    page: int | None = None
    bbox: Box | str | None = None
    reader: str = ""
    certain: bool = False
    reason: str = ""
    note: str | None = None
    confidence: float | None = None
    readings: Mapping[str, str] = field(default_factory=lambda: _NO_READINGS)


@dataclass(frozen=True, slots=True)
class ReadingNote:
    """Something the reader must tell: ``code`` of family READ- or FORM-, Chinese message, cells it is about."""

    code: str
    message: str
    cells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """One unit's report of one year, read. ``editions`` gives the edition of each table, or None."""

    unit: str | None
    year: int | None
    title: str | None
    issued_on: date | None
    signed_by: str | None
    editions: Mapping[str, str | None]
    sections: Mapping[str, str]
    cells: Mapping[str, Cell]
    notes: tuple[ReadingNote, ...] = ()
    headings: tuple[str, ...] = ()
    format: str = ""
    published_on: date | None = None
    sha256: str | None = None
    opening: str = ""
    """The text between the title and the first section: the preface with notice and period."""

    def number(self, key: str) -> Value:
        """The figure of a cell, or None when it is not a number."""
        cell = self.cells.get(key)
        return cell.value if cell is not None and cell.state is CellState.NUMBER else None


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule says about a report: both sides, the cells (printed total first), Chinese words.

    ``left`` and ``right`` are the two sides as shown to people; ``text`` is the passage of the
    report the finding is about. ``outcome`` is ``unknown`` when the rule could not say.
    """

    rule: str
    severity: Severity
    message: str
    left: str | None = None
    right: str | None = None
    cells: tuple[str, ...] = ()
    text: str | None = None
    advice: str | None = None
    outcome: Literal["fail", "unknown"] = "fail"

    @property
    def sort_key(self) -> tuple[int, str, tuple[str, ...], str]:
        """Errors first, then by rule and place: the order of findings never depends on chance."""
        rank = {"error": 0, "warning": 1, "notice": 2}[self.severity]
        return rank, self.rule, self.cells, self.message


_ADAPTERS: dict[type, object] = {}


def _adapter(kind: type) -> object:
    from pydantic import TypeAdapter

    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]


def to_json(thing: object) -> bytes:
    """Canonical UTF-8 JSON of a model object (sorted keys): the same object gives the same bytes."""
    from pydantic_core import to_jsonable_python

    plain = to_jsonable_python(_without_arbiter(thing))
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def from_json(kind: type[T], data: bytes | str) -> T:
    """The object that :func:`to_json` wrote. Raises pydantic.ValidationError on anything else."""
    from pydantic import TypeAdapter

    adapter = _adapter(kind)
    assert isinstance(adapter, TypeAdapter)
    result: T = adapter.validate_json(data)
    return result


def _without_arbiter(thing: object) -> object:
    if isinstance(thing, Document) and thing.arbiter is not None:
        from dataclasses import replace

        return replace(thing, arbiter=None)
    return thing
