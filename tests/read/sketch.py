"""Small PDFs drawn by hand: a table of three by three, and what disturbs its reading."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))

TOP, LEFT, HIGH, WIDE = 700.0, 100.0, 30.0, 90.0
ROWS = (("信息内容", "本年制发件数", "现行有效件数"), ("规章", "0", "12"), ("行政规范性文件", "345", "6"))
Draw = Callable[[Canvas], None]


def pdf(*draws: Draw, size: tuple[float, float] = (595.0, 842.0), turn: int = 0, **settings: object) -> bytes:
    """What the functions draw, in their order; ``next_page`` among them begins a page."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=size, **settings)
    if turn:
        canvas.setPageRotation(turn)
    for draw in draws:
        if draw is next_page:
            canvas.showPage()
            continue
        canvas.saveState()
        canvas.setFont("STSong-Light", 11)
        draw(canvas)
        canvas.restoreState()
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def next_page(canvas: Canvas) -> None:
    """Stands between the drawings of two pages."""


def ys(count: int = 3) -> list[float]:
    """The heights of the table's horizontal rules."""
    return [TOP - HIGH * k for k in range(count + 1)]


def xs(count: int = 3) -> list[float]:
    """The places of the table's vertical rules."""
    return [LEFT + WIDE * k for k in range(count + 1)]


def rules(canvas: Canvas) -> None:
    """All rules of the table as strokes."""
    canvas.grid(xs(), ys())


def texts(rows: Sequence[Sequence[str]] = ROWS) -> Draw:
    """The texts of the table, each in the middle of its cell."""

    def draw(canvas: Canvas) -> None:
        for r, row in enumerate(rows):
            for c, text in enumerate(row):
                canvas.drawCentredString(LEFT + WIDE * (c + 0.5), TOP - HIGH * (r + 0.62), text)

    return draw


def line(text: str, x: float = LEFT, y: float = 770.0, size: float = 11) -> Draw:
    """One line of text."""

    def draw(canvas: Canvas) -> None:
        canvas.setFont("STSong-Light", size)
        canvas.drawString(x, y, text)

    return draw
