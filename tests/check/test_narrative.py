"""Numbers of the prose: every wording is understood, every wrong number found, and nothing else."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from gongkai_etl.check import narrative
from gongkai_etl.check.case import Case
from gongkai_etl.check.items import CheckItem
from gongkai_etl.check.prose import sentences_of, value
from gongkai_etl.model import CellState, Finding, Report
from tests.check.build import cell, plain

PHRASES: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("phrases.yaml").read_text("utf-8"))
WRONG = 77
_ROWS = {
    "received": (9, 3), "brought_forward": (3, 0), "granted": (4, 1), "granted_in_part": (2, 0),
    "refused_process_records": (1, 0), "refused_enforcement_files": (1, 0), "unavailable_not_held": (1, 1),
    "declined_repeated": (1, 0), "closed_not_corrected": (1, 0), "processed_total": (11, 2), "carried_forward": (1, 1),
}  # fmt: skip
_CASES = {
    "reconsideration": (2, 1, 0, 1),
    "litigation_direct": (1, 0, 0, 1),
    "litigation_after_reconsideration": (1, 0, 0, 0),
}


def _busy() -> Report:
    cells: dict[str, object] = {}
    for row, (people, firms) in _ROWS.items():
        cells |= {
            f"t3.{row}.natural_person": people,
            f"t3.{row}.business": firms,
            f"t3.{row}.total": people + firms,
        }
    for row, numbers in _CASES.items():
        named = zip(("upheld", "corrected", "other", "pending"), numbers, strict=True)
        cells |= {f"t4.{row}.{column}": number for column, number in named} | {f"t4.{row}.total": sum(numbers)}
    documents = {"issued": 4, "repealed": 1, "in_force": 9}
    cells |= {f"t2.normative_documents.{column}": number for column, number in documents.items()}
    cells |= {"t2.licences.decisions": 35, "t2.penalties.decisions": 21, "t2.coercive_measures.decisions": 6}
    return plain(cells=cells | {"t2.fees.amount": Decimal("5.2")})


BUSY, QUIET = _busy(), plain()


def said(report: Report, text: str) -> list[Finding]:
    case = Case(CheckItem(replace(report, sections={"1": text})))
    return [f for rule in (narrative.told, narrative.nothing_happened, narrative.results) for f in rule(case)]


_TOLD = [
    (rule, number, phrase)
    for rule, numbers in PHRASES.items()
    if rule not in ("silent", "none")
    for number, phrases in numbers.items()
    for phrase in phrases
]


@pytest.mark.parametrize(("rule", "number", "phrase"), _TOLD)
def test_true_number_is_silent_and_wrong_one_is_found(rule: str, number: int, phrase: str) -> None:
    assert said(BUSY, phrase.format(n=number)) == []
    if "{n}" in phrase:
        found = [finding for finding in said(BUSY, phrase.format(n=number + WRONG)) if finding.rule == rule]
        assert [finding.left for finding in found] == [str(number + WRONG)]
        assert found[0].cells
        assert found[0].right is not None


@pytest.mark.parametrize("phrase", PHRASES["silent"])
def test_numbers_that_are_no_counts_are_left_alone(phrase: str) -> None:
    assert said(BUSY, phrase) == []


@pytest.mark.parametrize(
    ("rule", "phrase"), [(rule, phrase) for rule, phrases in PHRASES["none"].items() for phrase in phrases]
)
def test_nothing_happened(rule: str, phrase: str) -> None:
    assert said(QUIET, phrase) == []
    found = said(BUSY, phrase)
    assert found
    assert found[0].rule == rule or rule == "TEXT-NONE"


def test_message_names_place_words_and_both_sides() -> None:
    (finding,) = said(BUSY, "全年共收到政府信息公开申请80件。")
    assert "第一部分" in finding.message
    assert "收到政府信息公开申请80件" in finding.message
    assert "本年新收12" in finding.message
    assert (finding.left, finding.right) == ("80", "12")
    assert finding.cells == ("t3.received.total",)


def test_uncertain_cell_makes_no_accusation() -> None:
    cells = {**BUSY.cells, "t3.received.total": replace(BUSY.cells["t3.received.total"], certain=False)}
    (finding,) = said(replace(BUSY, cells=cells), "全年共收到政府信息公开申请80件。")
    assert (finding.severity, finding.outcome) == ("notice", "unknown")


def test_missing_cell_cannot_be_compared() -> None:
    report = plain()
    unread = replace(report.cells["t3.received.total"], value=None, raw=None, state=CellState.UNREAD)
    report = replace(report, cells={**report.cells, "t3.received.total": unread})
    case = Case(CheckItem(replace(report, sections={"1": "全年共收到政府信息公开申请80件。"})))
    assert list(narrative.told(case)) == []
    assert any("收到" in text for text in case.unchecked)


@pytest.mark.parametrize("mark", [None, "/", "—"])
def test_blanks_that_the_identities_bear_out_to_be_0_are_compared(mark: str | None) -> None:
    cells = {**BUSY.cells, "t3.refused_state_secret.total": cell(mark)}
    report = replace(BUSY, cells=cells)
    assert said(report, "从申请的办理结果看，不予公开2件。") == []
    (finding,) = said(report, "从申请的办理结果看，不予公开8件。")
    assert (finding.rule, finding.right) == ("TEXT-OUTCOME", "2")
    assert "按0计" in finding.message
    needed = replace(BUSY, cells={**BUSY.cells, "t3.refused_enforcement_files.total": cell(mark)})
    assert said(needed, "从申请的办理结果看，不予公开8件。") == []


def test_granted_told_beside_granted_in_part_is_not_their_sum() -> None:
    assert said(BUSY, "从申请的办理结果看，予以公开7件。") == []
    (finding,) = said(BUSY, "从申请的办理结果看，予以公开7件，部分公开2件。")
    assert (finding.left, finding.right) == ("7", "5")


def test_received_beside_what_was_brought_forward_is_not_both_together() -> None:
    assert said(BUSY, "全年共收到政府信息公开申请15件。") == []
    assert said(BUSY, "全年共收到政府信息公开申请15件，其中上年结转3件。") == []
    assert said(BUSY, "全年共收到政府信息公开申请12件，加上年结转3件，共15件。") == []
    (finding,) = said(BUSY, "全年共收到政府信息公开申请15件，加上上年结转3件，均已登记。")
    assert (finding.rule, finding.left, finding.right) == ("TEXT-RECEIVED", "15", "12")


_CHINESE = {**dict(enumerate("零一二三四五六七八九十")), 11: "十一", 12: "十二", 13: "十三", 15: "十五"}
_COUNTED = [
    (rule, n, phrase) for rule, n, phrase in _TOLD if n in _CHINESE and re.search(r"\{n\}[件宗起]", phrase)
]


@pytest.mark.parametrize(("rule", "number", "phrase"), _COUNTED)
def test_chinese_numerals_and_spaced_digits_are_the_same_numbers(rule: str, number: int, phrase: str) -> None:
    wide = str(number + WRONG).translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    for written, wrong in (
        (_CHINESE[number], "九十九"),
        (f" {number} ", f" {number + WRONG} "),
        (str(number), wide),
    ):
        assert said(BUSY, phrase.format(n=written)) == []
        assert rule in {finding.rule for finding in said(BUSY, phrase.format(n=wrong))}


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("12", 12),
        ("3.5万", 35000),
        ("十二", 12),
        ("二十", 20),
        ("一百零五", 105),
        ("两千", 2000),
        ("三", 3),
        ("二〇二五", None),
    ],
)
def test_written_numbers(written: str, number: int | None) -> None:
    assert value(written) == number


def test_hard_wrapped_lines_are_joined_and_thousands_understood() -> None:
    (sentence,) = sentences_of("1", "全年共受理政府\n信息公开申请1,234件，均已\n答复")
    assert sentence.text == "全年共受理政府信息公开申请1234件,均已答复"
