"""Figures in whose cells a seal's or a watermark's characters may stand: openly uncertain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from gongkai_etl.model import Box, Cell, Page

REASON = "格内可能压有印章、水印或批注的文字，须由勾稽关系印证"


def cast_doubt(cells: dict[str, Cell], pages: Sequence[Page]) -> None:
    """Make the cells uncertain on which doubtful characters of a page lie."""
    boxes: Mapping[int | None, tuple[Box, ...]] = {page.number: page.doubtful for page in pages if page.doubtful}
    for key, cell in cells.items() if boxes else ():
        where = cell.bbox if cell.certain and isinstance(cell.bbox, tuple) else None
        if where and any(_meet(where, box) for box in boxes.get(cell.page, ())):
            cells[key] = replace(cell, certain=False, reason=REASON)


def _meet(cell: Box, box: Box) -> bool:
    if box[0] >= cell[2] or box[2] <= cell[0] or box[1] >= cell[3] or box[3] <= cell[1]:
        return False
    across = min(cell[2], box[2]) - max(cell[0], box[0])
    down = min(cell[3], box[3]) - max(cell[1], box[1])
    return across > 0.1 * (box[2] - box[0]) and down > 0.1 * (box[3] - box[1])
