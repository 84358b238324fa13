"""Seals, watermarks and stamps over the cells of a table, and figures in colours of their own."""

from __future__ import annotations

import pytest
from PIL import Image
from reportlab.lib.colors import Color
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from gongkai_etl.model import Document, Page
from gongkai_etl.read.pdf import read
from gongkai_etl.read.pdf.opening import opened
from gongkai_etl.read.pdf.page import load
from tests.read.show import matrix
from tests.read.sketch import HIGH, LEFT, ROWS, TOP, WIDE, Draw, line, pdf, rules, texts

PLAIN = [list(row) for row in ROWS]
BODY = [line("本机关认真落实条例各项要求，主动公开政府信息。", y=500 - 16 * k) for k in range(12)]


def only(document: Document) -> list[list[str]]:
    """The one table of a document."""
    (grid,) = document.grids
    return matrix(grid)


def mark(
    text: str, colour: tuple[float, float, float], alpha: float = 1.0, size: float = 9, dx: float = 0
) -> Draw:
    """A text on the line of the figures of the first row, right of the last one's middle."""

    def draw(canvas: Canvas) -> None:
        canvas.setFillColorRGB(*colour)
        canvas.setFillAlpha(alpha)
        canvas.setFont("STSong-Light", size)
        canvas.drawString(LEFT + WIDE * 2.5 + 7 + dx, TOP - HIGH * 1.62, text)

    return draw


def only_page(data: bytes) -> Page:
    (page,) = read(data, "a.pdf").pages
    return page


@pytest.mark.parametrize(
    "layer",
    [
        mark("2026", (0, 0, 0), 0.3),
        mark("5", (0.85, 0.1, 0.1)),
        mark("2026年1月15日", (0.6, 0.6, 0.6), dx=-60),
        mark("编号 12345", (0.1, 0.2, 0.8), 0.5, 7),
    ],
)
def test_a_layer_drawn_in_its_own_ink_is_no_figure(layer: Draw) -> None:
    assert only(read(pdf(rules, texts(), *BODY, layer), "a.pdf")) == PLAIN
    assert only(read(pdf(layer, rules, texts(), *BODY), "a.pdf")) == PLAIN


def test_the_frame_of_a_stamp_cuts_no_cells() -> None:
    def stamp(canvas: Canvas) -> None:
        canvas.setStrokeColorRGB(0.85, 0.1, 0.1)
        canvas.setFillColorRGB(0.85, 0.1, 0.1)
        canvas.rect(LEFT + WIDE * 1.2, TOP - HIGH * 1.8, 120, 25)
        canvas.drawString(LEFT + WIDE * 1.2 + 4, TOP - HIGH * 1.3, "收文 2026 第 35 号")

    assert only(read(pdf(rules, texts(), *BODY, stamp), "a.pdf")) == PLAIN


def test_red_and_grey_figures_drawn_with_their_row_are_figures() -> None:
    def coloured(canvas: Canvas) -> None:
        for r, row in enumerate(ROWS):
            for c, text in enumerate(row):
                canvas.setFillColorRGB(*((0.8, 0, 0) if r and c else (0, 0, 0)))
                canvas.drawCentredString(LEFT + WIDE * (c + 0.5), TOP - HIGH * (r + 0.62), text)

    data = pdf(rules, coloured, *BODY)
    assert only(read(data, "a.pdf")) == PLAIN
    assert only_page(data).doubtful == ()


def test_figures_typed_over_a_finished_page_are_kept_and_doubtful() -> None:
    def typed(canvas: Canvas) -> None:
        canvas.setFillColorRGB(0.9, 0, 0)
        canvas.drawCentredString(LEFT + WIDE * 2.5, TOP - HIGH * 1.62, "12")

    blank = texts([ROWS[0], ("规章", "0", ""), ROWS[2]])
    data = pdf(rules, blank, *BODY, typed)
    assert only(read(data, "a.pdf")) == PLAIN
    assert len(only_page(data).doubtful) == 2


def test_a_black_text_across_a_rule_makes_both_cells_doubtful() -> None:
    blank = texts([ROWS[0], ("规章", "", ""), ROWS[2]])
    across = line("12345", LEFT + WIDE * 2 - 14, TOP - HIGH * 1.62)
    assert len(only_page(pdf(rules, blank, across, *BODY)).doubtful) == 2
    assert len(only_page(pdf(rules, blank, *BODY, across)).doubtful) == 5


