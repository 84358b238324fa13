"""One figure, one value: warehouse, dataset, site, workbook (calculated by LibreOffice) and Word report agree."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time
from decimal import Decimal
from pathlib import Path

import pytest

from gongkai_etl import publishing
from gongkai_etl.publish.inputs import CountyYear
from gongkai_etl.publish.pdf import convert
from gongkai_etl.publish.release import ReleaseFiles, build_office
from gongkai_etl.store.objects import ObjectStore
from gongkai_etl.store.roster import OWN
from gongkai_etl.store.warehouse import Warehouse
from tests.publish import reading
from tests.publish.county import COUNTY


@pytest.mark.office
def test_county_figures_are_the_same_everywhere(
    county: CountyYear, released: ReleaseFiles, tmp_path: Path, soffice: str
) -> None:
    want = reading.of_dataset(released.root)
    assert len(want) == 200
    assert want["t3.received.total"] == 14
    build_office(county, tmp_path)
    # LibreOffice opens the workbook, works the formulas out and writes it again.
    book = released.root / "documents/summary-2025.xlsx"
    calculated = convert([book], county_moment(county), "xlsx", tmp_path / "calculated")[0]
    assert reading.of_report(tmp_path / "county-report-2025.docx") == want
    assert reading.of_page(released.root / "index.html") == want
    assert reading.of_workbook(calculated) == want
    for unit in county.units[:3]:
        mine = reading.of_unit(released.root, unit.unit.code)
        assert reading.of_page(released.root / f"units/{unit.unit.code}.html") == mine
        assert reading.of_workbook(calculated, unit.unit.name) == mine


def county_moment(county: CountyYear) -> datetime:
    return datetime.combine(county.day, time())


@pytest.mark.office
@pytest.mark.integration
def test_with_an_own_office_and_adjustments_too(
    warehouse: Warehouse, objects: ObjectStore, given: CountyYear, tmp_path: Path, soffice: str
) -> None:
    first, second, third, fourth = (unit.unit for unit in given.units)
    warehouse.save_units([COUNTY, first, second, replace(third, kind=OWN), fourth])
    for row in ("received", "granted", "processed_total"):
        for column in ("natural_person", "total"):
            warehouse.adjust(2025, f"t3.{row}.{column}", Decimal(3), "信访转办", "李某")
    out = tmp_path / "release"
    done = publishing.publish_year(warehouse, objects, 2025, out, approved_by="李主任")
    want = reading.of_warehouse(warehouse, 2025)
    assert len(want) == 200
    assert want["t3.received.total"] == 8 + 6 + 0 + 3
    assert want["t3.brought_forward.total"] == 2 + 2 + 2
    line = done.bridge.roll_up.lines["t3.granted.total"]
    assert [(part.role, part.value) for part in line.parts] == [
        ("unit", 7), ("unit", 7), ("unit", None), ("own", 2), ("adjustment", 3)
    ]  # fmt: skip
    publishing.office_papers(warehouse, objects, 2025, tmp_path / "office", rules={})
    book = convert([out / "documents/summary-2025.xlsx"], county_moment(given), "xlsx", tmp_path / "calculated")[0]
    for found in (
        reading.of_dataset(out),
        reading.of_parquet(out),
        reading.of_sheet(out),
        reading.of_page(out / "index.html"),
        reading.of_workbook(book),
        reading.of_report(tmp_path / "office/county-report-2025.docx"),
    ):
        assert found == want
    own = reading.of_unit(out, third.code)
    assert own == reading.of_page(out / f"units/{third.code}.html")
    assert own == reading.of_workbook(book, f"县级自身：{third.name}")
    added = reading.of_workbook(book, "县级调整")
    assert {key: value for key, value in added.items() if value} == {
        f"t3.{row}.{column}": 3
        for row in ("received", "granted", "processed_total")
        for column in ("natural_person", "total")
    }
    page = (out / "rows/t3.received.html").read_text("utf-8")
    assert "县级调整：信访转办" in page
    assert "（县级自身）" in page
