"""The production processes without Docker: a county through Celery workers, one of which is killed half-way.

``python -m deploy.celery_trial [--units 60] [--keep HOME]`` starts PostgreSQL, the S3 server, Redis, the API server,
the scheduler, the DAG processor and two Celery workers, hands in a report for every unit, kills one worker with
all it runs, and tells whether every figure arrived exactly once. Exit status 0 when it did.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import psutil

from gongkai_etl.local import airflow
from gongkai_etl.local.ports import HOST, choose
from gongkai_etl.local.prepare import wait_for
from gongkai_etl.local.processes import Component, end, session_members, spawn
from gongkai_etl.local.stack import Stack

COUNTY, YEAR = "试行县", 2025
_LONGEST_S = 900


def say(text: str) -> None:
    """One line of progress with the time."""
    print(time.strftime("%H:%M:%S"), text, flush=True)  # noqa: T201


def hand_in(stack: Stack, count: int) -> Path:
    """A roster of ``count`` towns, and a faultless report of each in the inbox; gives the roster."""
    import random

    from gongkai_etl.settings import Settings
    from gongkai_etl.store import keys
    from gongkai_etl.store.objects import ObjectStore
    from tests.writers import prose, web
    from tests.writers.truth import random_truth

    objects = ObjectStore.connect(Settings(home=stack.home.path))
    names = [f"{first}{second}镇" for first in "青白龙柳竹松梨榆" for second in "溪坪湾桥塘埠墩沟"][:count]
    for number, name in enumerate(names):
        truth = replace(random_truth(number, size="medium"), county=COUNTY, unit_short=name, year=YEAR)
        title = prose.title(random.Random(number), truth.unit, YEAR)  # noqa: S311
        signer = f"{COUNTY}{name}人民政府"
        truth = replace(truth, title=title, signed_by=signer, issued_on=date(YEAR + 1, 1, 12)).retold()
        objects.put(keys.inbox(YEAR, name, "年度报告.html"), web.write(truth, "plain", number), "text/html")
    roster = stack.home.path / "units.csv"
    rows = [f"{10_000 + number},{name},乡镇,10" for number, name in enumerate(names)]
    roster.write_text("\n".join(["code,name,kind,parent", f"10,{COUNTY},县,", *rows]) + "\n", encoding="utf-8")
    return roster


def environment(stack: Stack, roster: Path, redis: int) -> dict[str, str]:
    """That of docker-compose.yml, on this machine; a lost worker is noticed sooner than there."""
    broker = f"redis://{HOST}:{redis}"
    return {
        **os.environ,
        **stack.environment(),
        "GONGKAI_ROSTER": str(roster),
        "AIRFLOW__CORE__EXECUTOR": "CeleryExecutor",
        "AIRFLOW__CELERY__BROKER_URL": f"{broker}/0",
        "AIRFLOW__CELERY__RESULT_BACKEND": f"{broker}/1",
        "AIRFLOW__CELERY__WORKER_CONCURRENCY": "2",
        "AIRFLOW__CELERY_BROKER_TRANSPORT_OPTIONS__VISIBILITY_TIMEOUT": "7200",
        "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "20",
        "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT_DETECTION_INTERVAL": "5",
        "AIRFLOW__SCHEDULER__TASK_QUEUED_TIMEOUT": "40",
        "AIRFLOW__SCHEDULER__TASK_QUEUED_TIMEOUT_CHECK_INTERVAL": "10",
        "PYTHONDONTWRITEBYTECODE": "",
    }


@contextmanager
def processes(stack: Stack, env: dict[str, str], redis: int) -> Iterator[dict[str, subprocess.Popen[bytes]]]:
    """All processes but the stores, as in production; they end with this one."""
    server = shutil.which("redis-server")
    if server is None:
        sys.exit("没有 redis-server。Debian：apt-get install redis-server")
    commands = {
        "redis": [server, "--port", str(redis), "--bind", HOST, "--save", "", "--dir", str(stack.home.path)],
        **{name: [sys.executable, "-m", "airflow", *words] for name, words in airflow.COMPONENTS.items()},
        **{name: _worker(name) for name in ("worker-1", "worker-2")},
    }
    airflow.write_passwords(stack.home)
    running = {
        name: spawn(
            Component(name, tuple(words), env, str(airflow.project_root())), stack.home.logs / f"{name}.log"
        )
        for name, words in commands.items()
    }
    try:
        yield running
    finally:
        end([psutil.Process(each.pid) for each in running.values() if each.poll() is None], signal.SIGTERM, 20)
        end(session_members(each.pid for each in running.values()), signal.SIGKILL, 0)


def _worker(name: str) -> list[str]:
    words = ["celery", "worker", "--skip-serve-logs", "--celery-hostname", f"{name}@trial"]
    return [sys.executable, "-m", "airflow", *words]


class Api:
    """Airflow's REST interface, as the operator."""

    def __init__(self, stack: Stack) -> None:
        self.base = stack.ui_url
        self._token = ""
        password = stack.home.secrets()["admin"]
        self._token = self.call("/auth/token", {"username": "admin", "password": password})["access_token"]

    def call(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """POST ``body``, or GET when there is none."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self._token}"}
        request = urllib.request.Request(self.base + path, data=data, headers=headers)  # noqa: S310
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=30) as answer:
            told: dict[str, Any] = json.load(answer)
        return told

    def tasks(self, run: str) -> list[dict[str, Any]]:
        """The task instances of a run of ``gongkai_collect``."""
        path = f"/api/v2/dags/gongkai_collect/dagRuns/{run}/taskInstances?limit=500"
        found: list[dict[str, Any]] = self.call(path)["task_instances"]
        return found


def follow(api: Api, run: str, victim: int, idle: int, kill_at: int) -> str:
    """Wait for the run; gives its end state.

    Once ``kill_at`` units are done and the worker ``victim`` has more than its ``idle`` processes, so that it is
    in the middle of a task, all of them are killed.
    """
    began, killed = time.monotonic(), False
    while time.monotonic() - began < _LONGEST_S:
        states = [task["state"] for task in api.tasks(run) if task["task_id"] == "unit"]
        done = states.count("success")
        members = session_members([victim])
        if not killed and done >= kill_at and len(members) > idle:
            end(members, signal.SIGKILL, 0)
            killed = True
            say(f"已完成 {done} 个单位；杀死一个工作进程和它正在做的 {len(members) - idle} 个任务")
        state: str = api.call(f"/api/v2/dags/gongkai_collect/dagRuns/{run}")["state"]
        if state in ("success", "failed"):
            say(f"运行结束：{state}，{time.monotonic() - began:.0f} 秒")
            return state if killed else "worker was never killed"
        time.sleep(0.3)
    return "timeout"


def judge(stack: Stack, api: Api, run: str, count: int) -> list[str]:
    """What is wrong in the warehouse: each unit must be there once, with all its figures."""
    import psycopg

    from gongkai_etl.local.prepare import conninfo

    wrong = []
    tasks = [task for task in api.tasks(run) if task["task_id"] == "unit"]
    again = [task for task in tasks if task["try_number"] > 1]
    say(f"单位任务 {len(tasks)} 个，其中重做 {len(again)} 个")
    if {task["state"] for task in tasks} != {"success"}:
        wrong.append("有单位任务没有成功")
    if not again:
        wrong.append("被杀的任务没有重做")
    with psycopg.connect(conninfo(stack.connections().database_url)) as server:
        rows = server.execute(
            "SELECT count(*), count(DISTINCT unit_code) FROM gongkai.report r WHERE r.year = %s", [YEAR]
        ).fetchone()
        cells = server.execute("SELECT count(*) FROM gongkai.cell").fetchone()
    say(f"仓库中的报告 {rows}，数字 {cells}")
    if rows != (count, count):
        wrong.append(f"报告数不对：{rows}")
    if cells != (count * 200,):
        wrong.append(f"数字个数不对：{cells}")
    return wrong


def main() -> int:
    """Run the trial."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=60)
    parser.add_argument("--keep", type=Path, help="folder for data and logs; kept afterwards")
    chosen = parser.parse_args()
    home = chosen.keep or Path(tempfile.mkdtemp(prefix="gongkai-celery-"))
    stack = Stack(home)
    try:
        stack.start(metadata=True, bound=True, say=say)
        redis = choose(["redis"], {}, {})["redis"]
        roster = hand_in(stack, chosen.units)
        env = environment(stack, roster, redis)
        with processes(stack, env, redis) as running:
            if not wait_for(lambda: airflow.is_healthy(stack.ports["ui"]), 180):
                say("Airflow 没有启动")
                return 1
            api = Api(stack)
            if not wait_for(
                lambda: any(d["dag_id"] == "gongkai_collect" for d in api.call("/api/v2/dags")["dags"]), 120
            ):
                say("流程没有出现")
                return 1
            run = f"celery-trial-{int(time.time())}"
            idle = len(session_members([running["worker-1"].pid]))
            asked = {"dag_run_id": run, "logical_date": None, "conf": {"year": YEAR}}
            api.call("/api/v2/dags/gongkai_collect/dagRuns", asked)
            say(f"已触发：{chosen.units} 个单位，两个工作进程")
            ended = follow(api, run, running["worker-1"].pid, idle, chosen.units // 4)
            wrong = judge(stack, api, run, chosen.units) if ended == "success" else [ended]
    finally:
        stack.stop()
        if chosen.keep is None:
            shutil.rmtree(home, ignore_errors=True)
    say("通过：一个工作进程被杀，全部单位的数字各到一次" if not wrong else "没有通过：" + "；".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
