"""OFD (GB/T 33190) files: the same pages as a zip of XML with text and path objects, lengths in millimetres."""

from __future__ import annotations

import io
from html import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from tests.writers.engine import Setter, Style
from tests.writers.layout import Form, blocks, random_form
from tests.writers.truth import Truth

SPACE = "http://www.ofdspec.org/2016"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


class OfdSurface:
    """Pages of an OFD in memory."""

    def __init__(self, width: float = 595.3, height: float = 841.9) -> None:
        self.width, self.height = width, height
        self.pages: list[list[str]] = [[]]
        self.number = 100

    def text_width(self, text: str, size: float) -> float:
        """Width of a text in points: full for Chinese, half for ASCII."""
        return sum(size * (0.5 if character.isascii() else 1.0) for character in text)

    def text(self, x: float, y: float, text: str, size: float, bold: bool = False) -> None:
        """One text object with its characters' distances."""
        if not text.strip():
            return
        steps = " ".join(f"{_mm(self.text_width(character, size)):.3f}" for character in text[:-1])
        delta = f' DeltaX="{steps}"' if steps else ""
        box = f"{_mm(x):.3f} {_mm(y - size):.3f} {_mm(self.text_width(text, size)):.3f} {_mm(size * 1.2):.3f}"
        code = f'<ofd:TextCode X="0" Y="{_mm(size):.3f}"{delta}>{escape(text)}</ofd:TextCode>'
        self._add("TextObject", box, f'Font="1" Size="{_mm(size):.3f}"', code)

    def rule(self, x0: float, y0: float, x1: float, y1: float, thickness: float) -> None:
        """One path object of a straight line."""
        box = f"{_mm(x0):.3f} {_mm(y0):.3f} {_mm(x1 - x0) + 0.1:.3f} {_mm(y1 - y0) + 0.1:.3f}"
        data = f"<ofd:AbbreviatedData>M 0 0 L {_mm(x1 - x0):.3f} {_mm(y1 - y0):.3f}</ofd:AbbreviatedData>"
        self._add("PathObject", box, f'LineWidth="{_mm(thickness):.3f}"', data)

    def _add(self, kind: str, box: str, attributes: str, inside: str) -> None:
        self.number += 1
        self.pages[-1].append(
            f'<ofd:{kind} ID="{self.number}" Boundary="{box}" {attributes}>{inside}</ofd:{kind}>'
        )

    def new_page(self) -> None:
        """Begin the next page."""
        self.pages.append([])

    def finish(self) -> bytes:
        """The file."""
        size = f"0 0 {_mm(self.width):.2f} {_mm(self.height):.2f}"
        listed = "".join(
            f'<ofd:Page ID="{n + 1}" BaseLoc="Pages/Page_{n}/Content.xml"/>' for n in range(len(self.pages))
        )
        font = '<ofd:Fonts><ofd:Font ID="1" FontName="宋体" FamilyName="宋体"/></ofd:Fonts>'
        parts = {
            "OFD.xml": f'<ofd:OFD xmlns:ofd="{SPACE}" Version="1.0" DocType="OFD"><ofd:DocBody><ofd:DocInfo>'
            "<ofd:DocID>0</ofd:DocID></ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
            "Doc_0/Document.xml": f'<ofd:Document xmlns:ofd="{SPACE}"><ofd:CommonData><ofd:MaxUnitID>99999</ofd:MaxUnitID>'
            f"<ofd:PageArea><ofd:PhysicalBox>{size}</ofd:PhysicalBox></ofd:PageArea>"
            f"<ofd:PublicRes>PublicRes.xml</ofd:PublicRes></ofd:CommonData><ofd:Pages>{listed}</ofd:Pages></ofd:Document>",
            "Doc_0/PublicRes.xml": f'<ofd:Res xmlns:ofd="{SPACE}" BaseLoc="Res">{font}</ofd:Res>',
        }
        for number, objects in enumerate(self.pages):
            parts[f"Doc_0/Pages/Page_{number}/Content.xml"] = (
                f'<ofd:Page xmlns:ofd="{SPACE}"><ofd:Area><ofd:PhysicalBox>{size}</ofd:PhysicalBox></ofd:Area>'
                f'<ofd:Content><ofd:Layer ID="{number + 50}">{"".join(objects)}</ofd:Layer></ofd:Content></ofd:Page>'
            )
        out = io.BytesIO()
        with ZipFile(out, "w", ZIP_DEFLATED) as archive:
            for name, part in parts.items():
                info = ZipInfo(name, (2026, 1, 10, 9, 0, 0))
                info.compress_type = ZIP_DEFLATED
                archive.writestr(info, HEAD + part)
        return out.getvalue()


def _mm(points: float) -> float:
    return points * 25.4 / 72


def write(truth: Truth, style: Style | None = None, seed: int = 0) -> bytes:
    """The report as an OFD file."""
    import random

    surface = OfdSurface()
    setter = Setter(surface, style or Style())
    setter.put(blocks(truth, random_form(random.Random(seed)) if seed else Form()))
    setter.end()
    return surface.finish()
