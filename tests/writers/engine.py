"""Sets blocks on pages: wrapping, spanned cells, tables cut where a page ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.writers.layout import Blocks, Line, Slot, Table
from tests.writers.surface import Surface


@dataclass(frozen=True)
class Style:
    """How an office sets its report. Lengths in points.

    ``rules``: all, horizontal, outer, none. ``cut``: whole rows go to the next page, or pages end inside a
    row. ``open_ends``: no rule where a page cuts a table. ``labels``: a merged label cut by a page is
    printed where it falls, or again on each page.
    """

    size: float = 10.5
    body: float = 14.0
    margin: tuple[float, float, float, float] = (72, 72, 72, 72)  # left, top, right, bottom
    rules: str = "all"
    thickness: float = 0.6
    cut: bool = False
    open_ends: bool = False
    repeat_head: bool = False
    labels: str = "where"  # where | again | first
    pad: float = 2.5
    leading: float = 1.25
    align: str = "centre"  # of figures: centre, left, right
    top: bool = False
    number: str = "— {page} —"
    frame: bool = False
    stretch: float = 1.0
    widen: tuple[float, ...] = ()
    keep_pages: bool = False
    upright: bool = False


@dataclass(frozen=True)
class Set:
    """A slot on the endless paper of its table: box and wrapped lines with their baselines."""

    slot: Slot
    x0: float
    y0: float
    x1: float
    y1: float
    lines: tuple[tuple[float, float, str], ...]


@dataclass
class Setter:
    """Walks down the pages of one surface."""

    surface: Surface
    style: Style
    decorate: Callable[[Surface, int], None] | None = None

    def __post_init__(self) -> None:
        self.page = 0
        self._begin()

    def _begin(self) -> None:
        self.page += 1
        self.y = self.style.margin[1]
        if self.decorate:
            self.decorate(self.surface, self.page)
        if self.style.frame:
            self._frame()

    def _frame(self) -> None:
        surface, inset = self.surface, 40.0
        right, bottom = surface.width - inset, surface.height - inset
        for x in (inset, right):
            surface.rule(x, inset, x, bottom, 1)
        for y in (inset, bottom):
            surface.rule(inset, y, right, y, 1)

    @property
    def bottom(self) -> float:
        """Where the page's text area ends."""
        return self.surface.height - self.style.margin[3]

    def turn(self) -> None:
        """Number this page and begin the next."""
        self._number()
        self.surface.new_page()
        self._begin()

    def _number(self) -> None:
        if self.style.number:
            text = self.style.number.format(page=self.page)
            width = self.surface.text_width(text, 10)
            self.surface.text((self.surface.width - width) / 2, self.surface.height - 40, text, 10)

    def end(self) -> None:
        """Number the last page."""
        self._number()

    def put(self, blocks: Blocks) -> None:
        """Set all blocks."""
        for block in blocks:
            if isinstance(block, Line):
                self.line(block)
            else:
                self.table(block)
                self.y += 8

    def line(self, line: Line) -> None:
        """Set a paragraph in the style of its role."""
        size = {"title": self.style.body * 1.5, "note": self.style.size}.get(line.role, self.style.body)
        left, right = self.style.margin[0], self.surface.width - self.style.margin[2]
        indent = 2 * size if line.role in ("body", "heading") else 0.0
        lines = wrap(self.surface, line.text, size, right - left, indent)
        for number, text in enumerate(lines):
            step = size * (1.7 if line.role != "note" else 1.4)
            if self.y + step > self.bottom:
                self.turn()
            width = self.surface.text_width(text, size)
            x = {"title": (left + right - width) / 2, "sign": right - width - 10}.get(line.role, left)
            if number == 0:
                x += indent
            self.surface.text(x, self.y + size, text, size, bold=line.role in ("title", "heading"))
            self.y += step

    def table(self, table: Table) -> None:
        """Set a table, cut into as many pieces as it needs."""
        sets, edges = lay(self.surface, self.style, table)
        total = edges[-1]
        head = edges[table.head] if self.style.repeat_head else 0.0
        if self.style.keep_pages and self.y > self.style.margin[1]:
            self.turn()
        start, first = 0.0, True
        while start < total - 0.1:
            skip = 0.0 if first else head
            room = self.bottom - self.y - skip
            end = total if total - start <= room else self._cut(sets, edges, start, start + room)
            if first and head and end < head + 1:
                end = start
            if end <= start + 0.1:
                if self.y <= self.style.margin[1] + 0.1:
                    end = start + room
                else:
                    self.turn()
                    continue
            if skip:
                self._piece([s for s in sets if s.y1 <= head + 0.1], 0.0, head, self.y, total)
            self._piece(sets, start, end, self.y + skip, total)
            self.y += skip + end - start
            start, first = end, False
            if start < total - 0.1:
                self.turn()

    def _cut(self, sets: list[Set], edges: list[float], start: float, limit: float) -> float:
        if not self.style.cut:
            return max((edge for edge in edges if edge <= limit + 0.01), default=start)
        size = self.style.size
        spans = [(y - size, y + 0.25 * size) for s in sets for _, y, _ in s.lines if s.slot.rows == 1]
        end = limit
        while True:
            crossing = [top for top, low in spans if top < end < low]
            if not crossing:
                return end
            end = min(crossing) - 0.05

    def _piece(self, sets: list[Set], start: float, end: float, top: float, total: float) -> None:
        shift = top - start
        for item in sets:
            y0, y1 = max(item.y0, start), min(item.y1, end)
            if y1 - y0 < 0.1:
                continue
            self._text(item, y0, y1, shift)
            self._rules(item, y0, y1, shift, (start, end, total))

    def _text(self, item: Set, y0: float, y1: float, shift: float) -> None:
        size, bold = self.style.size, item.slot.kind in ("head", "section")
        whole = item.y1 - item.y0 <= y1 - y0 + 0.1
        moved = 0.0
        if not whole and item.slot.rows > 1 and self.style.labels == "again":
            moved = (y0 + y1 - item.y0 - item.y1) / 2
        for x, y, text in item.lines:
            middle = y + moved - size * 0.4
            if y0 <= middle < y1 or (moved and abs(moved) > 0.01):
                self.surface.text(x, y + moved + shift, text, size, bold=bold)

    def _rules(self, item: Set, y0: float, y1: float, shift: float, span: tuple[float, float, float]) -> None:
        style, put = self.style, self.surface.rule
        total = span[2]
        if style.rules == "none":
            return
        top, low = y0 + shift, y1 + shift
        open_top = style.open_ends and y0 > item.y0 + 0.1
        open_low = style.open_ends and y1 < item.y1 - 0.1
        edge_top, edge_low = y0 <= 0.1, y1 >= total - 0.1
        if not open_top and (style.rules != "outer" or edge_top):
            put(item.x0, top, item.x1, top, style.thickness)
        if not open_low and (style.rules != "outer" or edge_low):
            put(item.x0, low, item.x1, low, style.thickness)
        left = style.margin[0]
        right = self.surface.width - style.margin[2]
        if style.rules == "all" or (style.rules == "outer" and item.x0 <= left + 0.1):
            put(item.x0, top, item.x0, low, style.thickness)
        if style.rules == "all" or (style.rules == "outer" and item.x1 >= right - 0.1):
            put(item.x1, top, item.x1, low, style.thickness)


