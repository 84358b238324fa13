"""What makes no sense is refused before anything is written; the rest becomes work."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gongkai_etl.errors import CollectError, RosterError
from gongkai_etl.model import Unit
from gongkai_etl.settings import Settings
from gongkai_etl.steps.plan import FREE, batches, by_pool, checked_year, chosen_units, plan, unit_choices
from gongkai_etl.steps.stores import Stores
from tests.steps.papers import drop

COUNTY = Unit("C", "云岭县", "县")
UNITS = (COUNTY, *(Unit(f"T{n}", f"云岭县第{n}镇", "镇", parent="C") for n in range(1, 8)))


def test_the_year_is_last_years_and_within_range() -> None:
    settings = Settings()
    new_year = datetime(2025, 12, 31, 16, 30, tzinfo=UTC)  # 1 January in China
    assert checked_year(None, settings, new_year) == 2025
    for wrong in (2018, 2100, 0):
        with pytest.raises(CollectError, match=f"不能是{wrong}"):
            checked_year(wrong, settings)


def test_units_are_found_by_any_of_their_names() -> None:
    units = (*UNITS, replace(UNITS[1], code="D1", name="云岭县教育局", aliases=("县教体局",)))
    assert [unit.code for unit in chosen_units(units, 2025, ["T3", "教育局", "云岭县第1镇"])] == ["T1", "T3", "D1"]
    assert len(chosen_units(units, 2025, [])) == 8


def test_an_unknown_unit_is_named() -> None:
    with pytest.raises(RosterError, match="松他克镇、第99镇"):
        chosen_units(UNITS, 2025, ["松他克镇", "第1镇", "第99镇"])


def test_very_many_units_come_in_batches() -> None:
    work = batches(UNITS[1:], 2025, {}, single=3, size=3)
    assert [(one["label"], sorted(one["files"])) for one in work] == [
        ("第1批：云岭县第1镇 至 云岭县第3镇", ["T1", "T2", "T3"]),
        ("第2批：云岭县第4镇 至 云岭县第6镇", ["T4", "T5", "T6"]),
        ("第3批：云岭县第7镇 至 云岭县第7镇", ["T7"]),
    ]
    assert [one["label"] for one in batches(UNITS[1:3], 2025, {})] == ["云岭县第1镇", "云岭县第2镇"]


def test_units_with_a_web_site_wait_apart() -> None:
    visited, received = by_pool(batches([replace(UNITS[1], source="cms"), *UNITS[2:4]], 2025, {}))
    assert [one["label"] for one in visited] == ["云岭县第1镇"]
    assert [one["label"] for one in received] == ["云岭县第2镇", "云岭县第3镇"]


def test_choices_for_the_form(tmp_path: Path) -> None:
    file = tmp_path / "units.csv"
    file.write_text("单位名称,类别\n云岭县,县\n云岭县青溪镇,镇\n", "utf-8")
    assert unit_choices(file) == ["云岭县青溪镇"]
    assert unit_choices(tmp_path / "none.csv") == []


@pytest.mark.integration
@pytest.mark.parametrize(
    ("order", "error"),
    [((2018, "", ()), "2018"), ((2025, "风岭县", ()), "风岭县"), ((2025, "", ("风岭镇",)), "风岭镇")],
)
def test_nothing_is_written_when_an_order_is_refused(
    stores: Stores, order: tuple[int, str, tuple[str, ...]], error: str
) -> None:
    with pytest.raises((CollectError, RosterError), match=error):
        plan(stores, *order)
    assert stores.warehouse.units() == ()
    assert stores.warehouse.years() == ()
    assert list(stores.objects.list()) == []


@pytest.mark.integration
def test_files_are_dealt_out_by_folder_and_name(stores: Stores) -> None:
    drop(stores, "青溪镇", "报告.pdf", b"1")
    drop(stores, "T2", "报告.pdf", b"2")
    drop(stores, "", "云岭县财政局2025年度报告.docx", b"3")
    drop(stores, "", "终稿.pdf", b"4")
    drop(stores, "青溪镇", "旧.pdf", b"5", year=2024)
    folder = stores.settings.home / "inbox" / "2025" / "白石镇"
    folder.mkdir(parents=True)
    (folder / "另一份.md").write_bytes(b"6")
    work = {one["label"]: one["files"] for one in plan(stores, 2025)}
    names = {
        label: sorted(file["path"] for files in mine.values() for file in files) for label, mine in work.items()
    }
    assert names == {
        "云岭县青溪镇": ["inbox/2025/青溪镇/报告.pdf"],
        "云岭县白石镇": ["inbox/2025/T2/报告.pdf", "inbox/2025/白石镇/另一份.md"],
        "云岭县财政局": ["inbox/2025/云岭县财政局2025年度报告.docx"],
        FREE: ["inbox/2025/终稿.pdf"],
    }
    assert FREE not in [one["label"] for one in plan(stores, 2025, wanted=["青溪镇"])]
