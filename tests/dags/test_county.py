"""Both DAGs end to end on the sample county, through ``dag.test()``, compared with what must come out."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from gongkai_etl.errors import CollectError
from gongkai_etl.settings import settings
from gongkai_etl.steps import inprocess, samples
from gongkai_etl.steps.stores import Stores, stores
from tests.store.conftest import snapshot

pytestmark = [pytest.mark.integration, pytest.mark.timeout(1200)]

ROOT = Path(__file__).parents[2] / "samples"


@pytest.fixture(scope="module")
def county(airflow_stack: Any) -> Iterator[Stores]:
    """The stores after both years were collected and published."""
    before = os.environ.get("GONGKAI_ROSTER")
    os.environ["GONGKAI_ROSTER"] = str(ROOT / "units.csv")
    settings.cache_clear()
    stores.cache_clear()
    found = stores()
    years, _ = samples.put(found, ROOT)
    for year in years:
        assert inprocess.run("gongkai_collect", {"year": year}) == []
    for year in years:
        order = {"year": year, "wait_for_approval": False, "reason": samples.REASON}
        assert inprocess.run("gongkai_publish", order) == []
    yield found
    os.environ.pop("GONGKAI_ROSTER")
    if before is not None:
        os.environ["GONGKAI_ROSTER"] = before
    settings.cache_clear()
    stores.cache_clear()


@pytest.fixture(scope="module")
def expected() -> dict[int, Any]:
    data = json.loads((ROOT / "expected.json").read_text("utf-8"))
    return {int(year): facts for year, facts in data.items()}


def test_every_unit_stands_where_it_should(county: Stores, expected: dict[int, Any]) -> None:
    for year, facts in expected.items():
        found = {
            row.unit_code: (row.check_state, bool(row.late), row.versions)
            for row in county.warehouse.progress(year)
        }
        wanted = {code: (unit["state"], unit["late"], unit["versions"]) for code, unit in facts["units"].items()}
        assert found == wanted


def test_exactly_the_planted_faults_are_found(county: Stores, expected: dict[int, Any]) -> None:
    """Errors and warnings exactly; a notice may come on top of the planted ones."""
    rows = county.warehouse.query(
        """
        SELECT s.year, s.unit_code, s.file_name, f.rule, f.severity, f.cells
        FROM gongkai.submission s
        JOIN gongkai.check_result c ON c.submission_id = s.id AND c.is_current
        JOIN gongkai.finding f ON f.check_id = c.id WHERE f.outcome = 'fail' OR f.rule LIKE 'READ-%'
        """
    )
    found = Counter(
        (row["year"], row["unit_code"], row["file_name"], row["severity"], row["rule"], *_first(row))
        for row in rows
    )
    wanted = Counter(
        (year, code, Path(file["path"]).name, one["severity"], one["rule"], *_first(one))
        for year, facts in expected.items()
        for code, unit in facts["units"].items()
        for file in unit["files"]
        for one in file["findings"]
    )
    assert wanted - found == Counter()
    assert [one for one in found - wanted if one[3] != "notice"] == []


def _first(finding: dict[str, Any]) -> list[str]:
    """The cell a finding is about; how many a scan leaves uncertain is not promised."""
    return [] if finding["rule"].startswith("READ-") else finding["cells"][:1]


def test_the_countys_totals_are_those_of_the_reports(county: Stores, expected: dict[int, Any]) -> None:
    for year, facts in expected.items():
        rows = county.warehouse.query("SELECT * FROM publish.county_totals WHERE year = :year", year=year)
        found = {row["key"]: (row["total"], row["units_reported"], row["units_expected"]) for row in rows}
        wanted = {
            key: (Decimal(one["total"]) if one["units"] else None, one["units"], len(facts["units"]))
            for key, one in facts["totals"].items()
        }
        assert found == wanted
        missing = next(row["units_missing"] for row in rows if row["key"] == "t3.processed_total.total")
        assert missing == "、".join(facts["missing"])


def test_the_unreadable_file_is_in_quarantine_and_every_file_is_kept(
    county: Stores, expected: dict[int, Any]
) -> None:
    bad = [
        (year, code)
        for year, facts in expected.items()
        for code, unit in facts["units"].items()
        for file in unit["files"]
        if any(one["rule"].startswith("READ-") and one["severity"] == "error" for one in file["findings"])
    ]
    assert bad
    for year, code in bad:
        assert list(county.objects.list(f"quarantine/{year}/{code}/"))
    for year, facts in expected.items():
        files = sum(unit["versions"] for unit in facts["units"].values())
        assert len(list(county.objects.list(f"raw/{year}/"))) == files


def test_each_year_has_a_release_that_latest_points_at(county: Stores, expected: dict[int, Any]) -> None:
    for year in expected:
        release = county.warehouse.release_in_force(year)
        assert release is not None
        pointer = json.loads(county.objects.public.get(f"{year}/latest.json"))
        assert pointer["release"] == release.name
        assert county.objects.public.exists(f"{year}/{release.name}/SHA256SUMS")


def test_a_second_run_changes_no_row_and_no_published_byte(county: Stores, expected: dict[int, Any]) -> None:
    def published() -> list[tuple[str, str, object]]:
        return [(one.key, one.etag, one.modified) for one in county.objects.public.list()]

    rows, objects = snapshot(county.warehouse), published()
    last = max(expected)
    assert inprocess.run("gongkai_collect", {"year": last}) == []
    assert inprocess.run("gongkai_publish", {"year": last, "wait_for_approval": False}) == []
    assert snapshot(county.warehouse) == rows
    assert published() == objects


def test_units_are_named_in_the_ui(county: Stores, expected: dict[int, Any]) -> None:
    from airflow.models.taskinstance import TaskInstance
    from airflow.utils.session import create_session
    from sqlalchemy import select

    with create_session() as session:
        column: Any = TaskInstance.rendered_map_index
        query = select(column).where(TaskInstance.dag_id == "gongkai_collect", TaskInstance.task_id == "unit")
        shown = set(session.scalars(query))
    assert {unit["name"] for facts in expected.values() for unit in facts["units"].values()} <= shown


@pytest.mark.parametrize("order", [{"year": 2025, "units": ["松他克镇"]}, {"year": 2025, "county": "风岭县"}])
def test_a_wrong_order_fails_before_anything_is_written(county: Stores, order: dict[str, Any]) -> None:
    rows = snapshot(county.warehouse)
    failed = inprocess.run("gongkai_collect", order)
    assert "plan" in failed
    assert snapshot(county.warehouse) == rows


def test_samples_that_are_not_there_are_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(CollectError, match="样例"):
        samples.find(str(tmp_path))
