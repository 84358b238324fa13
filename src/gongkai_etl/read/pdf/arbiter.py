"""The third voice: the tables of a PDF as pdfplumber finds them, asked only when the first two differ."""

from __future__ import annotations

import io
import logging
from collections.abc import Collection
from dataclasses import replace
from typing import Any

from gongkai_etl.model import Grid, GridCell
from gongkai_etl.text import clean

READER = "pdfplumber"
_LOGGERS = ("pdfminer", "pdfplumber")
_LEAST_CELLS = 4
_TEXT = {"vertical_strategy": "text", "horizontal_strategy": "text"}


def arbiter_grids(data: bytes, digital: Collection[int], pages: Collection[int]) -> tuple[Grid, ...]:
    """The tables on those of the given pages (1-based) that have text: from drawn lines, else from how it is aligned.

    A page that pdfplumber cannot read has no grid: the third voice is silent there.
    """
    import pdfplumber

    for name in _LOGGERS:  # they complain about every font
        logging.getLogger(name).setLevel(logging.ERROR)

    grids: list[Grid] = []
    try:
        with pdfplumber.open(io.BytesIO(data)) as pdf:
            for number in sorted({*digital} & {*pages}):
                if number <= len(pdf.pages):
                    grids += _page(pdf.pages[number - 1], number)
    except Exception:  # pdfminer raises almost anything on damaged files
        return tuple(grids)
    return tuple(grids)


def _page(page: Any, number: int) -> list[Grid]:
    page = page.dedupe_chars()
    ruled = page.find_tables()
    if any(len(table.cells) >= _LEAST_CELLS for table in ruled):
        grids = [_grid(table, number) for table in ruled if table.cells]
    else:
        grids = [_proven(_grid(table, number)) for table in page.find_tables(_TEXT) if table.cells]
    page.close()
    return grids


def _proven(grid: Grid) -> Grid:
    """Without rules each printed line is a row, so an empty place proves nothing: a figure with a note may
    stand on the lines beside it. Such places are left out, and a blank needs another witness.
    """
    return replace(grid, cells=tuple(cell for cell in grid.cells if cell.text))


def _grid(table: Any, number: int) -> Grid:
    texts = table.extract()
    xs = sorted({round(edge, 1) for box in table.cells for edge in (box[0], box[2])})
    ys = sorted({round(edge, 1) for box in table.cells for edge in (box[1], box[3])})
    cells = []
    for row, line in zip(table.rows, texts, strict=True):
        for box, text in zip(row.cells, line, strict=True):
            if box is None:
                continue
            x0, top, x1, bottom = (round(edge, 1) for edge in box)
            left, upper = xs.index(x0), ys.index(top)
            span = (ys.index(bottom) - upper, xs.index(x1) - left)
            cells.append(GridCell(clean(text or "").strip(), upper, left, *span, number, (x0, top, x1, bottom)))
    cells.sort(key=lambda cell: (cell.row, cell.column))
    return Grid(len(ys) - 1, len(xs) - 1, tuple(cells), READER, number)
