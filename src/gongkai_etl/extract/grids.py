"""First way of reading: the cells of the tables as they are drawn or marked up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from gongkai_etl.extract.labels import has_words, normal, vocabulary
from gongkai_etl.extract.named import (
    applicant_spans,
    is_in_order,
    is_misordered,
    outcome_place,
    proactive_cells,
)
from gongkai_etl.extract.numbers import is_figure, is_unit
from gongkai_etl.extract.rows import LOST, Row, Slot, are_parts, spread
from gongkai_etl.extract.zones import head_of, zone_of
from gongkai_etl.form import Column, editions, table_form
from gongkai_etl.model import Grid, GridCell
from gongkai_etl.text import squeeze

APPLICANTS: tuple[Column, ...] = table_form("t3", "2021").blocks[0].columns
OUTCOMES: tuple[Column, ...] = table_form("t4", "2021").blocks[0].columns

_LABELLED = ("t2", "t3")
_COLUMNS = "columns"
"""The reader of grids that were lines set in columns with spaces."""
_LEAST_COLUMNS = 5
"""Fewest of the seven columns with which a table is still taken to be the form's, some left out."""
_WIDTHS = range(8, 11)
"""So wide are tables of the seven columns and one to three of labels: in others the last seven can be others."""
_FULL_ROWS = 3
"""So many rows with seven figures below each other say better than a damaged head where the columns are."""


@dataclass(slots=True)
class Band:
    """One row of slots of a grid: the cell that covers each grid column, from left to right."""

    cells: list[GridCell | None]
    index: int
    grid: Grid

    def distinct(self) -> list[GridCell]:
        """The cells in order, each once."""
        return list({id(cell): cell for cell in self.cells if cell is not None}.values())

    def own(self) -> list[GridCell]:
        """The cells that begin in this row."""
        return [cell for cell in self.distinct() if cell.row == self.index]

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


def read_grids(grids: Sequence[Grid]) -> dict[str, list[Row]]:
    """Table key → the rows of that table over all grids (``t4``: rows of outcomes in order)."""
    rows: dict[str, list[Row]] = {"t2": [], "t3": [], "t4": []}
    columns: Columns | None = None
    header = ""
    parts = parts_of(grids)
    halves = [half for part in parts if part.table == "t3" and (half := Columns.half(part))]
    split = are_parts({half.places for half in halves}, len(APPLICANTS))
    for part in parts:
        if part.table == "t2":
            found, header = _proactive(part, header)
        elif part.table == "t3":
            columns = (Columns.half(part) if split else None) or Columns.of(part, columns)
            found = [row for band in part.bands if (row := columns.row(band))]
        else:
            found = _outcomes(part)
        rows[part.table] += found
    return rows


