"""A report's three tables as they stand on the form, with marks; and two reports beside each other."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from gongkai_etl.board.queries import Row
from gongkai_etl.form import SECTIONS, TABLES, cell_labels, editions, table_form
from gongkai_etl.publish.layout import PrintedTable, printed

PLACES = {key: label for name in reversed(editions()) for key, label in cell_labels(name).items()}

_GRAVITY = {"unsure": 1, "gap": 2, "waived": 3, "hint": 4, "error": 5}


@dataclass(frozen=True, slots=True)
class Shown:
    """One table ready to be drawn: its printed grid and, for each figure with a mark, the mark."""

    key: str
    heading: str
    note: str
    grid: PrintedTable
    marks: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Change:
    """One figure that differs between two reports."""

    key: str
    place: str
    left: Row | None
    right: Row | None
    difference: Any


def tables(report: Mapping[str, Any], cells: Mapping[str, Row], findings: Iterable[Row]) -> list[Shown]:
    """The tables that the report has, each in its own edition; a missing one has a note in its place."""
    marks = _marks(cells, findings)
    found = []
    for table in TABLES:
        edition = report[f"edition_{table}"]
        form = table_form(table, edition if edition in editions() else editions()[0])
        note = "" if edition in editions() else "报告里没有找到这张表，以下按现行格式列出。"
        heading = f"{'一二三四五六'[form.section - 1]}、{SECTIONS[form.section]}"
        found.append(Shown(table, heading, note, printed(form), marks))
    return found


def changes(left: Mapping[str, Row], right: Mapping[str, Row]) -> list[Change]:
    """The figures that differ, in the order of the form."""
    found = []
    for key in [*left, *(key for key in right if key not in left)]:
        one, other = left.get(key), right.get(key)
        if _said(one) != _said(other):
            both = one is not None and other is not None and None not in (one["value"], other["value"])
            difference = other["value"] - one["value"] if both and one and other else None
            found.append(Change(key, PLACES.get(key, key), one, other, difference))
    return found


def text_changes(left: str, right: str) -> list[tuple[str, str]]:
    """Pieces of both texts in order as (``same`` | ``gone`` | ``new``, text), by sentence."""
    one, other = _sentences(left), _sentences(right)
    found: list[tuple[str, str]] = []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(("same", "".join(one[a:b])))
            continue
        found += [
            (kind, text) for kind, text in (("gone", "".join(one[a:b])), ("new", "".join(other[c:d]))) if text
        ]
    return found


def _marks(cells: Mapping[str, Row], findings: Iterable[Row]) -> dict[str, str]:
    """Key → the gravest of error, hint, waived, gap and unsure."""
    marks: dict[str, str] = {}
    for key, cell in cells.items():
        if cell["state"] in ("unread", "absent", "text"):
            marks[key] = "gap"
        elif cell["state"] == "number" and not cell["certain"]:
            marks[key] = "unsure"
    for finding in findings:
        if finding["severity"] == "notice" or finding["outcome"] != "fail":
            continue
        waived, grave = finding["decision"] == "waive", finding["severity"] == "error"
        for place, key in enumerate(finding["cells"]):  # the printed total stands first, the parts follow
            mark = "waived" if waived else "error" if grave and place == 0 else "hint"
            if _GRAVITY[mark] > _GRAVITY.get(marks.get(key, ""), 0):
                marks[key] = mark
    return marks


def _said(cell: Row | None) -> tuple[Any, ...]:
    return (
        ("absent",)
        if cell is None
        else (cell["state"], cell["value"] if cell["state"] == "number" else cell["raw"])
    )


def _sentences(text: str) -> list[str]:
    return [piece for piece in re.split(r"(?<=[。；！？\n])", text) if piece]