def lay(surface: Surface, style: Style, table: Table) -> tuple[list[Set], list[float]]:
    """The slots of a table on endless paper, and the edges of its rows."""
    left, right = style.margin[0], surface.width - style.margin[2]
    parts = style.widen if len(style.widen) == table.columns else table.widths
    scale = (right - left) / sum(parts)
    xs = [left]
    for part in parts:
        xs.append(xs[-1] + part * scale)
    placed = list(table.placed())
    wrapped = [
        _wrapped(surface, slot, style, xs[column + slot.columns] - xs[column] - 2 * style.pad)
        for _, column, slot in placed
    ]
    step = style.size * style.leading
    heights = [step + 2 * style.pad] * len(table.rows)
    for rows in (1, 2, 3, 4, 5, 8, 20, 22):
        for (row, _, slot), lines in zip(placed, wrapped, strict=True):
            if slot.rows == rows:
                need = (len(lines) * step + 2 * style.pad) * (style.stretch if rows == 1 else 1)
                lacking = need - sum(heights[row : row + rows])
                for i in range(row, row + rows):
                    heights[i] += max(0.0, lacking) / rows
    edges = [0.0]
    for height in heights:
        edges.append(edges[-1] + height)
    sets = []
    for (row, column, slot), lines in zip(placed, wrapped, strict=True):
        x0, x1 = xs[column], xs[column + slot.columns]
        y0, y1 = edges[row], edges[row + slot.rows]
        sets.append(Set(slot, x0, y0, x1, y1, tuple(_places(surface, style, slot, lines, (x0, y0, x1, y1)))))
    return sets, edges


def _places(
    surface: Surface, style: Style, slot: Slot, lines: list[str], box: tuple[float, float, float, float]
) -> Iterator[tuple[float, float, str]]:
    x0, y0, x1, y1 = box
    step = style.size * style.leading
    high = style.top or (style.labels == "first" and slot.rows > 1)
    top = y0 + style.pad if high else (y0 + y1 - step * len(lines)) / 2
    for number, text in enumerate(lines):
        width = surface.text_width(text, style.size)
        x = (x0 + x1 - width) / 2
        if slot.kind in ("label", "stub") or (slot.kind == "value" and style.align == "left"):
            x = x0 + style.pad
        elif slot.kind == "value" and style.align == "right":
            x = x1 - style.pad - width
        yield x, top + number * step + style.size, text


def _wrapped(surface: Surface, slot: Slot, style: Style, width: float) -> list[str]:
    if style.upright and slot.kind == "group" and slot.rows > 5:
        return list(slot.text)
    return wrap(surface, slot.text, style.size, width) if slot.text else []


def wrap(surface: Surface, text: str, size: float, width: float, indent: float = 0.0) -> list[str]:
    """Lines of a text: breaks anywhere between Chinese characters, numbers stay whole while they fit."""
    lines, current, used = [], "", indent
    for piece in _pieces(text):
        need = surface.text_width(piece, size)
        if used + need > width + 0.01 and current:
            lines.append(current)
            current, used = "", 0.0
            piece = piece.lstrip(" ")
            need = surface.text_width(piece, size)
        current += piece
        used += need
    return [*lines, current] if current else lines


def _pieces(text: str) -> Iterator[str]:
    run = ""
    for character in text:
        if (character.isascii() and character.isalnum()) or character in ",.":
            run += character
            continue
        if run:
            yield run
            run = ""
        yield character
    if run:
        yield run
