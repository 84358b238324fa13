"""Every rule of the catalogue speaks on its bad example and is silent on a correct report."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gongkai_etl.check import CheckItem, CheckResult, check, rules
from gongkai_etl.check.catalogue import SEVERITIES
from gongkai_etl.model import Finding
from tests.check.build import TODAY, plain
from tests.check.fixtures import FIXTURES, ROSTER, TOWN, last_year

SOURCES = Path(__file__).parents[2] / "src" / "gongkai_etl"
_CODE = re.compile(r"\"((?:READ|ID|FORM)-[A-Z0-9-]*[A-Z0-9])\"")


@pytest.fixture(scope="module")
def outcome() -> tuple[CheckResult, dict[str, list[Finding]]]:
    """All bad examples of one report in one run, as in a county; those of several reports in a run each."""
    items = {name: list(make()) for name, make in FIXTURES.items()}
    single = [name for name, several in items.items() if len(several) == 1]
    together = check([items[name][0] for name in single], ROSTER, TODAY)
    found = {name: list(findings) for name, findings in zip(single, together.findings, strict=True)}
    for name in items.keys() - set(single):
        found[name] = [f for several in check(items[name], ROSTER, TODAY).findings for f in several]
    return together, found


def test_each_rule_has_an_example_that_fails() -> None:
    assert set(FIXTURES) == {name for name, rule in rules().items() if rule.of_reports}


@pytest.mark.parametrize("room", ["collect", "read", "extract"])
def test_each_code_that_another_room_gives_is_a_rule(room: str) -> None:
    given = {code for path in (SOURCES / room).rglob("*.py") for code in _CODE.findall(path.read_text("utf-8"))}
    notes = {code for code in given if code.startswith("FORM-")}
    assert given
    assert given - notes <= set(rules())


def test_the_plain_report_has_no_findings() -> None:
    result = check([CheckItem(plain(), "plain", TOWN, 2025, last_year())], ROSTER, TODAY)
    assert result.findings == [()]
    assert result.unchecked == [()]
    assert result.validation["success"] is True


@pytest.mark.parametrize("name", list(FIXTURES))
def test_bad_example_is_found(name: str, outcome: tuple[CheckResult, dict[str, list[Finding]]]) -> None:
    mine = [finding for finding in outcome[1][name] if finding.rule == name]
    assert mine
    assert {f.severity for f in mine} <= {rules()[name].severity, "notice"}
    assert all(f.severity == (rules()[name].severity if f.outcome == "fail" else "notice") for f in mine)
    for finding in mine:
        assert finding.message.endswith("。")
        assert finding.advice


def test_no_rule_broke_down_and_the_batch_may_not_pass(
    outcome: tuple[CheckResult, dict[str, list[Finding]]],
) -> None:
    result = outcome[0]
    assert not any("执行出错" in text for several in result.unchecked for text in several)
    assert result.validation["success"] is False
    assert all(part["statistics"]["exceptions"] == 0 for part in result.validation["validations"])


def test_entries_are_complete() -> None:
    for rule in rules().values():
        assert rule.severity in SEVERITIES
        for text in (rule.title, rule.why, rule.explanation, rule.correct, rule.good, rule.bad):
            assert text
        assert not rule.title.endswith("。")
