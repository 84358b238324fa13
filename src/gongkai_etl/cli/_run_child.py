"""The stores up for as long as a command needs them, and the DAGs in a child whose progress is shown."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gongkai_etl.errors import StoreError

if TYPE_CHECKING:
    from rich.console import Console

    from gongkai_etl.local.stack import Stack

Runs = Sequence[tuple[str, dict[str, Any]]]

_TITLES = {"gongkai_collect": "年报收集", "gongkai_publish": "汇总发布"}


@contextmanager
def stores_up(console: Console, roster: Path | None = None) -> Iterator[Stack]:
    """The embedded stack with Airflow's tables; it goes on afterwards, as ``gongkai up`` would leave it.

    ``roster`` takes the place of the setting for this process and its children.
    """
    from gongkai_etl.local.stack import Stack, airflow_environment
    from gongkai_etl.settings import settings

    if roster is not None:
        os.environ["GONGKAI_ROSTER"] = str(roster)
        settings.cache_clear()
    stack = Stack(settings=settings())
    with console.status("启动中…") as spinner:
        stack.start(metadata=True, say=lambda text: spinner.update(f"{text}…"))
    os.environ.update(airflow_environment(stack))
    settings.cache_clear()
    yield stack


def follow(console: Console, stack: Stack, runs: Runs) -> None:
    """Run the DAGs in a child and show each unit as it is done. Raises StoreError when a run fails."""
    logs = stack.home.path / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    log, progress = logs / "run.log", logs / "run.progress"
    progress.write_text("", encoding="utf-8")
    order = json.dumps({"runs": list(runs)}, ensure_ascii=False)
    with log.open("wb") as output:
        child = subprocess.Popen(
            [sys.executable, "-m", "gongkai_etl.steps.inprocess", order],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, "GONGKAI_PROGRESS": str(progress)},
        )
    try:
        _watch(console, child, progress, log)
    finally:
        if child.poll() is None:
            child.terminate()
            child.wait(15)


def _watch(console: Console, child: subprocess.Popen[bytes], progress: Path, log: Path) -> None:
    """Show the child's progress until it ends."""
    from gongkai_etl.steps.inprocess import FAILED

    why = ""
    with console.status("准备流程…") as spinner, progress.open(encoding="utf-8") as lines:
        while True:
            ended = child.poll() is not None
            for line in iter(lines.readline, ""):
                words = line.strip()
                if words.startswith(FAILED):
                    why = words.removeprefix(FAILED)
                elif words.startswith("::"):
                    dag_id, _, year = words.removeprefix("::").partition(" ")
                    console.print(f"[bold]{_TITLES.get(dag_id, dag_id)}[/] {year}", highlight=False)
                else:
                    spinner.update(words)
            if ended:
                break
            time.sleep(0.1)
    if child.returncode:
        raise StoreError(
            "STORE-RUN", f"流程没有完成：{why or '意外中断'}。原因见日志 {log}；改正后再次运行即可继续。"
        )
