"""Reminders name who is missing; nothing is sent that nobody has set up."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from pydantic import SecretStr

from gongkai_etl.steps import alarms
from gongkai_etl.steps.alarms import remind
from gongkai_etl.steps.collecting import collect
from gongkai_etl.steps.plan import plan
from gongkai_etl.steps.stores import Stores
from tests.steps.papers import drop, paper, truth

pytestmark = pytest.mark.integration


@pytest.fixture
def two_missing(stores: Stores) -> Stores:
    drop(stores, "青溪镇", "报告.md", paper(truth("青溪镇")))
    for work in plan(stores, 2025):
        collect(stores, work)
    return stores


@pytest.fixture
def robot() -> Iterator[tuple[str, list[str]]]:
    """A group robot that listens: (its address, what it was told)."""
    told: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            told.append(body["markdown"]["content"])
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"errcode": 0}')

        def log_message(self, *_: object) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/", told
    server.shutdown()
    server.server_close()


def test_on_the_days_that_are_set_and_weekly_after(two_missing: Stores) -> None:
    for day, said in (
        (date(2026, 1, 24), 1),
        (date(2026, 1, 25), 0),
        (date(2026, 1, 31), 1),
        (date(2026, 2, 7), 1),
    ):
        assert len(remind(two_missing, 2025, day)) == said
    line = remind(two_missing, 2025, date(2026, 1, 31))[0]
    assert "2个单位未报送，今天截止" in line
    assert "云岭县白石镇、云岭县财政局" in line
    assert "未设置发送方式" in line


def test_a_robot_that_is_set_is_told(two_missing: Stores, robot: tuple[str, list[str]]) -> None:
    address, told = robot
    settings = two_missing.settings.model_copy(update={"wecom_webhook": SecretStr(address)})
    remind(replace(two_missing, settings=settings), 2025, date(2026, 1, 30))
    assert len(told) == 1
    assert "- 云岭县白石镇\n- 云岭县财政局" in told[0]


def test_a_missed_deadline_is_said_with_the_run(
    two_missing: Stores, robot: tuple[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    address, told = robot
    settings = two_missing.settings.model_copy(update={"wecom_webhook": SecretStr(address)})
    lines: list[str] = []
    monkeypatch.setattr(alarms, "stores", lambda: replace(two_missing, settings=settings))
    monkeypatch.setattr(alarms, "tell", lines.append)
    alarms.deadline_passed({"dag_run": {"run_id": "scheduled__1"}}, due="1月31日")
    assert "scheduled__1" in lines[0]
    assert lines[0].startswith("1月31日24时已过")
    assert "未报送：\n- 云岭县白石镇" in told[0]
