"""The caller's side of the supervisor: start it, tell it what to run, see what became of that, end it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import Any

import psutil

from gongkai_etl.errors import StoreError
from gongkai_etl.local.home import Home, read_json, write_json
from gongkai_etl.local.prepare import wait_for
from gongkai_etl.local.processes import Component, end, end_leftovers, find

_FALLS_TOO_OFTEN = 3
_LONGEST_STOP_S = 60.0

# Popen objects are kept, so that a supervisor that has ended does not stay a zombie of a long-lived caller.
_children: list[subprocess.Popen[bytes]] = []


class Owner:
    """The supervisor of one home, whether or not it runs."""

    def __init__(self, home: Home) -> None:
        self.home = home

    def process(self) -> psutil.Process | None:
        """The running supervisor."""
        noted = read_json(self.home.run / "supervisor.json")
        return find(noted["pid"], noted["created"]) if noted else None

    def wanted(self) -> list[Component]:
        """What the running supervisor was told to run."""
        if self.process() is None:
            return []
        return [Component.from_json(item) for item in read_json(self.home.wanted_file).get("components", [])]

    def want(self, components: list[Component], *, bound: bool = False) -> None:
        """Let the supervisor run ``components`` and nothing else; start it if it does not run.

        Args:
            components: in the order in which they start.
            bound: a supervisor that is started now ends with this process.

        Raises:
            StoreError: it did not start.
        """
        write_json(self.home.wanted_file, {"components": [component.to_json() for component in components]})
        if self.process() is None:
            self._start(bound)

    def _start(self, bound: bool) -> None:
        parent = [str(os.getpid())] if bound else []
        with (self.home.logs / "supervisor.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "gongkai_etl.local.supervisor", str(self.home.path), *parent],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        _children.append(process)
        if not wait_for(lambda: self.process() is not None, 15.0, lambda: process.poll() is not None):
            raise StoreError("STORE-SUPERVISOR", self.why(["supervisor"]))
        self.home.remember(supervisor=process.pid)

    def stop(self) -> bool:
        """End it and all that it runs, and what a dead one left behind; gives whether there was anything."""
        process = self.process()
        if process is not None:
            end([process], signal.SIGTERM, _LONGEST_STOP_S)
        left = end_leftovers(read_json(self.home.state_file))
        self.home.state_file.unlink(missing_ok=True)
        if self.home.facts_file.exists():
            self.home.remember(supervisor=None)
        return process is not None or left > 0

    def state(self) -> dict[str, dict[str, Any]]:
        """What the supervisor says of each component: pid, created, falls, exit_code."""
        found: dict[str, dict[str, Any]] = read_json(self.home.state_file).get("components", {})
        return found

    def failing(self) -> bool:
        """Whether waiting makes no sense: it has ended, or a component falls over again and again."""
        return self.process() is None or any(entry["falls"] >= _FALLS_TOO_OFTEN for entry in self.state().values())

    def why(self, names: list[str]) -> str:
        """The ends of the logs of those components that fell over (of all ``names`` when none did), in Chinese."""
        state = self.state()
        fallen = [name for name in names if state.get(name, {}).get("falls")] or names
        tails = []
        for name in fallen:
            log = self.home.logs / f"{name}.log"
            lines = log.read_text(encoding="utf-8", errors="replace").splitlines()[-8:] if log.exists() else []
            tails.append(f"{log}：\n" + "\n".join(lines))
        return "没有启动成功。日志末尾如下，先看最后一行的原因：\n" + "\n".join(tails)
