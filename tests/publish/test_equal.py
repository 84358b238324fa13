"""One figure, one value: dataset, site, workbook (calculated by LibreOffice) and Word report agree."""

from __future__ import annotations

from datetime import datetime, time
from pathlib import Path

import pytest

from gongkai_etl.publish.inputs import CountyYear
from gongkai_etl.publish.pdf import convert
from gongkai_etl.publish.release import ReleaseFiles, build_office
from tests.publish import reading


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
