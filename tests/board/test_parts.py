"""The plain parts of the board: line of progress, marks, comparison of texts, words of figures."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from gongkai_etl.board.crops import box_of, draw
from gongkai_etl.board.render import figure, origin, readers, size
from gongkai_etl.board.spark import HEIGHT, WIDTH, sparkline
from gongkai_etl.board.tables import changes, tables, text_changes
from gongkai_etl.errors import GongkaiError
from gongkai_etl.pipeline import read_report
from tests.board.county import BOX, pdf
from tests.collect.forms import Made, as_docx

NONE = {"edition_t2": "2021", "edition_t3": "2021", "edition_t4": None}


def cell(value: int | Decimal | None, state: str = "number", certain: bool = True) -> dict[str, Any]:
    return {"value": value, "raw": None if value is None else str(value), "state": state, "certain": certain}


def test_the_line_rises_to_the_share_that_has_come() -> None:
    line = sparkline([date(2026, 1, 5), date(2026, 1, 9), None, None], 4, date(2026, 1, 31), date(2026, 1, 15))
    assert line is not None
    first, *_, last = (tuple(map(float, point.split(","))) for point in line.points.split())
    assert first == (0, HEIGHT - 2)
    assert last == (WIDTH, HEIGHT / 2)
    assert line.words == "1月5日至1月15日，累计2个单位报送"
    assert sparkline([None], 4, None, date(2026, 1, 1)) is None


def test_the_gravest_mark_stays() -> None:
    keys = ["t3.received.total", "t3.received.natural_person", "t3.granted.total"]
    cells = {keys[0]: cell(5), keys[1]: cell(4, certain=False), keys[2]: cell(None, "unread")}
    findings: list[dict[str, Any]] = [
        {"severity": "error", "outcome": "fail", "decision": "waive", "cells": keys[:2]},
        {"severity": "error", "outcome": "fail", "decision": None, "cells": keys[:2]},
        {"severity": "error", "outcome": "unknown", "decision": None, "cells": keys[2:]},
    ]
    shown = tables(NONE, cells, findings)
    assert shown[1].marks == {keys[0]: "error", keys[1]: "hint", keys[2]: "gap"}
    assert [table.note == "" for table in shown] == [True, True, False]


def test_blank_and_nought_differ() -> None:
    found = changes({"t3.received.total": cell(0)}, {"t3.received.total": cell(None, "blank")})
    assert [(one.key, one.difference) for one in found] == [("t3.received.total", None)]
    assert changes({"t2.fees.amount": cell(Decimal("1.50"))}, {"t2.fees.amount": cell(Decimal("1.5"))}) == []


def test_texts_are_compared_by_sentence() -> None:
    assert text_changes("甲。乙。丙。", "甲。丁。丙。") == [
        ("same", "甲。"),
        ("gone", "乙。"),
        ("new", "丁。"),
        ("same", "丙。"),
    ]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (None, "—"),
        (cell(None, "absent"), "—"),
        (cell(None, "unread"), "？"),
        (cell(None, "blank"), ""),
        (cell(Decimal("12.50")), "12.50"),
    ],
)
def test_figures_in_words(given: dict[str, Any] | None, said: str) -> None:
    assert figure(given) == said


def test_words_of_origin_reader_and_size() -> None:
    assert origin("web http://x.gov.cn/1") == "网站采集"
    assert readers("grid+aligned") == "表格线、文字位置"
    assert (size(10), size(3 * 2**20)) == ("1 KB", "3.0 MB")


def test_boxes_and_addresses() -> None:
    assert box_of("1.00,2.00,3.00,4.00") == (1.0, 2.0, 3.0, 4.0)
    assert box_of("表2!C5") == "表2!C5"
    assert box_of(None) is None


def test_pictures_of_pages_and_of_rows_without_pages() -> None:
    place = ",".join(map(str, BOX))
    assert draw(pdf(), "a.pdf", {"page": 1, "bbox": place, "raw": "12345"}).startswith(b"\x89PNG")
    made = as_docx(Made("云岭县青溪镇人民政府", 2025, 3))
    (cell,) = (c for k, c in read_report(made, "a.docx").cells.items() if k == "t3.received.total")
    assert isinstance(cell.bbox, str)
    assert draw(made, "a.docx", {"page": None, "bbox": cell.bbox, "raw": cell.raw}).startswith(b"\x89PNG")
    for page, name, data in ((2, "a.pdf", pdf()), (1, "a.pdf", b"%PDF-1.7 broken"), (1, "a.pdf", b"nothing")):
        with pytest.raises(GongkaiError):
            draw(data, name, {"page": page, "bbox": place, "raw": "1"})
