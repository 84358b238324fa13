"""Bytes of a web page → text in the right encoding → tree; the small things list pages need."""

from __future__ import annotations

import hashlib
import re
from datetime import date

from lxml import etree
from lxml import html as lxml_html

from gongkai_etl.text import clean, squeeze

_META = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?\s*([A-Za-z0-9_-]+)""", re.IGNORECASE)
_HEADER = re.compile(r"charset=[\"']?([A-Za-z0-9_-]+)", re.IGNORECASE)
_DATE = re.compile(r"(?<!\d)((?:19|20)\d{2})\s*[年\-/.]\s*(\d{1,2})\s*[月\-/.]\s*(\d{1,2})(?!\d)")
_URL_DATE = re.compile(r"(?:t|/)((?:19|20)\d{2})[/-]?(\d{1,2})[/-]?(\d{1,2})(?=[_/])")


def decode(data: bytes, content_type: str = "") -> str:
    """UTF-8 where it is UTF-8 (GBK text never is), then what is declared, then GB18030."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    declared = [m.decode() for m in _META.findall(data[:4096])] + _HEADER.findall(content_type)
    for name in ["utf-8-sig", *("gb18030" if n.lower().startswith("gb") else n for n in declared), "gb18030"]:
        try:
            return data.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("gb18030", "replace")


def tree(text: str) -> etree._Element:
    """The page as a tree; an empty page is an empty tree. Never touches the network."""
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)
    parser = lxml_html.HTMLParser(no_network=True, huge_tree=False, recover=True)
    found = lxml_html.document_fromstring(text or "<html></html>", parser=parser, ensure_head_body=True)
    assert isinstance(found, etree._Element)
    return found


def first(node: etree._Element, paths: tuple[str, ...]) -> str:
    """The first non-empty text that one of the XPath expressions gives."""
    for path in paths:
        result = node.xpath(path)
        for item in result if isinstance(result, list) else [result]:
            text = item if isinstance(item, str) else words(item)
            if text.strip():
                return clean(text.strip())
    return ""


def nodes(node: etree._Element, path: str) -> list[etree._Element]:
    """The elements an XPath expression gives."""
    result = node.xpath(path)
    return [item for item in result if isinstance(item, etree._Element)] if isinstance(result, list) else []


def words(node: object) -> str:
    """The text of an element without that of scripts and styles."""
    if not isinstance(node, etree._Element):
        return str(node)
    pieces = node.xpath(".//text()[not(ancestor::script or ancestor::style)]")
    return "".join(str(piece) for piece in pieces) if isinstance(pieces, list) else ""


def day(text: str) -> date | None:
    """The first date in ``text``."""
    return _date(_DATE.search(clean(text)))


def day_of_url(url: str) -> date | None:
    """The date in an address like t20260115_88.htm or art/2026/1/15/."""
    return _date(_URL_DATE.search(url))


def fingerprint(text: str) -> str:
    """Same words, same fingerprint: visit counters and navigation around the content do not count."""
    return hashlib.sha256(squeeze(text).encode()).hexdigest()


def _date(match: re.Match[str] | None) -> date | None:
    if match is None:
        return None
    try:
        return date(*(int(part) for part in match.groups()))
    except ValueError:
        return None
