"""Zeros that a workbook prints but does not store: 18.871 shown as 18.8710 by its number format."""

from __future__ import annotations

import logging
import os
import re
from typing import Any

from gongkai_etl.read.xml import Element, attribute, child, local, parse
from gongkai_etl.read.zips import Zip

_log = logging.getLogger(__name__)
_CELL = re.compile(rb"<c\s[^<>]{0,300}>")
_PLACE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_STYLE = re.compile(rb'\bs="(\d{1,6})"')
_DECIMALS = re.compile(r"[^.]*0\.(0+)(?:_.|\\.)*$")
_BUILT_IN = {2: 2, 4: 2, 39: 2, 40: 2, 43: 2, 44: 2}
"""Built-in formats with decimals (ECMA-376 part 1, 18.8.30)."""

Decimals = dict[tuple[int, int], int]
"""(row, column) from 0 → decimals that the cell shows at least."""


def decimals_of(data: bytes, name: str, old: Any) -> dict[str, Decimals]:
    """For each sheet, by its name, the cells whose format prints a fixed number of decimals.

    ``old`` is what :func:`old_book` gives for files that are no zip.
    """
    if not data.startswith(b"PK"):
        return _old(old) if old is not None else {}
    package = Zip(data, name)
    if "xl/styles.xml" not in package.names or "xl/workbook.xml" not in package.names:
        return {}
    styles = _styles(parse(package.read("xl/styles.xml"), name))
    if not styles:
        return {}
    return {
        sheet: _cells(package.read(entry), styles)
        for sheet, entry in entries(package, name).items()
        if entry in package.names
    }


def old_book(data: bytes) -> Any:
    """An .xls as xlrd reads it, with formats; None for other files, and for those that it cannot read."""
    if data.startswith(b"PK"):
        return None
    import xlrd

    try:
        with open(os.devnull, "w") as nowhere:
            return xlrd.open_workbook(file_contents=data, formatting_info=True, logfile=nowhere)
    except Exception:
        _log.info("number formats could not be read", exc_info=True)
        return None


def _old(book: Any) -> dict[str, Decimals]:
    found: dict[str, Decimals] = {}
    for sheet in book.sheets():
        cells = found.setdefault(sheet.name, {})
        for row in range(sheet.nrows):
            for column in range(sheet.row_len(row)):
                style = book.xf_list[sheet.cell_xf_index(row, column)].format_key
                form = book.format_map.get(style)
                decimals = (_count(form.format_str) if form else None) or _BUILT_IN.get(style)
                if decimals:
                    cells[row, column] = decimals
    return found


def _count(code: str) -> int | None:
    match = _DECIMALS.fullmatch(code.split(";")[0])
    return len(match[1]) if match else None


def _styles(root: Element) -> dict[int, int]:
    """Index of a cell style → decimals, for styles that fix them."""
    codes = dict(_BUILT_IN)
    own = child(root, "numFmts")
    for node in own if own is not None else ():
        decimals = _count(attribute(node, "formatCode") or "")
        if decimals:
            codes[_whole(attribute(node, "numFmtId"))] = decimals
    found = {}
    formats = child(root, "cellXfs")
    for index, node in enumerate(formats if formats is not None else ()):
        decimals = codes.get(_whole(attribute(node, "numFmtId")))
        if decimals:
            found[index] = decimals
    return found


def entries(package: Zip, name: str) -> dict[str, str]:
    """Sheet name → entry of the container."""
    relations = "xl/_rels/workbook.xml.rels"
    if relations not in package.names:
        return {}
    targets = {
        attribute(node, "Id"): (attribute(node, "Target") or "").removeprefix("/xl/").removeprefix("xl/")
        for node in parse(package.read(relations), name)
    }
    sheets = child(parse(package.read("xl/workbook.xml"), name), "sheets")
    return {
        attribute(node, "name") or "": f"xl/{targets.get(_relation(node), '')}"
        for node in (sheets if sheets is not None else ())
        if local(node) == "sheet"
    }


def _relation(node: Element) -> str | None:
    return next((str(value) for key, value in node.attrib.items() if str(key).endswith("}id")), None)


def _cells(xml: bytes, styles: dict[int, int]) -> Decimals:
    found: Decimals = {}
    for match in _CELL.finditer(xml):
        style, place = _STYLE.search(match[0]), _PLACE.search(match[0])
        decimals = styles.get(int(style[1])) if style else None
        if decimals and place:
            column = 0
            for letter in place[1]:
                column = column * 26 + letter - 64
            found[int(place[2]) - 1, column - 1] = decimals
    return found


def _whole(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 7 else 0
