"""Markup → tree, with limits. Damage that the sites' editors do to markup is repaired first."""

from __future__ import annotations

import re

from lxml import etree

from gongkai_etl.errors import ReadError
from gongkai_etl.read.xml import Element

MAX_CHARACTERS = 20_000_000
_MOST_TABLES = 20_000
"""So many tables no page has, also where it lays itself out by tables within tables."""

_LARGE = 300_000
_MOST_TAGS = 400_000
"""So many tags (half of them ends) no report has, also where an editor put each character into its own."""
_MOST_ATTRIBUTES = 2_000
"""Of one element: the parser compares each with all others."""
_LONG_TAG = re.compile(r"<[A-Za-z][^<>]{4000,}")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")

_OPEN_CJK = re.compile(r"<(?=[\u2e80-\u9fff\uf900-\ufaff（《“])")
_ROW = re.compile(r"<(?=tr[\s>])", re.IGNORECASE)
_CELL = re.compile(r"<(?=t[dh][\s>])", re.IGNORECASE)
_DECLARATION = re.compile(r"<\?xml[^<>]{0,300}>|<!\[[^\]<>]{0,300}\]>", re.IGNORECASE)


def parse(text: str, name: str) -> Element:
    """The page as a tree; never touches the network.

    Raises:
        ReadError: ``READ-UNSAFE``: more than ``MAX_CHARACTERS``, or nested deeper than the parser follows.
            It would then give a tree without text and no error.
    """
    if len(text) > MAX_CHARACTERS:
        raise _unsafe(name, "网页过大")
    if text.count("<table") + text.count("<TABLE") > _MOST_TABLES:
        raise _unsafe(name, "网页中表格的数量异常多")
    if len(text) > _LARGE:
        if text.count("<") > _MOST_TAGS:
            raise _unsafe(name, "网页中标签的数量异常多")
        if any(map(_is_crowded, _LONG_TAG.findall(text))):
            raise _unsafe(name, "网页中有属性异常多的标签")
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False, recover=True
    )
    root = etree.fromstring(repaired(text).encode("utf-8", "replace") or b"<html></html>", parser)
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise _unsafe(name, "网页的标签嵌套过深")
    return root if root is not None else etree.fromstring(b"<html></html>", etree.HTMLParser())


def _is_crowded(tag: str) -> bool:
    return len(_QUOTED.sub("", tag).split()) > _MOST_ATTRIBUTES


def repaired(text: str) -> str:
    """A `<` before Chinese is a bracket of the text; declarations of Word say nothing about the text.

    A cell ends where the next cell or row begins, whatever is still open in it. (The parser ignores an end
    tag for which nothing is open in the same table.)
    """
    text = _DECLARATION.sub("", _OPEN_CJK.sub("&lt;", text.replace("\0", "")))
    return _ROW.sub("</td></th></tr><", _CELL.sub("</td></th><", text))


def _unsafe(name: str, what: str) -> ReadError:
    return ReadError("READ-UNSAFE", f"{name}：{what}，为安全起见没有读取。请向报送单位核实文件来源。")
