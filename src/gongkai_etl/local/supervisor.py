"""The process that owns the embedded stack: ``python -m gongkai_etl.local.supervisor HOME [PARENT_PID]``.

It runs what ``run/wanted.json`` names, starts again what falls over, reports in ``run/state.json``, and ends
everything when it is told to (TERM, INT), when the list is empty, or when the process PARENT_PID is gone.
All children are signalled by the kernel if it is killed itself.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

import psutil

from gongkai_etl.local.home import Home, locked, read_json, write_json
from gongkai_etl.local.processes import Component, alive, end, session_members, spawn

_TICK_S = 0.1
_CALM_AFTER_S = 60.0
_LONGEST_PAUSE_S = 30.0


@dataclass(slots=True)
class Run:
    """One component as it runs: its process, when it started, how often it fell over, when it may start again."""

    component: Component
    process: subprocess.Popen[bytes] | None = None
    created: float = 0.0
    started: float = 0.0
    falls: int = 0
    exit_code: int | None = None
    not_before: float = 0.0


class Supervisor:
    """Keeps the wanted components running, in their order; ends them in the opposite order."""

    def __init__(self, home: Home, parent: psutil.Process | None) -> None:
        self.home = home
        self.parent = parent
        self.runs: dict[str, Run] = {}
        self.over = False
        self._seen = -1
        self._reported: dict[str, Any] = {}

    def main(self) -> None:
        """Run until told to end."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._told)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        try:
            while not self.over:
                self._read_wanted()
                self._keep()
                self._report()
                self.over = self.over or self._orphaned() or not self.runs
                time.sleep(_TICK_S)
        finally:
            self._end([*self.runs])
            self._report()

    def _told(self, _number: int, _frame: FrameType | None) -> None:
        self.over = True

    def _orphaned(self) -> bool:
        return self.parent is not None and not alive(self.parent)

    def _read_wanted(self) -> None:
        try:
            stamp = self.home.wanted_file.stat().st_mtime_ns
        except FileNotFoundError:
            self.over = True
            return
        if stamp == self._seen:
            return
        self._seen = stamp
        wanted = [Component.from_json(item) for item in read_json(self.home.wanted_file).get("components", [])]
        changed = [n for n, run in self.runs.items() if run.component not in wanted]
        self._end(changed)
        self.runs = {c.name: self.runs.get(c.name) or Run(c) for c in wanted}

    def _keep(self) -> None:
        now = time.monotonic()
        for run in self.runs.values():
            if run.process is not None and (code := run.process.poll()) is not None:
                self._fell(run, code, now)
            if run.process is None and now >= run.not_before and not self.over:
                run.process = spawn(run.component, self.home.logs / f"{run.component.name}.log")
                run.started, run.created = now, psutil.Process(run.process.pid).create_time()
            if run.process is not None and now - run.started > _CALM_AFTER_S:
                run.falls = 0

    def _fell(self, run: Run, code: int, now: float) -> None:
        assert run.process is not None
        end(session_members([run.process.pid]), signal.SIGKILL, 0)
        run.process, run.exit_code = None, code
        run.falls += 1
        run.not_before = now + min(2.0 ** (run.falls - 1) - 1, _LONGEST_PAUSE_S)

    def _end(self, names: list[str]) -> None:
        gone = [self.runs.pop(name) for name in names]
        for stage in sorted({run.component.stage for run in gone}, reverse=True):
            _end_together([run for run in gone if run.component.stage == stage])

    def _report(self) -> None:
        state = {
            "components": {
                name: {
                    "pid": run.process.pid if run.process else None,
                    "created": run.created,
                    "falls": run.falls,
                    "exit_code": run.exit_code,
                    "stop_signal": int(run.component.stop_signal),
                    "stop_wait": run.component.stop_wait,
                }
                for name, run in self.runs.items()
            },
        }
        if state != self._reported and self.home.run.is_dir():
            self._reported = state
            write_json(self.home.state_file, state)


def _end_together(runs: list[Run]) -> None:
    running = [(run.component, run.process) for run in runs if run.process is not None]
    for component, process in running:
        process.send_signal(component.stop_signal)
    for component, process in running:
        end([psutil.Process(process.pid)], component.stop_signal, component.stop_wait)
        process.wait()
    end(session_members(process.pid for _, process in running), signal.SIGKILL, 0)


def main(arguments: list[str]) -> int:
    """Take the supervisor's lock and run; 1 when another supervisor holds it."""
    home = Home.at(Path(arguments[0]))
    try:
        parent = psutil.Process(int(arguments[1])) if len(arguments) > 1 else None
    except psutil.NoSuchProcess:
        return 0
    with locked(home.run / "supervisor.lock", wait=False) as mine:
        if not mine:
            return 1
        write_json(
            home.run / "supervisor.json", {"pid": psutil.Process().pid, "created": psutil.Process().create_time()}
        )
        Supervisor(home, parent).main()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
