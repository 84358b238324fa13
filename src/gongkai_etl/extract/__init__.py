"""Document → Report: find the tables, align rows and columns to the form, read the text around them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Literal

from gongkai_etl.errors import ReadError
from gongkai_etl.extract.aligned import read_aligned
from gongkai_etl.extract.dates import parse_date
from gongkai_etl.extract.grids import read_grids
from gongkai_etl.extract.labels import has_words, normal
from gongkai_etl.extract.level import read_level
from gongkai_etl.extract.lines import LONGEST_ROW, Line, read_lines, split_glued
from gongkai_etl.extract.misnamed import misnamed
from gongkai_etl.extract.orders import is_of_form
from gongkai_etl.extract.pictured import pictured_tables, without_pictures
from gongkai_etl.extract.proof import prove
from gongkai_etl.extract.prose import read_prose
from gongkai_etl.extract.rows import Row
from gongkai_etl.extract.stretches import stretches
from gongkai_etl.extract.tables import Reading, reading_of
from gongkai_etl.extract.webpage import published_on
from gongkai_etl.extract.zones import is_before_2019
from gongkai_etl.form import TABLES, table_form
from gongkai_etl.model import Cell, CellState, Document, Grid, Paragraph, ReadingNote, Report

Arbiter = Literal["always", "on_doubt", "never"]
_DRAWN = 0.75
"""A table is drawn where so many of its figures stand in drawn cells."""
_TELLING = 6
"""Fewest characters of a label that are found in a text only where the label is meant."""
_SENTENCE = 32
"""More Chinese characters on a line with marks of sentences, with few figures among them, are part of one."""


def extract(document: Document, arbiter: Arbiter = "on_doubt") -> Report:
    """Read the form out of a document.

    Every cell of the form is in the report, with its state and its proof. Raises ReadError
    ``READ-NOT-A-REPORT`` when nothing of a yearly report is found, and ``READ-BEFORE-2019`` for
    the statistics table in use before the edition of 2019.
    """
    document, pictured = without_pictures(document)
    readings = _readings(document)
    prose = read_prose(document)
    _refuse_others(document, readings, prose.title)
    editions = _editions(readings)
    cells, notes = prove(
        readings,
        editions,
        ask=None if arbiter == "never" else lambda tables: _third(document, tables),
        structural=not document.pages,
        always=arbiter == "always",
        overprint="".join(name for name in (prose.unit, prose.signed_by) if name),
        pages=document.pages,
    )
    cells = _unread_or_absent(document, editions, cells)
    cells, unseen = pictured_tables(cells, editions, pictured)
    if not any(page.scanned for page in document.pages):
        notes = [*notes, *misnamed(readings, editions)]
    return Report(
        unit=prose.unit,
        year=prose.year,
        title=prose.title,
        issued_on=prose.issued_on,
        signed_by=prose.signed_by,
        editions=editions,
        sections=prose.sections,
        cells=cells,
        notes=(*notes, *unseen, *(ReadingNote("READ-NOTE", note) for note in document.notes)),
        headings=prose.headings,
        opening=prose.opening,
        format=document.format,
        published_on=parse_date(document.metadata.get("published", "")) or published_on(document),
    )


def _readings(document: Document) -> list[Reading]:
    """The cheap readings of a document: drawn cells, positions, and the order of the text."""
    first = "grid" if document.pages or document.format == "text" else "markup"
    found = [reading_of(first, read_grids(document.grids))]
    if document.pages:
        found.append(reading_of("aligned", read_aligned(document.pages)))
        found += _level(document, *found)
    if not document.pages or not found[0].cells:
        found.append(reading_of("lines", _from_lines(document)))
    return [reading for reading in found if reading.cells or any(reading.editions.values())] or found[:1]


def _level(document: Document, drawn: Reading, aligned: Reading) -> list[Reading]:
    """The witness for those tables of which no cells, or only a few, are drawn."""
    bare = [
        table
        for table in TABLES
        if _filled(drawn, table) < _DRAWN * _filled(aligned, table) or not _filled(drawn, table)
    ]
    if not bare:
        return []
    rows = read_level(document.pages)
    return [reading_of("level", {table: rows[table] if table in bare else [] for table in TABLES})]


def _filled(reading: Reading, table: str) -> int:
    return sum(bool(seen.slot.text) for key, seen in reading.cells.items() if key.startswith(table))


def _from_lines(document: Document) -> dict[str, list[Row]]:
    lines = []
    for block in document.blocks:
        if isinstance(block, Paragraph):
            lines += [Line(text, block.page, block.box) for text in block.text.splitlines()]
        elif document.format == "text":
            lines += _grid_lines(block)
    rows = read_lines(lines)
    rows["t3"] = split_glued(rows["t3"])
    return rows


def _grid_lines(grid: Grid) -> list[Line]:
    texts: dict[int, list[str]] = {}
    for cell in grid.cells:
        texts.setdefault(cell.row, []).append(cell.text)
    return [Line(" | ".join(texts[row])) for row in sorted(texts)]


def _third(document: Document, tables: Collection[str]) -> Reading | None:
    """The arbiter's reading of the given tables: it looks only at the pages on which they stand."""
    if document.arbiter is None:
        return None
    pages = {zone.page.number for zone in stretches(document.pages) if zone.table in tables}
    rows = read_grids(document.arbiter(pages or {page.number for page in document.pages}))
    return reading_of("arbiter", {table: rows[table] if table in tables else [] for table in TABLES})


