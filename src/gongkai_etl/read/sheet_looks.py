"""What a workbook shows otherwise than it stores: hidden rows and columns, corrected or raised text, errors,
formulas that were never worked out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from gongkai_etl.read.sheet_formats import entries
from gongkai_etl.read.tables import raised
from gongkai_etl.read.xml import Element, attribute, child, local, parse
from gongkai_etl.read.zips import Zip

UNKNOWN = "\ufffd"
"""Stands for a value that the file does not hold."""

_ROW = re.compile(rb"<row\s([^<>]{0,600})>")
_COLUMN = re.compile(rb"<col\s([^<>]{0,600}?)/?>")
_CELL = re.compile(rb"<c\s(?P<head>[^<>]{0,300}?)>(?P<body>(?:(?!</c>).){0,20000}?)</c>", re.DOTALL)
_PLACE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_VALUE = re.compile(rb"<v>([^<]*)</v>")
_OFF = re.compile(rb'\bhidden="(?:1|true)"|\b(?:ht|width)="0(?:\.0*)?"')
_STYLE = re.compile(rb'\bs="(\d{1,6})"')
_ERROR = 5
_ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}
"""Codes of errors in an .xls ([MS-XLS] 2.5.10)."""
_MAX_COLUMNS = 16_384


@dataclass(slots=True)
class Looks:
    """Of one sheet, from 0: hidden ``rows`` and ``columns``, and the ``texts`` of cells that show another one."""

    rows: set[int] = field(default_factory=set)
    columns: set[int] = field(default_factory=set)
    texts: dict[tuple[int, int], str] = field(default_factory=dict)


def looks_of(data: bytes, name: str, old: Any) -> dict[str, Looks]:
    """Sheet name → how it looks; ``old`` is the workbook as xlrd opened it, for files that are no zip."""
    if not data.startswith(b"PK"):
        return {sheet.name: _old(old, sheet) for sheet in old.sheets()} if old is not None else {}
    package = Zip(data, name)
    struck = _struck_styles(package, name)
    strings = _strings(package, name, bool(struck))
    return {
        sheet: _looks(package.read(entry), strings, struck, name)
        for sheet, entry in entries(package, name).items()
        if entry in package.names
    }


def _looks(xml: bytes, strings: dict[int, str], struck: set[int], name: str) -> Looks:
    looks = Looks()
    for match in _ROW.finditer(xml):
        number = re.search(rb'\br="(\d{1,7})"', match[1])
        if number and _OFF.search(match[1]):
            looks.rows.add(int(number[1]) - 1)
    for match in _COLUMN.finditer(xml):
        ends = [re.search(rb'\b%s="(\d{1,5})"' % end, match[1]) for end in (b"min", b"max")]
        if ends[0] and ends[1] and _OFF.search(match[1]):
            looks.columns.update(range(int(ends[0][1]) - 1, min(int(ends[1][1]), _MAX_COLUMNS)))
    for match in _CELL.finditer(xml):
        place = _PLACE.search(match["head"])
        text = _text(match["head"], match["body"], strings, name) if place else None
        style = _STYLE.search(match["head"]) if struck else None
        if text is None and style and int(style[1]) in struck:
            text = ""
        if place and text is not None:
            looks.texts[int(place[2]) - 1, _column(place[1])] = text
    return looks


def _text(head: bytes, body: bytes, strings: dict[int, str], name: str) -> str | None:
    """What a cell shows, where that is not its value."""
    value = _VALUE.search(body)
    if b't="e"' in head:
        return value[1].decode("utf-8", "replace") if value else UNKNOWN
    if b't="s"' in head:
        return strings.get(int(value[1])) if value and value[1].isdigit() else None
    if b't="inlineStr"' in head and _is_marked(body):
        return _shown(parse(b"<c>" + body + b"</c>", name)) if b":" not in body else None
    if b"<f" in body and b't="str"' not in head and (value is None or not value[1]):
        return UNKNOWN
    return None


def _struck_styles(package: Zip, name: str) -> set[int]:
    """The numbers of the cell styles whose font is struck out."""
    xml = package.read("xl/styles.xml") if "xl/styles.xml" in package.names else b""
    if b"strike" not in xml:
        return set()
    root = parse(xml, name)
    fonts, styles = child(root, "fonts"), child(root, "cellXfs")
    struck = {f"{number}" for number, font in enumerate(fonts if fonts is not None else ()) if _is_struck(font)}
    return {
        k for k, node in enumerate(styles if styles is not None else ()) if attribute(node, "fontId") in struck
    }


def _is_struck(font: Element) -> bool:
    node = child(font, "strike")
    return node is not None and attribute(node, "val") not in ("0", "false")


def _strings(package: Zip, name: str, every: bool) -> dict[int, str]:
    """The shared strings of several fonts (``every``: or only those files in which something is struck out or
    raised), by their numbers."""
    entry = package.find("/sharedStrings.xml")
    xml = package.read(entry) if entry else b""
    if not xml or not (every or _is_marked(xml)):
        return {}
    items = (node for node in parse(xml, name) if local(node) == "si")
    return {number: _shown(node) for number, node in enumerate(items) if child(node, "r") is not None}


def _is_marked(xml: bytes) -> bool:
    return b"strike" in xml or b"superscript" in xml


def _shown(node: Element) -> str:
    return "".join(_pieces(node))


def _pieces(node: Element) -> Iterator[str]:
    for item in node:
        name = local(item)
        if name == "t":
            yield item.text or ""
        elif name == "r":
            look, place = child(item, "rPr"), child(item, "rPr", "vertAlign")
            if look is None or not _is_struck(look):
                text = "".join(_pieces(item))
                high = place is not None and attribute(place, "val") == "superscript"
                yield raised(text) if high else text
        elif name == "is":
            yield from _pieces(item)


def _old(book: Any, sheet: Any) -> Looks:
    looks = Looks(
        {row for row, info in sheet.rowinfo_map.items() if info.hidden},
        {column for column, info in sheet.colinfo_map.items() if info.hidden},
    )
    for row in range(sheet.nrows):
        for column, kind in enumerate(sheet.row_types(row)):
            if kind == _ERROR:
                looks.texts[row, column] = _ERRORS.get(sheet.cell_value(row, column), UNKNOWN)
            elif kind and book.font_list[book.xf_list[sheet.cell_xf_index(row, column)].font_index].struck_out:
                looks.texts[row, column] = ""
    for (row, column), runs in sheet.rich_text_runlist_map.items():
        text = str(sheet.cell_value(row, column))
        first = book.xf_list[sheet.cell_xf_index(row, column)].font_index
        runs = [(0, first), *runs] if not runs or runs[0][0] else list(runs)
        ends = [start for start, _ in runs[1:]] + [len(text)]
        pieces = [_old_piece(book, text[start:end], font) for (start, font), end in zip(runs, ends, strict=True)]
        if "".join(pieces) != text or (row, column) in looks.texts:
            looks.texts[row, column] = "".join(pieces)
    return looks


def _old_piece(book: Any, text: str, font: int) -> str:
    look = book.font_list[font] if font < len(book.font_list) else None
    if look is not None and look.struck_out:
        return ""
    return raised(text) if look is not None and look.escapement == 1 else text


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
