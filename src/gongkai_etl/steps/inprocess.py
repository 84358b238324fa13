"""The DAGs in this process through ``dag.test()``: no scheduler, the same tasks. A scheduler that runs is used.

Run as a program by ``gongkai run`` and ``gongkai demo`` (importing Airflow takes seconds and its logs
go to a file): ``python -m gongkai_etl.steps.inprocess '{"runs": [["gongkai_collect", {"year": 2025}]]}'``.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from gongkai_etl.errors import StoreError
from gongkai_etl.steps import ordered

FAILED = "::失败 "
"""Begins the line of progress that says why a run failed."""


def run(dag_id: str, conf: dict[str, Any]) -> list[str]:
    """One run of a DAG; gives the tasks that failed. Raises StoreError when there is no such DAG."""
    if ordered.scheduler_runs():
        return ordered.order(dag_id, conf)
    dag = _bag().dags.get(dag_id)
    if dag is None:
        raise StoreError("STORE-DAG", f"没有找到流程 {dag_id}，请在项目目录中运行。{_bag().import_errors or ''}")
    # Deadlines are for schedulers; dag.test() of Airflow 3.3 cannot store them.
    dag.deadline = None
    done = dag.test(run_conf=conf)
    return sorted(
        {one.task_id for one in done.get_task_instances() if one.state in ("failed", "upstream_failed")}
        | ({dag_id} if done.state == "failed" else set())
    )


def _bag() -> Any:
    from airflow.dag_processing.dagbag import DagBag

    global _cached
    if _cached is None:
        _cached = DagBag(os.environ["AIRFLOW__CORE__DAGS_FOLDER"])
    return _cached


_cached: Any = None


def main(order: str) -> int:
    """Run what is ordered, one after the other; stops at the first that fails."""
    from gongkai_etl.steps.report import PROGRESS, tell

    for dag_id, conf in json.loads(order)["runs"]:
        tell(f"::{dag_id} {conf.get('year', '')}")
        try:
            why = "、".join(run(dag_id, conf))
        except StoreError as error:
            why = error.message
        if why:
            path = os.environ.get(PROGRESS)
            if path:
                with Path(path).open("a", encoding="utf-8") as file:
                    file.write(f"{FAILED}{dag_id}：{why}\n")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
