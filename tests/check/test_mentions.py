"""What the numbers of a sentence are said to count."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gongkai_etl.check.case import Case
from gongkai_etl.check.items import CheckItem
from gongkai_etl.check.mentions import clause, entries, mentions
from tests.check.build import plain


def said(text: str) -> list[tuple[str, int]]:
    case = Case(CheckItem(replace(plain(), sections={"1": text})))
    return [(mention.entry.said, int(mention.number)) for mention in mentions(case)]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("全年收到政府信息公开申请9件，结转下年度2件。", [("结转下年度", 2), ("收到", 9)]),
        ("上年收到政府信息公开申请9件。", []),
        ("收到的申请比上年增加3件。", []),
        ("全年收到低保申请30件。", []),
        ("全年收到留言130件，受理政府信息公开申请四件。", [("收到", 4)]),
    ],
)
def test_a_number_counts_what_its_clause_names(text: str, told: list[tuple[str, int]]) -> None:
    assert said(text) == told


def test_a_part_told_before_the_whole_is_no_count() -> None:
    assert said("网站收到政府信息公开申请3件，信函申请2件，共5件。") == []


def test_the_years_around_the_reports_are_part_of_the_expressions() -> None:
    assert any("2024" in pattern.pattern for entry in entries("entries", 2025) for pattern in entry.patterns)


def test_a_clause_ends_at_its_commas() -> None:
    text = "收到申请5件，答复4件，结转1件。"
    at = text.index("4")
    assert clause(text.replace("，", ","), at, at + 1) == "答复4件"
