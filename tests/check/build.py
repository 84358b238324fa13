"""Reports for tests of the rules, made from the figures and texts of made-up reports without any file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from gongkai_etl import form
from gongkai_etl.check import CheckItem, check
from gongkai_etl.model import Cell, CellState, Finding, Report, Unit
from tests.writers.truth import Truth, random_truth

TODAY = date(2026, 11, 1)


def cell(value: object) -> Cell:
    """A cell as a sure reading gives it: a number, blank (None), a mark ("/") or another text."""
    if isinstance(value, int | Decimal):
        return Cell(value, str(value), CellState.NUMBER, reader="test", certain=True)
    if value is None or value == "":
        return Cell(None, "", CellState.BLANK, reader="test", certain=True)
    state = CellState.NOT_APPLICABLE if value in ("/", "-", "—", "无") else CellState.TEXT
    return Cell(None, str(value), state, reader="test", certain=True)


def report(truth: Truth) -> Report:
    """What a perfect reader makes of a made-up report."""
    missing = {table for table in form.TABLES if table in truth.omitted}
    absent = Cell(None, None, CellState.ABSENT)
    cells = {
        key: absent if table in missing else cell(truth.cells.get(key))
        for table, name in truth.editions.items()
        for key in form.edition(name).keys(table)
        if key in truth.cells or table in missing
    }
    gone = {name.removeprefix("section") for name in truth.omitted}
    sections = {str(k): "" for k in form.SECTIONS} | {str(k): text for k, text in truth.sections.items()}
    return Report(
        unit=truth.unit,
        year=int(truth.title[at : at + 4]) if (at := truth.title.find("20")) >= 0 else None,
        title=truth.title,
        issued_on=None if "date" in truth.omitted else truth.issued_on,
        signed_by=None if "signature" in truth.omitted else truth.signed_by,
        editions={table: None if table in missing else name for table, name in truth.editions.items()},
        sections={"0": truth.preamble} | {k: text for k, text in sections.items() if k not in gone},
        cells=cells,
        headings=tuple(title for k, title in form.SECTIONS.items() if str(k) not in gone),
        format="docx",
    )


def item(truth: Truth, **known: Any) -> CheckItem:
    """A check item of a made-up report; ``unit`` and ``year`` as a roster would give them."""
    return CheckItem(report(truth), truth.unit, **{"unit": unit(truth), "year": truth.year, **known})


def unit(truth: Truth) -> Unit:
    """The roster row of a made-up report's unit."""
    kind = "部门" if truth.kind == "department" else ("街道" if truth.unit_short.endswith("街道") else "乡镇")
    return Unit(code=f"U{truth.seed:06d}", name=truth.unit, kind=kind, aliases=(truth.unit_short,))


def plain(**changes: Any) -> Report:
    """A small, wholly correct town report of 2025 with changes to its fields; ``cells`` are put over its own."""
    base = report(small())
    cells = {**base.cells, **{key: cell(value) for key, value in changes.pop("cells", {}).items()}}
    sections = {**base.sections, **changes.pop("sections", {})}
    return replace(base, cells=cells, sections=sections, **changes)


def small(**changes: Any) -> Truth:
    """The made-up report behind :func:`plain`."""
    truth = random_truth(11, size="zero")
    made = replace(
        truth, county="沅陵浦县", unit_short="青溪镇", year=2025, title="沅陵浦县青溪镇2025年政府信息公开工作年度报告", issued_on=date(2026, 1, 15),
        signed_by="沅陵浦县青溪镇人民政府", **changes,
    )  # fmt: skip
    return made.retold()


def found(given: Report | CheckItem, **known: Any) -> tuple[Finding, ...]:
    """The findings of one report."""
    one = given if isinstance(given, CheckItem) else CheckItem(given, "test", **known)
    return check([one], today=TODAY).findings[0]


def rules_of(given: Report | CheckItem, **known: Any) -> set[str]:
    """The ids of the rules that found something."""
    return {finding.rule for finding in found(given, **known)}


def figures(changes: Mapping[str, int | None]) -> dict[str, int | None]:
    """Cells by short name: ``received`` for ``t3.received.total`` and so on, natural persons alike."""
    made: dict[str, int | None] = {}
    for row, number in changes.items():
        made |= {f"t3.{row}.natural_person": number, f"t3.{row}.total": number}
    return made