@dataclass(slots=True)
class Columns:
    """Where the applicant columns of table 三 stand in one grid: (first, last) grid column each.

    ``places`` are those of the form's seven columns that the grid has.
    """

    spans: tuple[tuple[int, int], ...]
    width: int
    first_data: int
    places: tuple[int, ...] = tuple(range(len(APPLICANTS)))

    @classmethod
    def half(cls, part: Part) -> Columns | None:
        """The columns of a part whose head names some of the seven, which are all that hold figures."""
        named = _named(cls._heads(part))
        spans = tuple(named[k] for k in sorted(named))
        filled = Counter(cell.column for band in part.bands for cell in band.own() if is_figure(cell.text))
        most = max(filled.values(), default=0)
        data = [column for column, count in filled.items() if count > most / 2]
        inside = all(any(first <= column <= last for first, last in spans) for column in data)
        if not 0 < len(spans) < len(APPLICANTS) or not most or not inside or not _are_ordered(spans):
            return None
        return cls(spans, part.bands[0].grid.columns, spans[0][0], tuple(sorted(named)))

    @classmethod
    def of(cls, part: Part, before: Columns | None) -> Columns:
        """From the head printed in this part, else from the part before, else from where figures stand."""
        width = part.bands[0].grid.columns
        named = applicant_spans(_heads_of(part))
        figures, rows = cls._from_figures(part)
        if named and (_is_marked_up(part.bands[0].grid) or (figures and sorted(named) == sorted(figures))):
            return cls(named, width, min(named)[0])
        if before is not None and before.width == width and not is_in_order(before.spans):
            return before
        if is_misordered("".join(band.text for band in _head_bands(part)), "t3"):
            return cls(tuple((width, width) for _ in APPLICANTS), width, width)
        spans = figures if rows >= _FULL_ROWS else cls._from_head(part) or figures
        if spans is None and (lacking := cls._lacking(part)):
            return lacking
        if spans is None and before is not None and before.width == width:
            return before
        if spans is None and (part.bands[0].grid.reader == _COLUMNS or not _ends_with_figures(part, width)):
            spans = tuple((width, width) for _ in APPLICANTS)  # nothing says where they stand
        if spans is None:
            spans = tuple((column, column) for column in range(width - 7, width))
        return cls(spans, width, spans[0][0])

    @classmethod
    def _lacking(cls, part: Part) -> Columns | None:
        """The columns of a table that lacks one or two of the seven: every head is known, every row has as many."""
        half = cls.half(part)
        if half is None or not {0, len(APPLICANTS) - 1} < set(half.places) or len(half.places) < _LEAST_COLUMNS:
            return None
        heads = [column for column, text in cls._heads(part).items() if column >= half.first_data and text]
        known = all(any(first <= column <= last for first, last in half.spans) for column in heads)
        counts = Counter(sum(is_figure(cell.text) for cell in band.own()) for band in part.bands)
        return half if known and counts[len(half.spans)] >= _FULL_ROWS else None

    @classmethod
    def _from_head(cls, part: Part) -> tuple[tuple[int, int], ...] | None:
        found = _named(cls._heads(part))
        spans = tuple(found[k] for k in sorted(found))
        return spans if len(spans) == len(APPLICANTS) and _are_ordered(spans) else None

    @staticmethod
    def _heads(part: Part) -> dict[int, str]:
        """Grid column → the words of its head."""
        heads: dict[int, str] = {}
        for band in part.bands:
            head = _is_head(band) or ((heads or band is part.bands[0]) and _names_columns(band))
            if any(is_figure(cell.text) for cell in band.own()) or not head:
                if heads:
                    break
                continue
            for column, cell in enumerate(band.cells):
                if cell is not None and (cell.row == band.index or column not in heads):
                    text = squeeze(cell.text)
                    if "组织" in text and "法人" in text:
                        continue
                    heads[column] = heads.get(column, "") + (text if cell.row == band.index else "")
        return heads

    @staticmethod
    def _from_figures(part: Part) -> tuple[tuple[tuple[int, int], ...] | None, int]:
        """The seven grid columns in which figures stand in most rows that hold exactly seven, and in how many."""
        places: Counter[tuple[tuple[int, int], ...]] = Counter()
        for band in part.bands:
            cells = [cell for cell in band.own() if is_figure(cell.text)]
            if len(cells) == len(APPLICANTS):
                places[tuple((cell.column, cell.column + cell.column_span - 1) for cell in cells)] += 1
        return places.most_common(1)[0] if places else (None, 0)

    def row(self, band: Band) -> Row | None:
        """The row of a band, or None for a head or an empty band."""
        half = len(self.places) < len(APPLICANTS)
        if _is_head(band) or (half and _names_columns(band)):
            return None
        labels, rest = _split(band, self.first_data, max(self.spans)[1])
        own_labels = tuple(normal(cell.text) for cell in labels if cell.row == band.index)
        if not own_labels and not any(cell.text.strip() for cell in rest):
            return None
        slots, complete = self._slots(band, labels, rest)
        if not half:
            return Row(own_labels, slots, complete, band.grid.page)
        whole = spread(slots, self.places, len(APPLICANTS))
        return Row(own_labels, whole, complete, band.grid.page, columns=self.places)

    def _slots(
        self, band: Band, labels: Sequence[GridCell], rest: Sequence[GridCell]
    ) -> tuple[tuple[Slot, ...], bool]:
        if band.cells[-1] is None and len(self.spans) == len(APPLICANTS) and self._begins_early(band):
            return _begun_early(band)
        shifted = bool(labels) and labels[-1].column + labels[-1].column_span - 1 >= self.first_data
        if len(rest) == len(self.spans) and not shifted and is_in_order(self.spans):
            return tuple(_of(band, cell) for cell in rest), True
        if shifted:
            return _shifted(rest, len(self.spans))
        slots = tuple(self._at(band, span, rest) for span in self.spans)
        return slots, sum(slot.filled for slot in slots) == sum(bool(cell.text.strip()) for cell in rest)

    def _begins_early(self, band: Band) -> bool:
        """Whether a cell without words stands among the labels, behind them."""
        own = [cell for cell in band.own() if cell.column < self.first_data]
        return bool(own) and not _is_words(own[-1].text)

    @staticmethod
    def _at(band: Band, span: tuple[int, int], rest: Sequence[GridCell]) -> Slot:
        places = {id(cell) for cell in band.cells[span[0] : span[1] + 1] if cell is not None}
        cells = [cell for cell in rest if id(cell) in places]
        if not cells or all(cell.row < band.index for cell in cells):
            return LOST  # a figure of the row above, between which and this row no rule is drawn
        filled = [cell for cell in cells if cell.text.strip()]
        chosen = _slot(filled[0] if filled else cells[0])
        if len(filled) > 1:
            return Slot(" ".join(cell.text for cell in filled), chosen.page, chosen.box, chosen.address)
        return chosen


