"""The identities: consistent reports pass, one changed figure is found and is among the suspects, blanks are not 0."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai_etl import form
from gongkai_etl.check import CheckItem, check, suites
from gongkai_etl.check.case import Case
from gongkai_etl.check.diagnose import repairs, suspects
from gongkai_etl.model import CellState, Report
from tests.check.build import TODAY, cell, figures, found, plain, report
from tests.writers.truth import random_truth

ROOT = Path(__file__).parents[2]


def _random(seed: int) -> Report:
    return report(random_truth(seed, edition=random.Random(seed).choice(("2021", "2021", "2019"))))


def _changed(given_report: Report, seed: int) -> tuple[Report, str]:
    draw = random.Random(seed)
    keys = sorted(key for key in given_report.cells if key.startswith(("t3.", "t4.")))
    key = draw.choice(keys)
    value = int(given_report.number(key) or 0) + draw.choice((1, 2, 9, 90, 1000))
    return replace(given_report, cells={**given_report.cells, key: cell(value)}), key


@given(st.lists(st.integers(0, 10**6), min_size=15, max_size=30, unique=True))
@settings(max_examples=3, deadline=None)
def test_consistent_reports_have_no_error_and_a_changed_figure_is_a_suspect(seeds: list[int]) -> None:
    clean = [_random(seed) for seed in seeds]
    changed = [_changed(one, seed) for one, seed in zip(clean, seeds, strict=True)]
    result = check([CheckItem(one) for one in (*clean, *(one for one, _ in changed))], today=TODAY)
    for findings in result.findings[: len(clean)]:
        assert [finding for finding in findings if finding.severity == "error"] == []
    for (one, key), findings in zip(changed, result.findings[len(clean) :], strict=True):
        errors = [finding for finding in findings if finding.severity == "error"]
        assert errors
        assert any(key in finding.cells for finding in errors)
        assert key in suspects(Case(CheckItem(one)))


def test_suites_under_expectations_are_in_step() -> None:
    kept = {path.stem: json.loads(path.read_text("utf-8")) for path in (ROOT / "expectations").glob("*.json")}
    assert kept == suites.documents()


def test_every_identity_of_every_edition_is_an_expectation() -> None:
    for name in form.editions():
        edition = form.edition(name)
        asked = [
            e["meta"]["identity"]
            for e in suites.document(f"cells_{name}")["expectations"]
            if "identity" in e["meta"]
        ]
        assert asked == [identity.id for identity in edition.identities]
        later = [e["meta"]["identity"] for e in suites.document(f"years_{name}")["expectations"]]
        assert later == [identity.id for identity in edition.year_identities]


def test_both_sides_cells_and_words() -> None:
    bad = plain(cells=figures({"received": 5, "granted": 4, "processed_total": 4}))
    mine = [finding for finding in found(bad) if finding.rule == "T3-BALANCE" and "「总计」列" in finding.message]
    (finding,) = mine
    assert (finding.left, finding.right) == ("5+0=5", "4+0=4")
    assert finding.cells[:2] == ("t3.received.total", "t3.brought_forward.total")
    assert "第一项（新收）加第二项（上年结转）" in finding.message
    assert finding.severity == "error"


def _names(given_report: Report) -> dict[str, str]:
    return {
        finding.rule: finding.outcome for finding in found(given_report) if finding.rule[:2] in ("T3", "FO", "RE")
    }


def test_blanks_count_as_zero_only_where_the_total_agrees_and_it_is_said() -> None:
    named = {f"t3.granted.{column}": None for column in ("business", "research_institution", "other_organisation")}
    agreeing = plain(cells={**figures({"received": 2, "granted": 2, "processed_total": 2}), **named})
    assert _names(agreeing) == {"FORM-BLANK": "fail"}
    needed = plain(
        cells={**figures({"received": 2, "granted": 2, "processed_total": 2}), "t3.granted.total": None}
    )
    findings = [finding for finding in found(needed) if finding.rule == "FORM-BLANK-NEEDED"]
    assert any("应为2" in finding.message for finding in findings)
    assert not any(finding.severity == "error" for finding in found(needed))


@pytest.mark.parametrize("state", [CellState.UNREAD, CellState.ABSENT])
def test_what_was_not_read_never_accuses(state: CellState) -> None:
    bad = plain(cells=figures({"received": 2, "granted": 2, "processed_total": 2}))
    missing = replace(bad.cells["t3.granted.total"], value=None, raw=None, state=state, certain=False)
    findings = found(replace(bad, cells={**bad.cells, "t3.granted.total": missing}))
    assert not any(finding.rule.startswith("T3-") or finding.severity == "error" for finding in findings)


def test_uncertain_figure_asks_to_look_at_the_original() -> None:
    bad = plain(cells={"t4.reconsideration.upheld": 1})
    doubtful = replace(bad.cells["t4.reconsideration.upheld"], certain=False)
    findings = found(replace(bad, cells={**bad.cells, "t4.reconsideration.upheld": doubtful}))
    (finding,) = [finding for finding in findings if finding.rule == "T4-TOTAL"]
    assert (finding.outcome, finding.severity) == ("unknown", "notice")
    assert "核对原件" in finding.message


def test_hybrid_tables_are_checked_by_their_own_edition() -> None:
    truth = random_truth(5, editions={"t2": "2021", "t3": "2019", "t4": "2021"}, size="medium")
    good = report(truth)
    bad, key = replace(good, cells={**good.cells, "t3.closed.total": cell(10**6)}), "t3.closed.total"
    result = check([CheckItem(good), CheckItem(bad)], today=TODAY)
    assert not any(finding.severity == "error" for finding in result.findings[0])
    assert {"T3-PROCESSED", "T3-TOTAL"} <= {f.rule for f in result.findings[1] if key in f.cells}


def test_order_and_result_are_the_same_again() -> None:
    items = [CheckItem(_changed(_random(seed), seed)[0]) for seed in range(6)]
    first, second = check(items, today=TODAY), check(items, today=TODAY)
    assert first.findings == second.findings
    assert first.unchecked == second.unchecked
    assert first.catalogue_hash == second.catalogue_hash


def _repair_words(cells: dict[str, int | None]) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    return [(repair.cells, repair.slips) for repair in repairs(Case(CheckItem(plain(cells=cells))), "t3")]


def test_slips_are_named() -> None:
    total = _repair_words(
        {**figures({"received": 21, "granted": 21, "processed_total": 21}), "t3.granted.total": 12}
    )
    assert total == [(("t3.granted.total",), ("数字颠倒（12与21）",))]
    shifted = _repair_words(
        {
            **figures({"received": 3, "granted": 3, "processed_total": 3}),
            "t3.granted.natural_person": 0,
            "t3.granted.business": 3,
        }
    )
    assert any("填错了列" in slip for _, slips in shifted for slip in slips)
    blank = _repair_words(
        {**figures({"received": 3, "granted": 3, "processed_total": 3}), "t3.granted.total": None}
    )
    assert blank == [(("t3.granted.total",), ("漏填",))]


def test_ambiguity_is_said() -> None:
    bad = plain(cells={"t4.reconsideration.upheld": 1, "t4.reconsideration.total": 3})
    (finding,) = [finding for finding in found(bad) if finding.rule == "T4-TOTAL"]
    assert finding.advice is not None
    assert finding.advice.startswith("有几种可能")
    assert "：①" in finding.advice
    assert "；⑤" in finding.advice
    assert "以台账为准" in finding.advice


def test_a_row_is_named_once_and_a_total_that_follows_its_part_is_no_slip() -> None:
    bad = plain(cells=figures({"received": 0, "carried_forward": 1}))
    (advice,) = {finding.advice for finding in found(bad) if finding.rule == "T3-BALANCE"}
    assert advice is not None
    assert "行「自然人」列现为1，应为0、「总计」列现为1，应为0" in advice
    assert "像是" not in advice
