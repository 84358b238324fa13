"""A Word paragraph as printed: tracked changes accepted, hidden text and field codes left out."""

from __future__ import annotations

from dataclasses import dataclass, field

from gongkai_etl.read.docx_styles import Styles, is_on
from gongkai_etl.read.xml import Element, attribute, child, local

GONE = frozenset({"del", "moveFrom", "delText", "instrText", "delInstrText"})
"""What a tracked change took away, and codes of fields."""
_CHARACTERS = {"tab": " ", "ptab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "softHyphen": ""}
_PASSED = frozenset(
    {"rPr", "pPr", "sdtPr", "sdtEndPr", "fldChar", "rt", "rubyPr", "footnoteReference", "endnoteReference"}
)
_BOXES = frozenset({"drawing", "pict", "object", "AlternateContent"})


@dataclass(slots=True)
class Words:
    """The text of one paragraph (``\\n`` at line breaks), and the contents of the text boxes anchored in it."""

    text: str = ""
    boxes: list[Element] = field(default_factory=list)


def words_of(paragraph: Element, styles: Styles, hidden: bool) -> Words:
    """Text and text boxes of a ``w:p``; ``hidden`` says whether its style hides text."""
    words = Words()
    pieces: list[str] = []
    _collect(paragraph, pieces, words, styles, hidden)
    words.text = "".join(pieces)
    return words


def _collect(node: Element, pieces: list[str], words: Words, styles: Styles, hidden: bool) -> None:
    for item in node:
        name = local(item)
        if name in GONE or name in _PASSED:
            continue
        if name == "t":
            pieces.append(item.text or "")
        elif name in _CHARACTERS:
            pieces.append(_CHARACTERS[name] if attribute(item, "type") != "page" else "")
        elif name in _BOXES:
            words.boxes += boxes_in(item)
        elif name == "r":
            if not _is_hidden(item, styles, hidden):
                _collect(item, pieces, words, styles, hidden)
        else:
            _collect(item, pieces, words, styles, hidden)


def _is_hidden(run: Element, styles: Styles, hidden: bool) -> bool:
    properties = child(run, "rPr")
    if properties is None:
        return hidden
    style = child(properties, "rStyle")
    by_style = style is not None and styles.get(attribute(style, "val")).hidden
    return is_on(child(properties, "vanish"), hidden or by_style)


def boxes_in(node: Element) -> list[Element]:
    """The text boxes below ``node``, each once: of alternatives only the first that has any content."""
    name = local(node)
    if name == "txbxContent":
        return [node]
    if name == "AlternateContent":
        return next((found for branch in node if (found := boxes_in(branch))), [])
    return [box for item in node for box in boxes_in(item)]
