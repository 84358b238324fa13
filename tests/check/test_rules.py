"""Every rule of the catalogue speaks on its bad example and is silent on a correct report."""

from __future__ import annotations

import pytest

from gongkai_etl.check import CheckItem, check, rules
from gongkai_etl.check.catalogue import SEVERITIES
from tests.check.build import TODAY, plain
from tests.check.fixtures import FIXTURES, ROSTER, TOWN, last_year

_NOT_OF_REPORTS = {"READ-FAILED"}
"""Said where a file could not be read at all, so that there is no report to check."""


def test_each_rule_has_an_example_that_fails() -> None:
    assert set(FIXTURES) == set(rules()) - _NOT_OF_REPORTS


def test_the_plain_report_has_no_findings() -> None:
    result = check([CheckItem(plain(), "plain", TOWN, 2025, last_year())], ROSTER, TODAY)
    assert result.findings == [()]
    assert result.unchecked == [()]
    assert result.validation["success"] is True


@pytest.mark.parametrize("name", list(FIXTURES))
def test_bad_example_is_found(name: str) -> None:
    result = check(list(FIXTURES[name]()), ROSTER, TODAY)
    mine = [finding for several in result.findings for finding in several if finding.rule == name]
    assert mine
    rule = rules()[name]
    assert {finding.severity for finding in mine} == ({rule.severity} if mine[0].outcome == "fail" else {"notice"})
    for finding in mine:
        assert finding.message.endswith(("。", "）", "！"))
        assert finding.advice
    assert not any("执行出错" in text for several in result.unchecked for text in several)
    failed = any(f.severity == "error" and f.outcome == "fail" for several in result.findings for f in several)
    assert result.validation["success"] is not failed


def test_entries_are_complete() -> None:
    for rule in rules().values():
        assert rule.severity in SEVERITIES
        for text in (rule.title, rule.why, rule.explanation, rule.correct, rule.good, rule.bad):
            assert text
        assert not rule.title.endswith("。")
