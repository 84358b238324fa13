"""What the DAG files share: the asset of new figures, retries, and the statutory deadlines. Light to import."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import (  # type: ignore[attr-defined]
    Asset,
    DeadlineAlert,
    DeadlineReference,
    ExceptionRetryPolicy,
    RetryAction,
    RetryRule,
    SyncCallback,
)
from airflow.sdk.exceptions import AirflowRuntimeError

from gongkai_etl.timetable import statutory_deadline

FIGURES = Asset(name="gongkai_figures", uri="x-gongkai://warehouse/figures")
OWNER = "政务公开办"

ORDERING: dict[str, Any] = {"owner": OWNER, "retries": 3, "retry_delay": timedelta(seconds=30)}
"""Defaults of DAGs that only order another run."""

WORKING: dict[str, Any] = {
    "owner": OWNER,
    "retries": 5,
    "retry_delay": timedelta(seconds=10),
    "retry_policy": ExceptionRetryPolicy(
        rules=[
            RetryRule(exception=ConnectionError, action=RetryAction.RETRY, reason="网络或存储暂时不可用"),
            RetryRule(exception=AirflowRuntimeError, action=RetryAction.RETRY, reason="Airflow 暂时没有应答"),
        ],
        default=RetryAction.FAIL,
    ),
}
"""Defaults of DAGs that touch network and stores: only trouble with these is tried again."""


def deadline(month: int, day: int) -> DeadlineAlert:
    """The alarm at 24:00 of a due date (条例第四十九条)."""
    due = f"{month}月{day}日"
    return DeadlineAlert(
        name=f"{due}24时",
        reference=DeadlineReference.FIXED_DATETIME(statutory_deadline(month, day)),
        interval=timedelta(0),
        callback=SyncCallback("gongkai_etl.steps.alarms.deadline_passed", kwargs={"due": due}),
    )
