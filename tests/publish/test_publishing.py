"""A release carried through the real stores: the same figures in warehouse and dataset, twice the same, corrections
named, taken back."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from gongkai_etl import publishing, release_inputs
from gongkai_etl.errors import PublishError
from gongkai_etl.publish.archive import sha256
from gongkai_etl.publish.inputs import CountyYear
from gongkai_etl.store.objects import ObjectStore
from gongkai_etl.store.warehouse import Warehouse
from tests.publish.county import COUNTY, cell
from tests.publish.stored import hand_in

pytestmark = pytest.mark.integration
YEAR = 2025


def csv_rows(objects: ObjectStore, name: str) -> list[dict[str, str]]:
    release = json.loads(objects.public.get(f"{YEAR}/latest.json"))["release"]
    data = objects.public.get(f"{YEAR}/{release}/data/{name}.csv")
    return list(csv.DictReader(io.StringIO(data.decode())))


def test_from_stores_to_the_public(
    warehouse: Warehouse, objects: ObjectStore, given: CountyYear, tmp_path: Path
) -> None:
    done = publishing.publish_year(warehouse, objects, YEAR, tmp_path / "1", approved_by="李主任")
    assert (done.release, done.new, done.written) == ("2025-1", True, done.files)
    assert objects.public.exists("2025/2025-1/index.html")
    assert objects.public.exists("2025/2025-1/evidence/650002/page-2.png")

    # Figures equal in warehouse and dataset.
    totals = {row["cell_key"]: row for row in csv_rows(objects, "county_totals")}
    stored = warehouse.query("SELECT key, total, units_reported, units_expected FROM publish.county_totals")
    assert len(stored) == len(totals) == 200
    for row in stored:
        mine = totals[row["key"]]
        assert (Decimal(mine["value"]) if mine["value"] else None) == row["total"], row["key"]
        assert (int(mine["units_reported"]), int(mine["units_expected"])) == (
            row["units_reported"],
            row["units_expected"],
        )
    rates = {row["indicator"]: row for row in csv_rows(objects, "indicators")}
    for row in warehouse.query(f"SELECT * FROM publish.indicators WHERE scope = 'county' AND year = {YEAR}"):
        mine = rates[row["key"]]
        assert (Decimal(mine["value"]) if mine["value"] else None) == row["value"], row["key"]
        assert int(mine["units"]) == row["n"], row["key"]

    listed = warehouse.query("SELECT path, sha256 FROM publish.release_files WHERE release = '2025-1'")
    assert {row["path"] for row in listed} == {
        entry.key.removeprefix("2025/2025-1/") for entry in objects.public.list("2025/2025-1/")
    }
    for row in listed:
        assert sha256(objects.public.get(f"2025/2025-1/{row['path']}")) == row["sha256"]

    again = publishing.publish_year(warehouse, objects, YEAR, tmp_path / "2", approved_by="王主任")
    assert (again.release, again.new, again.written) == ("2025-1", False, 0)


def test_a_correction_is_a_release_that_names_the_changed_figures(
    warehouse: Warehouse, objects: ObjectStore, given: CountyYear, tmp_path: Path
) -> None:
    publishing.publish_year(warehouse, objects, YEAR, tmp_path / "1", approved_by="李主任")
    second = given.units[1]
    assert second.report is not None
    fixed = replace(second.report, cells={**second.report.cells, "t3.received.total": cell(5)})
    hand_in(warehouse, objects, replace(second, findings=()), fixed, date(2026, 2, 12), "corrected")
    done = publishing.publish_year(warehouse, objects, YEAR, tmp_path / "2", approved_by="李主任")
    assert (done.release, done.new) == ("2025-2", True)
    assert [(row["unit_code"], row["cell_key"], row["before"], row["after"], row["reason"])
            for row in csv_rows(objects, "figure_changes")] == [
        ("650002", "t3.received.total", "6", "5", "第 2 次报送更正（2026年2月12日）")
    ]  # fmt: skip
    changed = warehouse.query("SELECT unit_code, key, from_value, to_value FROM publish.figure_changes")
    assert changed == [{"unit_code": "650002", "key": "t3.received.total", "from_value": 6, "to_value": 5}]
    assert [check for check in done.bridge.checks if check.holds is False] == []

    papers = publishing.office_papers(warehouse, objects, YEAR, tmp_path / "office", rules={})
    assert [paper.path for paper in papers] == ["county-report-2025.docx", "ledger-2025.xlsx"]
    from openpyxl import load_workbook

    ledger = load_workbook(tmp_path / "office/ledger-2025.xlsx")["整改台账"]
    assert (ledger["B3"].value, ledger["I3"].value, ledger["J3"].value) == (
        "柳泉镇",
        "已销号",
        "第2次报送（2026年2月12日）",
    )

    assert publishing.retract(warehouse, objects, YEAR, "2025-2", "误发") == "2025-1"
    assert json.loads(objects.public.get("2025/latest.json"))["release"] == "2025-1"
    assert objects.public.exists("2025/2025-2/RETRACTED.json")


def test_notices_carry_the_strip_of_the_report(
    warehouse: Warehouse, objects: ObjectStore, given: CountyYear, tmp_path: Path
) -> None:
    from docx import Document

    publishing.office_papers(warehouse, objects, YEAR, tmp_path, rules={})
    notice = Document(str(tmp_path / "notices/650002.docx"))
    assert len(notice.inline_shapes) == 2


def test_what_stops_a_release_stops_it_before_anything_is_written(
    warehouse: Warehouse, objects: ObjectStore, given: CountyYear, tmp_path: Path
) -> None:
    first = given.units[0]
    assert first.report is not None
    draft = replace(first.report, cells={**first.report.cells, "t3.received.total": cell(99)})
    own = replace(first, unit=COUNTY, findings=())
    hand_in(warehouse, objects, own, draft, date(2026, 2, 20), "draft")
    with pytest.raises(PublishError) as caught:
        publishing.publish_year(warehouse, objects, YEAR, tmp_path / "1", approved_by="李主任")
    assert caught.value.code == "PUBLISH-UNEXPLAINED"
    assert "县级草稿为 99，汇总为 14" in caught.value.message
    assert warehouse.releases(YEAR) == ()
    assert list(objects.public.list("2025/")) == []
    done = publishing.publish_year(
        warehouse, objects, YEAR, tmp_path / "2", approved_by="李主任", reason="草稿待修订"
    )
    assert done.new
    page = objects.public.get(f"2025/{done.release}/index.html").decode()
    assert "批准发布的理由：草稿待修订" in page


def test_a_year_that_was_never_opened(warehouse: Warehouse, objects: ObjectStore) -> None:
    with pytest.raises(PublishError, match="没有开始收集"):
        release_inputs.load_county_year(warehouse, objects, 2031)


def test_retraction_needs_a_reason(warehouse: Warehouse, objects: ObjectStore) -> None:
    with pytest.raises(PublishError, match="理由"):
        publishing.retract(warehouse, objects, YEAR, "2025-1", " ")
