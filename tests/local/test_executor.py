"""The executor ends although its workers are idle when they are told to."""

from __future__ import annotations

import multiprocessing
from typing import Any

import pytest


@pytest.mark.timeout(60)
def test_idle_workers_end_every_time(airflow_stack: Any) -> None:
    from gongkai_etl.local.executor import EndingLocalExecutor

    for _ in range(5):
        executor = EndingLocalExecutor(parallelism=4)  # type: ignore[no-untyped-call]
        executor.start()
        workers = [process.pid for process in executor.workers.values()]
        executor.end()
        assert len(workers) == 4
        assert not {process.pid for process in multiprocessing.active_children()} & set(workers)
