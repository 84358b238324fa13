"""A fresh warehouse for each module, on the PostgreSQL of the session's stack."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from bench.reports import units
from gongkai_etl.model import Unit
from gongkai_etl.store.objects import ObjectStore
from gongkai_etl.store.warehouse import Warehouse

YEAR = 2025


@pytest.fixture
def database_url(stack: Any) -> Iterator[str]:
    """A database of its own."""
    base = make_url(stack.connections().database_url)
    name = f"test_{uuid.uuid4().hex[:12]}"
    server = create_engine(base.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield base.set(database=name).render_as_string(hide_password=False)
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


@pytest.fixture
def warehouse(database_url: str) -> Iterator[Warehouse]:
    """Migrated, with a roster of a county and four towns, the year 2025 open."""
    found = Warehouse.at(database_url)
    found.migrate()
    found.save_units(units(4))
    found.open_year(YEAR)
    yield found
    found.close()


@pytest.fixture
def towns() -> tuple[Unit, ...]:
    """The four towns of the warehouse."""
    return units(4)[1:]


@pytest.fixture
def objects(stack: Any) -> ObjectStore:
    """The stack's object store with both buckets."""
    found = ObjectStore.connect(stack.settings)
    found.ensure_buckets()
    return found


def snapshot(warehouse: Warehouse) -> dict[str, str]:
    """A fingerprint of every table of ours that notices any rewritten row, not only another content."""
    tables = warehouse.query("SELECT tablename AS name FROM pg_tables WHERE schemaname = 'gongkai' ORDER BY 1")
    return {
        row["name"]: warehouse.query(
            f"SELECT count(*) || ':' || coalesce(md5(string_agg(t.xmin::text || t.ctid::text || t::text, ',' "
            f"ORDER BY t.ctid)), '') AS f FROM gongkai.{row['name']} t"
        )[0]["f"]
        for row in tables
    }
