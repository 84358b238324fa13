"""Scans: straightened, ruled, recognised; what is not sure is said to be."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import cv2
import numpy as np
import pypdfium2
import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from gongkai_etl.errors import ReadError
from gongkai_etl.read import pdf as digital
from gongkai_etl.read import (
    read,
    scan,
    scan_bands,
    scan_cells,
    scan_figures,
    scan_file,
    scan_flat,
    scan_image,
    scan_ink,
    scan_ocr,
    scan_photo,
    scan_rules,
    scan_seal,
)
from gongkai_etl.read.guard import Pool, default_limits
from gongkai_etl.read.scan_ocr import Recognised
from tests.read.show import lines, matrix
from tests.read.sketch import ROWS, line, pdf, rules, texts

PLAIN = [list(row) for row in ROWS]


def picture(*draws: object, dpi: int = 200) -> scan_ocr.Image:
    """A drawn page as a clean scan."""
    page = pypdfium2.PdfDocument(pdf(*draws))[0]  # type: ignore[arg-type]
    return np.ascontiguousarray(page.render(scale=dpi / 72).to_numpy()[:, :, :3])


def encoded(image: object, kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.fromarray(np.asarray(image)[:, :, ::-1]).save(out, kind)
    return out.getvalue()


def skewed(image: object, angle: float) -> object:
    array = np.asarray(image)
    height, width = array.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    return cv2.warpAffine(array, turn, (width, height), borderValue=(255, 255, 255))


PAGE = (
    line("三、收到和处理政府信息公开申请情况", size=14),
    rules,
    texts(),
    line("四、政府信息公开行政复议情况", y=560),
)


def test_a_clean_picture_file() -> None:
    document = scan.read(encoded(picture(*PAGE)), "a.png")
    assert matrix(document.grids[0]) == PLAIN
    assert lines(document) == ["三、收到和处理政府信息公开申请情况", "四、政府信息公开行政复议情况"]
    assert document.pages[0].scanned
    assert document.pages[0].width == pytest.approx(595, abs=1)
    assert all(cell.confidence is not None and cell.confidence > 0.9 for cell in document.grids[0].cells)
    assert document.grids[0].cells[-1].box == pytest.approx((280, 202, 370, 232), abs=2)


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_turned_and_skewed(quarters: int) -> None:
    turned = np.ascontiguousarray(np.rot90(np.asarray(skewed(picture(*PAGE), 1.4)), quarters))
    document = scan.read(encoded(turned, "JPEG"), "a.jpg")
    assert matrix(document.grids[0]) == PLAIN


def test_a_photograph_on_a_dark_table() -> None:
    page = picture(*PAGE)
    height, width = page.shape[:2]
    target = np.array([[150, 90], [width - 20, 160], [width - 60, height - 40], [60, height - 130]], np.float32)
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix_ = cv2.getPerspectiveTransform(corners, target)
    seen = cv2.warpPerspective(page, matrix_, (width, height), borderValue=(90, 80, 70))
    shade = np.linspace(0.6, 1.0, width, dtype=np.float32)[None, :, None]
    document = scan.read(encoded((seen * shade).astype(np.uint8), "JPEG"), "a.jpg")
    assert matrix(document.grids[0]) == PLAIN


def test_scans_within_a_pdf_page_by_page() -> None:
    image = Image.fromarray(picture(*PAGE)[:, :, ::-1])
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842))
    canvas.drawInlineImage(image, 0, 0, 595, 842)
    text = canvas.beginText(100, 600)
    text.setTextRenderMode(3)
    text.textOut("a hidden text layer 999")
    canvas.drawText(text)
    canvas.showPage()
    canvas.setFont("STSong-Light", 11)
    rules(canvas)
    texts()(canvas)
    canvas.showPage()
    canvas.save()
    document = digital.read(out.getvalue(), "a.pdf")
    assert [page.scanned for page in document.pages] == [True, False]
    assert [matrix(grid) for grid in document.grids] == [PLAIN, PLAIN]
    assert [grid.reader for grid in document.grids] == ["ocr", "grid"]
    assert document.grids[1].cells[0].confidence is None


def test_empty_cells_are_blank_and_specks_are_not_figures() -> None:
    image = picture(
        rules, texts([("信息内容", "本年制发件数", ""), ("规章", "0", ""), ("行政规范性文件", "", "6")])
    )
    at = np.random.default_rng(1)
    for _ in range(60):
        spot = (int(at.integers(300, 1020)), int(at.integers(400, 640)))
        cv2.circle(image, spot, 1, (60, 60, 60), -1)
    (grid,) = scan.read(encoded(image), "a.png").grids
    assert [[row[1], row[2]] for row in matrix(grid)] == [["本年制发件数", ""], ["0", ""], ["", "6"]]


def test_a_wide_and_low_picture_of_a_table_is_not_enlarged(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = []

    def seen(image: np.ndarray) -> scan_image.Sheet:
        sizes.append(image.shape[:2])
        return scan_image.Sheet(image, np.zeros((0, 4, 2), np.float32))

    monkeypatch.setattr(scan, "straightened", seen)
    table = np.full((300, 1800, 3), 255, np.uint8)
    scan.straight_sheet(table, 300 * 440 / 1800)
    scan.straight_sheet(table)
    assert sizes == [(300, 1800), (900, 5400)]


@pytest.mark.parametrize("size", [(8, 8), (1, 4000), (4000, 100)])
def test_specks_and_lines_are_no_pages(size: tuple[int, int]) -> None:
    import numpy as np

    from gongkai_etl.read.scan import read_picture

    blocks, page = read_picture(np.full((*size, 3), 255, np.uint8), 1)
    assert (blocks, page.words, page.scanned) == ([], (), True)


def test_without_the_extra_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    scan_ocr.engine.cache_clear()
    monkeypatch.setitem(sys.modules, "rapidocr", None)
    with pytest.raises(ReadError) as caught:
        scan.read(encoded(picture(*PAGE)), "a.png")
    assert caught.value.code == "READ-OCR-MISSING"
    assert "pip install 'gongkai-etl[ocr]'" in caught.value.message


@pytest.mark.parametrize(
    "data", [b"\x89PNG\r\n\x1a\nnothing", b"", encoded(np.zeros((40, 40, 3)).astype(np.uint8))[:60]]
)
def test_damaged_pictures(data: bytes) -> None:
    with pytest.raises(ReadError) as caught:
        scan.read(data, "a.png")
    assert caught.value.code == "READ-DAMAGED"


def test_far_too_large_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan_file, "_MOST_PIXELS", 10_000)
    with pytest.raises(ReadError) as caught:
        scan.read(encoded(picture(*PAGE)), "a.png")
    assert caught.value.code == "READ-TOO-LARGE"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0", "0"),
        ("O", "0"),
        ("ò", "0"),
        ("l2", "12"),
        ("一", "—"),
        ("-3", "-3"),
        ("1 2", "12"),
        ("12 345", "12 345"),
        ("0]", "0"),
        ("o]", "0"),
        ("[12|", "12"),
    ],
)
def test_letters_that_look_like_digits(text: str, expected: str) -> None:
    found = scan_figures.as_figure(Recognised(text, 0.99))
    assert found.text == expected
    if text not in {"0", "-3", "一", "1 2", "12 345"}:
        assert found.confidence < 0.99


def test_a_speck_before_a_line_is_no_part_of_it() -> None:
    strips = [
        scan_cells.Strip((50, 100, 60, 112), -1, Recognised("·", 0.6)),
        scan_cells.Strip((62, 100, 200, 112), -1, Recognised("甲县年度报告", 0.9)),
        scan_cells.Strip((62, 300, 66, 304), -1, Recognised(".", 0.5)),
    ]
    assert [made.text for made in scan._paragraphs(strips, 1)] == ["甲县年度报告"]


@pytest.mark.parametrize(("length", "text"), [(4, "-"), (9, "—")])
def test_a_hyphen_is_shorter_than_a_dash(length: int, text: str) -> None:
    image = np.full((90, 120, 3), 255, np.uint8)
    cv2.line(image, (40, 45), (40 + round(2.8 * length), 45), (0, 0, 0), 2)
    box = (0.0, 0.0, 120 / 2.8, 90 / 2.8)
    (found,) = scan_figures.read_figures(
        image, scan_rules.ink_of(image, 2.8), 2.8, {0: box}, {0: Recognised("", 0.0)}
    ).values()
    assert found.read.text == text


def test_readings_that_differ_are_never_sure() -> None:
    first, second, third = Recognised("1404407", 0.99), Recognised("1404497", 0.97), Recognised("1404497", 0.9)
    assert scan_figures.agreed([first, second]) == (Recognised("1404407", 0.5), ("1404497",))
    assert scan_figures.agreed([first, second, third]) == (Recognised("1404497", 0.8), ("1404407",))
    assert scan_figures.agreed([first, first]) == (first, ())
    assert scan_figures.agreed([Recognised("m", 0.9), Recognised("—", 0.6)])[0].text == "—"
    fewer = [Recognised("减 18", 0.99)] * 2 + [Recognised("18", 0.99)]
    assert scan_figures.agreed(fewer)[0].text == "减 18"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("0件", True), ("'0", True), ("", True), ("千", True), ("中0", True), ("无", False), ("3其他", False)],
)
def test_what_may_be_a_figure(text: str, expected: bool) -> None:
    assert scan_figures.is_figure_like(text) is expected


def test_a_note_keeps_its_brackets() -> None:
    assert scan_figures.noted("37其中修订12件)") == "37（其中修订12件）"
    assert scan_figures.noted("1.其他法律") == "1.其他法律"


def written(image: scan_ocr.Image, scale: float = 2.8) -> scan_ink.Written | None:
    height, width = (side / scale for side in image.shape[:2])
    return scan_ink.written_in(image, scan_rules.ink_of(image, scale), (0, 0, width, height), scale)


def test_a_slash_is_no_one_and_a_lying_stroke_is_a_dash() -> None:
    image = np.full((90, 90, 3), 255, np.uint8)
    assert written(image) is None
    cv2.line(image, (35, 65), (55, 25), (0, 0, 0), 3)
    slash = written(image)
    assert slash is not None
    assert slash.lines[0].slant > 0.3
    cv2.circle(image, (22, 36), 4, (0, 0, 0), -1)
    stained = written(image)
    assert stained is not None
    assert [read.text for read in scan_ink.read_again([stained])] == ["/"]
    image[:] = 255
    cv2.line(image, (35, 45), (55, 45), (0, 0, 0), 2)
    dash = written(image)
    assert dash is not None
    assert [read.text for read in scan_ink.read_again([dash])] == ["—"]


def test_a_figure_on_two_lines_and_one_that_touches_the_rules() -> None:
    rows = [("信息内容", "本年制发件数", ""), ("规章", "", "12"), ("行政规范性文件", "345", "6")]

    def rest(canvas: Canvas) -> None:
        canvas.drawCentredString(235, 659, "29115")
        canvas.drawCentredString(235, 644, "0")

    def low(canvas: Canvas) -> None:
        canvas.setFontSize(11)
        canvas.drawCentredString(325, 611.2, "9078")

    (grid,) = scan.read(encoded(picture(rules, texts(rows), rest)), "a.png").grids
    assert matrix(grid)[1][1] == "29115\n0"
    rows[2] = ("行政规范性文件", "345", "")
    (grid,) = scan.read(encoded(picture(rules, texts(rows), low)), "a.png").grids
    assert matrix(grid)[2] == ["行政规范性文件", "345", "9078"]


def test_nothing_however_pale() -> None:
    image = np.full((90, 90, 3), 250, np.uint8)
    assert scan_ink.is_clear(image, (0, 0, 32, 32), 2.8)
    cv2.putText(image, "0", (38, 55), 0, 0.8, (205, 205, 205), 2)
    assert not scan_ink.is_clear(image, (0, 0, 32, 32), 2.8)


def test_a_rule_right_above_figures_is_seen() -> None:
    def close(canvas: Canvas) -> None:
        for row in range(4):
            canvas.line(100, 700 - 9 * row, 480, 700 - 9 * row)
        for row in range(3):
            for column in range(5):
                canvas.drawString(105 + 75 * column, 692.1 - 9 * row, "37313 15180")

    page = picture(close)
    lying = [
        piece
        for piece in scan_rules.rule_pieces(scan_rules.ink_of(page, 200 / 72), 200 / 72)
        if piece[2] - piece[0] > 300
    ]
    assert len(lying) == 4


def test_a_curled_page_is_made_flat() -> None:
    page = picture(*PAGE)
    height, width = page.shape[:2]
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    curled = cv2.remap(
        page,
        x + 6 * np.sin(y / height * 3),
        y + 16 * np.sin(x / width * 5),
        cv2.INTER_LINEAR,
        borderValue=(255, 255, 255),
    )
    flat = scan_flat.unbent(scan_image.Sheet(curled, np.zeros((0, 4, 2), np.float32)), 200 / 72)
    assert flat.image is not curled
    assert matrix(scan.read(encoded(curled), "a.png").grids[0]) == PLAIN
    straight = scan_image.Sheet(page, np.zeros((0, 4, 2), np.float32))
    assert scan_flat.unbent(straight, 200 / 72) is straight


def test_a_shadow_is_not_taken_for_a_sheet() -> None:
    page = picture(*PAGE).astype(np.float32)
    page[:, :700] *= 0.5
    dark = page.astype(np.uint8)
    assert scan_photo.flattened(dark) is dark
    assert scan_image.evenly_lit(dark)[2000, 100].min() > 225


def test_light_that_falls_off_to_one_corner_is_no_edge_of_the_paper() -> None:
    page = picture(*PAGE).astype(np.float32)
    height, width = page.shape[:2]
    across, down = np.linspace(0, 1, width)[None, :, None], np.linspace(0, 1, height)[:, None, None]
    shaded = (page * (1 - 0.3 * (across + down))).astype(np.uint8)
    assert scan_photo.flattened(shaded) is shaded
    table = cv2.copyMakeBorder(page, 60, 60, 60, 60, cv2.BORDER_CONSTANT, value=(95, 85, 70))
    height, width = table.shape[:2]
    across, down = np.linspace(0, 1, width)[None, :, None], np.linspace(0, 1, height)[:, None, None]
    seen = (table * (1 - 0.28 * (across + down))).astype(np.uint8)
    found = scan_photo.flattened(seen).shape
    assert np.abs(np.array(found) - page.shape).max() < 20


def test_a_page_seen_in_bands_has_each_line_once() -> None:
    seen = [(10, y, 400, y + 30) for y in range(20, 2900, 45)] + [(420, 100, 450, 1900), (460, 880, 490, 1120)]

    def find(part: scan_ocr.Image) -> scan_ocr.Quads:
        top, bottom = int(part[0, 0, 0]) * 100 + int(part[0, 0, 1]), len(part)
        found = [
            (x0, max(y0 - top, 0), x1, min(y1 - top, bottom))
            for x0, y0, x1, y1 in seen
            if y1 > top and y0 < top + bottom
        ]
        return np.array([[(a, b), (c, b), (c, d), (a, d)] for a, b, c, d in found], np.float32).reshape(-1, 4, 2)

    image = np.zeros((3000, 1400, 3), np.uint8)
    image[:, 0, 0], image[:, 0, 1] = np.arange(3000) // 100, np.arange(3000) % 100
    assert image.size / 3 > 2 * scan_bands.MOST_PIXELS
    quads = scan_bands.in_bands(image, find)
    boxes = [(*quad.min(axis=0).tolist(), *quad.max(axis=0).tolist()) for quad in quads]
    assert sorted(boxes) == sorted(map(tuple, seen))


def test_large_pictures_are_made_smaller_and_clear_ones_put_on_paper() -> None:
    clear = Image.new("RGBA", (5000, 3000), (0, 0, 0, 0))
    out = io.BytesIO()
    clear.save(out, "PNG")
    (image,) = scan_file.pictures(out.getvalue(), "a.png")
    assert image.shape == (2160, 3600, 3)
    assert image.min() == 255
    camera = Image.Exif()
    camera[0x0112] = 6
    out = io.BytesIO()
    Image.new("1", (40, 20), 1).convert("L").save(out, "JPEG", exif=camera)
    assert next(scan_file.pictures(out.getvalue(), "a.jpg")).shape == (40, 20, 3)


@pytest.mark.parametrize("dpi", [200, 600])
def test_a_scan_is_read_within_the_memory_of_a_reading_process(dpi: int) -> None:
    data = encoded(picture(*PAGE, dpi=dpi))
    with Pool("tests.hostile.target:count", 1, default_limits()) as pool:
        (count,) = pool.map([("a.png", data)])
        assert count == 3, count
        process = pool._alive[0]._process
        assert process is not None
        status = Path(f"/proc/{process.pid}/status").read_text()
    assert int(status.split("VmHWM:")[1].split()[0]) < 800 << 10


def test_want_of_memory_said_by_a_library_is_want_of_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise cv2.error("(-4:Insufficient memory) Failed to allocate 9 bytes")

    monkeypatch.setattr(scan, "straight_sheet", fail)
    with pytest.raises(MemoryError):
        read(encoded(picture(*PAGE)), "a.png")


Colour = tuple[int, int, int]


def sealed(
    image: scan_ocr.Image, at: tuple[int, int], radius: int = 160, ink: Colour = (30, 30, 215)
) -> scan_ocr.Image:
    """A ring with a star, printed over a page."""
    stamp = np.full_like(image, 255)
    cv2.circle(stamp, at, radius, ink, 7)
    cv2.circle(stamp, at, radius // 4, ink, -1)
    return (image.astype(np.float32) * stamp / 255).astype(np.uint8)


@pytest.mark.parametrize("ink", [(30, 30, 215), (190, 70, 50), (110, 60, 50), (130, 130, 130)])
def test_a_seal_over_a_table_is_taken_away(ink: Colour) -> None:
    plain = picture(*PAGE)
    page = sealed(plain, (760, 560), ink=ink)
    clean = scan_seal.without_seals(page)
    assert clean[580, 787].min() > 240
    dark = plain[400:720, 600:920].max(axis=2) < 40
    assert (clean[400:720, 600:920].max(axis=2)[dark] < 90).all()
    assert int((clean[400:720, 600:920].min(axis=2)[~dark] < 60).sum()) < 0.02 * dark.size


def test_a_sealed_table_is_read() -> None:
    page = sealed(picture(*PAGE), (760, 560))
    assert matrix(scan.read(encoded(page, "JPEG"), "a.jpg").grids[0]) == PLAIN


def test_a_stamped_box_is_taken_away_and_black_ink_stays() -> None:
    page = picture(*PAGE)
    cv2.rectangle(page, (600, 1000), (980, 1130), (200, 60, 40), 6)
    assert scan_seal.without_seals(page)[1000, 620:960].min() > 240
    black = sealed(picture(*PAGE), (760, 560), ink=(20, 20, 20))
    assert scan_seal.without_seals(black) is black


def test_a_blurred_page_holds_no_rings() -> None:
    rows = [("行政许可行政处罚行政强制", "本年处理决定数量", "本年处理决定数量")] * 12

    def grid(canvas: Canvas) -> None:
        canvas.grid([60 + 40 * k for k in range(13)], [780 - 18 * k for k in range(40)])
        for k in range(39):
            canvas.drawString(64, 767 - 18 * k, "  ".join(rows[k % 12]))

    blurred = cv2.GaussianBlur(picture(grid), (0, 0), 2.2)
    assert scan_seal.without_seals(blurred) is blurred


def test_red_words_stay() -> None:
    page = picture(*PAGE)
    page[:, :, 2] = np.maximum(page[:, :, 2], 210)
    assert scan_seal.without_seals(page) is page
    assert scan_seal.without_seals(picture(*PAGE)).min() == picture(*PAGE).min()


def test_strokes_of_a_large_title_are_no_table() -> None:
    document = scan.read(
        encoded(picture(line("甲县年度政府信息公开年报", x=90, size=24), rules, texts())), "a.png"
    )
    assert lines(document) == ["甲县年度政府信息公开年报"]
    assert [matrix(grid) for grid in document.grids] == [PLAIN]


def test_a_faint_scan_is_read_like_a_dark_one() -> None:
    page = picture(*PAGE, dpi=150).astype(np.float32)
    faint = (255 - (255 - page) * 0.5).astype(np.uint8)
    assert scan_image.contrasted(faint).min() < 20
    document = scan.read(encoded(faint, "JPEG"), "a.jpg")
    assert matrix(document.grids[0]) == PLAIN


def test_a_very_pale_print_is_made_black() -> None:
    noise = np.random.default_rng(1).normal(0, 3, (2339, 1653, 1)).astype(np.float32)
    page = 235 - (255 - picture(*PAGE).astype(np.float32)) * 0.22 + noise
    pale = page.clip(0, 255).astype(np.uint8)
    assert pale.min() > 150
    ink = scan_rules.ink_of(scan_image.contrasted(scan_image.evenly_lit(pale)), 200 / 72)
    assert 0.5 < (ink > 0).sum() / (scan_rules.ink_of(picture(*PAGE), 200 / 72) > 0).sum() < 1.6


def test_what_was_taken_for_the_sheet_may_cut_lines_off() -> None:
    image = np.full((100, 1000, 3), 255, np.uint8)
    boxes = [[[10, y], [996, y], [996, y + 8], [10, y + 8]] for y in (10, 30, 50)]
    quads = np.array(boxes, np.float32)
    assert scan_image.cut_off(scan_image.Sheet(image, quads))
    assert not scan_image.cut_off(scan_image.Sheet(image, quads[:2]))


def test_a_sheet_without_ink_stays_white() -> None:
    noise = np.random.default_rng(2).normal(240, 16, (400, 300, 1)).repeat(3, axis=2)
    white = noise.clip(0, 255).astype(np.uint8)
    assert scan_image.contrasted(white) is white


def test_strokes_right_beyond_a_rule_are_no_part_of_it() -> None:
    ink = np.zeros((60, 200), np.uint8)
    ink[30:33, 20:80] = ink[27:29, 80:120] = ink[30:32, 80:120] = ink[35:37, 80:120] = 255
    pieces = [(float(x), 30.0, x + 10.0, 33.0) for x in range(20, 120, 10)]
    assert not scan_rules._clean(ink, pieces, 2.8)
    assert scan_rules._without_strokes(ink, pieces, 2.8) == pieces[:6]


def test_a_rule_too_faint_by_itself_is_seen_where_others_are() -> None:
    scale = 200 / 72
    page = picture(rules, texts())
    page[int(160 * scale) : int(184 * scale), int(102 * scale) : int(188 * scale)] = 255
    across = slice(int(171.3 * scale), int(172.7 * scale)), slice(int(101 * scale), int(189 * scale))
    page[across] = 241
    assert scan_rules.ink_of(page, scale)[across].max() == 0
    (grid,) = scan.read(encoded(page), "a.png").grids
    assert (grid.rows, len(grid.cells)) == (3, 9)
    page[across] = 255
    (grid,) = scan.read(encoded(page), "a.png").grids
    assert len(grid.cells) == 8


def test_a_short_sign_before_a_digit_is_written() -> None:
    image = np.full((90, 90, 3), 255, np.uint8)
    image[43:47, 28:35] = 0
    cv2.putText(image, "3", (38, 55), 0, 0.8, (0, 0, 0), 2)
    signed = written(image)
    assert signed is not None
    assert signed.box[0] == pytest.approx(28 / 2.8, abs=0.5)


def test_a_corner_of_leaning_rules_is_no_writing() -> None:
    image = np.full((54, 100, 3), 255, np.uint8)
    cv2.putText(image, "0", (42, 32), 0, 0.8, (0, 0, 0), 2)
    alone = written(image)
    image[49:51, 50:97] = 0
    image[45:51, 95:97] = 0
    cornered = written(image)
    assert alone is not None
    assert cornered is not None
    assert cornered.box == alone.box


def test_narrow_columns_do_not_lie_on_their_side() -> None:
    def heads(canvas: Canvas) -> None:
        canvas.setFontSize(12)
        for column in range(5):
            for row, character in enumerate("行政复议结果维持"):
                canvas.drawString(90 + 80 * column, 640 - 14 * row, character)

    page = picture(line("四、政府信息公开行政复议情况"), heads)
    upright, turned = (lines(scan.read(encoded(made), "a.png")) for made in (page, np.rot90(page)))
    assert upright[0] == turned[0] == "四、政府信息公开行政复议情况"


def test_upright_strokes_within_words_are_no_rules() -> None:
    ink = np.zeros((400, 400), np.uint8)
    ink[100:140, 200:203] = ink[20:380, 300:303] = 255
    word = np.array([[[150, 95], [290, 95], [290, 145], [150, 145]]], np.float32)
    assert len(scan_rules.rule_pieces(ink, 2.8)) == 2
    (rule,) = scan_rules.rule_pieces(ink, 2.8, word).tolist()
    assert rule[0] == pytest.approx(301.5 / 2.8, abs=1)
