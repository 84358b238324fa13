"""A reviewer's word stays on the same figures and falls with them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from gongkai_etl.check.verdicts import Verdict, binding, fallen, judge
from gongkai_etl.model import Finding

DAY = date(2026, 3, 1)
FOUND = Finding(
    "YEAR-CARRY", "warning", "上年结转不等。", left="2", right="3", cells=("t3.brought_forward.total",)
)


def _word(finding: Finding = FOUND, decision: str = "waive", until: date | None = None) -> Verdict:
    return Verdict(finding.rule, binding(finding), decision, "审核人", "两单位合并", until)  # type: ignore[arg-type]


def test_survives_another_run_with_other_words() -> None:
    again = replace(FOUND, message="另一种说法。", advice="另一种建议。", text="别的段落")
    (judged,) = judge([again], [_word()], DAY)
    assert judged.verdict is not None
    assert not judged.open


def test_falls_when_a_figure_changes() -> None:
    for changed in (
        replace(FOUND, left="4"),
        replace(FOUND, right="4"),
        replace(FOUND, cells=("t3.received.total",)),
    ):
        (judged,) = judge([changed], [_word()], DAY)
        assert judged.open
        assert judged.verdict is None
    assert fallen([replace(FOUND, left="4")], [_word()], DAY) == (_word(),)
    assert fallen([FOUND], [_word()], DAY) == ()


def test_confirmed_stays_open_and_expired_is_no_word() -> None:
    assert judge([FOUND], [_word(decision="confirm")], DAY)[0].open
    assert judge([FOUND], [_word(until=date(2026, 2, 28))], DAY)[0].verdict is None
    assert judge([FOUND], [_word(until=DAY)], DAY)[0].verdict is not None


def test_the_latest_word_counts() -> None:
    (judged,) = judge([FOUND], [_word(), _word(decision="confirm")], DAY)
    assert judged.open


def test_rules_without_sides_are_bound_to_the_passage() -> None:
    one = Finding("FORM-TYPO", "notice", "像是错字。", text="改情况")
    assert binding(one) == binding(replace(one, message="别的话。"))
    assert binding(one) != binding(replace(one, text="别的段落"))
    assert binding(one) != binding(replace(one, outcome="unknown"))
