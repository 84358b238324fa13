"""A collecting run killed in the middle: the next one completes it, nothing lost, nothing doubled."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from gongkai_etl.steps.stores import Stores
from tests.steps.conftest import stores as stores
from tests.steps.papers import drop, paper, truth
from tests.store.conftest import snapshot

pytestmark = [pytest.mark.integration, pytest.mark.timeout(900)]

ORDER = json.dumps({"runs": [["gongkai_collect", {"year": 2025}]]})


def start(stores: Stores, progress: Path) -> subprocess.Popen[bytes]:
    """A run in a process group of its own, on the stores of the test."""
    chosen = stores.settings
    secrets = {
        name: getattr(chosen, name).get_secret_value()
        for name in ("database_url", "s3_access_key", "s3_secret_key")
    }
    plain = {
        name: str(getattr(chosen, name)) for name in ("home", "roster", "bucket", "public_bucket", "s3_endpoint")
    }
    ours = {f"GONGKAI_{name.upper()}": value for name, value in (plain | secrets).items()}
    return subprocess.Popen(
        [sys.executable, "-m", "gongkai_etl.steps.inprocess", ORDER],
        env={**os.environ, **ours, "GONGKAI_PROGRESS": str(progress)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def test_the_next_run_completes_what_a_killed_one_began(
    airflow_stack: Any, stores: Stores, tmp_path: Path
) -> None:
    for short in ("青溪镇", "白石镇", "财政局"):
        drop(stores, short, f"{short}.md", paper(truth(short)))
    progress = tmp_path / "progress"
    progress.touch()
    killed = start(stores, progress)
    until = time.monotonic() + 300
    while "已读取" not in progress.read_text("utf-8") and time.monotonic() < until:
        assert killed.poll() is None
        time.sleep(0.05)
    os.killpg(killed.pid, signal.SIGKILL)
    killed.wait()
    assert 1 <= len(stores.warehouse.versions(2025)) <= 3
    assert stores.warehouse.findings(2025) == ()
    assert start(stores, progress).wait(600) == 0
    assert len(stores.warehouse.versions(2025)) == 3
    states = {row.state for row in stores.warehouse.progress(2025)}
    assert not states & {"未报送", "已收到", "读取有疑"}
    rows = snapshot(stores.warehouse)
    assert start(stores, progress).wait(600) == 0
    assert snapshot(stores.warehouse) == rows
