"""Digital PDFs: cells from rules of every kind, and nothing read that people do not see."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from reportlab.pdfgen.canvas import Canvas

from gongkai_etl.errors import ReadError
from gongkai_etl.extract.numbers import is_figure, parse
from gongkai_etl.model import CellState, Document, Grid, Page, Paragraph
from gongkai_etl.read import pdf as reader
from gongkai_etl.read.pdf import raw, read
from gongkai_etl.read.pdf.chars import Chars, lower
from gongkai_etl.read.pdf.trust import is_garbage
from gongkai_etl.settings import Settings
from gongkai_etl.text import CUT
from tests.read.show import lines, matrix
from tests.read.sketch import HIGH, LEFT, ROWS, TOP, WIDE, line, next_page, pdf, rules, texts, xs, ys

PLAIN = [list(row) for row in ROWS]
SHARED = Path(__file__).resolve().parents[3] / "shared"


def only(document: Document) -> list[list[str]]:
    """The one table of a document."""
    (grid,) = document.grids
    return matrix(grid)


def test_cells_and_lines_in_reading_order() -> None:
    document = read(pdf(line("一、总体情况"), rules, texts(), line("五、存在的主要问题", y=500)), "a.pdf")
    assert [type(block) for block in document.blocks] == [Paragraph, Grid, Paragraph]
    assert lines(document) == ["一、总体情况", "五、存在的主要问题"]
    assert only(document) == PLAIN
    cell = document.grids[0].cells[-1]
    assert cell.text == "6"
    assert cell.box == pytest.approx((280.0, 202.0, 370.0, 232.0), abs=0.6)
    assert (document.pages[0].width, document.pages[0].height) == (595.0, 842.0)
    assert {"345", "12"} <= {word.text for word in document.pages[0].words}


def filled(canvas: Canvas) -> None:
    for y in ys():
        canvas.rect(LEFT, y, 3 * WIDE, 0.6, stroke=0, fill=1)
    for x in xs():
        for y in ys()[1:]:
            canvas.rect(x, y, 0.6, HIGH, stroke=0, fill=1)


def double(canvas: Canvas) -> None:
    for shift in (0, 1.8):
        canvas.grid([x + shift for x in xs()], [y + shift for y in ys()])


def dashed(canvas: Canvas) -> None:
    canvas.setDash(2, 2)
    canvas.grid(xs(), ys())


def dotted(canvas: Canvas) -> None:
    for y in ys():
        for k in range(int(3 * WIDE / 1.5)):
            canvas.rect(LEFT + 1.5 * k, y, 0.75, 0.75, stroke=0, fill=1)
    for x in xs():
        for k in range(int(3 * HIGH / 1.5)):
            canvas.rect(x, ys()[-1] + 1.5 * k, 0.75, 0.75, stroke=0, fill=1)


def open_sides(canvas: Canvas) -> None:
    for y in ys():
        canvas.line(LEFT, y, LEFT + 3 * WIDE, y)
    for x in xs()[1:-1]:
        canvas.line(x, ys()[0], x, ys()[-1])


def open_foot(canvas: Canvas) -> None:
    for y in ys()[:-1]:
        canvas.line(LEFT, y, LEFT + 3 * WIDE, y)
    for x in xs():
        canvas.line(x, ys()[0], x, ys()[-1])


def painted(canvas: Canvas) -> None:
    canvas.setFillGray(0)
    canvas.rect(LEFT - 1, ys()[-1] - 1, 3 * WIDE + 2, 3 * HIGH + 2, stroke=0, fill=1)
    canvas.setFillGray(1)
    for x in xs()[:-1]:
        for y in ys()[1:]:
            canvas.rect(x + 0.5, y + 0.5, WIDE - 1, HIGH - 1, stroke=0, fill=1)


def white_on_colour(canvas: Canvas) -> None:
    canvas.setFillColorRGB(0.8, 0.85, 0.95)
    canvas.rect(LEFT, ys()[-1], 3 * WIDE, 3 * HIGH, stroke=0, fill=1)
    canvas.setStrokeGray(1)
    canvas.grid(xs(), ys())


def in_form(canvas: Canvas) -> None:
    canvas.beginForm("table")
    canvas.grid([x - 50 for x in xs()], [y - 50 for y in ys()])
    canvas.endForm()
    canvas.translate(50, 50)
    canvas.doForm("table")


@pytest.mark.parametrize(
    "draw",
    [rules, filled, double, dashed, dotted, open_sides, open_foot, painted, white_on_colour, in_form],
    ids=lambda draw: draw.__name__,
)
def test_rules_of_every_kind(draw: Any) -> None:
    assert only(read(pdf(draw, texts()), "a.pdf")) == PLAIN


def test_missing_rules_make_spans() -> None:
    def spans(canvas: Canvas) -> None:
        canvas.rect(LEFT, ys()[-1], 3 * WIDE, 3 * HIGH)
        canvas.line(LEFT, ys()[1], LEFT + 3 * WIDE, ys()[1])
        canvas.line(xs()[1], ys()[1], xs()[1], ys()[-1])
        canvas.line(xs()[1], ys()[2], LEFT + 3 * WIDE, ys()[2])

    head = line("第二十条第（一）项", LEFT + 60, TOP - 20)
    side = line("规章", LEFT + 20, TOP - 65)
    figures = [line("7", 280, TOP - 50), line("8", 280, TOP - 80)]
    document = read(pdf(spans, head, side, *figures), "a.pdf")
    assert only(document) == [["第二十条第（一）项*1×2"], ["规章*2×1", "7"], ["8"]]


def test_figures_of_two_lines_are_never_glued() -> None:
    two = [line("12", 120, 688), line("34", 120, 675), line("三", 210, 688), line("本", 210, 675)]
    assert only(read(pdf(rules, *two), "a.pdf"))[0] == ["12\n34", "三本", ""]


def test_text_that_nobody_sees_is_not_read() -> None:
    def invisible(canvas: Canvas) -> None:
        text = canvas.beginText(300, TOP - 50)
        text.setTextRenderMode(3)
        text.textOut("999")
        canvas.drawText(text)

    def white(canvas: Canvas) -> None:
        canvas.setFillGray(1)
        canvas.drawString(120, TOP - 50, "888")

    def covered(canvas: Canvas) -> None:
        canvas.drawString(200, TOP - 80, "777")
        canvas.setFillGray(1)
        canvas.rect(195, TOP - 85, 40, 20, stroke=0, fill=1)

    outside = line("666", 700, TOP - 50)
    assert only(read(pdf(covered, rules, texts(), invisible, white, outside), "a.pdf")) == PLAIN


def test_white_text_on_a_dark_head_is_read() -> None:
    def dark(canvas: Canvas) -> None:
        canvas.setFillGray(0.2)
        canvas.rect(LEFT, ys()[1], 3 * WIDE, HIGH, stroke=0, fill=1)
        canvas.setFillGray(1)
        canvas.setFont("STSong-Light", 11)
        texts(ROWS[:1])(canvas)

    assert only(read(pdf(rules, dark, texts([("", "", ""), *ROWS[1:]])), "a.pdf")) == PLAIN


def test_form_fields_are_cell_text() -> None:
    def fields(canvas: Canvas) -> None:
        for number, (row, column, value) in enumerate([(1, 1, "0"), (1, 2, "12"), (2, 1, "345"), (2, 2, "6")]):
            canvas.acroForm.textfield(
                name=f"f{number}",
                value=value,
                x=LEFT + WIDE * column + 5,
                y=TOP - HIGH * (row + 1) + 5,
                width=WIDE - 10,
                height=HIGH - 10,
                borderWidth=0,
            )

    labels = texts([ROWS[0], ("规章", "", ""), ("行政规范性文件", "", "")])
    assert only(read(pdf(rules, labels, fields), "a.pdf")) == PLAIN


def test_watermarks_are_no_cell_text() -> None:
    def slanting(canvas: Canvas) -> None:
        canvas.translate(120, 620)
        canvas.rotate(35)
        canvas.setFont("STSong-Light", 40)
        canvas.setFillGray(0.8)
        canvas.drawString(0, 0, "内部资料2026")

    def pale(canvas: Canvas) -> None:
        canvas.setFont("STSong-Light", 36)
        canvas.setFillGray(0.85)
        canvas.drawString(110, 630, "某县办公室2026")

    assert only(read(pdf(slanting, pale, rules, texts()), "a.pdf")) == PLAIN


def test_imitated_bold_is_read_once() -> None:
    def again(canvas: Canvas) -> None:
        canvas.translate(0.3, 0)
        texts()(canvas)

    assert only(read(pdf(rules, texts(), again), "a.pdf")) == PLAIN


def test_a_frame_around_the_page_is_no_table() -> None:
    def frame(canvas: Canvas) -> None:
        canvas.rect(40, 40, 515, 762)

    words = [line("本机关认真落实条例各项要求，主动公开政府信息。", y=780 - 16 * k) for k in range(4)]
    document = read(pdf(frame, rules, texts(), *words), "a.pdf")
    assert only(document) == PLAIN
    assert len(lines(document)) == 4


def test_a_frame_that_touches_the_table_gives_back_heading_and_text_line_by_line() -> None:
    def frame(canvas: Canvas) -> None:
        canvas.rect(xs()[0] - 12, 500, xs()[-1] - xs()[0] + 12, 240)

    words = [
        line(text, y=585 - 18 * k) for k, text in enumerate(("五、存在的问题", "人员变动多。", "下一步加强培训。"))
    ]
    document = read(pdf(frame, rules, texts(), *words), "a.pdf")
    assert only(document) == PLAIN
    assert lines(document) == ["五、存在的问题", "人员变动多。", "下一步加强培训。"]


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_turned_pages(turn: int) -> None:
    size = (595.0, 842.0) if turn == 180 else (842.0, 595.0)  # reportlab swaps the sides of a turned page
    document = read(pdf(rules, texts(), size=size, turn=turn), "a.pdf")
    assert only(document) == PLAIN
    assert document.pages[0].height == 842.0, "text is upright only when the turn is undone"


def test_a_table_on_its_side() -> None:
    def sideways(canvas: Canvas) -> None:
        canvas.translate(595, 0)
        canvas.rotate(90)
        canvas.setFont("STSong-Light", 11)
        canvas.translate(0, -260)
        rules(canvas)
        texts()(canvas)

    document = read(pdf(sideways), "a.pdf")
    assert only(document) == PLAIN
    assert (document.pages[0].width, document.pages[0].height) == (842.0, 595.0)


def test_boxes_count_from_the_cropped_page() -> None:
    document = read(pdf(rules, texts(), cropBox=(50, 100, 545, 800)), "a.pdf")
    assert only(document) == PLAIN
    assert document.grids[0].cells[0].box == pytest.approx((50, 100, 140, 130), abs=0.6)


def test_an_empty_password_is_no_hindrance() -> None:
    from reportlab.lib.pdfencrypt import StandardEncryption

    assert only(read(pdf(rules, texts(), encrypt=StandardEncryption("", "owner")), "a.pdf")) == PLAIN
    with pytest.raises(ReadError) as caught:
        read(pdf(rules, encrypt=StandardEncryption("secret", "owner")), "锁.pdf")
    assert caught.value.code == "READ-ENCRYPTED"
    assert "锁.pdf" in caught.value.message


def test_damaged_and_too_long_files(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ReadError) as caught:
        read(b"%PDF-1.7\nnothing", "a.pdf")
    assert caught.value.code == "READ-DAMAGED"
    monkeypatch.setattr("gongkai_etl.read.pdf.opening.settings", lambda: Settings(read_max_pages=1))
    two = pdf(line("一"), next_page, line("二"))
    with pytest.raises(ReadError) as caught:
        read(two, "a.pdf")
    assert caught.value.code == "READ-PAGES"


def test_the_third_voice_reads_the_same() -> None:
    document = read(pdf(rules, texts()), "a.pdf")
    assert document.arbiter is not None
    (grid,) = document.arbiter({1})
    assert matrix(grid) == PLAIN
    assert grid.reader == "pdfplumber"


WORDS = "本机关主动公开政府信息，收到申请后依法办理答复，加强平台建设和监督保障工作。"


@pytest.mark.parametrize(
    ("text", "nameless", "expected"),
    [
        (WORDS, 0.0, False),
        (WORDS, 0.4, True),
        ("".join(chr(ord(c) + 3) for c in WORDS), 0.0, True),
        (WORDS[::-1], 0.0, True),
        ("".join(chr(0xE000 + ord(c) % 999) for c in WORDS), 0.0, True),
        ("\x13\x14\x15" * 20, 0.0, True),
        ("*$%&XYZ;<=" * 8, 0.0, True),
        ("0" * 80 + "总计", 0.0, False),
        ("", 0.0, False),
    ],
)
def test_broken_character_maps_are_recognised(text: str, nameless: float, expected: bool) -> None:
    codes = np.array([ord(c) for c in text], dtype=np.int64)
    assert is_garbage(codes, nameless, [text]) is expected


def test_a_page_without_words_is_read_as_a_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[int] = []

    def recognised(image: Any, number: int, short: float) -> Any:
        sent.append(number)
        return [Paragraph("总体情况", number)], Page(number, short, 842.0, (), scanned=True)

    monkeypatch.setattr("gongkai_etl.read.scan.read_picture", recognised)
    shuffled = [line(WORDS[::-1], x=20, y=700 - 20 * k) for k in range(4)]
    data = pdf(line(WORDS, x=20), next_page, *shuffled)
    document = read(data, "a.pdf")
    assert sent == [2]
    assert [page.scanned for page in document.pages] == [False, True]
    assert lines(document)[-1] == "总体情况"


def test_real_reports_give_their_tables() -> None:
    if not SHARED.is_dir():
        pytest.skip("the shared material is not beside this checkout")
    document = read((SHARED / "seed" / "seed.pdf").read_bytes(), "seed.pdf")
    assert [(grid.rows, grid.columns) for grid in document.grids] == [
        (1, 1), (6, 4), (7, 2), (24, 10), (5, 10), (4, 15),
    ]  # fmt: skip
    assert not any(page.scanned for page in document.pages)


def test_one_reader_at_a_time() -> None:
    from concurrent.futures import ThreadPoolExecutor

    data = pdf(rules, texts())
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda n: only(reader.read(data, f"{n}.pdf")), range(12)))
    assert found == [PLAIN] * 12


def test_a_figure_cut_by_the_edge_of_the_page_says_so() -> None:
    drawn = pdf(line("行政许可行政许可"), line("1234567", 575, 700), line("12", 535, 680))
    words = [word.text for word in read(drawn, "a.pdf").pages[0].words]
    assert "12" in words
    cut = next(word for word in words if word.startswith("123"))
    assert cut.endswith(CUT)
    assert is_figure(cut)
    assert parse(cut).state is CellState.UNREAD


def test_columns_that_stand_a_little_lower_each_do_not_run_into_one_line() -> None:
    steps = [
        line("自然", 100, 700),
        line("人", 105, 688),
        line("商业", 160, 696),
        line("企业", 160, 684),
        line("机构", 220, 692),
    ]
    words = [
        word.text for word in read(pdf(line("申请人情况自然人商业企业", 100, 730), *steps), "a.pdf").pages[0].words
    ]
    assert {"自然", "人", "商业", "企业", "机构"} <= set(words)


def test_a_font_that_says_it_is_far_higher_than_wide_gets_its_own_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raw, "em_size", lambda page, index: 8.5)
    x0, base, ones = np.array([0.0, 10.0, 20.0]), np.full(3, 100.0), np.zeros(3, dtype=np.int64)
    size = np.array([24.2, 24.2, 12.0])  # 收, a figure of the same font, and 收 of another one
    found = Chars(ones, x0, base - size, x0 + 8.5, base, base.copy(), size, ones, ones, ones.astype(bool))
    lower(found, 0, np.arange(3), np.array([True, False, True]), np.array([0, 0, 1]))
    assert found.size.tolist() == [8.5, 8.5, 12.0]
    assert (found.bottom - found.top).round(2).tolist() == [8.5, 8.5, 12.0]
