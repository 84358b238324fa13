"""Pages whose article stands in a string: in a script, an answer in JSON, or escaped in the markup."""

from __future__ import annotations

import html
import json
import re
from base64 import b64decode
from collections.abc import Iterator
from urllib.parse import unquote

from gongkai_etl.read.html_body import is_part
from gongkai_etl.read.xml import Element
from gongkai_etl.text import squeeze

# A string without an end reaches to the end of the script: to try again at each quote would take for ever.
_STRING = re.compile(
    r'"((?:[^"\\]|\\.)*+)(?:"|\Z|\\)|\'((?:[^\'\\]|\\.)*+)(?:\'|\Z|\\)|`((?:[^`\\]|\\.)*+)(?:`|\Z|\\)', re.DOTALL
)
_DATA = re.compile(r"<!\[CDATA\[(.{200,}?)\]\]>", re.DOTALL)
_SUM = re.compile(r"([\"'])\s*\+\s*\1")
_SOURCES = ("script", "textarea", "template", "noscript")
_LONG = 200
"""A shorter string holds no report."""
_FEWEST_PARTS = 2
"""So many headings of a report make a text the report."""
_BASE64 = re.compile(r"[A-Za-z0-9+/\s]{200,}={0,2}\s*")
_TAGS = re.compile(r"<(?:p|td|div|span|table)[\s>]", re.IGNORECASE)
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|\r?\n|.)", re.DOTALL)
_SIMPLE = {"n": "\n", "r": "\n", "t": "\t", "b": "", "f": "", "v": "", "0": "", "\n": "", "\r\n": ""}


def pages_in_strings(root: Element, text: str) -> Iterator[str]:
    """Every markup found in strings, attributes and shown as text, longest first."""
    found: list[str] = []
    if text.lstrip("\ufeff \r\n\t")[:1] in ("{", "["):
        found += _json_strings(text)
    found += _DATA.findall(text)
    found += [str(value) for node in root.iter() for value in node.attrib.values() if len(value) >= _LONG]
    found += [
        node.text
        for node in root.iter()
        if node.text and len(node.text) >= _LONG and node.tag not in _SOURCES and _TAGS.search(node.text)
    ]
    for node in root.iter(*_SOURCES):
        source = "".join(str(piece) for piece in node.itertext())
        if len(source) < _LONG:
            continue
        found += [source] if _TAGS.match(source.lstrip()) else _literals(source)
    pages = {page for page in map(_unescaped, found) if _TAGS.search(page)}
    yield from sorted(pages, key=lambda page: (-len(page), page))


def preformatted(root: Element) -> str | None:
    """The text of a report that stands on the page as it was typed, with its line ends; None when there is none."""
    found = [
        "".join(str(piece) for piece in node.itertext())
        for node in root.iter("pre", "textarea", "xmp", "plaintext")
    ]
    texts = [text for text in found if sum(is_part(squeeze(line)) for line in text.splitlines()) >= _FEWEST_PARTS]
    return max(texts, key=len, default=None)


def _json_strings(text: str) -> list[str]:
    try:
        waiting = [json.loads(text)]
    except (ValueError, RecursionError):
        return _literals(text)
    found = []
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            found.append(item)
        elif isinstance(item, dict):
            waiting += item.values()
        elif isinstance(item, list):
            waiting += item
    return found


def _literals(source: str) -> list[str]:
    """The longer string literals of a script; pieces added with + are one string."""
    joined = _SUM.sub("", source)
    groups = (
        next((group for group in match.groups() if group is not None), "") for match in _STRING.finditer(joined)
    )
    return [_ESCAPE.sub(_character, group) for group in groups if len(group) >= _LONG]


def _character(match: re.Match[str]) -> str:
    code = match[1]
    if len(code) > 2 and code[0] in "ux":
        return chr(int(code[1:], 16))
    return _SIMPLE.get(code, code)


def _unescaped(page: str) -> str:
    """Markup that is quoted, or whose own brackets are escaped, in percent signs or in base64, once more."""
    for decode in (_quoted, html.unescape, unquote, _base64):
        if decode is not _quoted and _TAGS.search(page):
            break
        page = decode(page)
    return page


def _quoted(page: str) -> str:
    """A string of JSON inside an attribute."""
    return _ESCAPE.sub(_character, page[1:-1]) if page[:1] == page[-1:] == '"' else page


def _base64(page: str) -> str:
    if not _BASE64.fullmatch(page):
        return page
    try:
        return b64decode(page).decode("utf-8")
    except ValueError:
        return page
