"""Functions that reading processes run in tests of the guard."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from gongkai_etl.errors import ReadError
from gongkai_etl.read import progress


def work(data: bytes, name: str) -> object:
    command, _, argument = data.decode().partition(" ")
    return _COMMANDS[command](argument, name)


def _echo(argument: str, name: str) -> object:
    time.sleep(float(argument or 0))
    return {"name": name, "pid": os.getpid(), "folder": os.getcwd(), "environment": sorted(os.environ)}


def _steps(argument: str, name: str) -> object:
    """So many steps of 0.8 s."""
    for _ in range(int(argument)):
        progress.step()
        time.sleep(0.8)
    return "done"


def _hang(argument: str, name: str) -> object:
    while True:
        time.sleep(1)


def _grow(argument: str, name: str) -> object:
    kept = []
    while True:
        kept.append(bytearray(50_000_000))
        time.sleep(float(argument or 0))


def _crash(argument: str, name: str) -> object:
    os.kill(os.getpid(), 11)
    return None


def _refuse(argument: str, name: str) -> object:
    raise ReadError("READ-TEST", f"{name}：不行")


def _fail(argument: str, name: str) -> object:
    raise ValueError("bug")


def _litter(argument: str, name: str) -> object:
    Path("left.txt").write_text("x")
    Path(os.environ["TMPDIR"], "folder").mkdir()
    sys.stdout.write("noise on standard output")
    sys.stdout.flush()
    return os.listdir()


def _spawn(argument: str, name: str) -> object:
    """A grandchild that sleeps, then a hang: both must be gone after the time limit."""
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(100)"])
    Path(argument).write_text(f"{os.getpid()} {child.pid}")
    return _hang("", name)


class _Evil:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, ("touch /tmp/gongkai-evil",)


def _evil(argument: str, name: str) -> object:
    return _Evil()


_COMMANDS = {
    "echo": _echo,
    "hang": _hang,
    "steps": _steps,
    "grow": _grow,
    "crash": _crash,
    "refuse": _refuse,
    "fail": _fail,
    "litter": _litter,
    "spawn": _spawn,
    "evil": _evil,
}
