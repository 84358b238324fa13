"""A store that is away for 20 seconds in the middle of a run: the run completes, nothing is lost or doubled."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.live import ROOT, Live, live, put_samples

pytestmark = [pytest.mark.integration, pytest.mark.trial, pytest.mark.timeout(2400)]
SAMPLES = ROOT / "samples"
AWAY_S = 20


@pytest.fixture(scope="module")
def running() -> Iterator[Live]:
    with live({"ROSTER": SAMPLES / "units.csv"}) as stack:
        # The watched inbox orders runs of its own, which would do the work in the cut run's place.
        stack.pause("gongkai_inbox")
        stack.parsed("gongkai_collect")
        put_samples(stack, SAMPLES)
        yield stack


def outcome(stack: Live, year: int) -> dict[str, Any]:
    """Each unit's state, lateness and versions; how many files are kept, and reports are in the warehouse."""
    told = stack.python(
        "import json; from gongkai_etl.steps.stores import stores; s = stores(); "
        f"rows = s.warehouse.progress({year}); reports = s.warehouse.query("
        f"'SELECT count(*) AS n FROM gongkai.report WHERE year = {year}'); "
        "print(json.dumps({'units': {r.unit_code: [r.check_state, bool(r.late), r.versions] for r in rows}, "
        f"'raw': len(list(s.objects.list('raw/{year}/'))), 'reports': reports[0]['n']}}))"
    )
    found: dict[str, Any] = json.loads(told.splitlines()[-1])
    return found


@pytest.mark.parametrize(("component", "year"), [("postgres", 2024), ("s3", 2025)])
def test_a_run_outlives_a_store_that_is_away(running: Live, component: str, year: int) -> None:
    expected = json.loads((SAMPLES / "expected.json").read_text("utf-8"))[str(year)]["units"]
    run = running.trigger("gongkai_collect", {"year": year})
    end = time.monotonic() + 600
    while time.monotonic() < end:
        done = [
            t for t in running.tasks("gongkai_collect", run) if t["task_id"] == "unit" and t["state"] == "success"
        ]
        if len(done) >= 4:
            break
        time.sleep(0.3)
    assert 4 <= len(done) < len(expected)
    with running.without(component):
        time.sleep(AWAY_S)
    ended, tasks = running.finish("gongkai_collect", run), running.tasks("gongkai_collect", run)
    failed = [
        (t["task_id"], t["map_index"], t["state"], t["try_number"])
        for t in tasks
        if t["state"] != ("skipped" if t["task_id"] == "visit" else "success")  # no unit has a web site
    ]
    assert (ended, failed) == ("success", [])
    unreadable = sum(
        one["severity"] == "error" and one["rule"].startswith("READ-")
        for unit in expected.values()
        for file in unit["files"]
        for one in file["findings"]
    )
    files = sum(unit["versions"] for unit in expected.values())
    assert outcome(running, year) == {
        "units": {code: [unit["state"], unit["late"], unit["versions"]] for code, unit in expected.items()},
        "raw": files,
        "reports": files - unreadable,
    }
