"""What a Word document's styles say about reading: hidden text, headings, tables of contents, numbering."""

from __future__ import annotations

from dataclasses import dataclass

from gongkai_etl.read.xml import Element, attribute, child, local

_OFF = ("0", "false", "off", "none")


@dataclass(frozen=True, slots=True)
class Style:
    """One style, with what it inherits; ``numbering`` is (numId, level)."""

    name: str = ""
    hidden: bool = False
    raised: bool = False
    heading: bool = False
    numbering: tuple[str, int] | None = None


class Styles:
    """The styles of a document by id; an unknown id is a style without properties."""

    def __init__(self, root: Element | None) -> None:
        self._nodes: dict[str, Element] = {}
        self._known: dict[str, Style] = {}
        for node in root if root is not None else ():
            if local(node) == "style":
                self._nodes[attribute(node, "styleId") or ""] = node

    def get(self, style: str | None) -> Style:
        """The style with that id."""
        if not style or style not in self._nodes:
            return Style()
        if style not in self._known:
            self._known[style] = Style()  # A style based on itself ends here.
            self._known[style] = self._resolved(self._nodes[style])
        return self._known[style]

    def _resolved(self, node: Element) -> Style:
        base = child(node, "basedOn")
        parent = self.get(attribute(base, "val") if base is not None else None)
        name = child(node, "name")
        text = (attribute(name, "val") or "").lower() if name is not None else ""
        place = child(node, "rPr", "vertAlign")
        heading = text.startswith(("heading", "标题")) or child(node, "pPr", "outlineLvl") is not None
        return Style(
            name=text,
            hidden=is_on(child(node, "rPr", "vanish"), parent.hidden),
            raised=attribute(place, "val") == "superscript" if place is not None else parent.raised,
            heading=heading or (parent.heading and not text.startswith("toc")),
            numbering=numbering_of(child(node, "pPr")) or parent.numbering,
        )


def is_on(node: Element | None, otherwise: bool) -> bool:
    """A switch of WordprocessingML: present without a value means on."""
    if node is None:
        return otherwise
    return (attribute(node, "val") or "1").lower() not in _OFF


def numbering_of(properties: Element | None) -> tuple[str, int] | None:
    """(numId, level) of paragraph properties, if they number the paragraph. numId 0 takes numbering away."""
    number = child(properties, "numPr")
    if number is None:
        return None
    found, level = child(number, "numId"), child(number, "ilvl")
    text = (attribute(level, "val") if level is not None else "0") or "0"
    depth = int(text) if text.isdecimal() and len(text) < 3 else 0
    return ((attribute(found, "val") or "0") if found is not None else "", depth)