def _ends_with_figures(part: Part, width: int) -> bool:
    """Whether the last seven columns can be those of the figures: in no row of figures a label stands there."""
    return width in _WIDTHS and not any(
        cell.column >= width - len(APPLICANTS) and _is_words(cell.text)
        for band in part.bands
        if any(is_figure(cell.text) for cell in band.own())
        for cell in band.own()
    )


def _is_marked_up(grid: Grid) -> bool:
    """Whether the cells of a table are those of its markup: then a head stands over its figures."""
    return grid.page is None and grid.reader not in ("text", _COLUMNS)


def _heads_of(part: Part) -> list[list[GridCell | None]]:
    """The slots of the rows of the head."""
    return [band.cells for band in _head_bands(part)]


def _head_bands(part: Part) -> list[Band]:
    """The bands above the first figure."""
    figures = [at for at, band in enumerate(part.bands) if any(is_figure(cell.text) for cell in band.own())]
    return part.bands[: figures[0]] if figures else part.bands


def _begun_early(band: Band) -> tuple[tuple[Slot, ...], bool]:
    """A row with too few cells, whose figures began among the labels: readable only where all seven are there.

    A blank first of them can be a cell of the labels, and one figure lost behind them.
    """
    own = band.own()
    labels, figures = own[: -len(APPLICANTS)], own[-len(APPLICANTS) :]
    worded = any(_is_words(cell.text) for cell in figures)
    if _is_labelled(labels, band.index) and not worded and figures[0].text.strip():
        return tuple(_slot(cell) for cell in figures), True
    return (LOST,) * len(APPLICANTS), False


def _shifted(rest: Sequence[GridCell], wanted: int) -> tuple[tuple[Slot, ...], bool]:
    """A row pushed to the right by an extra label cell: what fell over the edge is lost, not blank."""
    slots = tuple(_slot(cell) for cell in rest[:wanted])
    return slots + (LOST,) * (wanted - len(slots)), False


def _split(band: Band, first_data: int, last_data: int | None = None) -> tuple[list[GridCell], list[GridCell]]:
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
        words = _is_words(cell.text) and not (
            cell.column >= first_data
            and zone_of(normal(cell.text)) is None
            and _is_labelled(cells[: last + 1], band.index)
        )
        if words or cell.column + cell.column_span - 1 < first_data:
            last = position
    labels = [cell for cell in cells[: last + 1] if cell.text.strip()]
    return labels, cells[last + 1 :]


def _is_words(text: str) -> bool:
    """Whether a text is neither a figure, nor a figure with its note, nor a unit: the rest of one from the page before."""
    return has_words(text) and not is_figure(text) and not _noted(text) and not is_unit(text)


def _is_labelled(labels: Sequence[GridCell], row: int) -> bool:
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


def _is_head(band: Band) -> bool:
    cells = [cell for cell in band.own() if cell.text.strip()]
    if not cells or any(squeeze(cell.text).isdigit() for cell in cells):
        return False
    names = [normal(cell.text) for cell in cells]
    known = {normal(text) for column in APPLICANTS for text in (column.label, *column.variants)}
    if any(name in known and name not in ("其他", "总计", "合计") for name in names):
        return True
    if any(zone_of(name) == "t3" and head_of(name) is None for name in names):
        return False
    return any(head_of(name) for name in names) or (
        all(name in known or name in ("企业", "机构", "组织", "公益组织", "服务机构") for name in names)
        and len(names) > 1
    )


def _names_columns(band: Band) -> bool:
    known = {normal(text) for column in APPLICANTS for text in (column.label, *column.variants)}
    names = [normal(cell.text) for cell in band.own() if cell.text.strip()]
    return bool(names) and all(name in known for name in names)


def _named(heads: dict[int, str]) -> dict[int, tuple[int, int]]:
    """Which of the seven applicants (0 to 6) the heads name, in the form's order → its first and last grid column."""
    names = [{normal(text) for text in (column.label, *column.variants)} for column in APPLICANTS]
    found: dict[int, list[int]] = {}
    wanted = 0
    for column in sorted(heads):
        name = normal(heads[column])
        for k in (wanted - 1, *range(wanted, len(names))):
            if k >= 0 and any(name.endswith(known) for known in names[k]):
                found.setdefault(k, []).append(column)
                wanted = max(wanted, k + 1)
                break
    exact = {k: [c for c in columns if normal(heads[c]) in names[k]] for k, columns in found.items()}
    return {k: ((exact[k] or columns)[0], (exact[k] or columns)[-1]) for k, columns in found.items()}


def _are_ordered(spans: Sequence[tuple[int, int]]) -> bool:
    return all(first[1] < second[0] for first, second in pairwise(spans))


