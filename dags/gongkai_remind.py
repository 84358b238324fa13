"""催报提醒：期限前若干天，向未报送的单位和群机器人发送提醒（默认不发送）。"""

from __future__ import annotations

from airflow.sdk import Param, dag, get_current_context, task
from pendulum import datetime

from gongkai_etl.dag_parts import ORDERING
from gongkai_etl.timetable import CHINA, SeasonTimetable


@dag(
    dag_id="gongkai_remind",
    dag_display_name="催报提醒",
    schedule=SeasonTimetable(hour=8),
    start_date=datetime(2020, 1, 1, tz=CHINA),
    catchup=False,
    tags=["政府信息公开", "年报"],
    default_args=ORDERING,
    params={
        "year": Param(
            None, type=["null", "integer"], minimum=2019, title="报告年度", description="不填：运行日期的上一年"
        )
    },
    doc_md="""### 催报提醒
1月至3月每天运行。距报送期限的天数等于设置 `GONGKAI_REMIND_DAYS` 中的一个时，提醒未报送的单位；逾期后每周一次。
邮件、企业微信、钉钉分别由 `GONGKAI_SMTP_*`、`GONGKAI_WECOM_WEBHOOK`、`GONGKAI_DINGTALK_*` 开启，
都不设置时只在日志中列出。""",
)
def gongkai_remind() -> None:
    """Say who is missing."""

    @task(task_display_name="提醒未报送单位")
    def remind() -> list[str]:
        from gongkai_etl.steps.alarms import remind
        from gongkai_etl.steps.plan import checked_year
        from gongkai_etl.steps.stores import stores

        context = get_current_context()
        year = checked_year(context["params"]["year"], stores().settings, context.get("logical_date"))
        return remind(stores(), year)

    remind()


gongkai_remind()
