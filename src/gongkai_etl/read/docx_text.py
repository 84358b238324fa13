"""A Word paragraph as printed: tracked changes accepted; hidden and struck text and field codes left out."""

from __future__ import annotations

from dataclasses import dataclass, field

from gongkai_etl.read.docx_styles import Style, Styles, is_on
from gongkai_etl.read.tables import raised
from gongkai_etl.read.xml import Element, attribute, child, local

GONE = frozenset({"del", "moveFrom", "delText", "instrText", "delInstrText"})
"""What a tracked change took away, and codes of fields."""
_CHARACTERS = {"tab": " ", "ptab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "softHyphen": ""}
_PASSED = frozenset({"rPr", "pPr", "sdtPr", "sdtEndPr", "rt", "rubyPr", "footnoteReference", "endnoteReference"})
_LIFTED = 6
"""Text that is lifted so far, in half points, stands as high as superscript."""
_BOXES = frozenset({"drawing", "pict", "object", "AlternateContent"})


@dataclass(slots=True)
class Words:
    """The text of one paragraph (``\\n`` at line breaks), and the contents of the text boxes anchored in it.

    ``pictures`` are the ids of the pictures in it. ``codes`` has one entry for each field that is open: whether
    its code (not its result) is being read.
    """

    text: str = ""
    boxes: list[Element] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)
    codes: list[bool] = field(default_factory=list)


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
        if name in GONE or name in _PASSED or is_placeholder(item):
            continue
        if name == "fldChar":
            _turn(words.codes, attribute(item, "fldCharType"))
        elif name in _CHARACTERS or name == "t":
            text = item.text or "" if name == "t" else _CHARACTERS[name]
            pieces.append("" if any(words.codes) or attribute(item, "type") == "page" else text)
        elif name in _BOXES:
            words.boxes += boxes_in(item)
            words.pictures += pictures_in(item)
        elif name == "r":
            if not _is_hidden(item, styles, hidden):
                own: list[str] = []
                _collect(item, own, words, styles, hidden)
                pieces.append(raised("".join(own)) if _is_raised(item, styles) else "".join(own))
        else:
            _collect(item, pieces, words, styles, hidden)


def _turn(codes: list[bool], what: str | None) -> None:
    """A field begins, its code ends and its result begins, or it ends."""
    if what == "begin":
        codes.append(True)
    elif codes and what == "separate":
        codes[-1] = False
    elif codes and what == "end":
        codes.pop()


def is_placeholder(node: Element) -> bool:
    """Whether a content control still shows its hint (单击此处输入文字): nobody has filled it in."""
    return local(node) == "sdt" and is_on(child(node, "sdtPr", "showingPlcHdr"), False)


def _is_hidden(run: Element, styles: Styles, hidden: bool) -> bool:
    """Whether a run is hidden, or struck through as no longer valid."""
    properties = child(run, "rPr")
    if properties is None:
        return hidden
    struck = any(is_on(child(properties, name), False) for name in ("strike", "dstrike"))
    return struck or is_on(child(properties, "vanish"), hidden or _style_of(run, styles).hidden)


def _is_raised(run: Element, styles: Styles) -> bool:
    place = child(run, "rPr", "vertAlign")
    if place is not None:
        return attribute(place, "val") == "superscript"
    lifted = child(run, "rPr", "position")
    height = attribute(lifted, "val") or "" if lifted is not None else ""
    return (height.isdecimal() and int(height) >= _LIFTED) or _style_of(run, styles).raised


def _style_of(run: Element, styles: Styles) -> Style:
    style = child(run, "rPr", "rStyle")
    return styles.get(attribute(style, "val") if style is not None else None)


def pictures_in(node: Element) -> list[str]:
    """The ids of the picture files below ``node``, each once."""
    found = [
        attribute(item, "embed") or attribute(item, "link") or attribute(item, "id") or ""
        for item in node.iter()
        if local(item) in ("blip", "imagedata")
    ]
    return list(dict.fromkeys(found))


def boxes_in(node: Element) -> list[Element]:
    """The text boxes below ``node``, each once: of alternatives only the first that has any content."""
    name = local(node)
    if name == "txbxContent":
        return [node]
    if name == "AlternateContent":
        return next((found for branch in node if (found := boxes_in(branch))), [])
    return [box for item in node for box in boxes_in(item)]
