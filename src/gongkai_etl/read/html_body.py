"""Which element of a page holds the report; the words and names are data (``html_body.yaml``)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from gongkai_etl.read.xml import Element

SMALL = 400
"""An element around the report with at most so many characters more may hold its signature."""


@dataclass(frozen=True, slots=True)
class _Words:
    headings: re.Pattern[str]
    tables: tuple[str, ...]
    containers: frozenset[str]
    unwanted: frozenset[str]
    furniture: re.Pattern[str]
    foreign: re.Pattern[str]


@cache
def _data() -> dict[str, list[str]]:
    data: dict[str, list[str]] = yaml.safe_load(files(__package__).joinpath("html_body.yaml").read_text("utf-8"))
    return data


def elements(kind: str) -> frozenset[str]:
    """Names of elements: ``skipped`` (their content is not shown) or ``blocks`` (they begin a line)."""
    return frozenset(_data()[kind])


@cache
def _words() -> _Words:
    data = _data()
    return _Words(
        re.compile("|".join(data["headings"])),
        tuple(data["tables"]),
        frozenset(name.lower() for name in data["containers"]),
        frozenset(name.lower() for name in data["unwanted"]),
        re.compile("|".join(data["furniture"])),
        re.compile("|".join(data["foreign"])),
    )


def is_part(text: str, *, table: bool = False) -> bool:
    """Whether a squeezed line is a heading of the report, or a squeezed cell a label of its tables."""
    if table:
        return any(word in text for word in _words().tables)
    return _words().headings.match(text) is not None


def is_table_heading(text: str) -> bool:
    """Whether a squeezed heading is that of a section that is a table."""
    return any(word in text for word in _data()["tabled"])


def is_furniture(text: str) -> bool:
    """Whether a line belongs to the page, not to the report: share bar, print link, visit counter."""
    return len(text) < 200 and _words().furniture.match(text) is not None


def _names(node: Element) -> set[str]:
    names = {str(node.tag), *node.get("class", "").split(), node.get("id", "")}
    return {name.lower() for name in names}


def is_unwanted(node: Element) -> bool:
    """Whether the element is a menu, share bar, list of attachments or the like, by tag, class or id."""
    return not _words().unwanted.isdisjoint(_names(node))


def body_of(root: Element, parts: list[Element]) -> Element:
    """The smallest element that holds all parts of the report and what is written around them."""
    if not parts:
        return _known_container(root)
    place = _common(parts)
    while place.tag in ("tr", "tbody", "thead", "table", "span", "font", "p", "html") or (
        len(parts) == 1 and place is parts[0]
    ):
        parent = place.getparent()
        if parent is None:
            break
        place = parent
    for node in (place, *place.iterancestors()):
        if not _words().containers.isdisjoint(_names(node)):
            return node
    return _with_signature(place)


def _common(parts: list[Element]) -> Element:
    """The lowest common ancestor (or self)."""
    chain = [parts[0], *parts[0].iterancestors()]
    depth = {node: place for place, node in enumerate(chain)}
    lowest = 0
    for part in parts[1:]:
        node: Element | None = part
        while node is not None and node not in depth:
            node = node.getparent()
        if node is not None:
            lowest = max(lowest, depth[node])
    return chain[lowest]


def _with_signature(place: Element) -> Element:
    """Up to an element that adds a little text of the report's own (signature, first lines), no links."""
    while True:
        parent = place.getparent()
        if parent is None or parent.tag in ("body", "html", "tr"):
            return place
        more = "".join(str(text) for child in parent if child is not place for text in child.itertext())
        links = any(True for child in parent if child is not place for _ in child.iter("a", "script"))
        if links or len(more.strip()) > SMALL or _words().foreign.search(more) or is_unwanted(parent):
            return place
        place = parent


def _known_container(root: Element) -> Element:
    """For a page without known headings: the known container with most text, else everything."""
    found = [
        node
        for node in root.iter()
        if isinstance(node.tag, str) and node.attrib and not _words().containers.isdisjoint(_names(node))
    ]
    return max(found, key=lambda node: sum(len(str(text)) for text in node.itertext()), default=root)
