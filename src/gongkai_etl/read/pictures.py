"""Tables that are pasted as pictures into a document or page: found where the form's tables are missing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from gongkai_etl.errors import ReadError
from gongkai_etl.form import TABLES, editions, table_form
from gongkai_etl.model import Block, Document, Grid, Page, Paragraph
from gongkai_etl.read.html_body import is_part, is_table_heading
from gongkai_etl.text import PICTURE, squeeze

_MARK = re.compile(rf"{PICTURE}(\d{{1,6}})")
_MOST = 6
_PRINTED = 0.5
_LEAST_WIDE, _LEAST_HIGH = 300, 60
"""Smaller pictures, in pixels, are seals, codes and ornaments."""
_TEXT_WIDTH = 440.0
"""Points across the text of a page: how wide a pasted table is taken to be."""


def lacks_tables(texts: Iterable[str]) -> bool:
    """Whether one of the form's tables is printed nowhere: fewer than half of its telling labels are there."""
    said = squeeze("".join(texts))
    return any(max(_printed(table, name, said) for name in editions()) < _PRINTED for table in TABLES)


def _printed(table: str, name: str, said: str) -> float:
    form = table_form(table, name)
    own = form.rows if table == "t3" else [column for block in form.blocks for column in block.columns]
    labels = {squeeze(label) for label in (one.label for one in own) if len(label) > 2}
    return sum(label in said for label in labels) / len(labels)


def marked(number: int) -> Paragraph:
    """What stands for the picture with that number (from 0) of a document."""
    return Paragraph(f"{PICTURE}{number}")


def with_pictures(document: Document, picture: Callable[[int], bytes | None], name: str) -> Document:
    """The document with what is written on its pictures, where tables of the form are missing.

    ``picture`` gives the bytes of a picture, if it is in the file. Pictures that cannot be read stay marked.
    """
    numbers = [number for block in document.blocks if (number := _number(block)) is not None]
    if not numbers or not lacks_tables(_texts(document.blocks)):
        return document
    blocks: list[Block] = []
    pages: list[Page] = []
    tabled = False
    for block in document.blocks:
        number = _number(block)
        if isinstance(block, Paragraph) and is_part(squeeze(block.text)):
            tabled = is_table_heading(squeeze(block.text))
        data = picture(number) if number is not None and tabled and len(pages) < _MOST else None
        own, page = _read(data, name, len(pages) + 1) if data else ([], None)
        blocks += own or [block]
        pages += [page] if page and own else []
    return Document(document.format, tuple(blocks), tuple(pages), document.metadata, document.notes)


def _number(block: Block) -> int | None:
    match = _MARK.fullmatch(block.text) if isinstance(block, Paragraph) else None
    return int(match[1]) if match else None


def _texts(blocks: Iterable[Block]) -> list[str]:
    return [cell.text for block in blocks if isinstance(block, Grid) for cell in block.cells]


def _read(data: bytes, name: str, number: int) -> tuple[list[Block], Page | None]:
    """Blocks and words of a picture; no page where it is small, damaged, or the recogniser is not installed."""
    from gongkai_etl.read.scan import read_picture
    from gongkai_etl.read.scan_file import pictures

    try:
        image = next(pictures(data, name))
        high, wide = image.shape[:2]
        if wide < _LEAST_WIDE or high < _LEAST_HIGH:
            return [], None
        return read_picture(image, number, min(high, wide) * _TEXT_WIDTH / wide)
    except ReadError:
        return [], None
