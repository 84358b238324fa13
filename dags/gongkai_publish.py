"""汇总发布：入库后生成汇总，等待核准，写入公开存储桶。逻辑在 ``gongkai_etl.steps.release``。"""

from __future__ import annotations

from typing import Any

from airflow.providers.standard.operators.hitl import HITLBranchOperator
from airflow.sdk import Param, dag, get_current_context, task
from airflow.sdk.exceptions import AirflowSkipException

from gongkai_etl.dag_parts import FIGURES, WORKING, deadline

APPROVE, REFUSE = "批准发布", "退回"


@dag(
    dag_id="gongkai_publish",
    dag_display_name="汇总发布",
    schedule=[FIGURES],
    catchup=False,
    tags=["政府信息公开", "发布"],
    default_args=WORKING,
    deadline=deadline(3, 31),
    params={
        "year": Param(
            None, type=["null", "integer"], minimum=2019, title="报告年度", description="不填：刚入库的年度"
        ),
        "wait_for_approval": Param(True, type=["null", "boolean"], title="等待人工核准"),
        "reason": Param(None, type=["null", "string"], title="理由", description="不等待核准时，说明为何可以发布"),
    },
    doc_md="""### 汇总发布
年报入库后自动运行：汇总各单位数据，在“待办”里等待核准。待办正文列出已收到和未报送的单位、未销号的错误、
与上年合计的比较。批准后写入公开存储桶，`latest` 指向新版本；退回的理由记入发布记录。
数据与现行发布相同时不再发布。等待期间数据又有变化时，会出现新的待办：请按最新的一条核准，
旧的一条即使批准也不会发布。""",
)
def gongkai_publish() -> None:
    """Summary, approval, release or refusal."""

    @task(task_display_name="生成汇总")
    def summarise() -> dict[str, Any]:
        from gongkai_etl.steps.release import summarise
        from gongkai_etl.steps.stores import stores

        context = get_current_context()
        year = context["params"]["year"]
        events = context["triggering_asset_events"].get(FIGURES, [])
        years = [event.extra["year"] for event in events] if year is None else [year]
        return dict(summarise(stores(), years, ordered=year is not None))

    @task.branch(task_display_name="是否需要核准")
    def gate(summary: dict[str, Any]) -> str | None:
        if not summary["pending"]:
            return None
        return "release" if get_current_context()["params"]["wait_for_approval"] is False else "approve"

    approve = HITLBranchOperator(
        task_id="approve",
        task_display_name="核准",
        subject="核准{{ ti.xcom_pull(task_ids='summarise')['years'] | join('、') }}年度数据的发布",
        body="{{ ti.xcom_pull(task_ids='summarise')['body'] }}",
        options=[APPROVE, REFUSE],
        options_mapping={APPROVE: "release", REFUSE: "refuse"},
        params={"reason": Param(None, type=["null", "string"], title="理由（退回，或有未能说明的数据时必填）")},
    )

    @task(task_display_name="发布", trigger_rule="none_failed_min_one_success")
    def release(summary: dict[str, Any]) -> None:
        from gongkai_etl.steps.release import BY_ITSELF, publish, still_as_approved
        from gongkai_etl.steps.stores import stores

        context = get_current_context()
        if not still_as_approved(stores(), summary):  # type: ignore[arg-type]
            raise AirflowSkipException("等待核准期间数据有变化")
        asked = context["params"]["wait_for_approval"] is not False
        # Only an approval that was waited for has an answer to be fetched.
        answer: Any = context["ti"].xcom_pull(task_ids="approve") if asked else None
        publish(
            stores(),
            summary["years"],
            *(_decided(answer) if answer else (BY_ITSELF, context["params"]["reason"] or "")),
        )

    @task(task_display_name="记录退回")
    def refuse(summary: dict[str, Any], answer: dict[str, Any]) -> None:
        from gongkai_etl.steps.release import refuse
        from gongkai_etl.steps.stores import stores

        refuse(stores(), summary["years"], *_decided(answer))

    summary: Any = summarise()
    chosen = gate(summary)
    released = release(summary)
    chosen >> [approve, released]
    answer: Any = approve.output
    refuse(summary, answer)
    approve >> released


def _decided(answer: dict[str, Any]) -> tuple[str, str]:
    """Who answered the required action, and why."""
    user = answer.get("responded_by_user") or {}
    name = user.get("name") or user.get("id") if isinstance(user, dict) else str(user)
    return str(name or "核准人"), str((answer.get("params_input") or {}).get("reason") or "")


gongkai_publish()
