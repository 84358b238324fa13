"""Digits that are drawn otherwise than the file says: seen by their outlines, proven by a glance at the page."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import reportlab
from reportlab.pdfbase import pdfmetrics, ttfonts
from reportlab.pdfgen.canvas import Canvas

from gongkai_etl.errors import ReadError
from gongkai_etl.pipeline import read_report
from gongkai_etl.read import pdf as reader
from gongkai_etl.read import scan_ocr
from gongkai_etl.read.pdf import digits
from tests.read.show import matrix
from tests.read.sketch import Draw, line, pdf, rules, texts
from tests.writers.corpus import facts, makers
from tests.writers.score import compare
from tests.writers.truth import random_truth

FONTS = Path(reportlab.__file__).parent / "fonts"
LABELS = texts([("信息内容", "本年制发件数", "现行有效件数"), ("规章", "", ""), ("行政规范性文件", "", "")])
FIGURES = ("204", "1369", "785", "3620")
SWAPS = {"shift": "3456789012", "swap": "0123459786", "reverse": "9876543210", "threes": "0173254689"}


@pytest.fixture(params=["Vera", "VeraBd", "VeraIt", "VeraBI"])
def font(request: pytest.FixtureRequest) -> str:
    pdfmetrics.registerFont(ttfonts.TTFont(request.param, FONTS / f"{request.param}.ttf"))
    return str(request.param)


def figures(font: str) -> Draw:
    def draw(canvas: Canvas) -> None:
        canvas.setFont(font, 12)
        for place, text in enumerate(FIGURES):
            canvas.drawCentredString(235 + 90 * (place % 2), 651 - 30 * (place // 2), text)

    return draw


def page(font: str, swap: str | None, monkeypatch: pytest.MonkeyPatch) -> bytes:
    kept = ttfonts.makeToUnicodeCMap

    def changed(name: str, subset: list[int]) -> str:
        wrong = {ord("0") + k: ord(c) for k, c in enumerate(SWAPS[swap or "shift"])} if swap else {}
        return str(kept(name, [wrong.get(code, code) for code in subset]))

    monkeypatch.setattr(ttfonts, "makeToUnicodeCMap", changed)
    return pdf(line("二、主动公开政府信息情况"), rules, LABELS, figures(font))


def test_sound_fonts_are_not_even_glanced_at(font: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "shows_other_figures", None)
    document = reader.read(page(font, None, monkeypatch), "a.pdf")
    assert [row[1:] for row in matrix(document.grids[0])[1:]] == [["204", "1369"], ["785", "3620"]]
    assert not document.pages[0].scanned


@pytest.mark.parametrize("swap", SWAPS)
def test_changed_digits_under_sound_labels_are_read_from_the_picture(
    font: str, swap: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = reader.read(page(font, swap, monkeypatch), "a.pdf")
    assert document.pages[0].scanned
    assert [row[1:] for row in matrix(document.grids[0])[1:]] == [["204", "1369"], ["785", "3620"]]


def test_without_the_extra_changed_digits_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    pdfmetrics.registerFont(ttfonts.TTFont("Vera", FONTS / "Vera.ttf"))

    def missing() -> Any:
        raise ReadError("READ-OCR-MISSING", "需要文字识别组件")

    monkeypatch.setattr(scan_ocr, "engine", missing)
    with pytest.raises(ReadError) as caught:
        reader.read(page("Vera", "shift", monkeypatch), "a.pdf")
    assert caught.value.code == "READ-OCR-MISSING"


def test_a_doubt_that_the_picture_does_not_bear_out_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    pdfmetrics.registerFont(ttfonts.TTFont("Vera", FONTS / "Vera.ttf"))
    monkeypatch.setattr(digits.Digits, "doubtful", lambda self, found: True)
    document = reader.read(page("Vera", None, monkeypatch), "a.pdf")
    assert not document.pages[0].scanned
    assert matrix(document.grids[0])[1][1] == "204"


def test_outlines_of_common_fonts_are_like_themselves() -> None:
    known, shapes = digits._common()
    assert set(known.tolist()) == set(range(10))
    close = [digits.unlike(48 + int(digit), shape) for digit, shape in zip(known, shapes, strict=True)]
    assert not any(close)
    wide = [
        digits.unlike(0xFF10 + (int(digit) + 1) % 10, shape) for digit, shape in zip(known, shapes, strict=True)
    ]
    assert sum(wide) > 0.97 * len(wide)


def test_an_outline_without_height_says_nothing() -> None:
    assert digits._filled(np.zeros((4, 2)), np.array([True, False, False, False])) is None


@pytest.mark.parametrize("how", ["digits", "shuffled", "missing"])
def test_no_figure_of_a_report_with_a_broken_map_is_silently_wrong(how: str) -> None:
    truth = random_truth(11)
    report = read_report(makers()[f"pdf.unicode_{how}"][1](truth, random.Random(5)), "a.pdf")
    expected: dict[str, Any] = facts(truth, f"pdf.unicode_{how}", "")
    score = compare(expected["cells"], report)
    assert not score.wrong, score.faults
    assert score.right >= 0.9 * len(truth.cells)
