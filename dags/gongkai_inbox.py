"""收件箱监视：收件箱有新文件时，一分钟内开始收集，不等每天的定时。"""

from __future__ import annotations

from typing import Any

from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import Asset, AssetWatcher, dag, get_current_context, task

from gongkai_etl.dag_parts import ORDERING
from gongkai_etl.inbox_trigger import InboxTrigger

INBOX = Asset(
    name="gongkai_inbox",
    uri="x-gongkai://inbox",
    watchers=[AssetWatcher(name="gongkai_inbox", trigger=InboxTrigger(interval_s=20))],
)


@dag(
    dag_id="gongkai_inbox",
    dag_display_name="收件箱监视",
    schedule=[INBOX],
    catchup=False,
    max_active_runs=1,
    tags=["政府信息公开", "年报"],
    default_args=ORDERING,
    doc_md="""### 收件箱监视
每20秒看一次收件箱（存储桶 `inbox/` 和数据目录下的 `inbox` 文件夹）。有新文件、文件有改动时，
为有变化的年度各启动一次“年报收集”。已经读取过的文件不会重复读取。""",
)
def gongkai_inbox() -> None:
    """Order one collecting run for each year that has something new."""

    @task(task_display_name="哪些年度有新文件")
    def orders() -> list[dict[str, Any]]:
        events = get_current_context()["triggering_asset_events"].get(INBOX, [])
        years = {year for event in events for year in event.extra["payload"]["years"]}
        return [{"year": year or None} for year in sorted(years)]

    TriggerDagRunOperator.partial(
        task_id="collect", task_display_name="启动年报收集", trigger_dag_id="gongkai_collect"
    ).expand(conf=orders())


gongkai_inbox()
