"""One release and one set of office papers of the made-up county, built once for this room's tests."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from gongkai_etl.publish.inputs import CountyYear
from gongkai_etl.publish.release import ReleaseFiles, build
from gongkai_etl.store.objects import ObjectStore
from gongkai_etl.store.warehouse import Warehouse
from tests.publish.county import COUNTY, county_year
from tests.publish.stored import hand_in


@pytest.fixture(scope="session")
def county() -> CountyYear:
    return county_year()


@pytest.fixture(scope="session")
def released(county: CountyYear, tmp_path_factory: pytest.TempPathFactory) -> ReleaseFiles:
    return build(county, tmp_path_factory.mktemp("release"))


@pytest.fixture
def soffice() -> str:
    """LibreOffice; the test is skipped on a machine without it."""
    found = shutil.which("soffice")
    if found is None:
        pytest.skip("LibreOffice is not on this machine")
    return found


@pytest.fixture(scope="session")
def chromium() -> Path:
    """Chromium; the test is skipped on a machine without it."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        pytest.skip("Chromium is not on this machine")
    return Path(found)


@pytest.fixture
def warehouse(stack: Any) -> Iterator[Warehouse]:
    """An empty warehouse of its own."""
    base = make_url(stack.connections().database_url)
    name = f"test_{uuid.uuid4().hex[:12]}"
    server = create_engine(base.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    made = Warehouse.at(base.set(database=name).render_as_string(hide_password=False))
    made.migrate()
    yield made
    made.close()
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


@pytest.fixture
def objects(stack: Any) -> ObjectStore:
    """Two buckets of its own."""
    name = f"t-{uuid.uuid4().hex[:12]}"
    made = ObjectStore(ObjectStore.connect(stack.settings).client, name, f"{name}-public")
    made.ensure_buckets()
    return made


@pytest.fixture
def given(warehouse: Warehouse, objects: ObjectStore) -> CountyYear:
    """The made-up county, both years in the stores."""
    county = county_year()
    warehouse.save_units([COUNTY, *(unit.unit for unit in county.units)])
    assert county.previous is not None
    for year in (county.previous, county):
        warehouse.open_year(year.year)
        for unit in year.units:
            if unit.report and unit.submission and unit.submission.received_on:
                hand_in(warehouse, objects, unit, unit.report, unit.submission.received_on, "first")
    return county