def test_a_stamp_in_black_makes_its_cells_doubtful_and_its_frame_cuts_none() -> None:
    def stamp(canvas: Canvas) -> None:
        canvas.rect(LEFT + WIDE * 2.2, TOP - HIGH * 1.8, 60, 20)
        canvas.drawString(LEFT + WIDE * 2.2 + 4, TOP - HIGH * 1.8 + 4, "15")

    blank = texts([ROWS[0], ("规章", "0", ""), ROWS[2]])
    data = pdf(rules, blank, *BODY, stamp)
    assert [len(row) for row in only(read(data, "a.pdf"))] == [3, 3, 3]
    assert len(only_page(data).doubtful) == 2


def test_a_page_with_little_text_is_not_strange() -> None:
    data = pdf(rules, texts(), line("— 3 —", 290, 40), line("某县某镇", 290, 800))
    assert only(read(data, "a.pdf")) == PLAIN
    assert only_page(data).doubtful == ()


def test_a_second_figure_drawn_later_into_the_same_cell_is_doubtful() -> None:
    data = pdf(rules, texts(), *BODY, line("5", LEFT + WIDE * 2.5 + 6, TOP - HIGH * 1.62))
    assert {box[1] for box in only_page(data).doubtful}
    assert len(only_page(data).doubtful) == 3


def test_a_stamp_and_a_grey_nought_do_not_accuse_each_other() -> None:
    def grey(canvas: Canvas) -> None:
        for r, row in enumerate(ROWS):
            for c, text in enumerate(row):
                canvas.setFillColorRGB(*((0.65, 0.65, 0.65) if text == "0" else (0, 0, 0)))
                canvas.drawCentredString(LEFT + WIDE * (c + 0.5), TOP - HIGH * (r + 0.62), text)

    def stamp(canvas: Canvas) -> None:
        canvas.setFillColorRGB(0, 0, 0)
        canvas.setFillAlpha(0.1)
        canvas.drawString(LEFT + WIDE * 1.5 - 20, TOP - HIGH * 1.8, "档案专用15")

    data = pdf(rules, grey, stamp)
    assert only(read(data, "a.pdf")) == PLAIN


def test_a_page_wide_picture_with_holes_hides_nothing_and_a_pasted_one_makes_doubtful() -> None:
    def picture(alpha: int, x: float, y: float, wide: float, high: float) -> Draw:
        image = Image.new("RGBA", (60, 60), (255, 255, 255, alpha))
        image.paste((200, 0, 0, 255), (0, 0, 12, 12))
        return lambda canvas: canvas.drawImage(ImageReader(image), x, y, wide, high, mask="auto")

    wide = pdf(rules, texts(), *BODY, picture(0, 0, 0, 595, 842))
    assert only(read(wide, "a.pdf")) == PLAIN
    assert only_page(wide).doubtful == ()
    pasted = pdf(rules, texts(), *BODY, picture(255, LEFT + WIDE * 2, TOP - 2 * HIGH, WIDE, HIGH))
    assert only(read(pasted, "a.pdf")) == PLAIN
    assert len(only_page(pasted).doubtful) == 2


def test_text_of_a_layer_that_is_switched_off_is_not_read() -> None:
    def off(canvas: Canvas) -> None:
        canvas._code.append("/OC /layer BDC")
        canvas.drawString(LEFT + WIDE * 2.5 + 8, TOP - HIGH * 1.62, "58")
        canvas._code.append("EMC")

    data = pdf(rules, texts(), *BODY, off, pageCompression=0)
    group = b"<< /Type /OCG /Name (x) >>"
    data = data.replace(
        b"/Type /Catalog", b"/Type /Catalog /OCProperties << /OCGs [900 0 R] /D << /OFF [900 0 R] >> >>"
    )
    data = data.replace(b"/ProcSet [", b"/Properties << /layer 900 0 R >> /ProcSet [")
    data = data.replace(b"xref\n", b"900 0 obj\n" + group + b"\nendobj\nxref\n", 1)
    assert only(read(data, "a.pdf")) == PLAIN
    assert only(read(data.replace(b"/OFF [900", b"/ON [900"), "a.pdf"))[1][2] == "12 58"


def test_a_cell_whose_figure_is_painted_over_is_doubtful() -> None:
    def paint(canvas: Canvas) -> None:
        canvas.setFillGray(1)
        canvas.rect(LEFT + WIDE * 2 + 2, TOP - 2 * HIGH + 2, WIDE - 4, HIGH - 4, stroke=0, fill=1)

    emptied = pdf(rules, texts(), *BODY, paint)
    assert only(read(emptied, "a.pdf"))[1] == ["规章", "0", ""]
    assert len(only_page(emptied).doubtful) == 2
    corrected = pdf(rules, texts(), *BODY, paint, line("77", LEFT + WIDE * 2.5 - 5, TOP - HIGH * 1.62))
    assert only(read(corrected, "a.pdf"))[1] == ["规章", "0", "77"]


