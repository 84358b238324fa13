"""Proof of one figure: the place in the file where it stands, as a picture or as the printed row."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from gongkai_etl.errors import GongkaiError
from gongkai_etl.model import Box, Cell, Document, Grid, Report

if TYPE_CHECKING:
    from PIL.Image import Image

DPI = 150
_MARGIN = 6.0
_ABOVE, _BELOW = 20.0, 14.0
_LABEL_GAP = 6.0
_RED = (208, 0, 0)
_FONT_NAMES = ("NotoSansCJK", "NotoSerifCJK", "SourceHan", "wqy", "msyh", "simsun", "simhei", "PingFang", "uming")
_FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "/Library/Fonts", "C:/Windows/Fonts")


@dataclass(frozen=True, slots=True)
class RowText:
    """The row of a figure where a file has no pages: its texts, and which of them is the figure."""

    texts: tuple[str, ...]
    chosen: int | None
    address: str | None


def crop(data: bytes, name: str, cell: Cell, report: Report) -> bytes:
    """A PNG of the page around a figure: its row's label, its column's head, the cell outlined in red.

    For files without pages it is the printed row, drawn as text. Raises GongkaiError
    EVIDENCE-NOWHERE (the cell has no place), EVIDENCE-NO-FONT, or what reading the file raises.
    """
    if cell.page is not None and not isinstance(cell.bbox, str) and cell.bbox is not None:
        return _crop_page(data, name, cell.page, cell.bbox)
    return draw_row(row_text(data, name, cell))


def row_text(data: bytes, name: str, cell: Cell) -> RowText:
    """The texts of the table row in which a figure stands, for HTML, DOCX, XLSX and the like."""
    return row_of(_document(data, name), cell)


def row_of(document: Document, cell: Cell) -> RowText:
    """The same, of a file that was read already."""
    address = cell.bbox if isinstance(cell.bbox, str) else None
    for grid in document.grids:
        for own in grid.cells:
            if address is not None and own.address == address:
                row = sorted(
                    (c for c in grid.cells if c.row <= own.row < c.row + c.row_span), key=lambda c: c.column
                )
                return RowText(tuple(c.text for c in row), row.index(own), address)
    if cell.raw is not None:
        return RowText((cell.raw,), 0, address)
    raise GongkaiError("EVIDENCE-NOWHERE", "这个数据在文件中没有对应的位置，没有可以出示的凭据。")


def _crop_page(data: bytes, name: str, number: int, box: Box) -> bytes:
    document = _document(data, name)
    known = next((page for page in document.pages if page.number == number), None)
    if known is None:
        raise GongkaiError("EVIDENCE-NOWHERE", f"文件没有第{number}页，请核对是否选对了文件。")
    page, scale = page_picture(data, name, number, document.format, known.scanned)
    left, top, right, bottom = _view(document, number, box, page.width / scale, page.height / scale)
    head = _head(document, number, box, top)
    view = _cut(page, (left, top, right, bottom), scale)
    _outline(view, box, (left, top), scale)
    if head is not None:
        view = _stacked(_cut(page, (left, head[0], right, head[1]), scale), view)
    out = io.BytesIO()
    view.save(out, "PNG", optimize=True)
    return out.getvalue()


@lru_cache(maxsize=1)
def _document(data: bytes, name: str) -> Document:
    """The file as read; the last one is kept, since several figures of one file are often asked for."""
    from gongkai_etl.read import read

    return read(data, name)


def page_picture(
    data: bytes, name: str, number: int, kind: str, scanned: bool, dpi: float = DPI
) -> tuple[Image, float]:
    """A page (1-based) as it was read, upright and straight, so that boxes fit; and its pixels a point.

    ``kind`` and ``scanned`` are what reading said of the file and of the page. Raises GongkaiError
    EVIDENCE-NOWHERE when the file has no such page, or what reading the file raises.
    """
    from PIL import Image as Pillow

    if kind == "pdf":
        from gongkai_etl.read.pdf import upright_picture

        picture, scale = upright_picture(data, name, number, scanned, dpi)
        return Pillow.fromarray(picture[:, :, ::-1]), scale
    from gongkai_etl.read.scan import scale_of, straight_sheet
    from gongkai_etl.read.scan_file import pictures

    for index, image in enumerate(pictures(data, name), 1):
        if index == number:
            sheet = straight_sheet(image)
            return Pillow.fromarray(sheet.image[:, :, ::-1]), scale_of(sheet, None)
    raise GongkaiError("EVIDENCE-NOWHERE", f"文件没有第{number}页，请核对是否选对了文件。")


def _view(document: Document, number: int, box: Box, width: float, height: float) -> Box:
    """The row from its label on, a little above and below, as far right as the table goes."""
    x0, top, x1, bottom = box
    grid = _grid_at(document, number, box)
    if grid is not None:
        boxes = [cell.box for cell in grid.cells if cell.box]
        left, right = min(b[0] for b in boxes), max(b[2] for b in boxes)
    else:
        words = [w.box for p in document.pages if p.number == number for w in p.words]
        row = [b for b in words if b[1] < bottom and b[3] > top] or [box]
        left, right = min(b[0] for b in row), max(b[2] for b in row)
    return (
        max(min(left, x0) - _MARGIN, 0.0),
        max(top - _ABOVE, 0.0),
        min(max(right, x1) + _MARGIN, width),
        min(bottom + _BELOW, height),
    )


def _head(document: Document, number: int, box: Box, top: float) -> tuple[float, float] | None:
    """From where to where the column's head stands, when the view does not show it already."""
    grid = _grid_at(document, number, box)
    if grid is None:
        return None
    middle = (box[0] + box[2]) / 2
    above = [c for c in grid.cells if c.box and c.box[0] < middle < c.box[2] and c.box[3] <= box[1] + 1]
    heads = [c.box for c in above if c.box and c.text and not any(ch.isdigit() for ch in c.text)]
    near = sorted(heads, key=lambda b: -b[3])[:1]
    if not near:
        return None
    start, end = near[0][1] - 2, near[0][3] + 2
    if end > top:
        return None
    return max(start, 0.0), end


