"""A January in the browser: sign in, trigger, watch units arrive, see proof, waive, correct, approve, publish.

The whole stack runs with its scheduler, on the sample county of which one correction is held back.
"""

from __future__ import annotations

import csv
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.live import ROOT, Live, live, put_samples

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

SAMPLES = ROOT / "samples"
YEAR = 2025
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.integration,
    pytest.mark.trial,
    pytest.mark.browser,
    pytest.mark.timeout(1800),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]
WAIT = 600_000  # milliseconds; a busy machine is slow, a stuck one is stuck


@dataclass(frozen=True)
class Season:
    """The running stack; ``held_back`` is the correction that its unit will upload."""

    stack: Live
    held_back: Path

    @property
    def base(self) -> str:
        return self.stack.base


@pytest.fixture(scope="module")
def season(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Season]:
    samples, held_back = without_correction(tmp_path_factory.mktemp("season") / "samples")
    with live({"ROSTER": samples / "units.csv"}) as stack:
        stack.parsed("gongkai_collect")
        stack.pause("gongkai_inbox")
        put_samples(stack, samples)
        yield Season(stack, held_back)


def without_correction(target: Path) -> tuple[Path, Path]:
    """A copy of one year of the samples, without the later of the two files of the unit that has two."""
    target.mkdir()
    shutil.copy(SAMPLES / "units.csv", target)
    with (SAMPLES / "received.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["path"].startswith(f"{YEAR}/")]
    later = max(
        (row for row in rows if sum(r["path"].split("/")[1] == row["path"].split("/")[1] for r in rows) > 1),
        key=lambda row: row["received_at"],
    )
    with (target / "received.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["path", "received_at"])
        writer.writeheader()
        writer.writerows(row for row in rows if row != later)
    shutil.copytree(SAMPLES / "reports" / str(YEAR), target / "reports" / str(YEAR))
    return target, SAMPLES / "reports" / later["path"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        running = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield running
        running.close()


def sign_in(browser: Browser, season: Season, name: str) -> Page:
    """From the board to the login and back."""
    context: BrowserContext = browser.new_context(locale="zh-CN", viewport={"width": 1400, "height": 1000})
    page = context.new_page()
    page.set_default_timeout(120_000)
    page.goto(f"{season.base}/gongkai/board?year={YEAR}")
    assert "/auth/login" in page.url
    page.fill("input[name=username]", name)
    page.fill("input[name=password]", season.stack.passwords[name])
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/gongkai/board?year={YEAR}")
    return page


def trigger(page: Page, season: Season) -> None:
    """Start a collecting run in Airflow's dialog, as an operator does."""
    page.goto(f"{season.base}/dags/gongkai_collect")
    page.get_by_role("button", name="触发").first.click()
    dialog = page.get_by_role("dialog")
    dialog.locator("input[name=element_year]").fill(str(YEAR))
    dialog.get_by_role("button", name="触发").click()
    dialog.wait_for(state="hidden")


def wait_for_runs(season: Season, count: int) -> None:
    """Wait until so many collecting runs have ended well."""
    end = time.monotonic() + WAIT / 1000
    while time.monotonic() < end:
        runs = season.stack.call("GET", "/api/v2/dags/gongkai_collect/dagRuns")["dag_runs"]
        states = [run["state"] for run in runs]
        assert "failed" not in states
        if states.count("success") >= count:
            return
        time.sleep(2)
    raise AssertionError("the run does not end")


def arrived(page: Page, season: Season) -> int:
    """How many units the board shows as handed in."""
    page.goto(f"{season.base}/gongkai/board?year={YEAR}")
    missing = page.locator("section.counts a.missing b")
    return page.locator("#units tbody tr").count() - sum(int(text) for text in missing.all_inner_texts())


def test_a_whole_season(browser: Browser, season: Season) -> None:
    page = sign_in(browser, season, "op")
    trigger(page, season)
    seen: set[int] = set()
    while len(seen) < 4:  # they arrive one after the other, before the run is over
        seen.add(arrived(page, season))
        page.wait_for_timeout(1000)
    assert max(seen) > 0
    wait_for_runs(season, 1)
    page.goto(f"{season.base}/")
    page.get_by_text("收集看板").first.click()
    board = page.frame_locator("iframe")
    board.get_by_role("heading", name=f"{YEAR}年政府信息公开工作年度报告报送进度").wait_for()
    assert board.locator("#units tbody tr").count() == 24

    # A unit with an error: the figure's picture, then the error is kept with a reason.
    page.goto(f"{season.base}/gongkai/board?year={YEAR}&state=有错误")
    page.get_by_role("link", name="石庾镇").click()
    page.locator("td.error a").first.click()
    picture = page.locator(".proof img")
    picture.wait_for()
    page.wait_for_load_state("networkidle")
    assert picture.evaluate("img => img.naturalWidth") > 300
    page.go_back()
    while page.locator("li.error").count():
        finding = page.locator("li.error").first
        finding.get_by_label("理由").fill("原件如此，已电话核实")
        finding.get_by_role("button", name="核实后保留").click()
        page.wait_for_load_state("networkidle")
    assert "原件如此，已电话核实" in page.locator("li.waived").first.inner_text()
    assert "有错误" not in page.locator("p.facts").inner_text()

    # A unit hands in its corrected file.
    page.goto(f"{season.base}/gongkai/board?year={YEAR}&state=有错误")
    page.get_by_role("link", name=season.held_back.parent.name).click()
    page.get_by_role("link", name="上传报告").click()
    page.locator("input[type=file]").set_input_files(season.held_back)
    page.get_by_role("button", name="核对并报送").click()
    page.get_by_role("heading", name="核对结果").wait_for(timeout=WAIT)
    assert "核对通过" in page.locator("main").inner_text()
    corrected = datetime.now(UTC)
    back = page.get_by_role("link", name="回到单位").get_attribute("href")
    trigger(page, season)
    wait_for_runs(season, 2)
    page.goto(f"{season.base}{back}")
    assert page.locator("tr.on").get_by_text("网页上传").is_visible()
    assert "有错误" not in page.locator("p.facts").inner_text()

    approve(page, season, corrected)
    end = time.monotonic() + WAIT / 1000
    while time.monotonic() < end:
        page.goto(f"{season.base}/gongkai/board?year={YEAR}")
        if "已核准" in page.locator("section.dates").inner_text():
            break
        time.sleep(3)
    assert "已核准" in page.locator("section.counts").inner_text()


def approve(page: Page, season: Season, since: datetime) -> None:
    """Publish through the required action in Airflow's own pages: the one about the corrected figures."""
    # The scheduler needs a moment to make a run of what was loaded last; an older question leads nowhere.
    page.wait_for_timeout(20_000)
    end = time.monotonic() + WAIT / 1000
    run = None
    while run is None and time.monotonic() < end:
        time.sleep(3)
        answer = page.request.get(f"{season.base}/api/v2/dags/gongkai_publish/dagRuns/~/hitlDetails")
        details = sorted(answer.json()["hitl_details"], key=lambda one: str(one["created_at"]))
        if details and datetime.fromisoformat(details[-1]["created_at"]) > since:
            run = details[-1]["task_instance"]["dag_run_id"]
    assert run is not None, "nobody was asked about the corrected figures"
    page.goto(f"{season.base}/dags/gongkai_publish/runs/{run}/tasks/approve/required_actions")
    page.get_by_text("未报送：").wait_for()
    page.get_by_role("textbox").last.fill("数据已逐一核实，缺报单位另行催办")
    page.get_by_role("button", name="批准发布").click()


def test_viewer_cannot_decide_and_anonymous_cannot_see(browser: Browser, season: Season) -> None:
    page = sign_in(browser, season, "viewer")
    assert "只读" in page.locator("nav").inner_text()
    page.get_by_role("link", name="石庾镇").click()
    assert page.get_by_role("link", name="上传报告").count() == 0
    assert page.locator("form.decide").count() == 0
    answer = page.request.post(f"{page.url.split('?')[0]}/verdict", form={"csrf": "x", "year": str(YEAR)})
    assert answer.status == 403
    stranger = browser.new_context().new_page()
    stranger.goto(f"{season.base}/gongkai/quality")
    assert "/auth/login" in stranger.url
    assert stranger.request.post(f"{season.base}/gongkai/unit/x/verdict").status == 401
