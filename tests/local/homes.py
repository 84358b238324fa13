"""Embedded stacks of their own for tests that stop, break or misplace them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from gongkai_etl.local.home import read_json
from gongkai_etl.local.processes import session_members
from gongkai_etl.local.stack import Stack

GONGKAI = str(Path(sys.executable).with_name("gongkai"))


@contextmanager
def own_home(below: str = "") -> Iterator[Stack]:
    """A stack in a fresh folder that others may enter; stopped and removed afterwards."""
    top = Path(tempfile.mkdtemp(prefix="gongkai-own-"))
    top.chmod(0o755)
    stack = Stack(top / below / "home")
    try:
        yield stack
    finally:
        stack.stop()
        shutil.rmtree(top, ignore_errors=True)


def command(stack: Stack, *arguments: str) -> subprocess.Popen[str]:
    """``gongkai ARGUMENTS`` on the home of ``stack``, in a session of its own."""
    return subprocess.Popen(
        [GONGKAI, *arguments],
        env={**os.environ, "GONGKAI_HOME": str(stack.home.path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def sessions(stack: Stack) -> list[int]:
    """The pids of the components that run now; each leads a session of its own."""
    entries = read_json(stack.home.state_file).get("components", {}).values()
    return [entry["pid"] for entry in entries if entry["pid"]]


def left_of(leaders: list[int]) -> list[psutil.Process]:
    """What still runs of those sessions."""
    return session_members(leaders)
