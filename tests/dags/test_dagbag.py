"""The DAG files parse, quickly, and say in Chinese what they are."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

DAGS = Path(__file__).parents[2] / "dags"
NAMES = {"gongkai_collect", "gongkai_publish", "gongkai_watch", "gongkai_remind", "gongkai_inbox"}


@pytest.fixture(scope="module")
def bag(airflow_stack: Any) -> Any:
    from airflow.dag_processing.dagbag import DagBag

    return DagBag(DAGS)


@pytest.mark.integration
def test_no_file_has_an_import_error(bag: Any) -> None:
    assert bag.import_errors == {}
    assert set(bag.dags) >= NAMES


@pytest.mark.integration
def test_every_dag_is_explained_owned_and_shown_in_chinese(bag: Any) -> None:
    for dag in bag.dags.values():
        assert re.search(r"[\u4e00-\u9fff]", dag.dag_display_name), dag.dag_id
        assert dag.doc_md
        assert dag.tags
        for task in dag.tasks:
            assert re.search(r"[\u4e00-\u9fff]", task.task_display_name), task.task_id
            assert task.owner == "政务公开办"


@pytest.mark.integration
def test_only_network_errors_are_tried_again(bag: Any) -> None:
    from airflow.sdk import RetryAction

    from gongkai_etl.errors import RosterError
    from gongkai_etl.store.trouble import StoreUnavailableError

    policy = bag.dags["gongkai_collect"].get_task("unit").retry_policy
    gone = policy.evaluate(StoreUnavailableError("STORE-OBJECTS", "没有应答"), 1, 5)
    wrong = policy.evaluate(RosterError("ROSTER-UNKNOWN", "没有这个单位"), 1, 5)
    assert (gone.action, wrong.action) == (RetryAction.RETRY, RetryAction.FAIL)


@pytest.mark.integration
def test_a_slow_web_site_holds_no_reading_place(bag: Any) -> None:
    from gongkai_etl.pools import READING, WEB

    dag = bag.dags["gongkai_collect"]
    assert (dag.get_task("unit").pool, dag.get_task("visit").pool) == (READING, WEB)


def test_files_stay_a_screen_long_and_import_nothing_heavy() -> None:
    code = (
        "import sys, runpy\n"
        "import airflow.sdk, airflow.providers.standard.operators.hitl\n"
        "before = set(sys.modules)\n"
        f"[runpy.run_path(str(p)) for p in {[str(p) for p in sorted(DAGS.glob('*.py'))]!r}]\n"
        "print(sorted({m.split('.')[0] for m in set(sys.modules) - before}))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(re.findall(r"'(\w+)'", done.stdout.splitlines()[-1]))
    assert not loaded & {"great_expectations", "pandas", "pdfplumber", "pypdfium2", "minio", "docx", "rapidocr"}
    for path in DAGS.glob("*.py"):
        assert len(path.read_text("utf-8").splitlines()) <= 150, path.name
