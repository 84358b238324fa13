"""Where a page is drawn: a PDF through reportlab. Lengths in points, origin at the top left."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

FONT_FILES = {
    "uming": "/usr/share/fonts/truetype/arphic/uming.ttc",
    "ukai": "/usr/share/fonts/truetype/arphic/ukai.ttc",
    "wqy": "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
}


class Surface(Protocol):
    """What the layout engine asks of a page."""

    width: float
    height: float

    def text_width(self, text: str, size: float) -> float:
        """Width of a text in points."""

    def text(self, x: float, y: float, text: str, size: float, bold: bool = False) -> None:
        """Draw a text with its left end and baseline at (x, y)."""

    def rule(self, x0: float, y0: float, x1: float, y1: float, thickness: float) -> None:
        """Draw a horizontal or vertical rule."""

    def new_page(self) -> None:
        """End the page and begin the next."""


@cache
def font(name: str) -> str:
    """The registered name of a font: ``song`` and ``hei`` need no file, others are embedded from the machine."""
    if name in ("song", "kai"):
        face = "STSong-Light"
        pdfmetrics.registerFont(UnicodeCIDFont(face))
        return face
    path = Path(FONT_FILES[name])
    if not path.exists():
        return font("song")
    pdfmetrics.registerFont(TTFont(name, str(path), subfontIndex=0, asciiReadable=0))
    return name


@dataclass
class Paint:
    """How ink goes on paper: rule style, bold by double printing, spread characters, rotation, password."""

    rules: str = "stroke"  # stroke | filled | dashed | double
    bold: str = "none"  # none | double | stroke
    spread: bool = False
    rotate: int = 0
    encrypted: bool = False
    grey: float = 0.0


@dataclass
class PdfSurface:
    """A PDF in memory; ``finish`` gives its bytes, which depend on nothing but what was drawn."""

    width: float = 595.3
    height: float = 841.9
    font_name: str = "song"
    paint: Paint = field(default_factory=Paint)

    def __post_init__(self) -> None:
        self.buffer = io.BytesIO()
        self.face = font(self.font_name)
        encrypt: Any = None
        if self.paint.encrypted:
            from reportlab.lib.pdfencrypt import StandardEncryption

            encrypt = StandardEncryption("", ownerPassword="owner", canPrint=1)
        size = (self.width, self.height)  # reportlab itself swaps the box of a page turned by a quarter
        self.canvas = Canvas(self.buffer, pagesize=size, pageCompression=1, invariant=1, encrypt=encrypt)
        self._begin()

    def _begin(self) -> None:
        """A turned page holds its content turned back, so that it looks upright."""
        if self.paint.rotate == 90:
            self.canvas.setPageRotation(90)
            self.canvas.translate(self.height, 0)
            self.canvas.rotate(90)
        elif self.paint.rotate == 180:
            self.canvas.setPageRotation(180)
            self.canvas.translate(self.width, self.height)
            self.canvas.rotate(180)

    def text_width(self, text: str, size: float) -> float:
        """Width of a text in points."""
        return float(pdfmetrics.stringWidth(text, self.face, size))

    def text(self, x: float, y: float, text: str, size: float, bold: bool = False) -> None:
        """Draw a text with its left end and baseline at (x, y)."""
        self.canvas.setFont(self.face, size)
        for left, part in self._runs(x, text, size):
            mode = 2 if bold and self.paint.bold == "stroke" else 0
            self.canvas.setLineWidth(0.3)
            self.canvas.drawString(left, self.height - y, part, mode=mode)
            if bold and self.paint.bold == "double":
                self.canvas.drawString(left + 0.35, self.height - y, part)

    def _runs(self, x: float, text: str, size: float) -> list[tuple[float, str]]:
        if not self.paint.spread:
            return [(x, text)]
        runs = []
        for character in text:
            runs.append((x, character))
            x += self.text_width(character, size)
        return runs

    def rule(self, x0: float, y0: float, x1: float, y1: float, thickness: float) -> None:
        """Draw a horizontal or vertical rule in the style of the paint."""
        canvas, top, bottom = self.canvas, self.height - y0, self.height - y1
        if self.paint.rules == "filled":
            half = thickness / 2
            canvas.rect(x0 - half, bottom - half, x1 - x0 + thickness, top - bottom + thickness, stroke=0, fill=1)
            return
        canvas.setDash(2, 1) if self.paint.rules == "dashed" else canvas.setDash()
        canvas.setLineWidth(thickness)
        shifts = (-0.9, 0.9) if self.paint.rules == "double" else (0.0,)
        for shift in shifts:
            dx, dy = (shift, 0.0) if x0 == x1 else (0.0, shift)
            canvas.line(x0 + dx, top + dy, x1 + dx, bottom + dy)
        canvas.setDash()

    def watermark(self, text: str, size: float = 44) -> None:
        """Large grey text across the page, under or over everything."""
        canvas = self.canvas
        canvas.saveState()
        canvas.setFillGray(0.85)
        canvas.setFont(self.face, size)
        canvas.translate(self.width / 2, self.height / 2)
        canvas.rotate(45)
        canvas.drawCentredString(0, 0, text)
        canvas.restoreState()

    def seal(self, x: float, y: float, text: str) -> None:
        """A round red seal with text inside, centred at (x, y)."""
        canvas = self.canvas
        canvas.saveState()
        canvas.setStrokeColorRGB(0.85, 0.1, 0.1)
        canvas.setFillColorRGB(0.85, 0.1, 0.1)
        canvas.setLineWidth(2)
        canvas.circle(x, self.height - y, 55)
        canvas.setFont(self.face, 9)
        canvas.drawCentredString(x, self.height - y - 3, text)
        canvas.restoreState()

    def new_page(self) -> None:
        """End the page and begin the next."""
        self.canvas.showPage()
        self._begin()

    def finish(self) -> bytes:
        """The file."""
        self.canvas.showPage()
        self.canvas.save()
        return self.buffer.getvalue()