def _grid_at(document: Document, number: int, box: Box) -> Grid | None:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    for grid in document.grids:
        if grid.page == number and any(
            c.box and c.box[0] <= x <= c.box[2] and c.box[1] <= y <= c.box[3] for c in grid.cells
        ):
            return grid
    return None


def _cut(page: Image, box: Box, scale: float) -> Image:
    x0, y0, x1, y1 = (round(edge * scale) for edge in box)
    return page.crop((x0, y0, max(x1, x0 + 1), max(y1, y0 + 1)))


def _outline(view: Image, box: Box, origin: tuple[float, float], scale: float) -> None:
    from PIL import ImageDraw

    x0, y0 = ((box[0] - origin[0]) * scale - 2, (box[1] - origin[1]) * scale - 2)
    x1, y1 = ((box[2] - origin[0]) * scale + 2, (box[3] - origin[1]) * scale + 2)
    ImageDraw.Draw(view).rectangle((x0, y0, x1, y1), outline=_RED, width=3)


def _stacked(head: Image, view: Image) -> Image:
    """The head above the row, with a grey bar between: what lies between them is left out."""
    from PIL import Image as Pillow

    whole = Pillow.new("RGB", (view.width, head.height + 6 + view.height), (160, 160, 160))
    whole.paste(head, (0, 0))
    whole.paste(view, (0, head.height + 6))
    return whole


def draw_row(row: RowText) -> bytes:
    """The printed row as a small picture. Raises GongkaiError EVIDENCE-NO-FONT without a Chinese font."""
    from PIL import Image as Pillow
    from PIL import ImageDraw, ImageFont

    path = chinese_font()
    if path is None:
        raise GongkaiError(
            "EVIDENCE-NO-FONT", "本机没有中文字体，画不出图片。请去掉 -o 直接显示文字，或安装 Noto CJK 字体。"
        )
    font = ImageFont.truetype(path, 22)
    widths = [max(round(font.getlength(text)) + 24, 44) for text in row.texts]
    picture = Pillow.new("RGB", (sum(widths) + 3, 48), "white")
    pen = ImageDraw.Draw(picture)
    left = 1
    for index, (text, width) in enumerate(zip(row.texts, widths, strict=True)):
        pen.rectangle((left, 1, left + width, 46), outline=(120, 120, 120))
        pen.text((left + 12, 10), text, fill="black", font=font)
        if index == row.chosen:
            pen.rectangle((left + 2, 3, left + width - 2, 44), outline=_RED, width=3)
        left += width
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


@cache
def chinese_font() -> str | None:
    """The path of a font of this machine that has Chinese characters."""
    files = [
        path
        for folder in _FONT_FOLDERS
        for path in sorted(Path(folder).expanduser().rglob("*"))
        if path.suffix.lower() in (".ttc", ".ttf", ".otf")
    ]
    for name in _FONT_NAMES:
        for path in files:
            if name.lower() in path.name.lower():
                return str(path)
    return None
