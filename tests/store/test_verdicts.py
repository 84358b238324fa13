"""Verdicts: bound to rule and values, replaced by newer ones, never lost."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from gongkai_etl.errors import StoreError
from gongkai_etl.model import Unit
from gongkai_etl.store.warehouse import Warehouse
from tests.store.conftest import YEAR, snapshot
from tests.store.test_load import WRONG, entry

pytestmark = pytest.mark.integration


@pytest.fixture
def given(towns: tuple[Unit, ...]) -> dict[str, Any]:
    return {
        "unit": towns[0].code,
        "year": YEAR,
        "rule": "T3-TOTAL",
        "binding": "5|6",
        "decision": "waive",
        "reviewer": "张科长",
        "reason": "原件如此",
    }


def test_the_same_verdict_twice_is_one(warehouse: Warehouse, given: dict[str, Any]) -> None:
    first = warehouse.save_verdict(**given)
    before = snapshot(warehouse)
    assert warehouse.save_verdict(**given) == first
    assert snapshot(warehouse) == before
    assert warehouse.list_verdicts(YEAR) == (first,)


def test_a_newer_verdict_replaces_and_history_stays(warehouse: Warehouse, given: dict[str, Any]) -> None:
    warehouse.save_verdict(**given)
    second = warehouse.save_verdict(**given | {"decision": "confirm", "reason": "须改正"})
    assert warehouse.list_verdicts(unit=given["unit"]) == (second,)
    assert [one.decision for one in warehouse.list_verdicts(standing=False)] == ["waive", "confirm"]


def test_an_expired_verdict_stands_no_more(
    warehouse: Warehouse, given: dict[str, Any], towns: tuple[Unit, ...]
) -> None:
    warehouse.load([entry(towns[0], findings=(WRONG,))])
    warehouse.save_verdict(**given | {"binding": "T3-TOTAL", "expires_on": date(2026, 1, 31)})
    assert warehouse.list_verdicts() == ()
    assert not warehouse.findings(YEAR)[0].waived


def test_another_value_is_another_finding(
    warehouse: Warehouse, given: dict[str, Any], towns: tuple[Unit, ...]
) -> None:
    warehouse.load([entry(towns[0], findings=(WRONG,))])
    warehouse.save_verdict(**given)
    assert warehouse.findings(YEAR)[0].decision is None
    assert warehouse.query("SELECT in_force FROM publish.verdicts") == [{"in_force": False}]


@pytest.mark.parametrize("change", [{"reason": " "}, {"reviewer": ""}, {"decision": "ignore"}])
def test_a_verdict_needs_a_name_a_reason_and_a_meaning(
    warehouse: Warehouse, given: dict[str, Any], change: dict[str, str]
) -> None:
    with pytest.raises(StoreError, match="审核意见"):
        warehouse.save_verdict(**given | change)
    assert warehouse.list_verdicts(standing=False) == ()
