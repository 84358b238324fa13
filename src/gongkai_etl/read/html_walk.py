"""Elements in reading order → lines and tables, as a browser shows them."""

from __future__ import annotations

import re

from gongkai_etl.model import Paragraph
from gongkai_etl.read.html_body import elements, is_part, is_unwanted
from gongkai_etl.read.html_divs import placed, table_of
from gongkai_etl.read.html_hidden import Hiding
from gongkai_etl.read.pictures import marked
from gongkai_etl.read.tables import RawCell, RawTable, raised, tidy
from gongkai_etl.read.xml import Element
from gongkai_etl.text import squeeze

_SKIPPED = elements("skipped")
_BLOCKS = elements("blocks")
_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
_RAISED = re.compile(r"vertical-align\s*:\s*super", re.IGNORECASE)
_STRUCK = re.compile(r"text-decoration[^;]*line-through", re.IGNORECASE)
_SIDE = re.compile(r"(?:^|[;\s])(?:width|height)\s*:\s*(\d{1,5})(?:\.\d+)?px", re.IGNORECASE)
_ORNAMENT = re.compile(r"^$|\.(?:gif|svg|ico)(?:[?#]|$)|^data:image/(?:gif|svg)", re.IGNORECASE)
_SMALLEST = 60
"""Pixels; a smaller picture is an ornament."""
_FIELDS = frozenset(["input", "textarea", "select"])
_TYPED = frozenset(["", "text", "number", "tel"])
"""Kinds of input in which people type what a printed page shows."""
_CUT = re.compile(
    r"(?<=[\u2e80-\u9fff\u3000-\u303f\uff00-\uffef])[ \t\r]*\n\s*(?=[\u2e80-\u9fff\u3000-\u303f\uff00-\uffef])"
)
_CENTRED = re.compile(r"^center|text-align\s*:\s*center", re.IGNORECASE)
_NUMBER = re.compile(r"\s*(\d{1,6})")


