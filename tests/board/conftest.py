"""The board over a filled warehouse of the session's stack, with visitors of each role."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient
from pydantic import SecretStr

from gongkai_etl.board.access import Visitor
from gongkai_etl.board.app import create
from gongkai_etl.board.guards import Signer
from gongkai_etl.board.precheck import Checked
from gongkai_etl.board.services import Services
from gongkai_etl.errors import ReadError
from gongkai_etl.model import Finding, Unit
from gongkai_etl.settings import Settings
from tests.board.county import fill


class Headers:
    """Auth of tests: the header ``x-test-user`` is name:role."""

    async def visitor(self, request: Request) -> Visitor | None:
        name, _, role = unquote(request.headers.get("x-test-user", "")).partition(":")
        return Visitor(name, role == "op") if name else None

    def login_url(self, request: Request) -> str:
        return f"/auth/login?next={request.url.path}"


@dataclass
class Checks:
    """A pre-check that answers by the file's words and remembers what it was asked."""

    asked: list[tuple[str, str, int]] = field(default_factory=list)

    def __call__(self, data: bytes, name: str, unit: Unit, year: int, received_on: date) -> Checked:
        self.asked.append((name, unit.code, year))
        if b"damaged" in data:
            return Checked(None, (), error=ReadError("READ-DAMAGED", "文件已损坏，请重新导出。"))
        findings = (Finding("T3-TOTAL", "error", "总计不对", "5", "6"),) if b"wrong" in data else ()
        return Checked(None, findings, ("没有上一年的报告",))

    def close(self) -> None:
        return


@pytest.fixture(scope="module")
def services(stack: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    from sqlalchemy import create_engine, text
    from sqlalchemy.engine import make_url

    from gongkai_etl.store.objects import ObjectStore
    from gongkai_etl.store.warehouse import Warehouse

    base = make_url(stack.connections().database_url)
    name = f"board_{uuid.uuid4().hex[:12]}"
    server = create_engine(base.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    warehouse = Warehouse.at(base.set(database=name).render_as_string(hide_password=False))
    warehouse.migrate()
    objects = ObjectStore.connect(stack.settings)
    objects = ObjectStore(objects.client, name.replace("_", "-"), name.replace("_", "-") + "-public")
    objects.ensure_buckets()
    fill(warehouse, objects)
    settings = Settings(
        home=Path(tmp_path_factory.mktemp("home")),
        board_max_upload_mb=1,
        board_url="http://testserver",
        board_metrics_token=SecretStr("monitor"),
    )
    checks: Any = Checks()
    yield Services(settings, warehouse, objects, Signer("secret", 14), checks)
    warehouse.close()
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


@pytest.fixture(scope="module")
def app(services: Services) -> FastAPI:
    return create(Headers(), services, services.settings)


@pytest.fixture
def viewer(app: FastAPI) -> TestClient:
    return TestClient(
        app, headers={"x-test-user": quote("小王:viewer"), "accept": "text/html"}, follow_redirects=False
    )


@pytest.fixture
def operator(app: FastAPI) -> TestClient:
    return TestClient(
        app, headers={"x-test-user": quote("老李:op"), "accept": "text/html"}, follow_redirects=False
    )


@pytest.fixture
def anonymous(app: FastAPI) -> TestClient:
    return TestClient(app, headers={"accept": "text/html"}, follow_redirects=False)


@pytest.fixture
def csrf(services: Services) -> str:
    return services.signer.form("老李")
