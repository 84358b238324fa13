"""The county of 60 collected by the DAG itself: from five sites into the warehouse, and its mail besides."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from gongkai_etl.collect import roster
from gongkai_etl.model import Unit
from gongkai_etl.settings import settings
from tests.collect.forms import Made, as_docx, figures
from tests.collect.site import BROKEN, CMS, COUNTY, ENDPOINT_RECIPE, LOOP, SCRIPT, YEAR, Site, names, serve
from tests.collect.test_received import Box, letter

pytestmark = [pytest.mark.integration, pytest.mark.timeout(1500)]
PAUSE = 0.02


@pytest.fixture(scope="module")
def collected(airflow_stack: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, Any]]:
    """Two runs of the DAG; the second one must not ask anything again."""
    from gongkai_etl.steps.mail import take_mail
    from gongkai_etl.steps.stores import stores

    folder = tmp_path_factory.mktemp("county")
    with serve() as site:
        units = (Unit("C", f"{COUNTY}人民政府", "县"), *site.units())
        (folder / "units.csv").write_bytes(roster.dump(units, "csv"))
        (folder / "endpoint.yaml").write_text(ENDPOINT_RECIPE, "utf-8")
        given = {
            "ROSTER": folder / "units.csv",
            "COLLECT_RECIPES": folder,
            "COLLECT_CONTACT": "0591-0000000",
            "COLLECT_ALLOW_LOOPBACK": "true",
            "COLLECT_PAUSE_S": PAUSE,
            "COLLECT_ATTEMPTS": 1,
            "BUCKET": "county-of-sixty",
        }
        os.environ.update({f"GONGKAI_{name}": str(value) for name, value in given.items()})
        settings.cache_clear()
        stores.cache_clear()
        stores().objects.ensure_buckets()
        paper = as_docx(Made(names()[SCRIPT], YEAR, SCRIPT))
        assert take_mail(stores(), Box([letter("a@b.cn", {"年报.docx": paper})])) == 1
        for _ in range(2):
            run_dag({"year": YEAR})
        yield site, stores()
    for name in given:
        del os.environ[f"GONGKAI_{name}"]
    settings.cache_clear()
    stores.cache_clear()


def run_dag(conf: dict[str, object]) -> None:
    from airflow.dag_processing.dagbag import DagBag

    bag = DagBag(str(Path(__file__).parents[2] / "dags"))
    dag = bag.dags["gongkai_collect"]
    dag.deadline = None  # dag.test() of Airflow 3.3 cannot finish a run that has one
    run = dag.test(run_conf=conf)
    assert str(run.state) == "success"


def test_every_unit_has_its_report(collected: tuple[Site, Any]) -> None:
    _, stores = collected
    states = {row.unit_code: row for row in stores.warehouse.progress(YEAR)}
    assert {f"{number:04}" for number in range(60)} <= set(states)  # other tests' units may stand beside them
    for number, name in enumerate(names()):
        row = states[f"{number:04}"]
        if number in (LOOP, BROKEN):
            assert row.state == "未报送"
            continue
        assert row.sha256 is not None, (name, row)
        (version,) = (v for v in stores.warehouse.versions(YEAR, row.unit_code, current_only=True))
        received = stores.warehouse.query(
            "SELECT c.value FROM gongkai.cell c JOIN gongkai.form_cell f ON f.id = c.cell_id "
            "WHERE c.report_id = :id AND f.key = 't3.received.natural_person'",
            id=version.report_id,
        )
        assert int(received[0]["value"]) == int(figures(Made(name, YEAR, number))["t3.received.natural_person"]), (
            name
        )
    assert states[f"{SCRIPT:04}"].origin == "mail"


def test_trouble_is_kept_with_the_unit(collected: tuple[Site, Any]) -> None:
    _, stores = collected
    rows = stores.warehouse.query("SELECT unit_code, rule FROM gongkai.source_finding WHERE year = :y", y=YEAR)
    found = {row["unit_code"]: row["rule"] for row in rows}
    assert found[f"{LOOP:04}"] == "READ-WEB-LOOP"
    assert found[f"{BROKEN:04}"] == "READ-WEB-DOWN"
    assert found[f"{SCRIPT:04}"] == "READ-WEB-SCRIPT"


def test_polite_and_nothing_twice(collected: tuple[Site, Any]) -> None:
    site, _ = collected
    asked = Counter((request.host, request.path) for request in site.log if request.status < 500)
    assert [key for key, count in asked.items() if count > 1] == []
    for cms in CMS:
        times = [(r.began, r.ended) for r in site.log if r.host == site.host(cms)]
        assert len(times) > 12
        for (_, ended), (began, _) in pairwise(times):
            assert began - ended >= PAUSE * 0.8
