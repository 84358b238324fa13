"""The page for the town: one self-contained Chinese HTML file with each finding, printable, without network."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from gongkai_etl import form
from gongkai_etl.check.catalogue import FAMILIES, SEVERITIES, catalogue_hash, rules
from gongkai_etl.check.items import CheckItem
from gongkai_etl.model import CellState, Finding

if TYPE_CHECKING:
    from jinja2 import Template

_PICTURES = 3
_ROWS = 30


@dataclass(frozen=True, slots=True)
class Examined:
    """One file as the page shows it. ``pictures`` maps a cell key to the PNG of its place; ``error`` is
    the reason why the file could not be read."""

    name: str
    item: CheckItem | None
    findings: Sequence[Finding] = ()
    unchecked: Sequence[str] = ()
    error: str | None = None
    pictures: Mapping[str, bytes] = field(default_factory=dict)


def render(files: Sequence[Examined], made_on: str) -> str:
    """The page as text. Everything from files is escaped; nothing is loaded from anywhere."""
    return template("findings.html").render(
        files=[_shown(one) for one in files],
        severities=SEVERITIES,
        made_on=made_on,
        version=catalogue_hash()[:12],
    )


@cache
def template(name: str) -> Template:
    """A page template of this package; values are escaped."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("gongkai_etl.check", "templates"), autoescape=True, undefined=StrictUndefined
    )
    return environment.get_template(name)


def _shown(one: Examined) -> dict[str, Any]:
    report = one.item.report if one.item else None
    counts = {name: sum(f.severity == name for f in one.findings) for name in SEVERITIES}
    return {
        "name": one.name,
        "title": report.title if report else None,
        "unit": (one.item.unit.name if one.item and one.item.unit else report.unit if report else None),
        "year": (one.item.year if one.item and one.item.year else report.year if report else None),
        "error": one.error,
        "counts": counts,
        "findings": [_finding(one, finding) for finding in one.findings],
        "unchecked": list(one.unchecked),
    }


def _finding(one: Examined, finding: Finding) -> dict[str, Any]:
    rule = rules().get(finding.rule) or (rules()["READ-FAILED"] if finding.rule.startswith("READ-") else None)
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "unknown": finding.outcome == "unknown",
        "title": rule.title if rule else finding.rule,
        "family": FAMILIES.get(finding.rule.split("-")[0], ""),
        "message": finding.message,
        "left": finding.left,
        "right": finding.right,
        "text": finding.text,
        "cells": _cells(one, finding),
        "pictures": [_data(one.pictures[key]) for key in finding.cells if key in one.pictures][:_PICTURES],
        "why": rule.why if rule else "",
        "explanation": rule.explanation if rule else "",
        "advice": finding.advice or (rule.correct if rule else ""),
        "good": rule.good if rule else "",
    }


def _data(png: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(png).decode()


def _cells(one: Examined, finding: Finding) -> list[dict[str, str]]:
    """The cells of a finding as printed: place and text, the printed total first."""
    if one.item is None:
        return []
    shown = []
    for key in finding.cells[:_ROWS]:
        cell = one.item.report.cells.get(key)
        edition = one.item.report.editions.get(key.split(".")[0]) or "2021"
        label = form.cell_labels(edition).get(key, key)
        blank = cell is None or cell.state in (CellState.BLANK, CellState.ABSENT, CellState.UNREAD)
        words = {CellState.UNREAD: "（没有读到）", CellState.ABSENT: "（没有此格）"}
        text = words.get(cell.state if cell else CellState.ABSENT, "（空白）") if blank else str(cell and cell.raw)
        shown.append({"label": label, "text": text})
    return shown
