"""A county of three towns with its own database and inbox on the session's servers."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from gongkai_etl.settings import Settings
from gongkai_etl.steps.stores import Stores
from gongkai_etl.store.objects import ObjectStore
from gongkai_etl.store.warehouse import Warehouse

ROSTER = """代码,单位名称,类别,上级,别名
C,云岭县,县,,
T1,云岭县青溪镇,镇,C,青溪镇
T2,云岭县白石镇,镇,C,
D1,云岭县财政局,部门,C,
"""


@pytest.fixture
def stores(stack: Any, tmp_path: Path) -> Iterator[Stores]:
    """Stores of a county that nobody else uses; the folder inbox is below ``tmp_path``."""
    (tmp_path / "units.csv").write_text(ROSTER, "utf-8")
    base = make_url(stack.connections().database_url)
    name = f"steps_{uuid.uuid4().hex[:12]}"
    bucket = f"steps-{uuid.uuid4().hex[:12]}"
    server = create_engine(base.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    to = stack.connections()
    settings = Settings(
        home=tmp_path,
        roster=tmp_path / "units.csv",
        bucket=bucket,
        public_bucket=f"{bucket}-public",
        database_url=base.set(database=name).render_as_string(hide_password=False),
        s3_endpoint=to.s3_endpoint,
        s3_access_key=to.s3_access_key,
        s3_secret_key=to.s3_secret_key,
    )
    found = Stores(settings, Warehouse.connect(settings), ObjectStore.connect(settings))
    found.objects.ensure_buckets()
    found.warehouse.migrate()
    yield found
    found.warehouse.close()
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()
