"""Where the applicant columns of table 三 stand in a grid, and the figures of a row in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from gongkai_etl.extract.grid_bands import Band, Part, is_labelled, is_words, slot_of, split_band
from gongkai_etl.extract.labels import normal
from gongkai_etl.extract.named import applicant_spans, is_in_order
from gongkai_etl.extract.numbers import is_figure
from gongkai_etl.extract.orders import is_foreign, is_misordered
from gongkai_etl.extract.rows import LOST, Row, Slot, spread
from gongkai_etl.extract.zones import head_of, zone_of
from gongkai_etl.form import Column, table_form
from gongkai_etl.model import Grid, GridCell
from gongkai_etl.text import squeeze

APPLICANTS: tuple[Column, ...] = table_form("t3", "2021").blocks[0].columns

_COLUMNS = "columns"
"""The reader of grids that were lines set in columns with spaces."""
_LEAST_COLUMNS = 5
"""Fewest of the seven columns with which a table is still taken to be the form's, some left out."""
_WIDTHS = range(8, 11)
"""So wide are tables of the seven columns and one to three of labels: in others the last seven can be others."""
_FULL_ROWS = 3
"""So many rows with seven figures below each other say better than a damaged head where the columns are."""


@dataclass(slots=True)
class Columns:
    """Where the applicant columns of table 三 stand in one grid: (first, last) grid column each.

    ``places`` are those of the form's seven columns that the grid has; ``more``: it has an office's own, too.
    """

    spans: tuple[tuple[int, int], ...]
    width: int
    first_data: int
    places: tuple[int, ...] = tuple(range(len(APPLICANTS)))
    more: bool = False

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
        return cls(spans, width, spans[0][0], more=_has_more(part))

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
        labels, rest = split_band(band, self.first_data, max(self.spans)[1])
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
        whole = len(self.spans) == len(APPLICANTS) and self.first_data < self.width
        if band.cells[-1] is None and whole and self._begins_early(band):
            return _begun_early(band) if not self.more else ((LOST,) * len(APPLICANTS), False)
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
        return bool(own) and not is_words(own[-1].text)

    @staticmethod
    def _at(band: Band, span: tuple[int, int], rest: Sequence[GridCell]) -> Slot:
        places = {id(cell) for cell in band.cells[span[0] : span[1] + 1] if cell is not None}
        cells = [cell for cell in rest if id(cell) in places]
        if not cells or all(cell.row < band.index for cell in cells):
            return LOST  # a figure of the row above, between which and this row no rule is drawn
        filled = [cell for cell in cells if cell.text.strip()]
        chosen = slot_of(filled[0] if filled else cells[0])
        if len(filled) > 1:
            return Slot(" ".join(cell.text for cell in filled), chosen.page, chosen.box, chosen.address)
        return chosen


def _ends_with_figures(part: Part, width: int) -> bool:
    """Whether the last seven columns can be those of the figures: in no row of figures a label stands there."""
    return width in _WIDTHS and not any(
        cell.column >= width - len(APPLICANTS) and is_words(cell.text)
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


def _has_more(part: Part) -> bool:
    """Whether a head is none of the form's: its figures, too, stand in rows with too few cells."""
    return any(is_foreign(normal(cell.text), "t3") for band in _head_bands(part) for cell in band.own())


def _begun_early(band: Band) -> tuple[tuple[Slot, ...], bool]:
    """A row with too few cells, whose figures began among the labels: readable only where all seven are there.

    A blank first of them can be a cell of the labels, and one figure lost behind them.
    """
    own = band.own()
    labels, figures = own[: -len(APPLICANTS)], own[-len(APPLICANTS) :]
    worded = any(is_words(cell.text) for cell in figures)
    if is_labelled(labels, band.index) and not worded and figures[0].text.strip():
        return tuple(slot_of(cell) for cell in figures), True
    return (LOST,) * len(APPLICANTS), False


def _shifted(rest: Sequence[GridCell], wanted: int) -> tuple[tuple[Slot, ...], bool]:
    """A row pushed to the right by an extra label cell: what fell over the edge is lost, not blank."""
    slots = tuple(slot_of(cell) for cell in rest[:wanted])
    return slots + (LOST,) * (wanted - len(slots)), False


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


def _of(band: Band, cell: GridCell) -> Slot:
    """A cell's slot in a row; a cell that began in a row above holds that row's figure."""
    return slot_of(cell) if cell.row == band.index else LOST
