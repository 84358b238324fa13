"""Tables pasted as pictures into digital pages are found and read; other pictures cost nothing."""

from __future__ import annotations

import io
import random
from typing import Any

import numpy as np
import pypdfium2
import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from gongkai_etl.extract import extract
from gongkai_etl.form import table_form
from gongkai_etl.model import CellState
from gongkai_etl.read import pdf as reader
from gongkai_etl.read import pictures
from gongkai_etl.read.pdf.page import texts_of
from tests.read.show import matrix
from tests.read.sketch import line, pdf, rules, texts
from tests.writers.corpus import facts, makers
from tests.writers.score import compare
from tests.writers.truth import random_truth

LABELS = [
    "本年制发件数本年废止件数现行有效件数本年处理决定数量本年收费金额",
    "结果维持结果纠正其他结果尚未审结总计",
]


def with_tables_as_pictures(data: bytes, dpi: int = 150) -> bytes:
    """The same pages: text as text, each table as a picture of itself."""
    document = reader.read(data, "a.pdf")
    out = io.BytesIO()
    canvas = Canvas(out)
    for page, shown in zip(document.pages, pypdfium2.PdfDocument(data), strict=True):
        canvas.setPageSize((page.width, page.height))
        image = shown.render(scale=dpi / 72).to_pil().convert("RGB")
        boxes = []
        for grid in document.grids:
            places = [cell.box for cell in grid.cells if cell.box and cell.page == page.number]
            if places:
                edges = np.array(places)
                boxes.append((*(edges[:, :2].min(axis=0) - 2).tolist(), *(edges[:, 2:].max(axis=0) + 2).tolist()))
        for x0, top, x1, bottom in boxes:
            part = image.crop(tuple(round(edge * dpi / 72) for edge in (x0, top, x1, bottom)))
            canvas.drawImage(ImageReader(part), x0, page.height - bottom, x1 - x0, bottom - top)
        for word in page.words:
            x, y = (word.box[0] + word.box[2]) / 2, (word.box[1] + word.box[3]) / 2
            if not any(b[0] < x < b[2] and b[1] < y < b[3] for b in boxes):
                canvas.setFont("STSong-Light", min(word.box[3] - word.box[1], 16) * 0.85)
                canvas.drawString(word.box[0], page.height - word.box[3] + 3, word.text)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def test_a_report_with_its_tables_as_pictures() -> None:
    truth = random_truth(21)
    data = with_tables_as_pictures(makers()["pdf.ruled"][1](truth, random.Random(4)))
    document = reader.read(data, "a.pdf")
    assert not all(page.scanned for page in document.pages)
    assert {grid.reader for grid in document.grids} == {"ocr"}
    report = extract(document)
    expected: dict[str, Any] = facts(truth, "pdf.ruled", "")
    score = compare(expected["cells"], report)
    assert not score.wrong, score.faults
    assert score.right >= 0.97 * len(truth.cells), score.faults
    assert report.title == expected["title"]
    figures = [cell for cell in report.cells.values() if cell.state is CellState.NUMBER]
    assert all(cell.confidence is not None for cell in figures)
    assert not any(cell.certain for key, cell in report.cells.items() if key.startswith("t2."))
    assert sum(cell.certain for cell in figures) > 150


def test_places_are_those_of_the_page() -> None:
    table = pypdfium2.PdfDocument(pdf(rules, texts()))[0].render(scale=200 / 72).to_pil()

    def paste(canvas: Canvas) -> None:
        part = table.crop(tuple(round(edge * 200 / 72) for edge in (95, 137, 375, 237)))
        canvas.drawImage(ImageReader(part), 150, 300, 280, 100)

    document = reader.read(pdf(line("二、主动公开政府信息情况"), paste), "a.pdf")
    (grid,) = document.grids
    assert matrix(grid)[1] == ["规章", "0", "12"]
    corner = grid.cells[0].box
    assert corner == pytest.approx((155, 447, 245, 477), abs=2)
    assert document.pages[0].words[0].text == "二、主动公开政府信息情况"


def test_pictures_beside_printed_tables_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "with_pictures", None)
    photograph = ImageReader(Image.fromarray(np.random.default_rng(1).integers(0, 255, (90, 90, 3), np.uint8)))

    def paste(canvas: Canvas) -> None:
        canvas.drawImage(photograph, 100, 100, 380, 200)

    truth = random_truth(21)
    plain = makers()["pdf.ruled"][1](truth, random.Random(4))
    assert not pictures.lacks_tables(texts_of(list(reader.read(plain, "a.pdf").blocks)))
    monkeypatch.setattr(reader, "lacks_tables", lambda texts: False)
    assert reader.read(pdf(line("一、总体情况"), paste), "a.pdf").grids == ()


@pytest.mark.parametrize(("words", "expected"), [(LABELS, True), ([], True)])
def test_a_table_is_missed_by_its_labels(words: list[str], expected: bool) -> None:
    assert pictures.lacks_tables(words) is expected
    long = "".join(row.label for row in table_form("t3", "2021").rows)
    assert pictures.lacks_tables([*LABELS, long]) is False