def _proactive(part: Part, header: str) -> tuple[list[Row], str]:
    """Rows of table 二: the label and the cells right of it; the head above tells the columns."""
    rows: list[Row] = []
    heads: list[GridCell] = []
    for band in part.bands:
        cells = band.own()
        texts = [normal(cell.text) for cell in cells]
        is_row = any(zone_of(text) == "t2" and not head_of(text) for text in texts if has_words(text))
        if any(head_of(text) == "t2" for text in texts) and not is_row:
            if any("第二十条" in text for text in texts):
                header, heads = "", []
            header += "".join(texts)
            heads += [cell for cell in cells if cell.text.strip() and "第二十条" not in squeeze(cell.text)]
            continue
        ends = [cell.column + cell.column_span - 1 for cell in heads]
        labels, rest = _split(band, 1, max(ends, default=None))
        own = tuple(normal(cell.text) for cell in labels if cell.row == band.index)
        if own or any(cell.text.strip() for cell in rest):
            rows.append(
                Row(own, tuple(_slot(cell) for cell in _under_heads(rest, heads)), True, band.grid.page, header)
            )
    return rows, header


def _under_heads(rest: Sequence[GridCell], heads: Sequence[GridCell]) -> list[GridCell]:
    """The cells under the heads by their names; else those that stand under a head cell, when there are more
    cells than heads (spans lost)."""
    named = proactive_cells(rest, heads)
    if named is not None:
        return named
    columns = [cell.column for cell in heads if normal(cell.text) != "信息内容"]
    if not columns or len(rest) <= len(columns):
        return list(rest)
    chosen = [cell for cell in rest if cell.column in columns]
    others = [cell for cell in rest if cell.column not in columns and cell.text.strip()]
    return chosen if not others and len(chosen) == len(columns) else list(rest)


def _outcomes(part: Part) -> list[Row]:
    """Rows of figures of table 四, each with the head above it, in the form's order where heads and labels tell."""
    rows: list[tuple[int, Row]] = []
    header = ""
    heads: list[list[GridCell | None]] = []
    for band in part.bands:
        cells = band.own()
        words = [normal(cell.text) for cell in cells if has_words(cell.text) and not is_figure(cell.text)]
        figures = [cell for cell in cells if not (has_words(cell.text) and not is_figure(cell.text))]
        if len(cells) % len(OUTCOMES) == 0 and sum(is_figure(cell.text) for cell in cells) > len(cells) / 2:
            words, figures = [], cells  # a seal's words across a cell make no label of it
        if words and (not any(cell.text.strip() for cell in figures) or len(figures) < len(OUTCOMES)):
            header += "".join(words)
            heads = [*(heads if not rows or not _names_groups(words) else []), band.cells]
            continue
        if len(figures) >= len(OUTCOMES) and not _is_numbering(figures):
            figures, group = _in_form_order(figures, heads, "".join(words))
            if group is None and is_misordered(header, "t4"):
                continue
            slots = tuple(_slot(cell) for cell in figures)
            rows.append((group or 0, Row(tuple(words), slots, True, band.grid.page, header)))
            header = ""
    if len({group for group, _ in rows}) == len(rows):
        rows.sort(key=lambda entry: entry[0])
    return [row for _, row in rows]


def _names_groups(words: Sequence[str]) -> bool:
    return any(word in ("行政复议", "行政诉讼") for word in words)


def _in_form_order(
    figures: list[GridCell], heads: Sequence[Sequence[GridCell | None]], label: str
) -> tuple[list[GridCell], int | None]:
    """The figures in the form's order and the first one's group, if all are named; else as they stand, and None."""
    places = [outcome_place(cell, heads, label) for cell in figures]
    if not any(cell.text.strip() for cell, place in zip(figures, places, strict=True) if place is None):
        named = [k for k, place in enumerate(places) if place is not None]
        if len(named) % len(OUTCOMES) == 0 and named:  # columns of nothing between the others
            figures, places = [figures[k] for k in named], [places[k] for k in named]
    said = [place for place in places if place is not None]
    if len(said) < len(figures) or len(set(said)) < len(said):
        return figures, None
    order = sorted(range(len(figures)), key=lambda k: said[k])
    return [figures[k] for k in order], min(said)[0]


def _is_numbering(figures: Sequence[GridCell]) -> bool:
    """Whether a whole row only numbers its columns: 1, 2, 3 … 15."""
    numbers = [f"{k + 1}" for k in range(len(figures))]
    return len(figures) >= 3 * len(OUTCOMES) and [cell.text for cell in figures] == numbers


def _of(band: Band, cell: GridCell) -> Slot:
    """A cell's slot in a row; a cell that began in a row above holds that row's figure."""
    return _slot(cell) if cell.row == band.index else LOST


def _slot(cell: GridCell) -> Slot:
    return Slot(cell.text, cell.page, cell.box, cell.address, cell.confidence, cell.others)
