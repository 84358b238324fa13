"""The rows of grids, cut into the tables in which they stand; in each row, where its label ends."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from gongkai_etl.extract.labels import has_words, normal, vocabulary
from gongkai_etl.extract.numbers import is_figure, is_unit
from gongkai_etl.extract.rows import Slot
from gongkai_etl.extract.zones import zone_of
from gongkai_etl.form import editions
from gongkai_etl.model import Grid, GridCell
from gongkai_etl.text import squeeze

_LABELLED = ("t2", "t3")


@dataclass(slots=True)
class Band:
    """One row of slots of a grid: the cell that covers each grid column, from left to right."""

    cells: list[GridCell | None]
    index: int
    grid: Grid
    _distinct: list[GridCell] = field(init=False, repr=False, compare=False)
    _own: list[GridCell] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        self._distinct = list({id(cell): cell for cell in self.cells if cell is not None}.values())
        self._own = [cell for cell in self._distinct if cell.row == self.index]

    def distinct(self) -> list[GridCell]:
        """The cells in order, each once."""
        return self._distinct

    def own(self) -> list[GridCell]:
        """The cells that begin in this row."""
        return self._own

    @property
    def text(self) -> str:
        """All text that begins in this row, normalised."""
        return normal("".join(cell.text for cell in self.own()))


@dataclass(slots=True)
class Part:
    """Consecutive bands of one grid that stand in the same table."""

    table: str
    bands: list[Band] = field(default_factory=list)


def bands_of(grid: Grid) -> list[Band]:
    """A grid's bands; a cell with spans stands in each slot that it covers."""
    slots: list[list[GridCell | None]] = [[None] * grid.columns for _ in range(grid.rows)]
    for cell in grid.cells:
        for row in range(cell.row, min(cell.row + cell.row_span, grid.rows)):
            for column in range(cell.column, min(cell.column + cell.column_span, grid.columns)):
                if slots[row][column] is None:
                    slots[row][column] = cell
    return [Band(cells, index, grid) for index, cells in enumerate(slots)]


def parts_of(grids: Iterable[Grid]) -> list[Part]:
    """The grids cut into parts, each within one table; rows before any known word are left out."""
    parts: list[Part] = []
    table: str | None = None
    for grid in grids:
        bands = bands_of(grid)
        if not _of_the_form(bands, table):
            continue
        current: Part | None = None
        for band in bands:
            table = _zone(band) or table
            if table is None:
                continue
            if current is None or current.table != table:
                current = Part(table)
                parts.append(current)
            current.bands.append(band)
    return parts


def _zone(band: Band) -> str | None:
    for cell in band.own():
        name = normal(cell.text)
        if has_words(name):
            zone = zone_of(name)
            if zone:
                return zone
    return None


def _of_the_form(bands: Sequence[Band], table: str | None) -> bool:
    """A table of something else (contacts, attachments) between the form's parts is passed over."""
    zones = [_zone(band) for band in bands]
    if any(zones):
        return True
    figures = sum(is_figure(cell.text) for band in bands for cell in band.own())
    return table is not None and figures >= 3 and all(zone is None for zone in zones)


def split_band(band: Band, first_data: int, last_data: int | None = None) -> tuple[list[GridCell], list[GridCell]]:
    """The label cells of a band (up to the last with words that is no figure) and the cells after them.

    Words right of the last column of figures are remarks; words among the figures of a row whose label is
    known are what was written instead of a figure.
    """
    cells = [
        cell
        for cell in band.distinct()
        if last_data is None or cell.column <= last_data or not has_words(cell.text) or is_figure(cell.text)
    ]
    last = -1
    for position, cell in enumerate(cells):
        words = is_words(cell.text) and not (
            cell.column >= first_data
            and zone_of(normal(cell.text)) is None
            and is_labelled(cells[: last + 1], band.index)
        )
        if words or cell.column + cell.column_span - 1 < first_data:
            last = position
    labels = [cell for cell in cells[: last + 1] if cell.text.strip()]
    return labels, cells[last + 1 :]


def is_words(text: str) -> bool:
    """Whether a text is neither a figure, nor a figure with its note, nor a unit: the rest of one from the page before."""
    return has_words(text) and not is_figure(text) and not _noted(text) and not is_unit(text)


def is_labelled(labels: Sequence[GridCell], row: int) -> bool:
    """Whether the cells left of a place hold a label of the form, word for word."""
    own = [normal(cell.text) for cell in labels if cell.row == row and cell.text.strip()]
    names = {own[-1], "".join(own)} if own else set()
    return any(
        name in vocabulary(table, edition).exact for name in names for table in _LABELLED for edition in editions()
    )


def _noted(text: str) -> bool:
    """A figure with words beside it, as in 22（其中修订16件）."""
    start = squeeze(text)[:1]
    return start.isdigit() and any(mark in text for mark in "（(件元") and not _numbered(text)


def _numbered(text: str) -> bool:
    """A label that begins with its number, as in 1.属于国家秘密."""
    compact = squeeze(text)
    return len(compact) > 2 and compact[0].isdigit() and compact[1] in ".、,，．" and not compact[2].isdigit()


def slot_of(cell: GridCell) -> Slot:
    """A grid's cell as the place of a figure."""
    return Slot(cell.text, cell.page, cell.box, cell.address, cell.confidence, cell.others)
