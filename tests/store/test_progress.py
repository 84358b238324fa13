"""The state of a unit follows from what happened; nobody types it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from gongkai_etl.model import Finding, Unit
from gongkai_etl.store.warehouse import Warehouse
from tests.store.conftest import YEAR
from tests.store.test_load import WRONG, entry

pytestmark = pytest.mark.integration

HINT = Finding("YEAR-IN-FORCE", "warning", "现行有效数与上年不衔接", "5", "4")
UNREAD = Finding("READ-ENCRYPTED", "error", "文件加了密，请去掉密码后重新报送")


def state(warehouse: Warehouse, unit: Unit) -> str:
    return next(row.state for row in warehouse.progress(YEAR) if row.unit_code == unit.code)


def test_from_nothing_to_approved(warehouse: Warehouse, towns: tuple[Unit, ...]) -> None:
    town = towns[0]
    assert state(warehouse, town) == "未报送"
    arrived = replace(entry(town), findings=None, bindings=())
    warehouse.load([replace(arrived, report=None)])
    assert state(warehouse, town) == "已收到"
    warehouse.load([entry(town, findings=(WRONG, HINT))])
    assert state(warehouse, town) == "有错误"
    warehouse.load([entry(town, 2, days=2, findings=(HINT,))])
    assert state(warehouse, town) == "有提示"
    warehouse.load([entry(town, 3, days=4)])
    assert state(warehouse, town) == "已通过"
    warehouse.approve_release(YEAR, "李主任")
    assert state(warehouse, town) == "已核准"
    warehouse.load([entry(town, 4, days=6, findings=(WRONG,))])
    assert state(warehouse, town) == "有错误"


def test_unreadable_late_and_withdrawn(warehouse: Warehouse, towns: tuple[Unit, ...]) -> None:
    broken = replace(entry(towns[0], findings=(UNREAD,)), report=None)
    late = entry(towns[1], days=40)
    warehouse.load([broken, late])
    assert state(warehouse, towns[0]) == "读取有疑"
    assert state(warehouse, towns[1]) == "迟报"
    warehouse.withdraw(towns[1].code, YEAR, late.submission.sha256, "镇办", "重新填报")
    assert state(warehouse, towns[1]) == "撤回"


def test_lateness_is_of_the_first_file_in_chinese_time(warehouse: Warehouse, towns: tuple[Unit, ...]) -> None:
    # 31 January 24:00 in China is 16:00 UTC of that day; the fixture files arrive on 16 January, 02:00 UTC.
    in_time = entry(towns[0])
    last = replace(
        in_time.submission, received_at=in_time.submission.received_at.replace(day=31, hour=15, minute=59)
    )
    over = replace(entry(towns[1]).submission, received_at=last.received_at.replace(hour=16, minute=0))
    warehouse.load([replace(in_time, submission=last), replace(entry(towns[1]), submission=over)])
    warehouse.load([entry(towns[0], 2, days=50)])
    assert [row.late for row in warehouse.progress(YEAR)[:2]] == [False, True]


def test_a_waived_error_does_not_hold_a_unit_up(warehouse: Warehouse, towns: tuple[Unit, ...]) -> None:
    warehouse.load([entry(towns[0], findings=(WRONG,))])
    given = warehouse.save_verdict(
        unit=towns[0].code,
        year=YEAR,
        rule="T3-TOTAL",
        binding="T3-TOTAL",
        decision="waive",
        reviewer="张",
        reason="原件如此",
    )
    assert state(warehouse, towns[0]) == "已通过"
    assert warehouse.findings(YEAR)[0].waived
    warehouse.revoke_verdict(given.id, "张")
    assert state(warehouse, towns[0]) == "有错误"


def test_only_units_in_being_are_expected(warehouse: Warehouse) -> None:
    county, first, second, third, fourth = warehouse.units()
    warehouse.save_units(
        [
            county,
            replace(first, valid_to=date(2025, 6, 30), change_reason="并入第00002镇"),
            replace(second, valid_to=date(2025, 12, 31)),
            replace(third, valid_from=date(2026, 1, 1)),
        ]
    )
    assert [row.unit_code for row in warehouse.progress(YEAR)] == [second.code]
    assert {unit.code for unit in warehouse.units(YEAR)} == {county.code, second.code}
    assert fourth.code not in {unit.code for unit in warehouse.units()}


def test_history_tells_every_step(warehouse: Warehouse, towns: tuple[Unit, ...]) -> None:
    warehouse.load([entry(towns[0], findings=(WRONG,)), entry(towns[0], 2, days=2)])
    warehouse.approve_release(YEAR, "李主任")
    events = warehouse.query("SELECT event FROM publish.state_history ORDER BY at, event")
    assert sorted(row["event"] for row in events) == sorted(["已收到", "已收到", "有错误", "已通过", "已核准"])
