"""Where the cells of a Word table stand: spans, skipped columns, vertical and horizontal merges."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from gongkai_etl.read.docx_styles import is_on
from gongkai_etl.read.docx_text import GONE
from gongkai_etl.read.tables import MAX_SPAN, RawCell
from gongkai_etl.read.xml import Element, attribute, child, local

_NEAR = 60
"""Edges of cells so close are one edge, twentieths of a point."""


@dataclass(slots=True)
class Placed:
    """One ``w:tc``: grid column, columns it covers, and whether it goes on with the cell above."""

    node: Element
    column: int
    columns: int
    goes_on: bool
    width: int


def rows_of(table: Element) -> list[list[Placed]]:
    """The rows of a ``w:tbl`` that tracked changes left, each with its cells from left to right."""
    rows = [list(_row(node)) for node in _below(table, "tr") if child(node, "trPr", "del") is None]
    ends = {max((cell.column + cell.columns for cell in row), default=0) for row in rows}
    if len(ends) > 1:
        _place_by_width(rows)
    return rows


def merged(rows: list[list[tuple[Placed, RawCell]]]) -> list[list[RawCell]]:
    """Cells with their spans; a cell that goes on with the one above only makes that one longer."""
    open_cells: dict[int, RawCell] = {}
    result = []
    for row in rows:
        above, open_cells = open_cells, {}
        kept = []
        for placed, cell in row:
            started = above.get(placed.column)
            if placed.goes_on and started is not None:
                started.row_span += 1
                open_cells[placed.column] = started
                continue
            cell.column, cell.column_span = placed.column, placed.columns
            open_cells[placed.column] = cell
            kept.append(cell)
        result.append(kept)
    return result


def _below(node: Element, wanted: str) -> Iterator[Element]:
    """Rows of a table, or cells of a row, also those inside content controls and custom XML."""
    for item in node:
        name = local(item)
        if name == wanted:
            yield item
        elif name in ("sdt", "sdtContent", "customXml", "ins", "moveTo") and name not in GONE:
            yield from _below(item, wanted)


def _row(node: Element) -> list[Placed]:
    column = _number(child(node, "trPr", "gridBefore"))
    cells: list[Placed] = []
    for item in _below(node, "tc"):
        if child(item, "tcPr", "cellDel") is not None:
            continue
        columns = min(MAX_SPAN, max(1, _number(child(item, "tcPr", "gridSpan"))))
        across = child(item, "tcPr", "hMerge")
        width = _width(child(item, "tcPr", "tcW"))
        if across is not None and attribute(across, "val") != "restart" and cells:
            cells[-1].columns += columns
            cells[-1].width += width
        else:
            cells.append(Placed(item, column, columns, _goes_on(child(item, "tcPr", "vMerge")), width))
        column += columns
    return cells


def _goes_on(merge: Element | None) -> bool:
    return merge is not None and attribute(merge, "val") != "restart" and is_on(merge, False)


def _number(node: Element | None) -> int:
    text = (attribute(node, "val") or "") if node is not None else ""
    return int(text) if text.isdecimal() and len(text) < 6 else 0


def _width(node: Element | None) -> int:
    if node is None or attribute(node, "type") not in ("dxa", None):
        return 0
    text = attribute(node, "w") or ""
    return int(text) if text.isdecimal() and len(text) < 7 else 0


def _place_by_width(rows: list[list[Placed]]) -> None:
    """Where spans are missing, the widths of the cells tell; only when all rows are given and equally wide."""
    totals = [sum(cell.width for cell in row) for row in rows if row]
    if any(cell.width <= 0 for row in rows for cell in row) or max(totals) - min(totals) > 0.02 * max(totals):
        return
    edges: list[int] = []
    for edge in sorted({edge for row in rows for edge in _edges(row)}):
        if not edges or edge - edges[-1] > _NEAR:
            edges.append(edge)
    for row in rows:
        places = [max(0, bisect_left(edges, edge - _NEAR)) for edge in _edges(row)]
        for cell, start, end in zip(row, places, places[1:], strict=False):
            cell.column, cell.columns = start, max(1, end - start)


def _edges(row: list[Placed]) -> list[int]:
    edges = [0]
    for cell in row:
        edges.append(edges[-1] + cell.width)
    return edges
