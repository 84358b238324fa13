"""Airflow's executor of one machine, which always comes to an end.

``LocalExecutor.end`` sends each living worker one message to stop. A worker that was idle takes the first one
and is gone before its own turn comes, so that one message too few is sent, and the scheduler waits for ever
for the worker that got none (Airflow 3.3). A scheduler that lost its database then neither works nor ends.
"""

from __future__ import annotations

from airflow.executors.local_executor import LocalExecutor


class EndingLocalExecutor(LocalExecutor):
    """Sends every worker its message to stop, whether or not it still lives."""

    def end(self) -> None:
        """Stop the workers, each after the task it is busy with."""
        for _ in self.workers:
            self.activity_queue.put(None)
        super().end()
