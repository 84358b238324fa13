"""Tables that are pictures which could not be read: ours to say so, never the office's fault."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace

from gongkai_etl.extract.headings import section_of
from gongkai_etl.form import TABLE_NAMES, TABLES
from gongkai_etl.model import Cell, CellState, Document, Paragraph, ReadingNote
from gongkai_etl.text import PICTURE

_MARK = re.compile(rf"{PICTURE}\d*")


def without_pictures(document: Document) -> tuple[Document, frozenset[str]]:
    """The document without the marks of pictures, and the sections in which those stood."""
    marks = [isinstance(block, Paragraph) and bool(_MARK.fullmatch(block.text)) for block in document.blocks]
    if not any(marks):
        return document, frozenset()
    section = ""
    found: set[str] = set()
    for block, mark in zip(document.blocks, marks, strict=True):
        if mark:
            found.add(section)
        elif isinstance(block, Paragraph):
            section = section_of(block.text) or section
    kept = tuple(block for block, mark in zip(document.blocks, marks, strict=True) if not mark)
    return replace(document, blocks=kept), frozenset(found)


def pictured_tables(
    cells: dict[str, Cell], editions: Mapping[str, str | None], sections: Collection[str]
) -> tuple[dict[str, Cell], list[ReadingNote]]:
    """The cells, those of tables of which only a picture stands in their section unread and not absent."""
    tables = [table for table in TABLES if table[1] in sections and editions.get(table) is None]
    if not tables:
        return cells, []
    reason = "这张表是图片，没有读到其中的数字"
    changed = {
        key: replace(cell, state=CellState.UNREAD, reason=reason)
        for key, cell in cells.items()
        if key[:2] in tables and cell.state is CellState.ABSENT
    }
    names = "、".join(TABLE_NAMES[table] for table in tables)
    message = f"{names}是图片，没有读到其中的数字，请让报送单位报送可编辑的表格，或对照原件录入。"
    return cells | changed, [ReadingNote("READ-NOTE", message, tuple(changed))]
