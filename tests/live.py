"""The whole stack with its scheduler, on a home of its own: for tests of what only a running Airflow does."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from gongkai_etl.local.home import Home
from gongkai_etl.local.owner import Owner

ROOT = Path(__file__).parents[1]
LONGEST_S = 900.0


@dataclass(frozen=True)
class Live:
    """A running stack; ``environment`` is that of its processes."""

    home: Path
    base: str
    environment: Mapping[str, str]

    def python(self, code: str) -> str:
        """Run ``code`` as one of its programs; gives what it printed."""
        return subprocess.run(
            [sys.executable, "-c", code], env=dict(self.environment), cwd=ROOT, check=True, stdout=subprocess.PIPE
        ).stdout.decode()

    def gongkai(self, *words: str) -> str:
        """Run the command."""
        return self.python(f"import sys; sys.argv[1:] = {list(words)!r}; from gongkai_etl.cli import main; main()")

    @cached_property
    def passwords(self) -> dict[str, str]:
        """User of the UI → password."""
        found: dict[str, str] = json.loads((self.home / "airflow/passwords.json").read_text())
        return found

    @cached_property
    def _token(self) -> str:
        given = {"username": "admin", "password": self.passwords["admin"]}
        return str(self._ask("POST", "/auth/token", given, {})["access_token"])

    def call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """Airflow's REST interface, as the administrator."""
        return self._ask(method, path, body, {"Authorization": f"Bearer {self._token}"})

    def _ask(self, method: str, path: str, body: Mapping[str, Any] | None, headers: dict[str, str]) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            self.base + path, data, {"Content-Type": "application/json", **headers}, method=method
        )
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=60) as answer:
            return json.load(answer)

    def trigger(self, dag: str, conf: Mapping[str, Any]) -> str:
        """Start a run; gives its id."""
        asked = {"logical_date": None, "conf": dict(conf)}
        return str(self.call("POST", f"/api/v2/dags/{dag}/dagRuns", asked)["dag_run_id"])

    def tasks(self, dag: str, run: str) -> list[dict[str, Any]]:
        """The task instances of a run."""
        found: list[dict[str, Any]] = self.call(
            "GET", f"/api/v2/dags/{dag}/dagRuns/{run}/taskInstances?limit=500"
        )["task_instances"]
        return found

    def finish(self, dag: str, run: str) -> str:
        """Wait for a run; gives its end state. The API may be away for a while."""
        end = time.monotonic() + LONGEST_S
        while time.monotonic() < end:
            try:
                state = str(self.call("GET", f"/api/v2/dags/{dag}/dagRuns/{run}")["state"])
            except OSError:
                state = ""
            if state in ("success", "failed"):
                return state
            time.sleep(1)
        raise AssertionError(f"{dag} {run} does not end")

    def parsed(self, dag: str) -> None:
        """Wait until a DAG is known."""
        end = time.monotonic() + LONGEST_S
        while dag not in {one["dag_id"] for one in self.call("GET", "/api/v2/dags?limit=100")["dags"]}:
            assert time.monotonic() < end, f"{dag} does not appear"
            time.sleep(0.5)

    def pause(self, dag: str) -> None:
        """Let a DAG start nothing by itself."""
        self.parsed(dag)
        self.call("PATCH", f"/api/v2/dags/{dag}", {"is_paused": True})

    @contextmanager
    def without(self, component: str) -> Iterator[None]:
        """The stack while one of its servers is down."""
        owner = Owner(Home.at(self.home))
        every = owner.wanted()
        owner.want([one for one in every if one.name != component])
        try:
            yield
        finally:
            owner.want(every)


@contextmanager
def live(given: Mapping[str, object], folder: Path | None = None) -> Iterator[Live]:
    """A stack with Airflow and the settings ``given`` (without GONGKAI_), stopped and removed afterwards."""
    top = folder or Path(tempfile.mkdtemp(prefix="gongkai-live-"))
    top.chmod(0o755)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GONGKAI_", "AIRFLOW_"))}
    ours = {"HOME": top / "home", "UI_PORT": port, **given}
    environment = kept | {f"GONGKAI_{name}": str(value) for name, value in ours.items()}
    stack = Live(top / "home", f"http://127.0.0.1:{port}", environment)
    try:
        stack.gongkai("up")
        yield stack
    finally:
        stack.gongkai("down")
        shutil.rmtree(top, ignore_errors=True)


def put_samples(stack: Live, samples: Path) -> None:
    """The files of a samples folder into the inbox."""
    stack.python(
        "from pathlib import Path; from gongkai_etl.steps.samples import put; "
        f"from gongkai_etl.steps.stores import stores; put(stores(), Path({str(samples)!r}))"
    )
