"""年报收集：取文件、读取、核对、入库。每个单位一个任务，逻辑在 ``gongkai_etl.steps``。"""

from __future__ import annotations

from typing import Any

from airflow.sdk import Param, dag, get_current_context, task
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException
from pendulum import datetime

from gongkai_etl.dag_parts import FIGURES, WORKING, deadline
from gongkai_etl.pools import READING, WEB
from gongkai_etl.timetable import CHINA, SeasonTimetable


def _choices() -> list[str]:
    from gongkai_etl.settings import settings
    from gongkai_etl.steps.plan import unit_choices

    return unit_choices(settings().roster)


@dag(
    dag_id="gongkai_collect",
    dag_display_name="年报收集",
    schedule=SeasonTimetable(hour=9),
    start_date=datetime(2020, 1, 1, tz=CHINA),
    catchup=False,
    max_active_runs=1,
    tags=["政府信息公开", "年报"],
    default_args=WORKING,
    deadline=[deadline(1, 31), deadline(3, 31)],
    params={
        "year": Param(
            None, type=["null", "integer"], minimum=2019, title="报告年度", description="不填：运行日期的上一年"
        ),
        "county": Param(None, type=["null", "string"], title="县（市、区）", description="不填：名册中的县本级"),
        "units": Param(
            None,
            type=["null", "array"],
            examples=_choices(),
            title="单位",
            description="不选：名册中全部应报送的单位",
        ),
        "revisit": Param(
            False, type=["null", "boolean"], title="重新访问网站", description="已取到报告的单位也再看一遍"
        ),
    },
    doc_md="""### 年报收集
每年1月1日至3月31日每天运行，也可随时触发或回填早先年度（2019年起）。
从收件箱（存储桶 `inbox/年度/单位/文件` 或数据目录下的 `inbox` 文件夹）和网站取文件，每个单位一个任务：
存原件、在受限进程中读取；要访问网站的单位用另一个池，网站慢不耽误别的单位。然后全县一次核对、入库。
读不出的文件成为 READ 类问题，原件留在 `quarantine/`，不影响其他单位。任何一步中断后重新运行即可，不会重复入库。""",
)
def gongkai_collect() -> None:
    """List the roster, one task a unit, one check, one load."""

    @task(task_display_name="准备名册和收件箱")
    def plan() -> list[Any]:
        from gongkai_etl.steps.plan import by_pool, checked_year, plan
        from gongkai_etl.steps.stores import stores

        context = get_current_context()
        params = context["params"]
        year = checked_year(params["year"], stores().settings, context.get("logical_date"))
        works = plan(stores(), year, params["county"] or "", params["units"] or [], bool(params["revisit"]))
        visited, received = by_pool(works)
        context["ti"].xcom_push(key="year", value=year)
        context["ti"].xcom_push(key="visited", value=visited)
        return received

    @task(task_display_name="要访问的网站")
    def sites(works: list[Any]) -> list[Any]:
        return works  # only what a task returns can be mapped

    @task(map_index_template="{{ unit }}")
    def unit(work: dict[str, Any]) -> None:
        from gongkai_etl.steps.collecting import collect
        from gongkai_etl.steps.report import tell_taken
        from gongkai_etl.steps.stores import stores

        get_current_context()["unit"] = work["label"]  # type: ignore[typeddict-unknown-key]
        tell_taken(work["label"], collect(stores(), work))  # type: ignore[arg-type]

    @task(task_display_name="全县核对", trigger_rule="all_done")
    def check() -> int:
        from gongkai_etl.steps.checking import check_year
        from gongkai_etl.steps.stores import stores

        year: int | None = get_current_context()["ti"].xcom_pull(task_ids="plan", key="year")
        if year is None:
            raise AirflowFailException("收集没有开始，原因见任务“准备名册和收件箱”的日志")
        check_year(stores(), year)
        return year

    @task(task_display_name="入库", outlets=[FIGURES])
    def load(year: int, *, outlet_events: Any = None) -> None:
        from gongkai_etl.steps.checking import load_year
        from gongkai_etl.steps.release import worth_asking
        from gongkai_etl.steps.report import tell_year
        from gongkai_etl.steps.stores import stores

        load_year(stores(), year)
        tell_year(stores(), year)
        if not worth_asking(stores(), year):
            raise AirflowSkipException("没有需要核准的变化")
        outlet_events[FIGURES].extra = {"year": year}

    planned: Any = plan()
    received = unit.override(task_display_name="取文件并读取", pool=READING).expand(work=planned)
    visited = unit.override(task_id="visit", task_display_name="访问网站、取文件并读取", pool=WEB).expand(
        work=sites(planned["visited"])
    )
    checked = check()
    [received, visited] >> checked
    load(checked)  # type: ignore[arg-type]


gongkai_collect()
