"""Pages joined to one long picture are seen one by one."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from gongkai_etl.errors import ReadError
from gongkai_etl.read import scan_file
from gongkai_etl.read.scan_long import pages_in, sheets_in


def paper(height: int, *rows: tuple[int, int], across: slice = slice(60, 540)) -> np.ndarray:
    """A grey page 600 wide with ink from row to row."""
    page = np.full((height, 600), 250, np.uint8)
    for top, end in rows:
        page[top:end, across] = 20
    return page


def lines(first: int, last: int) -> list[tuple[int, int]]:
    return [(top, top + 14) for top in range(first, last, 24)]


def test_a_sheet_is_one_page() -> None:
    assert pages_in(paper(849)) == [(0, 849)]
    assert pages_in(paper(1300)) == [(0, 1300)]


def test_pages_are_cut_in_the_widest_gap_near_their_end() -> None:
    page = paper(1698, *lines(40, 760), *lines(900, 1600))
    (start, middle), (again, end) = pages_in(page)
    assert (start, end) == (0, 1698)
    assert middle == again
    assert 760 <= middle <= 900


def test_a_table_over_two_pages_is_cut_along_a_rule_that_both_see() -> None:
    page = paper(1698, *((top, top + 2) for top in range(100, 1600, 40)))
    for x in range(60, 541, 80):
        page[100:1582, x : x + 2] = 20
    page[112:1580:40, 70:500:20] = 20
    (_, end), (start, _) = pages_in(page)
    rule = (page[start:end, 60:540] == 20).all(axis=1)
    assert rule.sum() == 2
    assert not rule[[0, -1]].any()


def test_where_there_is_neither_gap_nor_rule_the_palest_row_is_taken() -> None:
    page = paper(1698, (0, 1698), across=slice(100, 200))
    page[860, 100:150] = 250
    assert pages_in(page) == [(0, 860), (860, 1698)]


def test_a_long_picture_keeps_its_width_and_its_pages_are_counted() -> None:
    def encoded(width: int, height: int) -> bytes:
        out = io.BytesIO()
        Image.new("L", (width, height), 255).save(out, "PNG")
        return out.getvalue()

    shapes = [page.shape for page in scan_file.pictures(encoded(1200, 6800), "a.png")]
    assert [shape[1] for shape in shapes] == [1200] * 4
    assert sum(shape[0] for shape in shapes) == 6800
    assert sheets_in(10, 100_000) > 100
    with pytest.raises(ReadError, match="页"):
        next(scan_file.pictures(encoded(10, 100_000), "a.png"))