def _editions(readings: Sequence[Reading]) -> dict[str, str | None]:
    """The edition of each table: of the reading that saw the most of it."""
    found: dict[str, str | None] = {}
    for table in TABLES:
        seen = {r.name: sum(key.startswith(table) for key in r.cells) for r in readings if r.editions.get(table)}
        best = max(seen, key=lambda name: seen[name]) if seen else None
        found[table] = next((r.editions[table] for r in readings if r.name == best), None)
    return found


def _unread_or_absent(
    document: Document, editions: Mapping[str, str | None], cells: dict[str, Cell]
) -> dict[str, Cell]:
    """A row that was not found, but whose label is printed somewhere, is unread and not absent.

    Of a row that was found, what is absent are the columns that its table does not have. Short labels are
    ordinary words, too: they count where no row of the table was found, among words that are the form's.
    """
    missing = [key for key, cell in cells.items() if cell.state is CellState.ABSENT]
    if not missing:
        return cells
    seen = {key.rpartition(".")[0] for key, cell in cells.items() if cell.state is not CellState.ABSENT}
    lines = list(map(normal, _outside_sentences(document)))
    text = "".join(lines)
    for table, name in editions.items():
        form = table_form(table, name or "2021")
        bare = "" if any(key.startswith(table) for key in seen) else "\n".join(_of_form(lines, table))
        for key, _, row, _ in form.cells():
            label = normal(row.label)
            told = normal(form.blocks[0].columns[0].label) if table == "t4" else label
            printed = (told in text and (table == "t4" or len(told) >= _TELLING)) or told in bare
            if key in missing and printed and key.rpartition(".")[0] not in seen:
                reason = "文件中印有这一行，但没有读到数字"
                cells[key] = replace(cells[key], state=CellState.UNREAD, reason=reason)
    return cells


def _of_form(lines: Sequence[str], table: str) -> list[str]:
    return [line for line in lines if line and len(line) <= LONGEST_ROW and is_of_form(line, table)]


def _outside_sentences(document: Document) -> Iterator[str]:
    """The texts without lines of prose, in which names of rows occur as ordinary words."""
    for block in document.blocks:
        if isinstance(block, Grid):
            yield from (cell.text for cell in block.cells)
            continue
        for line in block.text.splitlines():
            words = sum(has_words(character) for character in line)
            short = words <= _SENTENCE or not any(mark in line for mark in "，。")
            if short or words < 2 * sum(character.isdigit() for character in line):
                yield line


def _refuse_others(document: Document, readings: Sequence[Reading], title: str | None) -> None:
    if any(reading.cells for reading in readings):
        return
    text = "".join(_texts(document))
    if is_before_2019(text):
        raise ReadError(
            "READ-BEFORE-2019", "这是2019年以前的统计表格式，不能与现行格式对照，请报送按现行格式编制的年度报告。"
        )
    if title is None and "公开" not in text:
        raise ReadError(
            "READ-NOT-A-REPORT", "文件中没有找到政府信息公开工作年度报告的内容，请核对是否报送了正确的文件。"
        )


def _texts(document: Document) -> list[str]:
    return [
        text
        for block in document.blocks
        for text in ([block.text] if isinstance(block, Paragraph) else [cell.text for cell in block.cells])
    ]


__all__ = ["extract"]
