"""The paragraphs outside tables: printed lines joined where a text goes on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from gongkai_etl.extract.around import beginning, ending
from gongkai_etl.extract.dates import DATE, parse_date
from gongkai_etl.extract.furniture import without_furniture
from gongkai_etl.extract.headings import bracketed, section_of, whole_headings
from gongkai_etl.extract.loose import TABLED, is_table_line, outside_tables
from gongkai_etl.extract.titles import TITLE
from gongkai_etl.model import Document, Grid, GridCell, Paragraph
from gongkai_etl.text import CUT, readable, squeeze

_ITEM = re.compile(
    r"^[#*\s]*(?:[一二三四五六七八九十]+[、.．]|[(（][一二三四五六七八九十\d]+[)）]|\d+[.．、](?!\d)|第[一二三四五六七八九十]+[条章])"
)


def paragraphs(document: Document) -> list[str]:
    """The paragraphs outside tables, cleaned; printed lines of positioned formats are joined."""
    lines = [line for block in document.blocks for line in _lines(block)]
    if document.format in ("pdf", "scan", "ofd", "text"):
        return _joined(outside_tables(whole_headings(without_furniture(lines)), section_of))
    return [text for line in lines if (text := readable(line.text.replace(CUT, "")))]


def _lines(block: Paragraph | Grid) -> list[Paragraph]:
    """A paragraph, or what stands alone in the rows of a table that holds headings of sections too."""
    if isinstance(block, Paragraph):
        return [block]
    rows: dict[int, list[GridCell]] = {}
    for cell in block.cells:
        if cell.text.strip():
            rows.setdefault(cell.row, []).append(cell)
    alone = [cells[0] for cells in rows.values() if len(cells) == 1]
    texts = [(cell, line) for cell in alone for line in cell.text.splitlines()]
    if not any((section_of(line) or bracketed(line)) for _, line in texts):
        return []
    kept: list[Paragraph] = []
    section = ""
    for cell, line in texts:
        begun = section_of(line) or bracketed(line)
        section = begun or section
        if begun or section not in TABLED or not is_table_line(line):
            kept.append(Paragraph(line, cell.page, cell.box))
    return kept


def _joined(lines: Sequence[Paragraph]) -> list[str]:
    """Printed lines as paragraphs: a line goes on where the line before is full and no item begins."""
    sides = _sides(lines)
    lengths = sorted(length for line in lines if (length := len(squeeze(line.text))))
    longest = lengths[int(len(lengths) * 0.9)] if lengths else 0
    wrapped = longest > 18 and sum(length >= longest - 3 for length in lengths) >= 0.3 * len(lengths)
    found: list[str] = []
    goes_on = False
    above: Paragraph | None = None
    steps = sorted(step for first, second in pairwise(lines) if (step := _step(first, second)))
    usual = steps[len(steps) // 4] if steps else 0.0
    for line, (left, edge) in zip(lines, sides, strict=True):
        text = readable(line.text.replace(CUT, ""))
        if not text:
            goes_on = False
            continue
        size = (line.box[3] - line.box[1]) if line.box else 12.0
        inside = line.box is None or line.box[0] <= left + size
        step = _step(above, line)
        near = not usual or step is None or step <= 1.3 * usual
        above = line
        signature = (
            bool(found) and found[-1].endswith("。") and (ending("organs").search(text) or parse_date(text))
        )
        goes_on = goes_on and not (signature and len(squeeze(text)) <= 30 and "，" not in text)
        if goes_on and near and inside and found and not _begins(text):
            found[-1] = _glue(found[-1], text)
        else:
            found.append(text)
        full = line.box[2] > edge - 2.5 * size if line.box else wrapped and len(squeeze(text)) >= longest - 3
        last = squeeze(found[-1])
        goes_on = full and not (section_of(found[-1]) or TITLE.fullmatch(last) or DATE.fullmatch(last))
    return found


def _sides(lines: Sequence[Paragraph]) -> list[tuple[float, float]]:
    """Where full lines begin and end, for each line: on its page, or in its column of a newspaper's page."""
    right = sorted(line.box[2] for line in lines if line.box)
    starts = sorted(line.box[0] for line in lines if line.box)
    usual = (starts[len(starts) // 10], right[int(len(right) * 0.9)]) if starts else (0.0, 0.0)
    sides = [usual] * len(lines)
    for at, (above, line) in enumerate(pairwise(lines), start=1):
        if (
            above.box
            and line.box
            and above.page == line.page
            and line.box[1] < above.box[1]
            and line.box[0] > above.box[2] - 1
        ):
            first, last = _column(lines, at - 1, -1, line.box[0]), _column(lines, at, 1, line.box[0])
            for begin, end in ((first, at), (at, last + 1)):
                boxes = [other.box for other in lines[begin:end] if other.box]
                sides[begin:end] = [(min(box[0] for box in boxes), max(box[2] for box in boxes))] * (end - begin)
    return sides


def _column(lines: Sequence[Paragraph], at: int, step: int, gutter: float) -> int:
    """The last line in a direction of the column that ends (or begins) at a line and keeps to its side of the gutter."""
    while 0 <= at + step < len(lines):
        box, page = lines[at + step].box, lines[at + step].page
        if (
            box is None
            or page != lines[at].page
            or (box[2] > gutter if step < 0 else box[0] < gutter - box[3] + box[1])
        ):
            break
        at += step
    return at


def _begins(text: str) -> bool:
    """Whether a line begins something of its own: an item, a heading of Markdown, the footer of a web page."""
    return bool(_ITEM.match(text) or text.startswith("#") or beginning("buttons").match(text))


def _step(above: Paragraph | None, line: Paragraph) -> float | None:
    """How far a printed line stands below the one above it on the same page, in points."""
    if above is None or above.box is None or line.box is None or above.page != line.page:
        return None
    return line.box[3] - above.box[3] if line.box[3] > above.box[3] else None


def _glue(first: str, second: str) -> str:
    ascii_edge = first[-1:].isascii() and second[:1].isascii() and first[-1:].isalpha() and second[:1].isalpha()
    return f"{first} {second}" if ascii_edge else first + second
