"""A run of a DAG ordered from the scheduler that already runs, and waited for.

Two would work on one run otherwise: ``dag.test()`` in this process, and the scheduler that finds the run's rows
in the same database. They block each other and do every task twice.
"""

from __future__ import annotations

import time
from typing import Any

from gongkai_etl.errors import StoreError
from gongkai_etl.steps.report import tell

_LOOK_S = 1.0
_OVER = ("success", "failed")
_FAILED = ("failed", "upstream_failed")


def scheduler_runs() -> bool:
    """Whether a scheduler is at work on this database."""
    from airflow.jobs.job import most_recent_job

    job = most_recent_job("SchedulerJob")
    return job is not None and job.is_alive()


def order(dag_id: str, conf: dict[str, Any]) -> list[str]:
    """One run by the scheduler; gives the tasks that failed. Raises StoreError when it cannot begin."""
    from airflow.api.common.trigger_dag import trigger_dag
    from airflow.models.dag import DagModel
    from airflow.utils.types import DagRunTriggeredByType

    known = DagModel.get_dagmodel(dag_id)
    if known is None:
        raise StoreError("STORE-DAG", f"Airflow 还不认识流程 {dag_id}，请稍等片刻再运行")
    if known.is_paused:
        raise StoreError("STORE-DAG-PAUSED", f"流程 {dag_id} 在界面中已暂停，请先打开它再运行")
    run = trigger_dag(dag_id=dag_id, triggered_by=DagRunTriggeredByType.CLI, conf=conf, replace_microseconds=False)
    if run is None:
        raise StoreError("STORE-DAG", f"Airflow 没有接受流程 {dag_id}")
    told: set[str] = set()
    while (found := _look(dag_id, run.run_id, told))[0] not in _OVER:
        time.sleep(_LOOK_S)
    return found[1]


def _look(dag_id: str, run_id: str, told: set[str]) -> tuple[str, list[str]]:
    """State of the run and the tasks that failed; says which units are done that were not said before."""
    from airflow.models.dagrun import DagRun
    from airflow.models.taskinstance import TaskInstance as Task
    from airflow.utils.session import create_session
    from sqlalchemy import select

    with create_session() as session:
        state = session.scalar(select(DagRun.state).where(DagRun.dag_id == dag_id, DagRun.run_id == run_id))
        columns: Any = (Task.task_id, Task.rendered_map_index, Task.state)
        rows = session.execute(select(*columns).where(Task.dag_id == dag_id, Task.run_id == run_id)).all()
    for _, label, now in rows:
        if label and label not in told and str(now) in (*_OVER, *_FAILED):
            told.add(label)
            tell(f"{label}：{'已完成' if str(now) == 'success' else '没有完成'}")
    failed = {task for task, _, now in rows if str(now) in _FAILED}
    return str(state), sorted(failed | ({dag_id} if str(state) == "failed" else set()))
