"""The static site in Chromium: charts drawn, no accessibility faults, from a figure to its place, on a phone too."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gongkai_etl.publish.release import ReleaseFiles

pytestmark = pytest.mark.browser
PAGES = ("index.html", "units/650002.html", "units/650004.html", "rows/t3.received.html", "evidence/650002.html",
         "findings.html")  # fmt: skip


@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        running = play.chromium.launch(executable_path=str(chromium), args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture(scope="module")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The rules of axe-core, from npm; skipped where there is no npm or it cannot install."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm is not on this machine")
    folder = tmp_path_factory.mktemp("axe")
    shutil.copy(Path(__file__).with_name("package.json"), folder)
    done = subprocess.run(
        [npm, "install", "--no-audit", "--no-fund", "--ignore-scripts"],
        cwd=folder,
        capture_output=True,
        check=False,
        timeout=120,
    )
    rules = folder / "node_modules/axe-core/axe.min.js"
    if done.returncode or not rules.is_file():
        pytest.skip("axe-core could not be installed")
    return rules.read_text("utf-8")


@pytest.mark.parametrize(
    ("path", "width"), [*((page, 1280) for page in PAGES), *((page, 390) for page in PAGES[:2])]
)
def test_no_accessibility_fault(browser: Any, axe: str, released: ReleaseFiles, path: str, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 844})
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("requestfailed", lambda request: troubles.append(request.url))
    page.goto((released.root / path).as_uri())
    page.evaluate(axe)
    rules = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    outcome = page.evaluate("rules => axe.run(document, {runOnly: rules, preload: false})", rules)
    faults = {entry["id"]: [node["html"][:120] for node in entry["nodes"][:3]] for entry in outcome["violations"]}
    assert faults == {}
    assert troubles == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (
        "the page itself never scrolls"
    )
    page.close()


def test_charts_are_drawn_and_explained_in_tables(browser: Any, released: ReleaseFiles) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto((released.root / "index.html").as_uri())
    drawn = page.evaluate("Object.values(Chart.instances).map(chart => chart.canvas.id)")
    assert drawn == ["chart-progress", "chart-applications", "chart-years", "chart-units"]
    empty = page.evaluate(
        "Array.from(document.querySelectorAll('canvas')).filter(canvas => !canvas.getContext('2d')"
        ".getImageData(0, 0, canvas.width, canvas.height).data.some(value => value)).length"
    )
    assert empty == 0
    page.get_by_text("各单位新收申请：数据表").click()
    assert page.get_by_role("region", name="各单位新收申请数据表").is_visible()
    page.close()


def test_from_a_county_figure_to_its_place_on_the_page(browser: Any, released: ReleaseFiles) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto((released.root / "index.html").as_uri())
    page.locator("td[data-key='t3.received.total'] a").click()
    page.wait_for_url("**/rows/t3.received.html#total")
    page.locator("tr", has_text="柳泉镇").locator("td a").last.click()
    page.wait_for_url("**/evidence/650002.html#t3.received.total")
    box = page.locator("a.box:target")
    assert box.get_attribute("id") == "t3.received.total"
    where, picture = box.bounding_box(), page.locator(".paper img").bounding_box()
    assert abs((where["x"] - picture["x"]) / picture["width"] - 100 / 600) < 0.01
    assert page.evaluate("getComputedStyle(document.querySelector('a.box:target')).outlineStyle") == "solid"
    # The place is on the screen, with the page around it.
    assert 0 < where["y"] < 900
    page.close()


def test_the_tables_stand_without_scripts(browser: Any, released: ReleaseFiles) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((released.root / "index.html").as_uri())
    assert page.locator("td[data-key='t3.received.total'] a").inner_text() == "14"
    assert page.get_by_text("报送进度：数据表").is_visible()
    context.close()
