"""The county of 60 collected by the DAG itself: from five sites into the warehouse, and its mail besides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest

from gongkai_etl.settings import settings
from tests.collect.forms import Made, as_docx, figures
from tests.collect.site import BROKEN, CMS, LOOP, SCRIPT, YEAR, Site, names, prepared, serve
from tests.collect.test_received import Box, letter
from tests.live import live

pytestmark = [pytest.mark.integration, pytest.mark.timeout(1500)]
PAUSE = 0.1


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, Any]]:
    """Two runs by a scheduler with its four workers; the second one must not ask anything again."""
    from gongkai_etl.steps.mail import take_mail
    from gongkai_etl.steps.stores import stores

    folder = tmp_path_factory.mktemp("county")
    with serve() as site, live(prepared(site, folder, PAUSE)) as stack, pytest.MonkeyPatch.context() as patch:
        for name, value in stack.environment.items():
            if name.startswith("GONGKAI_"):
                patch.setenv(name, value)
        settings.cache_clear()
        stores.cache_clear()
        stack.pause("gongkai_inbox")
        stack.parsed("gongkai_collect")
        paper = as_docx(Made(names()[SCRIPT], YEAR, SCRIPT))
        assert take_mail(stores(), Box([letter("a@b.cn", {"年报.docx": paper})])) == 1
        for _ in range(2):
            run = stack.trigger("gongkai_collect", {"year": YEAR})
            assert stack.finish("gongkai_collect", run) == "success"
        yield site, stores()
    settings.cache_clear()
    stores.cache_clear()


def test_every_unit_has_its_report(collected: tuple[Site, Any]) -> None:
    _, stores = collected
    states = {row.unit_code: row for row in stores.warehouse.progress(YEAR)}
    assert set(states) == {f"{number:04}" for number in range(60)}
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
