"""The crop of a figure: its row, its head, and a red outline where the figure stands."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from gongkai_etl import evidence
from gongkai_etl.errors import GongkaiError
from gongkai_etl.model import Cell, CellState, Report
from tests.read.sketch import line, pdf, rules, texts

EMPTY = Report(None, None, None, None, None, {}, {}, {})
SIX = Cell(6, "6", CellState.NUMBER, page=1, bbox=(280.0, 202.0, 370.0, 232.0))
HTML = (
    "<html><body><h1>某镇2025年政府信息公开工作年度报告</h1><table><tr><td>信息内容</td><td>本年制发件数</td></tr>"
    "<tr><td>规章</td><td>12</td></tr></table></body></html>"
).encode()


def red(data: bytes) -> tuple[Image.Image, np.ndarray]:
    """The picture, and the box of everything red on it: x0, top, x1, bottom."""
    picture = Image.open(io.BytesIO(data)).convert("RGB")
    array = np.asarray(picture).astype(int)
    rows, columns = np.nonzero((array[:, :, 0] > 180) & (array[:, :, 1] < 60) & (array[:, :, 2] < 60))
    return picture, np.array([columns.min(), rows.min(), columns.max(), rows.max()])


def test_crop_of_a_pdf_shows_row_and_outline() -> None:
    data = pdf(line("二、主动公开政府信息情况"), rules, texts())
    picture, box = red(evidence.crop(data, "a.pdf", SIX, EMPTY))
    scale = evidence.DPI / 72
    assert picture.width == pytest.approx((270 + 12) * scale, abs=4), "the whole row, from its label on"
    assert (box[2] - box[0], box[3] - box[1]) == pytest.approx((90 * scale, 30 * scale), abs=8)
    inside = np.asarray(picture.convert("L"))[box[1] + 8 : box[3] - 8, box[0] + 8 : box[2] - 8]
    assert inside.min() < 90, "the figure itself is in the outline"


def test_the_head_is_shown_when_it_stands_far_above() -> None:
    def tall(canvas: object) -> None:
        canvas.grid([100, 190, 280, 370], [700, 670, 640, 610, 580, 550, 520])  # type: ignore[attr-defined]

    rows = [("信息内容", "本年制发件数", "现行有效件数"), *[("规章", "1", "2")] * 4, ("许可", "3", "6")]
    data = pdf(tall, texts(rows))
    low = replace(SIX, bbox=(280.0, 292.0, 370.0, 322.0))
    high = replace(SIX, bbox=(280.0, 172.0, 370.0, 202.0))
    near = Image.open(io.BytesIO(evidence.crop(data, "a.pdf", high, EMPTY)))
    far = Image.open(io.BytesIO(evidence.crop(data, "a.pdf", low, EMPTY)))
    assert far.height > near.height


def test_crop_of_a_turned_page_is_upright() -> None:
    data = pdf(rules, texts(), turn=180)
    upright = red(evidence.crop(pdf(rules, texts()), "a.pdf", SIX, EMPTY))
    turned = red(evidence.crop(data, "b.pdf", SIX, EMPTY))
    assert turned[0].size == pytest.approx(upright[0].size, abs=3)
    assert turned[1] == pytest.approx(upright[1], abs=4)


def test_row_of_a_web_page() -> None:
    from gongkai_etl.read import read

    cell = next(c for c in read(HTML, "a.html").grids[0].cells if c.text == "12")
    figure = Cell(12, "12", CellState.NUMBER, bbox=cell.address)
    row = evidence.row_text(HTML, "a.html", figure)
    assert row.texts == ("规章", "12")
    assert row.chosen == 1
    if evidence.chinese_font():
        _, box = red(evidence.crop(HTML, "a.html", figure, EMPTY))
        assert box[2] > box[0]


def test_without_a_place_or_a_font(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(GongkaiError) as caught:
        evidence.crop(HTML, "a.html", Cell(None, None, CellState.ABSENT), EMPTY)
    assert caught.value.code == "EVIDENCE-NOWHERE"
    monkeypatch.setattr(evidence, "chinese_font", lambda: None)
    with pytest.raises(GongkaiError) as caught:
        evidence.draw_row(evidence.RowText(("规章", "0"), 1, None))
    assert caught.value.code == "EVIDENCE-NO-FONT"
