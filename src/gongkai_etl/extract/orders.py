"""What the words of a table's heads, printed one after another, say about the order of its columns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache

from gongkai_etl.extract.labels import has_words, normal
from gongkai_etl.form import Block, Column, editions, table_form

_HEADING = re.compile("行政复议.{0,4}行政诉讼的?情况")
"""The heading of the section above table 四."""
_ORGANISATIONS = "法人或其他组织"
_LEGAL = "法律服务机构"
"""Printed whole only where heads are not wrapped; the pieces of wrapped ones can stand around the total's."""
_ORDERS = {
    "t3": (
        ("自然人", "商业", "科研", "社会公益", "法律", "其他"),
        ("自然人", "总计"),
        ("法人或", "总计"),
    ),
    "t4": (("行政复议", "行政诉讼"), ("结果维持", "结果纠正", "尚未审结", "总计"), ("未经复议", "复议后起诉")),
}
"""The telling beginnings of heads that are printed on several lines, in the form's order. Those of table 二 stand
whole, as in the form."""
_STARTS = {"t2": ("第二十条",), "t3": ("申请人情况", "自然人")}
_LONGEST = 16
"""Longest text that can be a head of its own."""


def is_misordered(header: str, table: str) -> bool:
    """Whether the words of heads, as they were printed one after another, are not in the form's order."""
    said = _said(header)
    for names in _ORDERS.get(table) or tuple(tuple(own[0] for own in block) for block in _proactive()):
        places = [place for name in names if (place := said.find(name)) >= 0]
        if places != sorted(places):
            return True
    return _is_inside(said) if table == "t3" else table == "t4" and _is_complete(said) and not _is_cycle(said)


def is_proven(header: str, table: str, width: int) -> bool:
    """Whether every head of a row of so many figures is there, in the form's order.

    One figure can be several, glued together.
    """
    said = _said(header)
    if table == "t4":
        return _is_complete(said) and _is_cycle(said)
    if table == "t3":
        return all(name in said for names in _ORDERS["t3"][:2] for name in names) and not is_misordered(
            header, table
        )
    return any(width in (1, len(block)) and _are_found(block, said) for block in _proactive())


def begins(word: str, header: str, table: str) -> bool:
    """Whether a text begins a table's head: the heading of its section, or words that were said before."""
    if table == "t4":
        return _HEADING.search(word) is not None
    return any(start in word and (table == "t2" or start in header) for start in _STARTS[table])


@lru_cache(maxsize=8192)
def is_head(name: str, table: str) -> bool:
    """Whether a normalised text is made of the words of a table's heads, or is a piece of one."""
    return _is_of(name, _heads(table))


def is_of_form(name: str, table: str) -> bool:
    """Whether a normalised text is made of the words of a table's heads and rows."""
    return _is_of(name, _words(table))


@lru_cache(maxsize=8192)
def is_foreign(name: str, table: str) -> bool:
    """Whether a normalised text in a table's head is none of the form's: an office's own column stands under it.

    Heads of table 三 and 四 are narrow, and printed in pieces of a few of their characters.
    """
    if not 0 < len(name) <= _LONGEST or is_of_form(name, table):
        return False
    return has_words(name) and (table == "t2" or not set(name) <= set("".join(_heads(table))))


def _is_of(name: str, words: Sequence[str]) -> bool:
    rest = name
    for word in words:
        rest = rest.replace(word, "")
    return any(text in word for word in words for text in (name, rest))


def without_heading(header: str) -> str:
    """A header without the heading of table 四's section."""
    return _HEADING.sub("", header)


def _said(header: str) -> str:
    return without_heading(header).replace(_ORGANISATIONS, _ORGANISATIONS[:3])


def _is_inside(said: str) -> bool:
    """Whether the total of table 三 is named between the organisations."""
    business, total, legal = (said.find(name) for name in ("商业", "总计", "法律"))
    return 0 <= business < total < (said.find("其他", legal) if _LEGAL in said else legal)


def _is_complete(said: str) -> bool:
    """Whether each outcome is named, and equally often."""
    return len({said.count(name) for name in _outcomes()}) == 1 and _outcomes()[0] in said


def _is_cycle(said: str) -> bool:
    found = re.findall("|".join(_outcomes()), said)
    return found == list(_outcomes()) * (len(found) // len(_outcomes()))


def _are_found(block: Sequence[Sequence[str]], said: str) -> bool:
    places = [min((place for name in names if (place := said.find(name)) >= 0), default=-1) for names in block]
    return places[0] >= 0 and places == sorted(places)


@cache
def _outcomes() -> tuple[str, ...]:
    return tuple(normal(column.label) for column in table_form("t4", "2021").blocks[0].columns)


@cache
def _proactive() -> tuple[tuple[tuple[str, ...], ...], ...]:
    """The names of each column of each block of table 二, the form's own first."""
    blocks = [block for name in editions() for block in table_form("t2", name).blocks]
    return tuple(dict.fromkeys(tuple(_names(column) for column in block.columns) for block in blocks))


def _names(column: Column) -> tuple[str, ...]:
    return tuple(map(normal, (column.label, *column.variants)))


@cache
def _heads(table: str) -> tuple[str, ...]:
    """The words of a table's heads, the longest first."""
    return _sorted(text for block in _blocks(table) for text in _texts_of_head(block))


@cache
def _words(table: str) -> tuple[str, ...]:
    """The words of a table's heads and rows, the longest first."""
    rows = [row for block in _blocks(table) for row in block.rows]
    labels = [text for row in rows for text in (*row.groups, row.label, *row.variants)]
    return _sorted([*_heads(table), *labels])


def _sorted(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(map(normal, texts)), key=len, reverse=True))


def _blocks(table: str) -> list[Block]:
    return [block for name in editions() for block in table_form(table, name).blocks]


def _texts_of_head(block: Block) -> Iterator[str]:
    yield from (block.label, block.stub or "")
    for column in block.columns:
        yield from (column.label, column.group or "", *column.variants)
