"""Plain text and Markdown → Document: one paragraph a line; runs of lines with tabs, pipes, commas or columns
as tables.

Lines whose figures are parted by spaces that keep to no columns stay lines: which column a figure belongs to
is not for this module to guess.
"""

from __future__ import annotations

import re

from gongkai_etl.errors import ReadError
from gongkai_etl.model import Block, Document, Grid, Paragraph
from gongkai_etl.read.encoding import decode
from gongkai_etl.read.tables import tidy
from gongkai_etl.read.text_folded import unfolded
from gongkai_etl.read.text_piped import whole_rows
from gongkai_etl.read.text_tables import LOOSE, cells_of, grid_of_lines, is_rule, mark_of

READER = "text"
MAX_LINES = 20_000
MAX_CHARACTERS = 5_000_000

_HEADING = re.compile(r" {0,3}#{1,6}\s")
_EMPHASIS = re.compile(r"(\*\*|__)(?=\S)(.*?)(?<=\S)\1")
_TAGS = re.compile(r"<(?:t[dr]|p|div|span)[\s>]", re.IGNORECASE)


def read(data: bytes, name: str) -> Document:
    """Raises ReadError ``READ-UNSAFE`` (too long), and those of HTML for text with an HTML table in it."""
    text, charset = decode(data)
    if _TAGS.search(text):
        from gongkai_etl.read import html

        return html.read_text(_as_page(text), name, charset)
    return Document("text", blocks_of_text(text, name), metadata={"charset": charset})


def blocks_of_text(text: str, name: str) -> tuple[Block, ...]:
    """Paragraphs and tables of plain text. Raises ReadError ``READ-UNSAFE``, ``READ-EMPTY``."""
    if len(text) > MAX_CHARACTERS:
        raise ReadError(
            "READ-UNSAFE", f"{name}：文本超过 {MAX_CHARACTERS // 10_000} 万字，没有读取。请核实文件来源。"
        )
    lines = re.sub(r"\r+\n|\r|\f", "\n", text).replace("\0", "").split("\n")
    if len(lines) > MAX_LINES:
        raise ReadError("READ-UNSAFE", f"{name}：文本超过 {MAX_LINES} 行，没有读取。请核实文件来源。")
    blocks = _blocks(whole_rows(unfolded(lines)))
    if not blocks:
        raise ReadError("READ-EMPTY", f"{name}：文件里没有文字。请让报送单位重新报送。")
    return tuple(blocks)


def _blocks(lines: list[str]) -> list[Block]:
    blocks: list[Block] = []
    tables = 0
    place = 0
    while place < len(lines):
        grid, end = _table(lines, place, tables + 1)
        if grid is not None:
            tables += 1
            blocks.append(grid)
        for line in lines[place:end] if grid is None else ():
            blocks += _paragraph(line)
        place = end
    return blocks


def _table(lines: list[str], start: int, number: int) -> tuple[Grid | None, int]:
    """The table that begins at ``start`` and its end; or None and the end of the lines that are none.

    Columns of spaces are tried with the lines of one cell between them (rows without figures), and without.
    """
    end = _end_of_run(lines, start, captions=True)
    if end == start:
        return None, start + 1
    grid = grid_of_lines(lines[start:end], READER, number)
    mark = mark_of(lines[start])
    if grid is not None or mark not in LOOSE:
        return grid, end if grid else start + 1
    end = _end_of_run(lines, start, captions=False)
    return (grid_of_lines(lines[start:end], READER, number) if mark == " " else None), max(end, start + 1)


def _end_of_run(lines: list[str], start: int, *, captions: bool) -> int:
    """The end of the run of table lines that begins at ``start``: ``start`` itself when none does.

    A line with one cell belongs to the run only as a caption of the row right below it. Blank lines do
    not end a run of tabs: they are what a wrapped row leaves behind.
    """
    mark = mark_of(lines[start])
    if mark is None or not _begins(lines, start, mark):
        return start
    end = place = start
    while place < len(lines):
        line = lines[place]
        if (not line.strip("\n ") and mark == "\t") or (mark == "|" and is_rule(line)):
            place += 1
            end = place if mark == "|" else end
            continue
        if mark_of(line) != mark and not (mark in LOOSE and captions and _begins(lines, place, mark)):
            break
        if len(cells_of(line, mark)) < 2 and not (_begins(lines, place, mark) and _same_width(lines, place, mark)):
            break
        place += 1
        end = place
    return end


def _begins(lines: list[str], place: int, mark: str) -> bool:
    cells = cells_of(lines[place], mark)
    if len(cells) >= 2:
        return any(cells)
    following = lines[place + 1] if place + 1 < len(lines) else ""
    words = bool(cells) and any(character > "\u2e80" for character in cells[0])
    return words and mark_of(following) == mark and len([cell for cell in cells_of(following, mark) if cell]) >= 2


def _same_width(lines: list[str], caption: int, mark: str) -> bool:
    """Whether the rows above and below a caption are of one table, as far as their cells tell."""
    if mark == " " or mark not in LOOSE:
        return True
    above, below = cells_of(lines[caption - 1], mark), cells_of(lines[caption + 1], mark)
    return caption == 0 or len(above) == len(below)


def _paragraph(line: str) -> list[Paragraph]:
    if is_rule(line):
        return []
    heading = _HEADING.match(line)
    text = tidy(line.strip().strip("#") if heading else line)
    text = _EMPHASIS.sub(r"\2", text)
    return [Paragraph(text, heading=heading is not None)] if text else []


def _as_page(text: str) -> str:
    """Markdown with tables in HTML: its other lines as paragraphs of a page."""
    page = []
    inside = False
    for line in text.split("\n"):
        if inside or "<table" in line.lower():
            inside = "</table" not in line.lower()
            page.append(line)
            continue
        for paragraph in _paragraph(line):
            tag = "h2" if paragraph.heading else "p"
            page.append(f"<{tag}>{paragraph.text}</{tag}>")
    return f"<html><body>{''.join(page)}</body></html>"
