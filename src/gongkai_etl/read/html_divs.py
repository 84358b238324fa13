"""Tables that a page draws with other elements than <table>: rows of boxes, lists side by side, a CSS grid."""

from __future__ import annotations

import re
from collections.abc import Sequence

from gongkai_etl.read.html_body import is_part
from gongkai_etl.read.tables import FIGURE, RawCell, RawTable, tidy
from gongkai_etl.read.text_tables import runs_of
from gongkai_etl.read.xml import Element
from gongkai_etl.text import squeeze

_FEWEST_ROWS = 2
_FEWEST_FIGURES = 3
_LONGEST = 160
"""A cell with more characters is prose."""
_ROLES = frozenset(["cell", "gridcell", "columnheader", "rowheader"])
_INLINE = frozenset(["b", "strong", "i", "em", "u", "font", "br", "a", "sup", "sub", "ins"])
_LINES = re.compile(
    r"grid-(?P<way>row|column)\s*:\s*(?P<start>\d{1,4})(?:\s*/\s*(?P<span>span)?\s*(?P<end>\d{1,4}))?"
)
_WIDE = re.compile(r"grid-column\s*:\s*span\s+(\d{1,3})")

Place = tuple[int | None, int, int]
"""Column (if it is said), row span, column span."""


def table_of(node: Element) -> tuple[list[list[Element]], list[list[Place]]] | None:
    """The cells of an element that shows a table of the form, row by row, and where they stand; else None.

    Cells of rows that say nothing of spans are put in their columns by their figures: in a shorter row the
    last label is the wide one.
    """
    rows = _rows(node)
    if rows is None or any(_rows(child) for child in node if isinstance(child.tag, str)):
        return None
    return rows, _places(rows)


def _rows(node: Element) -> list[list[Element]] | None:
    found = (find(node) for find in (_by_roles, _by_grid, _by_boxes))
    return next((rows for rows in found if rows is not None and _is_form(rows)), None)


def _by_roles(node: Element) -> list[list[Element]] | None:
    if node.get("role") not in ("table", "grid"):
        return None
    rows = [item for item in node.iter() if item.get("role") == "row"]
    return [[cell for cell in row.iter() if cell.get("role") in _ROLES] for row in rows]


def _by_grid(node: Element) -> list[list[Element]] | None:
    """Cells with lines of a CSS grid, by the line at which each begins."""
    rows: dict[int, list[Element]] = {}
    for item in node:
        place = _lines(item)
        if "row" not in place or "column" not in place:
            return None
        rows.setdefault(place["row"][0], []).append(item)
    if not rows:
        return None
    return [
        sorted(rows.get(row, ()), key=lambda item: _lines(item)["column"][0])
        for row in range(min(rows), min(max(rows), min(rows) + 999) + 1)
    ]


def _by_boxes(node: Element) -> list[list[Element]] | None:
    """Children that hold nothing but boxes: each child is a row, each box a cell; a child with text is one cell."""
    children = [child for child in node if isinstance(child.tag, str)]
    if _own_text(node) or len(children) < _FEWEST_ROWS:
        return None
    return [_boxes(child) or [child] for child in children]


def _boxes(row: Element) -> list[Element]:
    boxes = [item for item in row if isinstance(item.tag, str)]
    return [] if _own_text(row) or any(box.tag in _INLINE for box in boxes) else boxes


def _is_form(rows: Sequence[Sequence[Element]]) -> bool:
    texts = [[_text(cell) for cell in row] for row in rows]
    wide = [row for row in texts if len(row) > 1]
    if len(wide) < _FEWEST_ROWS or any(len(text) > _LONGEST for row in texts for text in row):
        return False
    figures = sum(bool(FIGURE.fullmatch(text)) for row in wide for text in row if text)
    return figures >= _FEWEST_FIGURES and any(is_part(squeeze(text), table=True) for row in texts for text in row)


def _places(rows: Sequence[Sequence[Element]]) -> list[list[Place]]:
    said = [[_said(cell) for cell in row] for row in rows]
    if any(place != (None, 1, 1) for row in said for place in row):
        return said
    runs = runs_of([[_text(cell) for cell in row] for row in rows])
    return [[(column, 1, columns) for column, columns in row] for row in runs]


def _said(cell: Element) -> Place:
    lines = _lines(cell)
    if lines:
        return lines["column"][0] - 1, lines["row"][1], lines["column"][1]
    wide = _WIDE.search(cell.get("style", ""))
    spans = [_whole(cell.get(f"aria-{way}span")) for way in ("row", "col")]
    return None, spans[0], int(wide[1]) if wide else spans[1]


def _lines(cell: Element) -> dict[str, tuple[int, int]]:
    """``row`` and ``column`` of a cell of a CSS grid → (line, span)."""
    found = {}
    for match in _LINES.finditer(cell.get("style", "") if isinstance(cell.tag, str) else ""):
        start = int(match["start"])
        end = int(match["end"] or 1)
        found[match["way"]] = (start, max(1, end if match["span"] or not match["end"] else end - start))
    return found if len(found) == 2 else {}


def _whole(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and 0 < int(text[:4]) < 1000 else 1


def _own_text(node: Element) -> bool:
    return bool((node.text or "").strip() or any((child.tail or "").strip() for child in node))


def _text(node: Element) -> str:
    return tidy("".join(str(piece) for piece in node.itertext()))


def placed(cells: Sequence[Sequence[RawCell]], places: Sequence[Sequence[Place]]) -> RawTable:
    """The table of cells that stand in their places."""
    for row, own in zip(cells, places, strict=True):
        for cell, (column, down, across) in zip(row, own, strict=True):
            cell.column, cell.row_span, cell.column_span = column, down, across
    return RawTable([list(row) for row in cells])
