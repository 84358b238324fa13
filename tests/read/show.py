"""Documents in a form that tests can compare at a glance."""

from __future__ import annotations

from gongkai_etl.model import Document, Grid, Paragraph


def lines(document: Document) -> list[str]:
    """The texts of the paragraphs."""
    return [block.text for block in document.blocks if isinstance(block, Paragraph)]


def matrix(grid: Grid) -> list[list[str]]:
    """The cells of each row; one with spans as ``text*rows×columns``."""
    rows: list[list[str]] = [[] for _ in range(grid.rows)]
    for cell in grid.cells:
        spans = f"*{cell.row_span}×{cell.column_span}" if (cell.row_span, cell.column_span) != (1, 1) else ""
        rows[cell.row].append(cell.text + spans)
    return rows


def columns(grid: Grid) -> list[list[int]]:
    """The grid column of each cell, row by row."""
    rows: list[list[int]] = [[] for _ in range(grid.rows)]
    for cell in grid.cells:
        rows[cell.row].append(cell.column)
    return rows
