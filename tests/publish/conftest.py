"""One release and one set of office papers of the made-up county, built once for this room's tests."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from gongkai_etl.publish.inputs import CountyYear
from gongkai_etl.publish.release import ReleaseFiles, build
from tests.publish.county import county_year


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
