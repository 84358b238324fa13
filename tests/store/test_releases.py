"""Releases: sums with the units behind them, nothing new without a change, changes named exactly."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bench.reports import figures
from gongkai_etl.errors import StoreError
from gongkai_etl.model import Cell, CellState, Unit
from gongkai_etl.store.rows import Entry
from gongkai_etl.store.warehouse import Warehouse
from tests.store.conftest import YEAR, snapshot
from tests.store.test_load import WRONG, entry

pytestmark = pytest.mark.integration


def with_cell(one: Entry, key: str, cell: Cell) -> Entry:
    assert one.report is not None
    return replace(one, report=replace(one.report, cells=dict(one.report.cells) | {key: cell}))


def test_totals_are_sums_and_say_who_is_missing(warehouse: Warehouse, towns: tuple[Unit, ...]) -> None:
    blank = with_cell(entry(towns[1], 2), "t3.granted.total", Cell(None, "", CellState.BLANK))
    doubtful = with_cell(entry(towns[2], 3), "t3.granted.total", Cell(7, "7", CellState.NUMBER, certain=False))
    warehouse.load([entry(towns[0], 1), blank, doubtful])
    warehouse.approve_release(YEAR, "李主任")
    rows = {row["key"]: row for row in warehouse.query("SELECT * FROM publish.county_totals")}
    assert len(rows) == 200
    granted, received = rows["t3.granted.total"], rows["t3.received.total"]
    assert granted["total"] == figures(1)["t3.granted.total"] + 7
    assert (granted["units_reported"], granted["units_expected"], granted["units_uncertain"]) == (2, 4, 1)
    assert granted["units_missing"] == f"{towns[1].name}、{towns[3].name}"
    assert received["total"] == sum(figures(seed)["t3.received.total"] for seed in (1, 2, 3))
    assert received["units_missing"] == towns[3].name


def test_nobody_has_a_figure_is_not_zero(warehouse: Warehouse, towns: tuple[Unit, ...]) -> None:
    warehouse.load([with_cell(entry(towns[0]), "t3.granted.total", Cell(None, "/", CellState.NOT_APPLICABLE))])
    warehouse.approve_release(YEAR, "李主任")
    row = warehouse.query("SELECT * FROM publish.county_totals WHERE key = 't3.granted.total'")[0]
    assert (row["total"], row["units_reported"]) == (None, 0)


def test_figures_are_seen_only_after_approval(warehouse: Warehouse, towns: tuple[Unit, ...]) -> None:
    warehouse.load([entry(towns[0])])
    warehouse.refuse_release(YEAR, "李主任", "还差三个单位")
    for view in ("cells", "applications", "proactive", "litigation", "county_totals", "indicators", "findings"):
        assert warehouse.query(f"SELECT count(*) AS n FROM publish.{view}") == [{"n": 0}]
    release, new = warehouse.approve_release(YEAR, "李主任")
    assert new
    assert release.name == "2025-2"
    assert warehouse.query("SELECT DISTINCT release FROM publish.cells") == [{"release": "2025-2"}]
    sizes = [
        warehouse.query(f"SELECT count(*) AS n FROM publish.{v}")[0]["n"]
        for v in ("proactive", "applications", "litigation")
    ]
    assert sizes == [10, 175, 15]
    assert warehouse.query("SELECT status, reason FROM publish.releases ORDER BY number")[0] == {
        "status": "refused",
        "reason": "还差三个单位",
    }


def test_an_unchanged_county_gives_the_same_release(warehouse: Warehouse, towns: tuple[Unit, ...]) -> None:
    warehouse.load([entry(town) for town in towns])
    assert warehouse.release_pending(YEAR)
    first, _ = warehouse.approve_release(YEAR, "李主任")
    assert not warehouse.release_pending(YEAR)
    before = snapshot(warehouse)
    again, new = warehouse.approve_release(YEAR, "王主任", "再来一次")
    assert (again, new) == (first, False)
    assert snapshot(warehouse) == before


def test_a_correction_makes_a_release_that_names_exactly_what_changed(
    warehouse: Warehouse, towns: tuple[Unit, ...]
) -> None:
    warehouse.load([entry(town) for town in towns])
    warehouse.approve_release(YEAR, "李主任")
    one = with_cell(entry(towns[1]), "t3.granted.business", Cell(8, "8", CellState.NUMBER, certain=True))
    one = with_cell(one, "t3.received.total", Cell(None, "", CellState.BLANK))
    sent = replace(one.submission, sha256="f" * 64, received_at=one.submission.received_at + timedelta(days=1))
    warehouse.load([replace(one, submission=sent)])
    release, new = warehouse.approve_release(YEAR, "李主任")
    assert new
    before = figures(1)
    changes = warehouse.query("SELECT * FROM publish.figure_changes ORDER BY key")
    assert [
        (row["unit_code"], row["key"], row["from_value"], row["to_value"], row["to_state"]) for row in changes
    ] == [
        (towns[1].code, "t3.granted.business", before["t3.granted.business"], 8, "number"),
        (towns[1].code, "t3.received.total", before["t3.received.total"], None, "blank"),
    ]
    assert {row["release"] for row in changes} == {release.name}


def test_a_waived_finding_stays_visible_and_makes_another_release(
    warehouse: Warehouse, towns: tuple[Unit, ...]
) -> None:
    warehouse.load([entry(towns[0], findings=(WRONG,))])
    warehouse.approve_release(YEAR, "李主任")
    warehouse.save_verdict(
        unit=towns[0].code,
        year=YEAR,
        rule="T3-TOTAL",
        binding="T3-TOTAL",
        decision="waive",
        reviewer="张",
        reason="原件如此",
    )
    _, new = warehouse.approve_release(YEAR, "李主任")
    assert new
    rows = warehouse.query("SELECT rule, waived, decision_reason, left_side, right_side FROM publish.findings")
    assert rows == [
        {"rule": "T3-TOTAL", "waived": True, "decision_reason": "原件如此", "left_side": "5", "right_side": "6"}
    ]


def test_a_retracted_release_gives_way_to_the_one_before(warehouse: Warehouse, towns: tuple[Unit, ...]) -> None:
    warehouse.load([entry(towns[0])])
    first, _ = warehouse.approve_release(YEAR, "李主任")
    warehouse.load([entry(towns[1])])
    second, _ = warehouse.approve_release(YEAR, "李主任")
    assert warehouse.retract_release(second.name, "误发").status == "retracted"
    found = warehouse.release_in_force(YEAR)
    assert found is not None
    assert found.name == first.name
    with pytest.raises(StoreError, match=second.name):
        warehouse.retract_release(second.name, "误发")


def test_a_year_that_was_never_opened_has_no_release(warehouse: Warehouse) -> None:
    with pytest.raises(StoreError, match="2019"):
        warehouse.approve_release(2019, "李主任")


def test_year_chain_and_indicators(warehouse: Warehouse, towns: tuple[Unit, ...]) -> None:
    warehouse.open_year(YEAR - 1)
    this, last = entry(towns[0], 1), entry(towns[0], 2)
    assert last.report is not None
    older = replace(
        last, submission=replace(last.submission, year=YEAR - 1), report=replace(last.report, year=YEAR - 1)
    )
    warehouse.load([this, older])
    warehouse.approve_release(YEAR - 1, "李主任")
    warehouse.approve_release(YEAR, "李主任")
    chain = {row["key"]: row for row in warehouse.query("SELECT * FROM publish.year_chain")}
    now, before = figures(1), figures(2)
    carried = chain["t3.brought_forward.total"]
    assert (carried["expected"], carried["found"]) == (
        before["t3.carried_forward.total"],
        now["t3.brought_forward.total"],
    )
    row = "t2.normative_documents"
    force = chain[f"{row}.in_force"]
    assert force["expected"] == before[f"{row}.in_force"] + now[f"{row}.issued"] - now[f"{row}.repealed"]
    assert force["holds"] is (force["expected"] == now[f"{row}.in_force"])
    assert len(chain) == 9
    rates = warehouse.query(f"SELECT * FROM publish.indicators WHERE year = {YEAR} AND scope = 'county'")
    granted = next(rate for rate in rates if rate["key"] == "granted_rate")
    assert (granted["numerator"], granted["denominator"], granted["n"]) == (
        now["t3.granted.total"],
        now["t3.processed_total.total"],
        1,
    )
    on_time = next(rate for rate in rates if rate["key"] == "on_time_rate")
    assert (on_time["numerator"], on_time["denominator"]) == (1, 4)
