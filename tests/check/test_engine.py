"""The run: rules that break down are said to have, lawful breaks of the chain, batches, scans."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from gongkai_etl.check import CheckItem, check, registry
from gongkai_etl.check.case import Case
from gongkai_etl.check.form_rules import parts
from gongkai_etl.check.frame import frame
from gongkai_etl.check.identity import unit as unit_rule
from gongkai_etl.model import CellState, Finding, Report, Unit
from tests.check.build import TODAY, figures, found, plain
from tests.check.fixtures import TOWN, last_year


def test_empty_batch() -> None:
    result = check([])
    assert (result.findings, result.unchecked) == ([], [])
    assert result.validation["success"] is True
    assert result.catalogue_hash


def test_a_rule_that_breaks_down_neither_passes_nor_stops_others(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(case: Case) -> Iterator[Finding]:
        raise ZeroDivisionError

    of_case, of_batch = registry.registered()
    monkeypatch.setattr(
        "gongkai_etl.check.engine.registered", lambda: ((*of_case, (("TEXT-PARTS",), broken)), of_batch)
    )
    result = check([CheckItem(plain(issued_on=None), "a", TOWN, 2025)], today=TODAY)
    assert "SIGN-UNDATED" in {finding.rule for finding in result.findings[0]}
    assert any("TEXT-PARTS" in text and "没有核对" in text for text in result.unchecked[0])
    assert result.validation["success"] is False


def test_the_roster_explains_a_break_in_the_chain() -> None:
    before = last_year(**figures({"received": 2, "carried_forward": 2}))
    merged = replace(TOWN, valid_from=date(2025, 6, 1), change_reason="两乡合并")
    for unit, outcome in ((TOWN, "fail"), (merged, "unknown")):
        mine = [f for f in found(CheckItem(plain(), "a", unit, 2025, before)) if f.rule == "YEAR-CARRY"]
        assert {finding.outcome for finding in mine} == {outcome}
        assert all(("两乡合并" in finding.message) is (outcome == "unknown") for finding in mine)


def test_uncertain_and_missing_cells_are_holes_in_the_frame() -> None:
    report = plain(cells={"t3.received.total": None})
    doubtful = replace(report.cells["t3.granted.total"], certain=False)
    report = replace(report, cells={**report.cells, "t3.granted.total": doubtful})
    made = frame([Case(CheckItem(report))])
    assert made["t3.received.total"].isna().all()
    assert made["t3.granted.total"].isna().all()
    assert made.loc[0, "t3.processed_total.total"] == 0
    assert made.loc[0, "edition_t3"] == 2021


def _without_six(report: Report) -> Report:
    return replace(report, sections={name: text for name, text in report.sections.items() if name != "6"})


def test_what_a_scan_does_not_show_is_no_fault_of_the_town() -> None:
    report = _without_six(plain())
    (said,) = parts(Case(CheckItem(report)))
    assert (said.rule, said.outcome, said.severity) == ("FORM-SECTION", "fail", "warning")
    guessed = {key: replace(cell, confidence=0.9) for key, cell in report.cells.items()}
    (said,) = parts(Case(CheckItem(replace(report, cells=guessed))))
    assert (said.rule, said.outcome, said.severity) == ("FORM-SECTION", "unknown", "notice")


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("云岭县财政局关于报送", "云岭县财政局"),
        ("县财政局关于", "云岭县财政局"),
        ("中共青溪镇委员会青溪镇人民政府", "沅陵浦县青溪镇"),
    ],
)
def test_more_words_around_the_name_are_no_other_unit(printed: str, name: str) -> None:
    case = Case(CheckItem(plain(unit=printed, signed_by=None), "a", Unit("U", name, "部门"), 2025))
    assert [finding.rule for finding in unit_rule(case)] == []


def test_the_same_department_of_another_county_is_another_unit() -> None:
    case = Case(
        CheckItem(plain(unit="丰谷县财政局", signed_by=None), "a", Unit("U", "云岭县财政局", "部门"), 2025)
    )
    assert [finding.rule for finding in unit_rule(case)] == ["ID-UNIT"]


def test_states_without_a_number_are_never_compared() -> None:
    for state in (CellState.TEXT, CellState.NOT_APPLICABLE, CellState.UNREAD):
        missing = replace(plain().cells["t4.reconsideration.total"], value=None, raw="无", state=state)
        report = plain(cells={"t4.reconsideration.upheld": 3})
        report = replace(report, cells={**report.cells, "t4.reconsideration.total": missing})
        assert "error" not in {finding.severity for finding in found(report)}


@pytest.mark.parametrize(
    ("first", "said"), [(date(2026, 1, 12), set()), (date(2026, 2, 3), {"SIGN-LATE"}), (None, {"SIGN-LATE"})]
)
def test_a_correction_of_a_report_that_came_in_time_is_not_late(first: date | None, said: set[str]) -> None:
    given = CheckItem(plain(issued_on=date(2026, 2, 20)), "a", TOWN, 2025, received_on=date(2026, 2, 21))
    rules = {finding.rule for finding in found(replace(given, first_received_on=first))}
    assert {rule for rule in rules if rule.startswith("SIGN-")} == said
