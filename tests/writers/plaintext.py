"""Text layouts: tables with tabs, as Markdown, lined up with spaces, or as taken from a web page."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable

from tests.writers.layout import Form, Line, Table, blocks, random_form
from tests.writers.truth import Truth


def write(truth: Truth, form: str = "tabs", seed: int = 0) -> bytes:
    """The report as UTF-8 text; ``form`` is a key of FORMS."""
    choices = random_form(random.Random(seed)) if seed else Form()
    lines = [
        _line(block, form) if isinstance(block, Line) else FORMS[form](block) for block in blocks(truth, choices)
    ]
    return ("\n".join(lines) + "\n").encode()


def _line(line: Line, form: str) -> str:
    mark = {"title": "# ", "heading": "## "}.get(line.role, "") if form in ("pipes", "markdown") else ""
    return f"\n{mark}{line.text}\n" if mark or form != "spaces" else line.text


def matrix(table: Table, fill: bool) -> list[list[str]]:
    """All places of the table; a span's text stands in its first place, or in every one with ``fill``."""
    grid = [[""] * table.columns for _ in table.rows]
    for row, column, slot in table.placed():
        for i in range(row, row + slot.rows):
            for j in range(column, column + slot.columns):
                if fill or (i, j) == (row, column):
                    grid[i][j] = " ".join(slot.text.split())
    return grid


def tabs(table: Table) -> str:
    """Tabs between places, empty places for spans: what copying from a word processor gives."""
    return "\n".join("\t".join(row) for row in matrix(table, fill=False))


def pipes(table: Table) -> str:
    """A Markdown table with empty places for spans."""
    return _markdown(matrix(table, fill=False))


def markdown(table: Table) -> str:
    """A Markdown table with every place of a span filled, as converters write it."""
    return _markdown(matrix(table, fill=True))


def _markdown(grid: list[list[str]]) -> str:
    lines = ["| " + " | ".join(row) + " |" for row in grid]
    return "\n".join(["", lines[0], "|" + " --- |" * len(grid[0]), *lines[1:], ""])


def spaces(table: Table) -> str:
    """Columns lined up with spaces for a fixed-width font."""
    grid = matrix(table, fill=False)
    widths = [max(_width(row[i]) for row in grid if _width(row[i]) < 40) + 2 for i in range(table.columns)]
    lines = []
    for row in grid:
        line, target = "", 0
        for text, width in zip(row, widths, strict=True):
            line += " " * max(target - _width(line), 1 if line and text else 0) + text
            target += width
        lines.append(line.rstrip())
    return "\n".join(lines)


def filled(table: Table) -> str:
    """A row's own cells, a pipe behind each, and pipes to the width of the table: text taken from a web page."""
    rows = []
    for row in table.rows:
        cells = " | ".join(" ".join(slot.text.split()) for slot in row)
        rows.append(f"{cells} | {'|' * (table.columns - len(row))}".rstrip())
    return "\n".join(rows)


def parted(table: Table) -> str:
    """The same with each cell on a line of its own, where cells hold paragraphs."""
    lines = []
    for row in table.rows:
        lines += [f"{' '.join(slot.text.split())} |".lstrip() for slot in row]
        lines += ["|" * (table.columns - len(row))] * (table.columns > len(row))
    return "\n".join(lines)


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WFA" else 1 for character in text)


FORMS: dict[str, Callable[[Table], str]] = {
    "tabs": tabs, "pipes": pipes, "markdown": markdown, "spaces": spaces, "filled": filled, "parted": parted,
}  # fmt: skip
