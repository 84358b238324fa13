"""The roster in the warehouse."""

from __future__ import annotations

from bench.reports import units
from gongkai_etl.store.warehouse import Warehouse
from tests.store.conftest import snapshot


def test_a_roster_longer_than_the_parameters_of_a_statement_is_saved(warehouse: Warehouse) -> None:
    roster = units(5000)
    warehouse.save_units(roster)
    assert warehouse.units() == roster


def test_units_no_longer_in_the_roster_stay_but_out_of_it(warehouse: Warehouse) -> None:
    warehouse.save_units(units(2))
    assert warehouse.units() == units(2)
    marks = warehouse.query("SELECT in_roster, count(*) AS n FROM gongkai.unit GROUP BY 1 ORDER BY 1")
    assert [(row["in_roster"], row["n"]) for row in marks] == [(False, 2), (True, 3)]


def test_the_same_roster_again_changes_no_row(warehouse: Warehouse) -> None:
    before = snapshot(warehouse)
    warehouse.save_units(units(4))
    assert snapshot(warehouse) == before
