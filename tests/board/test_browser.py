"""The board in a real browser: nothing from the network, nothing blocked, readable on a phone, decisions work."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
import uvicorn
from fastapi import FastAPI

from gongkai_etl.board.services import Services
from tests.board.county import TOWNS, YEAR

if TYPE_CHECKING:
    from playwright.sync_api import Browser, FilePayload, Page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.integration,
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]
TOWN = TOWNS[0].code


@pytest.fixture(scope="module")
def base(app: FastAPI) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        running = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield running
        running.close()


class Watched:
    """A page that remembers what went wrong and which hosts were asked."""

    def __init__(self, browser: Browser, role: str, width: int = 1280) -> None:
        context = browser.new_context(
            locale="zh-CN",
            viewport={"width": width, "height": 844},
            extra_http_headers={"x-test-user": quote(f"老李:{role}")},
        )
        self.page: Page = context.new_page()
        self.trouble: list[str] = []
        self.hosts: set[str] = set()
        self.page.on("console", lambda said: self.trouble.append(said.text))
        self.page.on("pageerror", lambda error: self.trouble.append(str(error)))
        self.page.on("dialog", lambda dialog: self.trouble.append(dialog.message))
        self.page.on("request", lambda request: self.hosts.add(request.url.split("/")[2]))


def payload(name: str, data: bytes) -> FilePayload:
    return {"name": name, "mimeType": "application/pdf", "buffer": data}


@pytest.mark.parametrize("width", [390, 1280])
def test_every_page_fits_asks_nobody_else_and_runs_no_strangers_script(
    browser: Browser, base: str, width: int
) -> None:
    watched = Watched(browser, "op", width)
    paths = ("/board", f"/unit/{TOWN}?year={YEAR}", "/unclaimed", "/quality", f"/unit/{TOWN}/handin?year={YEAR}")
    for path in paths:
        watched.page.goto(base + path)
        wide = watched.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, path
        assert watched.page.locator("h1").is_visible()
    assert watched.trouble == []
    assert watched.hosts == {base.removeprefix("http://")}


def test_filter_while_typing(browser: Browser, base: str) -> None:
    page = Watched(browser, "viewer").page
    page.goto(base + "/board")
    rows = page.locator("#units tbody tr:visible")
    assert rows.count() == len(TOWNS)
    page.fill("input[type=search]", "石桥")
    assert rows.count() == 1


def test_from_the_list_to_the_proof_of_a_figure(browser: Browser, base: str) -> None:
    watched = Watched(browser, "viewer")
    page = watched.page
    page.goto(base + "/board")
    page.get_by_role("link", name=TOWNS[0].name).click()
    page.get_by_role("link", name="12345").click()
    picture = page.locator(".proof img")
    picture.wait_for()
    page.wait_for_load_state("networkidle")
    assert picture.evaluate("img => img.naturalWidth") > 50
    assert watched.trouble == []


def test_waive_and_take_back(browser: Browser, base: str, services: Services) -> None:
    page = Watched(browser, "op").page
    page.goto(f"{base}/unit/{TOWN}?year={YEAR}")
    finding = page.locator(".findings li.error").first
    finding.get_by_role("button", name="核实后保留").click()
    assert page.locator("li.waived").count() == 0  # the reason is missing
    finding.get_by_label("理由").fill("原件盖章页已核实")
    finding.get_by_role("button", name="核实后保留").click()
    page.locator("li.waived").wait_for()
    assert "原件盖章页已核实" in page.locator("li.waived .verdict").inner_text()
    page.locator("li.waived").get_by_role("button", name="撤销这条意见").click()
    page.locator("li.error").first.wait_for()
    assert [v for v in services.warehouse.list_verdicts(YEAR, TOWN) if v.rule == "T3-TOTAL"] == []


def test_upload_by_the_clerk_s_link_on_a_phone(browser: Browser, base: str, services: Services) -> None:
    from gongkai_etl.board.guards import Link

    token = services.signer.link(Link(TOWNS[1].code, YEAR))
    watched = Watched(browser, "", 390)
    page = watched.page
    page.goto(f"{base}/handin/{token}")
    page.locator("input[type=file]").set_input_files(payload("大.pdf", b"x" * (2 * 2**20)))
    assert not page.locator("form").evaluate("form => form.checkValidity()")
    page.locator("input[type=file]").set_input_files(payload("石桥镇.pdf", b"%PDF wrong"))
    page.get_by_role("button", name="核对并报送").click()
    page.get_by_role("heading", name="核对结果").wait_for()
    assert "有1处错误需要改正" in page.locator("main").inner_text()
    assert watched.trouble == []


def test_viewer_sees_no_buttons(browser: Browser, base: str) -> None:
    page = Watched(browser, "viewer").page
    page.goto(f"{base}/unit/{TOWN}?year={YEAR}")
    assert page.get_by_role("button", name="核实后保留").count() == 0
    assert page.get_by_role("link", name="上传报告").count() == 0
    assert "只读" in page.locator("nav").inner_text()