class Walk:
    """One walk over an element. ``flow`` is what stands there, ``parts`` the elements that hold parts of a report,
    ``pictures`` the pictures that ``flow`` marks.

    What ``hiding`` says is hidden is passed over, if it is given. With ``drawn``, tables that are drawn with
    other elements are tables too. Elements of ``keep`` and those around them are
    never taken for the page's furniture.
    """

    def __init__(self, hiding: Hiding | None, keep: list[Element] | None = None, *, drawn: bool = False) -> None:
        self.flow: list[Paragraph | RawTable] = []
        self.parts: list[Element] = []
        self._hiding = hiding
        self._drawn = drawn
        self._picture: Element | None = None
        self.pictures: list[Element] = []
        self._kept = {node for part in keep or () for node in (part, *part.iterancestors())}
        self._skips = keep is not None
        self._line: list[str] = []
        self._linked = 0
        self._heading = False

    def enter(self, node: Element, link: bool = False) -> None:
        """The element's own text, its children, and the text between them."""
        tag = node.tag if isinstance(node.tag, str) else "script"
        if tag in _FIELDS and _is_typed(node):
            self._line.append(_typed(node))
        if tag in _SKIPPED or self._is_passed_over(node):
            return
        if tag == "img" and not link and not _is_small(node):
            self._picture = node
        if tag == "table":
            self._table(node, link)
        elif tag == "br":
            self._break(node)
        elif tag in _BLOCKS and self._drawn and (found := table_of(node)):
            self._end(node)
            self._put(node, placed([[self._cell(cell, link) for cell in row] for row in found[0]], found[1]))
        elif tag in _BLOCKS:
            self._end(node)
            before, self._heading = self._heading, tag in _HEADINGS
            self._children(node, link)
            self._end(node)
            self._heading = before
        elif tag == "sup" or _RAISED.search(node.get("style", "")):
            line, self._line = self._line, []
            self._children(node, link)
            self._line = [*line, raised("".join(self._line))]
        else:
            self._children(node, link or tag == "a")

    def _children(self, node: Element, link: bool) -> None:
        lines = node.tag == "pre"
        self._text(node.text, link, node if lines else None)
        for child in node:
            self.enter(child, link)
            self._text(child.tail, link, node if lines else None)
        if node.getparent() is None:
            self._end(node)

    def _text(self, text: str | None, link: bool, pre: Element | None) -> None:
        if not text:
            return
        if pre is not None:
            *lines, text = text.split("\n")
            for line in lines:
                self._line.append(line)
                self._end(pre)
        self._line.append(text)
        if link:
            self._linked += len(text.strip())

    def _break(self, node: Element) -> None:
        """A break ends a line of prose, but only wraps a title."""
        above = node.getparent()
        while above is not None and above.tag not in _BLOCKS:
            above = above.getparent()
        if self._heading or (
            above is not None and _CENTRED.search(f"{above.get('align', '')};{above.get('style', '')}")
        ):
            self._line.append("\n")
        else:
            self._end(node)

    def _end(self, node: Element) -> None:
        """The line so far is a paragraph, or a picture."""
        picture, self._picture = self._picture, None
        if picture is not None and not "".join(self._line).strip():
            self.flow.append(marked(len(self.pictures)))
            self.pictures.append(picture)
        if not self._line:
            return
        text = tidy(_CUT.sub("", "".join(self._line)).replace("\n", " "))
        if text:
            self.flow.append(Paragraph(text, heading=self._heading))
            if len(text) < 80 and self._linked * 2 < len(text) and is_part(squeeze(text)):
                self.parts.append(node)
        self._line = []
        self._linked = 0

    def _table(self, node: Element, link: bool) -> None:
        self._end(node)
        table = RawTable()
        self._rows(node, table, link)
        self._put(node, table)

    def _put(self, node: Element, table: RawTable) -> None:
        self.flow.append(table)
        nested = any(isinstance(item, RawTable) for cell in table.cells() for item in cell.content)
        if not nested and any(is_part(squeeze(cell.text), table=True) for cell in table.cells()):
            self.parts.append(node)

    def _rows(self, node: Element, table: RawTable, link: bool) -> None:
        for child in sorted(node, key=_band) if node.tag == "table" else node:
            tag = child.tag if isinstance(child.tag, str) else "script"
            if tag in _SKIPPED or self._is_passed_over(child):
                continue
            if tag in ("td", "th"):
                if not table.rows:
                    table.rows.append([])
                table.rows[-1].append(self._cell(child, link))
            elif tag in ("caption", "table"):
                self.enter(child, link)
            else:
                if tag == "tr":
                    table.rows.append([])
                self._rows(child, table, link)

    def _cell(self, node: Element, link: bool) -> RawCell:
        flow, self.flow = self.flow, []
        line, self._line = self._line, []
        self._children(node, link)
        self._end(node)
        cell = RawCell(self.flow, _span(node.get("rowspan"), 0), _span(node.get("colspan"), 1))
        self.flow, self._line = flow, line
        return cell

    def _is_passed_over(self, node: Element) -> bool:
        if not node.attrib:
            return False
        if _STRUCK.search(node.get("style", "")) or (self._hiding is not None and self._hiding.hides(node)):
            return True
        return self._skips and node not in self._kept and is_unwanted(node)


def _is_small(node: Element) -> bool:
    """Whether a picture is an ornament: said to be small, or of a kind that holds no table."""
    sides = [_NUMBER.match(node.get(side, "")) for side in ("width", "height")]
    said = [int(match[1]) for match in sides if match] + [int(n) for n in _SIDE.findall(node.get("style", ""))]
    return any(side < _SMALLEST for side in said) or _ORNAMENT.search(node.get("src", "")) is not None


def _typed(node: Element) -> str:
    """What a field of an entry form shows."""
    if node.tag == "input":
        return node.get("value") or ""
    chosen = [item for item in node.iter("option") if "selected" in item.attrib] or list(node.iter("option"))[:1]
    return "".join(str(text) for item in (chosen or [node]) for text in item.itertext())


def _is_typed(node: Element) -> bool:
    """Whether an element is a field of an entry form in a table's cell."""
    return node.get("type", "").lower() in _TYPED and any(above.tag == "td" for above in node.iterancestors())


def _band(node: Element) -> int:
    """Heads are shown first and feet last, wherever they stand in the markup."""
    return {"caption": 0, "thead": 1, "tfoot": 3}.get(str(node.tag), 2)


def _span(text: str | None, least: int) -> int:
    found = _NUMBER.match(text or "1")
    return max(least, int(found[1])) if found else 1
