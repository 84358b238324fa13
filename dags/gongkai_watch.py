"""公开后巡查：每周重新访问各单位网站，发现悄悄改动的报告。"""

from __future__ import annotations

from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import dag
from pendulum import datetime

from gongkai_etl.dag_parts import ORDERING
from gongkai_etl.timetable import CHINA, SeasonTimetable


@dag(
    dag_id="gongkai_watch",
    dag_display_name="公开后巡查",
    schedule=SeasonTimetable(hour=7, weekday=0),
    start_date=datetime(2020, 1, 1, tz=CHINA),
    catchup=False,
    tags=["政府信息公开", "年报"],
    default_args=ORDERING,
    doc_md="""### 公开后巡查
1月至3月每周一运行：让“年报收集”把已取到报告的网站也重新看一遍。网页有变化的存为新版本，
并生成一条说明哪些数字、哪些部分被改动的问题；没有变化的不重复下载。""",
)
def gongkai_watch() -> None:
    """Order a collecting run that looks at every source again."""
    TriggerDagRunOperator(
        task_id="revisit",
        task_display_name="重新访问网站",
        trigger_dag_id="gongkai_collect",
        conf={"revisit": True},
    )


gongkai_watch()