def test_fields_are_read_with_or_without_looks_and_stamps_beside_them_are_not() -> None:
    def field(canvas: Canvas) -> None:
        canvas.acroForm.textfield(
            name="f",
            value="12",
            x=LEFT + WIDE * 2 + 5,
            y=TOP - HIGH * 2 + 5,
            width=WIDE - 10,
            height=HIGH - 10,
            borderWidth=0,
            textColor=Color(0, 0, 1),
        )

    blank = texts([ROWS[0], ("规章", "0", ""), ROWS[2]])
    data = pdf(rules, blank, *BODY, field, pageCompression=0)
    assert only(read(data, "a.pdf")) == PLAIN
    assert only_page(data).doubtful == ()
    assert only(read(data.replace(b"/AP <<", b"/XX <<"), "a.pdf")) == PLAIN


def test_a_page_is_not_turned_for_its_watermark() -> None:
    def upright(canvas: Canvas) -> None:
        canvas.setFillGray(0.8)
        canvas.rotate(90)
        for k in range(20):
            canvas.drawString(60, -40 - 25 * k, "内部资料注意保存不得外传" * 3)

    assert only(read(pdf(upright, rules, texts()), "a.pdf")) == PLAIN


def test_a_stamp_drawn_right_after_the_table_in_its_ink_cuts_no_cells() -> None:
    def stamp(canvas: Canvas) -> None:
        canvas.rect(LEFT + WIDE * 1.6, TOP - HIGH * 2.7, 70, 15)
        canvas.drawString(LEFT + WIDE * 2.2, TOP - HIGH * 2.6, "15")

    data = pdf(rules, texts([*ROWS[:2], ("行政规范性文件", "345", "")]), stamp)
    assert [len(row) for row in only(read(data, "a.pdf"))] == [3, 3, 3]
    assert len(only_page(data).doubtful) >= 2


def test_spaces_without_ink_are_no_sign_of_wrong_names_however_they_are_turned() -> None:
    def aslant(canvas: Canvas) -> None:
        canvas.translate(120, 300)
        canvas.rotate(35)
        canvas.drawString(0, 0, "样 本 2 0 2 6")

    data = pdf(rules, texts(), *BODY, aslant, line("a b c"))
    with opened(data, "a.pdf") as (document, _):
        assert load(document, 0).found.nameless == 0.0


def cut_to(left: float, bottom: float, width: float, height: float, *draws: Draw) -> Draw:
    """What is drawn, as far as it lies in a rectangle."""

    def draw(canvas: Canvas) -> None:
        area = canvas.beginPath()
        area.rect(left, bottom, width, height)
        canvas.clipPath(area, stroke=0, fill=0)
        for one in draws:
            one(canvas)

    return draw


def test_text_cut_off_at_its_cell_is_not_read_in_the_cell_below() -> None:
    head = cut_to(LEFT + WIDE, TOP - HIGH, WIDE, HIGH, line("（第二行）", LEFT + WIDE + 20, TOP - HIGH * 1.62))
    data = pdf(rules, texts(), *BODY, head)
    assert only(read(data, "a.pdf")) == PLAIN
    assert only_page(data).doubtful == ()


def test_a_figure_of_which_the_cells_border_cuts_digits_is_doubtful() -> None:
    cell = LEFT + WIDE * 2, TOP - 2 * HIGH, WIDE, HIGH
    below = cut_to(*cell, line("58", LEFT + WIDE * 2.5 - 5, TOP - HIGH * 2.4))
    data = pdf(rules, texts(), *BODY, below)
    assert only(read(data, "a.pdf")) == PLAIN
    assert len(only_page(data).doubtful) == 2
    whole = pdf(rules, texts(), *BODY, cut_to(*cell, line("58", LEFT + WIDE * 2.5 + 12, TOP - HIGH * 1.62)))
    assert only(read(whole, "a.pdf"))[1][2] == "12 58"


def test_a_last_page_with_a_signature_and_turned_watermarks_is_no_garbage() -> None:
    def upright(canvas: Canvas) -> None:
        canvas.setFillColorRGB(0, 0, 0.8)
        canvas.rotate(90)
        for k in range(10):
            canvas.drawString(60, -40 - 25 * k, "泽普县财政局")

    document = read(pdf(line("泽普县财政局"), line("2025年1月12日", y=740), upright), "a.pdf")
    assert [page.scanned for page in document.pages] == [False]
