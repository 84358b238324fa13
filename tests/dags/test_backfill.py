"""Earlier years from the trigger dialog of Airflow's UI: one run a year, each for the right year."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.live import Live, live
from tests.steps.conftest import ROSTER
from tests.steps.papers import paper, truth

if TYPE_CHECKING:
    from playwright.sync_api import Page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.integration,
    pytest.mark.browser,
    pytest.mark.timeout(1800),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]
YEARS = (2019, 2020, 2021)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    roster = tmp_path_factory.mktemp("roster") / "units.csv"
    roster.write_text(ROSTER, "utf-8")
    with live({"ROSTER": roster}) as stack:
        stack.pause("gongkai_inbox")
        stack.parsed("gongkai_collect")
        for year in YEARS:
            folder = stack.home / "inbox" / str(year) / "青溪镇"
            folder.mkdir(parents=True)
            (folder / "年报.md").write_bytes(paper(truth("青溪镇", year, seed=year)))
        yield stack


def choose(page: Page, day: str, hour: str) -> None:
    """Fill the next empty date of the dialog."""
    page.get_by_text("选择日期与时间").first.click()
    page.get_by_placeholder("YYYY/MM/DD").last.fill(day)
    page.get_by_placeholder("HH:mm").last.fill(hour)
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    page.wait_for_timeout(500)


def test_a_backfill_of_three_years(running: Live) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_context(locale="zh-CN", viewport={"width": 1400, "height": 1400}).new_page()
        page.set_default_timeout(60_000)
        page.goto(f"{running.base}/auth/login")
        page.fill("input[name=username]", "op")
        page.fill("input[name=password]", running.passwords["op"])
        page.keyboard.press("Enter")
        page.get_by_text("收集看板").first.wait_for()
        page.goto(f"{running.base}/dags/gongkai_collect")
        page.get_by_role("button", name="触发").first.click()
        page.get_by_role("dialog").get_by_text("回填", exact=True).click()
        choose(page, "2020/01/01", "00:00")
        choose(page, "2022/12/31", "00:00")
        page.get_by_role("dialog").get_by_role("button", name="执行回填").click()
        page.wait_for_timeout(3000)
        browser.close()

    end = time.monotonic() + 900
    while time.monotonic() < end:
        runs = running.call("GET", "/api/v2/dags/gongkai_collect/dagRuns?run_type=backfill")["dag_runs"]
        if runs and {run["state"] for run in runs} <= {"success", "failed"}:
            break
        time.sleep(2)
    assert [(run["logical_date"], run["state"]) for run in runs] == [
        (f"{year + 1}-03-31T01:00:00Z", "success") for year in YEARS
    ]
    told = running.python(
        "from gongkai_etl.steps.stores import stores; w = stores().warehouse; "
        "print([(r['year'], r['unit_code']) for r in "
        "w.query('SELECT year, unit_code FROM gongkai.report ORDER BY year')])"
    )
    assert told.splitlines()[-1] == str([(year, "T1") for year in YEARS])


def test_the_command_line_leaves_the_work_to_the_scheduler_that_runs(running: Live) -> None:
    before = running.call("GET", "/api/v2/dags/gongkai_collect/dagRuns")["total_entries"]
    said = running.gongkai("run", "--year", str(YEARS[0]))
    assert "青溪镇" in said
    runs = running.call("GET", "/api/v2/dags/gongkai_collect/dagRuns?order_by=-run_after")["dag_runs"]
    assert len(runs) == before + 1
    assert (runs[0]["triggered_by"], runs[0]["state"]) == ("cli", "success")
