"""Child processes that cannot outlive their owner: start, stop, and the hunt for what a crash left behind."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import psutil

_PR_SET_PDEATHSIG = 1
_ROTATE_AT_BYTES = 5_000_000


@dataclass(frozen=True, slots=True)
class Component:
    """A program to keep running.

    ``user`` is the numeric id to run as (None: as we are); ``stop_signal`` asks it to end, and it is
    killed after ``stop_wait`` seconds. Components of a higher ``stage`` end before those of a lower one.
    """

    name: str
    argv: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)
    cwd: str | None = None
    user: int | None = None
    stop_signal: int = signal.SIGTERM
    stop_wait: float = 15.0
    stage: int = 0

    def to_json(self) -> dict[str, Any]:
        """A JSON object with all fields."""
        return {
            **asdict(self),
            "env": dict(self.env),
            "argv": list(self.argv),
            "stop_signal": int(self.stop_signal),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Component:
        """The component that ``to_json`` wrote."""
        return cls(**{**value, "argv": tuple(value["argv"])})


def dies_with_parent(stop_signal: int) -> Callable[[], None]:
    """What a child runs before its program starts: be signalled when the parent dies (Linux)."""
    parent = os.getpid()
    prctl = ctypes.CDLL(None).prctl if sys.platform == "linux" else None

    def arm() -> None:
        if prctl is not None:
            prctl(_PR_SET_PDEATHSIG, int(stop_signal), 0, 0, 0)
        if os.getppid() != parent:  # it died before we could ask
            os._exit(1)

    return arm


def spawn(component: Component, log: Path) -> subprocess.Popen[bytes]:
    """Start ``component`` as the leader of its own session; it dies with this process. Output goes to ``log``."""
    if log.exists() and log.stat().st_size > _ROTATE_AT_BYTES:
        log.replace(log.with_suffix(".old.log"))
    identity: dict[str, Any] = {}
    if component.user is not None:
        identity = {"user": component.user, "group": group_of(component.user), "extra_groups": []}
    with log.open("ab") as output:
        return subprocess.Popen(
            component.argv,
            env=dict(component.env),
            cwd=component.cwd,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=dies_with_parent(component.stop_signal),
            **identity,
        )


def group_of(user: int) -> int:
    """The first group of the user with the numeric id ``user``."""
    import pwd

    return pwd.getpwuid(user).pw_gid


def alive(process: psutil.Process) -> bool:
    """Whether it runs: a zombie that nobody collects does not."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def find(pid: int, created: float) -> psutil.Process | None:
    """The process ``pid`` if it still is the one that was started at ``created`` (seconds since 1970)."""
    try:
        process = psutil.Process(pid)
        same = abs(process.create_time() - created) < 1.0
    except psutil.NoSuchProcess:
        return None
    return process if same and alive(process) else None


def session_members(sessions: Iterable[int]) -> list[psutil.Process]:
    """All living processes of the sessions (a session is named by the pid of its first process)."""
    wanted = set(sessions)
    found = []
    for process in psutil.process_iter():
        try:
            if process.pid != os.getpid() and os.getsid(process.pid) in wanted and alive(process):
                found.append(process)
        except OSError:
            continue
    return found


def end(processes: Sequence[psutil.Process], stop_signal: int, wait: float) -> None:
    """Ask the processes to end, and kill those that have not after ``wait`` seconds."""
    _signal(processes, stop_signal)
    if left := _wait(processes, wait):
        _signal(left, signal.SIGKILL)
        _wait(left, 5.0)


def _signal(processes: Iterable[psutil.Process], number: int) -> None:
    for process in processes:
        try:
            process.send_signal(number)
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue


def _wait(processes: Sequence[psutil.Process], seconds: float) -> list[psutil.Process]:
    until = time.monotonic() + seconds
    left = [process for process in processes if alive(process)]
    while left and time.monotonic() < until:
        time.sleep(0.05)
        left = [process for process in left if alive(process)]
    return left


def end_leftovers(state: Mapping[str, Any]) -> int:
    """End what a dead supervisor's ``state`` says it ran; gives how many processes were found alive.

    A recorded session whose first process was replaced by a stranger with the same number is left alone.
    """
    count = 0
    for entry in state.get("components", {}).values():
        pid, created = entry.get("pid"), entry.get("created")
        if not pid or (psutil.pid_exists(pid) and not _same(pid, created)):
            continue
        members = session_members([pid])
        count += len(members)
        leader = [process for process in members if process.pid == pid]
        end(leader, entry["stop_signal"], entry["stop_wait"])
        end([process for process in members if alive(process)], signal.SIGKILL, 0)
    return count


def _same(pid: int, created: float) -> bool:
    try:
        return abs(psutil.Process(pid).create_time() - created) < 1.0
    except psutil.NoSuchProcess:
        return True
