"""Airflow's executor of one machine, which always comes to an end, and whose tasks begin with everything imported.

``LocalExecutor.end`` sends each living worker one message to stop. A worker that was idle takes the first one
and is gone before its own turn comes, so that one message too few is sent, and the scheduler waits for ever
for the worker that got none (Airflow 3.3). A scheduler that lost its database then neither works nor ends.
"""

from __future__ import annotations

from contextlib import suppress
from importlib import import_module

from airflow.executors.local_executor import LocalExecutor

PRELOADED = (
    "gongkai_etl.steps.collecting",
    "gongkai_etl.steps.plan",
    "gongkai_etl.store.warehouse",
    "gongkai_etl.store.objects",
    "gongkai_etl.collect.web",
    "minio",
    "psycopg",
    "sqlalchemy.dialects.postgresql.psycopg",
    "lxml.html",
    "yaml",
    "openpyxl",
)
"""What every unit's task needs: its process is a copy of this one and finds it there (a third of its time)."""


class EndingLocalExecutor(LocalExecutor):
    """Imports what tasks need before it starts the workers; sends each of them its message to stop."""

    def start(self) -> None:
        """Start the workers."""
        for name in PRELOADED:
            with suppress(ImportError):
                import_module(name)
        super().start()

    def end(self) -> None:
        """Stop the workers, each after the task it is busy with."""
        for _ in self.workers:
            self.activity_queue.put(None)
        super().end()
