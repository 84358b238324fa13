"""Scans, photographs and pictures of pages → blocks and words, each with the model's confidence."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from gongkai_etl.model import Block, Document, Grid, GridCell, Page, Paragraph, Word
from gongkai_etl.read.progress import step
from gongkai_etl.read.scan_cells import Strip, strips_on
from gongkai_etl.read.scan_faint import with_faint_rules
from gongkai_etl.read.scan_figures import Figure, is_figure_like, noted, read_figures
from gongkai_etl.read.scan_file import pictures
from gongkai_etl.read.scan_image import Sheet, cut_off, straightened
from gongkai_etl.read.scan_ocr import Recognised
from gongkai_etl.read.scan_rules import ink_of, rule_pieces
from gongkai_etl.text import clean, printed

if TYPE_CHECKING:
    from gongkai_etl.read.pdf.lattice import Lattice
    from gongkai_etl.read.pdf.tables import Tables
    from gongkai_etl.read.scan_ocr import Image

READER = "ocr"
DPI = 200
_A4_SHORT = 595.0
_SAME = 2.0
_TOUCH = 5.0
_FRAME = 60
_SPECKS_SURE = 0.7
_NARROWEST_TABLE = 60.0
_AIR = 12.0
"""Points of paper put around a part of a page: lines of text at its edge are found better."""
_LEAST_SIDE = 24
_LONGEST_SHAPE = 30
"""A picture with fewer pixels across, or so many times longer than broad, is a line or a speck."""
_NO_BEGINNING = "·•.,'`’、，。 "
"""With these no line begins: where one seems to, a speck stands before it."""
_LONGEST = 2600
_SHORTEST = 1500


def read(data: bytes, name: str) -> Document:
    """Read a picture file (JPEG, PNG, TIFF, BMP, WEBP; each frame a page).

    Raises ReadError READ-OCR-MISSING, READ-DAMAGED or READ-TOO-LARGE.
    """
    blocks: list[Block] = []
    pages: list[Page] = []
    for number, image in enumerate(pictures(data, name), 1):
        own, page = read_picture(image, number)
        blocks += own
        pages.append(page)
    return Document("scan", tuple(blocks), tuple(pages))


def read_picture(image: Image, number: int, short: float | None = None) -> tuple[list[Block], Page]:
    """Read one page. ``short`` is its shorter side in points, if known (else the page is taken for A4)."""
    step()
    low, high = sorted(image.shape[:2])
    if low < _LEAST_SIDE or high > _LONGEST_SHAPE * low:
        return [], Page(number, float(image.shape[1]), float(image.shape[0]), (), scanned=True)
    sheet = straight_sheet(image, short)
    scale = scale_of(sheet, short)
    blocks, words = _read_sheet(sheet, scale, number)
    height, across = (round(side / scale, 2) for side in sheet.image.shape[:2])
    return blocks, Page(number, across, height, tuple(words), scanned=True)


def read_part(image: Image, scale: float, number: int) -> tuple[list[Block], list[Word]]:
    """Read a picture that is a part of page ``number``; ``scale`` is pixels a point."""
    import cv2

    step()
    air = int(_AIR * scale)
    paper = cv2.copyMakeBorder(image, air, air, air, air, cv2.BORDER_CONSTANT, value=(255, 255, 255))
    sheet = straightened(paper)
    sheet = Sheet(sheet.image[air:-air, air:-air], sheet.quads - air)
    return _read_sheet(sheet, scale, number)


def _read_sheet(sheet: Sheet, scale: float, number: int) -> tuple[list[Block], list[Word]]:
    ink = ink_of(sheet.image, scale)
    tables = _tables(sheet, ink, scale)
    strips = strips_on(sheet.image, ink, scale, sheet.quads, tables)
    _release_prose(tables, strips)
    grids, words = _grids(sheet.image, ink, scale, tables, strips, number)
    return sorted([*grids, *_paragraphs(strips, number)], key=_top), words


def straight_sheet(image: Image, short: float | None = None) -> Sheet:
    """The page as it is read: a size the models like, flat, upright, straight. The same each time.

    ``short`` is its shorter side in points, if known: a table's picture can be wide and low, and large enough.
    """
    from gongkai_etl.read.scan_flat import unbent
    from gongkai_etl.read.scan_photo import flattened

    flat = flattened(image)
    least = _SHORTEST * (short or _A4_SHORT) / _A4_SHORT
    sheet = _straight(flat, least)
    if flat is not image and cut_off(sheet):
        sheet = _straight(image, least)
    return unbent(sheet, scale_of(sheet, None))


def _straight(image: Image, least: float) -> Sheet:
    import cv2

    longest, shortest = max(image.shape[:2]), min(image.shape[:2])
    factor = min(1.0, _LONGEST / longest)
    if shortest * factor < least:
        factor = min(least / shortest, 3.0)
    if abs(factor - 1) > 0.05:
        method = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
        image = cv2.resize(image, None, fx=factor, fy=factor, interpolation=method)
    return straightened(image)


def scale_of(sheet: Sheet, short: float | None) -> float:
    """Pixels a point, from the shorter side of the page in points (None: A4)."""
    height, across = sheet.image.shape[:2]
    return float(min(height, across) / (short or _A4_SHORT))


def _tables(sheet: Sheet, ink: Image, scale: float) -> Tables:
    import cv2

    from gongkai_etl.read.pdf.lattice import lattice
    from gongkai_etl.read.pdf.rules import components, whole_rules
    from gongkai_etl.read.pdf.tables import Tables

    grey = cv2.cvtColor(sheet.image, cv2.COLOR_BGR2GRAY)
    parts = components(whole_rules(rule_pieces(ink, scale, sheet.quads), same=_SAME), touch=_TOUCH)
    drawn = [(part, found) for part in parts if (found := lattice(part))]
    whole = [with_faint_rules(part, found, grey, scale, sheet.quads) for part, found in drawn]
    made = [found for part in whole if (found := lattice(part))]
    # Strokes of large characters cross like rules: a table is wider than a title's characters are.
    return Tables.made([found for found in made if found.box[2] - found.box[0] > _NARROWEST_TABLE])


def _release_prose(tables: Tables, strips: list[Strip]) -> None:
    """Running text in a frame is no table."""
    length: dict[int, int] = defaultdict(int)
    for strip in strips:
        length[strip.cell] += len(strip.read.text)
    for made, offset in zip(tables.lattices, tables.offsets, strict=True):
        for index, span in enumerate(made.spans):
            if span.columns == len(made.xs) - 1 and length[offset + index] > _FRAME * (
                1 if len(made.spans) == 1 else 3
            ):
                for strip in strips:
                    strip.cell = -1 if strip.cell == offset + index else strip.cell


def _grids(
    image: Image, ink: Image, scale: float, tables: Tables, strips: list[Strip], page: int
) -> tuple[list[Grid], list[Word]]:
    own: dict[int, list[Strip]] = defaultdict(list)
    for strip in strips:
        own[strip.cell].append(strip)
    numbers = [
        (offset + i, made.box_of(span)) for made, offset in _both(tables) for i, span in enumerate(made.spans)
    ]
    texts = {n: _cell_text(own[n]) for n, _ in numbers}
    boxes = {n: box for n, box in numbers if is_figure_like(texts[n].text)}
    cells = {n: Figure(text) for n, text in texts.items()} | read_figures(image, ink, scale, boxes, texts)
    whole = {n for n, text in texts.items() if n in boxes or (text.text.endswith("）") and text.text[0].isdigit())}
    words = [Word(clean(s.read.text), _rounded(s.box), s.read.confidence) for s in strips if s.cell not in whole]
    for n in whole:
        read, place = cells[n].read, cells[n].place
        if read.text:
            words.append(Word(read.text, _rounded(place or own[n][0].box), read.confidence))
    grids = []
    for made, offset in _both(tables):
        made_cells = [
            GridCell(
                found.read.text,
                s.row,
                s.column,
                s.rows,
                s.columns,
                page,
                made.box_of(s),
                confidence=found.read.confidence,
                others=found.others,
            )
            for i, s in enumerate(made.spans)
            for found in (cells[offset + i],)
        ]
        if any(cell.text for cell in made_cells):
            grids.append(Grid(len(made.ys) - 1, len(made.xs) - 1, tuple(made_cells), READER, page))
    return grids, sorted(words, key=lambda word: (word.box[1], word.box[0]))


def _both(tables: Tables) -> list[tuple[Lattice, int]]:
    return list(zip(tables.lattices, tables.offsets, strict=True))


def _cell_text(strips: list[Strip]) -> Recognised:
    from gongkai_etl.read.pdf.layout import joined

    text = joined([" ".join(strip.read.text for strip in line) for line in _lines(strips)])
    return Recognised(noted(clean(text)), min((strip.read.confidence for strip in strips), default=0.0))


def _lines(strips: list[Strip]) -> list[list[Strip]]:
    """Strips of the same printed line together, lines from top to bottom."""
    lines: list[list[Strip]] = []
    for strip in sorted(strips, key=lambda s: (s.box[1] + s.box[3]) / 2):
        middle = (strip.box[1] + strip.box[3]) / 2
        last = lines[-1][-1].box if lines else None
        if (
            last
            and last[1] < middle < last[3]
            and abs(middle - (last[1] + last[3]) / 2) < 0.5 * (last[3] - last[1])
        ):
            lines[-1].append(strip)
        else:
            lines.append([strip])
    return [sorted(line, key=lambda s: s.box[0]) for line in lines]


def _paragraphs(strips: list[Strip], page: int) -> list[Paragraph]:
    found = []
    for line in _lines([strip for strip in strips if strip.cell < 0]):
        boxes = [strip.box for strip in line]
        box = (
            min(b[0] for b in boxes),
            min(b[1] for b in boxes),
            max(b[2] for b in boxes),
            max(b[3] for b in boxes),
        )
        if text := printed(" ".join(strip.read.text for strip in line)).lstrip(_NO_BEGINNING):
            found.append(Paragraph(text, page, _rounded(box)))
    return found


def _rounded(box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    x0, top, x1, bottom = (round(float(edge), 2) for edge in box)
    return x0, top, x1, bottom


def _top(block: Block) -> float:
    if isinstance(block, Paragraph):
        return block.box[1] if block.box else 0.0
    return min(cell.box[1] for cell in block.cells if cell.box)
