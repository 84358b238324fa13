"""Pictures of places: only the tables are shown, boxes keep their place, the strip outlines its cell."""

from __future__ import annotations

import io
from dataclasses import replace

from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from gongkai_etl.errors import GongkaiError
from gongkai_etl.evidence import page_picture
from gongkai_etl.model import Report
from gongkai_etl.publish.evidence import DPI, crops, page_images
from gongkai_etl.publish.inputs import UnitYear
from tests.publish.county import cell, report, unit

HEIGHT = 842.0


def pdf() -> bytes:
    """Page 2: a black square where the figure stands, another far below, outside the tables."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(595.0, HEIGHT), invariant=True)
    canvas.showPage()
    canvas.rect(100, HEIGHT - 315, 40, 15, fill=1)
    canvas.rect(100, HEIGHT - 815, 40, 15, fill=1)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def drawn(number: int, scanned: bool) -> tuple[Image.Image, float] | None:
    try:
        return page_picture(pdf(), "报告.pdf", number, "pdf", scanned, DPI)
    except GongkaiError:
        return None


def with_cell(**changes: object) -> Report:
    made = report(unit(1, "白杨镇"), 2025, {})
    return replace(made, cells={"t3.received.total": cell(5, bbox=(100.0, 300.0, 140.0, 315.0), **changes)})


def dark(png: bytes) -> list[tuple[int, int]]:
    picture = Image.open(io.BytesIO(png)).convert("L")
    data = picture.load()
    assert data is not None
    return [(x, y) for y in range(picture.height) for x in range(picture.width) if data[x, y] < 60]  # type: ignore[operator]


def test_a_page_is_cut_down_to_its_tables_and_boxes_keep_their_place() -> None:
    (image,) = page_images(with_cell(), drawn)
    assert image.page == 2
    left, top, right, bottom = image.box
    picture = Image.open(io.BytesIO(image.png))
    scale = picture.width / (right - left)
    points = dark(image.png)
    assert abs(min(x for x, _ in points) / scale + left - 100) < 1
    assert abs(min(y for _, y in points) / scale + top - 300) < 1
    assert abs(max(y for _, y in points) / scale + top - 315) < 1, "the square below the tables is not shown"
    assert bottom < 330


def test_the_strip_outlines_the_cell() -> None:
    seen = UnitYear(unit(1, "白杨镇"), 2025, with_cell(), images=page_images(with_cell(), drawn))
    made = crops(seen, ["t3.received.total"])
    strip = Image.open(io.BytesIO(made["t3.received.total"])).convert("RGB")
    assert strip.height < 120
    red, green, _ = strip.split()
    outlined = zip(red.tobytes(), green.tobytes(), strict=True)
    assert sum(more > 150 and less < 80 for more, less in outlined) > 100


def test_the_same_picture_twice() -> None:
    assert page_images(with_cell(), drawn) == page_images(with_cell(), drawn)


def test_places_without_boxes_have_no_picture() -> None:
    assert page_images(with_cell(page=None), drawn) == ()
    address = with_cell()
    address = replace(address, cells={"t3.received.total": cell(5, bbox="table 3, row 4, column 8")})
    assert page_images(address, drawn) == ()
    beyond = UnitYear(unit(1, "白杨镇"), 2025, with_cell(page=9), images=page_images(with_cell(page=9), drawn))
    assert beyond.images == ()
    assert crops(beyond, ["t3.received.total", "t3.granted.total"]) == {}
