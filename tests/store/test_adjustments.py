"""Adjustments of the county's figures: who, why and how much; kept for good, and part of every total."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from bench.reports import figures, units
from gongkai_etl.errors import StoreError
from gongkai_etl.model import Unit
from gongkai_etl.store.roster import OWN
from gongkai_etl.store.warehouse import Warehouse
from tests.store.conftest import YEAR, snapshot
from tests.store.test_load import entry

pytestmark = pytest.mark.integration
KEY = "t3.received.total"


def test_it_says_who_what_and_why_and_the_same_twice_is_one(warehouse: Warehouse) -> None:
    made = warehouse.adjust(YEAR, KEY, Decimal(3), " 信访转办 ", "李某")
    assert (made.key, made.amount, made.reason, made.entered_by) == (KEY, Decimal(3), "信访转办", "李某")
    assert "本年新收政府信息公开申请数量" in made.place
    before = snapshot(warehouse)
    assert warehouse.adjust(YEAR, KEY, Decimal(3), "信访转办", "李某") == made
    assert snapshot(warehouse) == before
    assert warehouse.adjustments(YEAR) == (made,)


@pytest.mark.parametrize(
    ("key", "amount", "reason", "by", "words"),
    [
        ("t3.received.nobody", "3", "因", "李", "没有“t3.received.nobody”"),
        (KEY, "0", "因", "李", "不为 0"),
        (KEY, "NaN", "因", "李", "不为 0"),
        (KEY, "1.5", "因", "李", "整数"),
        (KEY, "3", " ", "李", "理由"),
        (KEY, "3", "因", "", "经办人"),
    ],
)
def test_what_cannot_be_right_is_refused(
    warehouse: Warehouse, key: str, amount: str, reason: str, by: str, words: str
) -> None:
    with pytest.raises(StoreError, match=words):
        warehouse.adjust(YEAR, key, Decimal(amount), reason, by)
    with pytest.raises(StoreError, match="2012"):
        warehouse.adjust(2012, KEY, Decimal(3), "因", "李")
    assert warehouse.adjustments(YEAR, standing=False) == ()


def test_money_may_have_a_fraction(warehouse: Warehouse) -> None:
    assert warehouse.adjust(YEAR, "t2.fees.amount", Decimal("-1.25"), "退费", "李").amount == Decimal("-1.25")


def test_taken_back_it_stays_in_the_history(warehouse: Warehouse) -> None:
    made = warehouse.adjust(YEAR, KEY, Decimal(3), "信访转办", "李某")
    with pytest.raises(StoreError, match="理由"):
        warehouse.revoke_adjustment(made.id, "王某", " ")
    gone = warehouse.revoke_adjustment(made.id, "王某", "重复")
    assert (gone.revoked_by, gone.revoked_reason) == ("王某", "重复")
    assert warehouse.adjustments(YEAR) == ()
    assert warehouse.adjustments(YEAR, standing=False) == (gone,)
    with pytest.raises(StoreError, match="已经撤销"):
        warehouse.revoke_adjustment(made.id, "王某", "重复")


def test_a_total_is_units_and_own_office_and_adjustments(warehouse: Warehouse, towns: tuple[Unit, ...]) -> None:
    county, *others = units(4)
    warehouse.save_units([county, replace(others[0], kind=OWN), *others[1:]])
    warehouse.load([entry(town, seed) for seed, town in enumerate(towns)])
    warehouse.approve_release(YEAR, "李主任")
    warehouse.adjust(YEAR, KEY, Decimal(3), "信访转办，电话13812345678", "李某")
    warehouse.adjust(YEAR, KEY, Decimal(-1), "重复", "李某")
    assert warehouse.release_pending(YEAR)
    release, new = warehouse.approve_release(YEAR, "李主任")
    assert new
    assert not warehouse.release_pending(YEAR)
    row = warehouse.query("SELECT * FROM publish.county_totals WHERE key = :key", key=KEY)[0]
    mine = [figures(seed)[KEY] for seed in range(4)]
    assert (row["own_total"], row["units_total"], row["adjustment"]) == (mine[0], sum(mine[1:]), 2)
    assert row["total"] == sum(mine) + 2
    assert (row["units_reported"], row["units_expected"]) == (4, 4)
    plain = warehouse.query("SELECT * FROM publish.county_totals WHERE key = 't3.granted.total'")[0]
    assert plain["adjustment"] is None
    assert plain["total"] == plain["own_total"] + plain["units_total"]
    assert warehouse.query("SELECT number, key, amount, reason FROM publish.adjustments ORDER BY number") == [
        {"number": 1, "key": KEY, "amount": 3, "reason": "信访转办，电话（已隐去）"},
        {"number": 2, "key": KEY, "amount": -1, "reason": "重复"},
    ]
    changes = warehouse.query("SELECT unit_code, unit_name, key, from_value, to_value FROM publish.figure_changes")
    assert changes == [
        {"unit_code": county.code, "unit_name": "县级调整", "key": KEY, "from_value": None, "to_value": 2}
    ]
    warehouse.revoke_adjustment(warehouse.adjustments(YEAR)[0].id, "王某", "重复")
    assert warehouse.query("SELECT count(*) AS n FROM publish.adjustments WHERE release = :r", r=release.name) == [
        {"n": 2}
    ], "what was released keeps the adjustments it had"


def test_a_figure_of_nobody_stays_empty_and_an_adjustment_alone_is_a_figure(
    warehouse: Warehouse, towns: tuple[Unit, ...]
) -> None:
    warehouse.adjust(YEAR, KEY, Decimal(3), "信访转办", "李某")
    warehouse.approve_release(YEAR, "李主任")
    rows = {row["key"]: row for row in warehouse.query("SELECT * FROM publish.county_totals")}
    assert (rows[KEY]["total"], rows[KEY]["units_reported"]) == (3, 0)
    assert rows["t3.granted.total"]["total"] is None
