"""First way of reading: the cells of the tables as they are drawn or marked up."""

from __future__ import annotations

from collections.abc import Sequence

from gongkai_etl.extract.grid_bands import Part, parts_of, slot_of, split_band
from gongkai_etl.extract.grid_columns import APPLICANTS, Columns
from gongkai_etl.extract.labels import has_words, normal
from gongkai_etl.extract.named import outcome_place, proactive_cells
from gongkai_etl.extract.numbers import is_figure
from gongkai_etl.extract.orders import is_misordered
from gongkai_etl.extract.rows import Row, are_parts
from gongkai_etl.extract.zones import head_of, zone_of
from gongkai_etl.form import Column, table_form
from gongkai_etl.model import Grid, GridCell
from gongkai_etl.text import squeeze

OUTCOMES: tuple[Column, ...] = table_form("t4", "2021").blocks[0].columns


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
        labels, rest = split_band(band, 1, max(ends, default=None))
        own = tuple(normal(cell.text) for cell in labels if cell.row == band.index)
        if own or any(cell.text.strip() for cell in rest):
            rows.append(
                Row(own, tuple(slot_of(cell) for cell in _under_heads(rest, heads)), True, band.grid.page, header)
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
            slots = tuple(slot_of(cell) for cell in figures)
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
