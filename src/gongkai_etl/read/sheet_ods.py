"""What an OpenDocument sheet (.ods) shows otherwise than it stores: hidden rows and columns, corrected or raised
text, errors."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from gongkai_etl.read.sheet_looks import Looks
from gongkai_etl.read.tables import raised
from gongkai_etl.read.xml import Element, attribute, child, local, parse
from gongkai_etl.read.zips import Zip

_TOLD = re.compile(
    rb'text-line-through-(?:style|type)="(?!none)|text-position="(?:super|[1-9])|visibility="(?:collapse|filter)"'
    rb'|value-type="error"'
)
_HIDDEN = ("collapse", "filter")
_GROUPS = (
    "table-row-group",
    "table-header-rows",
    "table-rows",
    "table-column-group",
    "table-header-columns",
    "table-columns",
)
_MOST = 20_000
"""Rows, columns or repeated cells of a sheet beyond this hold no report."""


@dataclass(frozen=True, slots=True)
class _Style:
    """What a style says of text; None where it says nothing."""

    struck: bool | None = None
    high: bool | None = None


_PLAIN = _Style()


def ods_looks(package: Zip, name: str) -> dict[str, Looks]:
    """Sheet name → how it looks; of workbooks in which something looks otherwise than it is stored."""
    parts = [package.read(entry) for entry in ("styles.xml", "content.xml") if entry in package.names]
    if not any(map(_TOLD.search, parts)):
        return {}
    roots = [parse(part, name) for part in parts]
    styles = _styles(roots)
    body = child(roots[-1], "body", "spreadsheet")
    tables = [node for node in (body if body is not None else ()) if local(node) == "table"]
    return {attribute(table, "name") or "": _looks(table, styles) for table in tables}


def _styles(roots: list[Element]) -> dict[str, _Style]:
    """Name of a style → what it does to text, with the styles that it is made from."""
    nodes = {
        attribute(node, "name") or "": node
        for root in roots
        for part in root
        if local(part) in ("styles", "automatic-styles")
        for node in part
        if local(node) == "style" and attribute(node, "family") in ("text", "table-cell", "paragraph")
    }
    return {style: _style(node, nodes) for style, node in nodes.items()}


def _style(node: Element, nodes: Mapping[str, Element]) -> _Style:
    struck: str | None = None
    place: str | None = None
    seen: set[str] = set()
    current: Element | None = node
    while current is not None:
        own = child(current, "text-properties")
        if own is not None:
            line = attribute(own, "text-line-through-type") or attribute(own, "text-line-through-style")
            struck, place = struck or line, place or attribute(own, "text-position")
        parent = attribute(current, "parent-style-name") or ""
        current = nodes.get(parent) if parent not in seen else None
        seen.add(parent)
    high = re.match("super|[1-9]", place) is not None if place else None
    return _Style(struck != "none" if struck else None, high)


def _looks(table: Element, styles: Mapping[str, _Style]) -> Looks:
    looks = Looks()
    column = row = 0
    for node in _flat(table):
        if local(node) == "table-column":
            many = _repeated(node, "columns")
            if attribute(node, "visibility") in _HIDDEN:
                looks.columns.update(range(column, min(column + many, _MOST)))
            column += many
        elif local(node) == "table-row":
            many = _repeated(node, "rows")
            rows = range(row, min(row + many, _MOST))
            if attribute(node, "visibility") in _HIDDEN:
                looks.rows.update(rows)
            _cells(node, rows, styles, looks)
            row += many
    return looks


def _flat(table: Element) -> Iterator[Element]:
    for node in table:
        if local(node) in _GROUPS:
            yield from _flat(node)
        else:
            yield node


def _cells(row: Element, rows: range, styles: Mapping[str, _Style], looks: Looks) -> None:
    column = 0
    for cell in row:
        many = _repeated(cell, "columns")
        text = _text(cell, styles) if len(cell) else None
        if text is not None:
            looks.texts.update(
                ((place, at), text) for place in rows for at in range(column, min(column + many, _MOST))
            )
        column += many


def _text(cell: Element, styles: Mapping[str, _Style]) -> str | None:
    """What a cell shows, where that is not its value."""
    style = styles.get(attribute(cell, "style-name") or "", _PLAIN)
    paragraphs = [node for node in cell if local(node) == "p"]
    stored = "\n".join("".join(_pieces(node, {}, _PLAIN)) for node in paragraphs)
    shown = "\n".join("".join(_pieces(node, styles, style)) for node in paragraphs)
    is_error = any(str(key).endswith("}value-type") and value == "error" for key, value in cell.attrib.items())
    return shown if is_error or shown != stored else None


def _pieces(node: Element, styles: Mapping[str, _Style], outer: _Style) -> Iterator[str]:
    own = styles.get(attribute(node, "style-name") or "", _PLAIN)
    style = _Style(
        outer.struck if own.struck is None else own.struck, outer.high if own.high is None else own.high
    )
    yield _shown(node.text or "", style)
    for item in node:
        if local(item) == "s":
            yield " "
        elif local(item) in ("span", "a"):
            yield from _pieces(item, styles, style)
        yield _shown(item.tail or "", style)


def _shown(text: str, style: _Style) -> str:
    return "" if style.struck else raised(text) if style.high else text


def _repeated(node: Element, what: str) -> int:
    text = attribute(node, f"number-{what}-repeated")
    return max(1, int(text)) if text and text.isdecimal() and len(text) < 9 else 1
