"""One warm reading process as its parent sees it: started, watched, killed and replaced."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import pickle
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gongkai_etl.errors import GongkaiError, ReadError
from gongkai_etl.read.guard_wire import STEP, Inbox, TimeUp, WireError, send, unpickled

PREFIX = "gongkai-read-"
START_SECONDS = 120.0
TICK_SECONDS = 0.05
_LARGEST_REPLY = 256 << 20
_FULL = 0.62
"""A process that holds this part of its memory is replaced: it holds about half after reading a scan."""
_BOOT = (
    "import sys, json; path, target, parent, memory = json.loads(sys.argv[1]); sys.path[:] = path; "
    "from gongkai_etl.read.guard_child import main; main(target, parent, memory)"
)
_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "LD_LIBRARY_PATH", "SYSTEMROOT", "OMP_NUM_THREADS")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost. ``files``: after so many a process is replaced before anything can pile up;
    ``step``: the most seconds from one sign of progress (a picture begun) to the next."""

    seconds: float
    memory_mb: int
    file_mb: int
    files: int = 1000
    step: float = 25.0


class _Clock:
    """The time a process had: what it spent in the queue for a processor is not the file's fault.

    On a busy machine a good file is not refused; after ``_MOST`` times the limit it is all the same.
    """

    _MOST = 4

    def __init__(self, process: int, seconds: float) -> None:
        self.seconds = seconds
        self._process = process
        self.restart()

    def restart(self) -> None:
        self._start, self._queued = time.monotonic(), self._queue()

    def is_up(self) -> bool:
        spent = time.monotonic() - self._start
        if spent < self.seconds:
            return False
        return spent - (self._queue() - self._queued) >= self.seconds or spent >= self._MOST * self.seconds

    def _queue(self) -> float:
        """Seconds that a thread of the process, the one with most, was ready to run and did not.

        (Linux: second field of schedstat. The main thread sleeps while those of the recogniser are queued.)
        """
        try:
            threads = os.listdir(f"/proc/{self._process}/task")
            return max(map(self._queued_thread, threads))
        except (OSError, ValueError):
            return 0.0

    def _queued_thread(self, thread: str) -> float:
        try:
            with open(f"/proc/{self._process}/task/{thread}/schedstat", "rb") as file:
                return int(file.read().split()[1]) / 1e9
        except (OSError, IndexError, ValueError):
            return 0.0


class Worker:
    """A reading process. Not for several threads: it lives and dies with the thread that uses it."""

    def __init__(self, target: str, limits: Limits) -> None:
        self._target = target
        self._limits = limits
        self._process: subprocess.Popen[bytes] | None = None
        self._inbox: Inbox | None = None
        self._folder = ""
        self._served = 0
        self._peak = 0
        self._stopped = False

    def run(self, name: str, source: bytes | Path) -> Any:
        """What the target makes of one file. Raises GongkaiError, with ``READ-…`` codes for every limit."""
        payload: bytes | str = source if isinstance(source, bytes) else os.path.abspath(source)
        size = len(payload) if isinstance(payload, bytes) else _size(payload, name)
        if size == 0:
            raise ReadError("READ-EMPTY", f"{name}：文件是空的。请让报送单位重新报送。")
        if size > self._limits.file_mb << 20:
            raise ReadError(
                "READ-TOO-LARGE",
                f"{name}：文件有 {size >> 20} MB，超过 {self._limits.file_mb} MB。请让报送单位压缩图片后重新报送。",
            )
        if self._process is None:
            self._start(name)
        process = self._process.pid if self._process else 0
        clocks = [_Clock(process, seconds) for seconds in (self._limits.seconds, self._limits.step)]
        try:
            send(self._stdin, pickle.dumps((payload, name), protocol=5), time.monotonic() + self._limits.seconds)
            kind, value = unpickled(self._reply(name, clocks))
        except TimeUp:
            self.kill()
            raise _timed_out(name, next((c.seconds for c in clocks if c.is_up()), self._limits.seconds)) from None
        except WireError as error:
            raise self._broke(name, error) from None
        self._served += 1
        if kind == "memory" or self._served >= self._limits.files or self._rss() > _FULL * self._memory:
            self.kill()
        return self._result(name, kind, value)

    def stop(self) -> None:
        """End the process at once, from any thread; the thread that uses the worker cleans up."""
        self._stopped = True
        process = self._process
        if process is not None and process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)

    def kill(self) -> None:
        """End the process with all it started, and remove its folder."""
        process, self._process = self._process, None
        if process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            for stream in (process.stdin, process.stdout):
                if stream is not None:
                    stream.close()
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = ""

    @property
    def _memory(self) -> int:
        return self._limits.memory_mb << 20

    @property
    def _stdin(self) -> int:
        assert self._process is not None
        assert self._process.stdin is not None
        return self._process.stdin.fileno()

    def _start(self, name: str) -> None:
        if self._stopped:
            raise _crashed(name)
        self._folder = tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-")
        path = [os.path.abspath(entry) for entry in sys.path]
        order = json.dumps([path, self._target, os.getpid(), self._memory])
        kept = {
            key: value
            for key, value in os.environ.items()
            if key in _ENVIRONMENT or key.startswith("GONGKAI_READ_")
        }
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-c", _BOOT, order],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            cwd=self._folder,
            env=kept | {"TMPDIR": self._folder, "HOME": self._folder, "PYTHONUTF8": "1"},
            start_new_session=True,
        )
        assert self._process.stdout is not None
        self._inbox = Inbox(self._process.stdout.fileno())
        self._served = self._peak = 0
        try:
            message = self._inbox.next(START_SECONDS, _LARGEST_REPLY)
            kind, value = unpickled(message) if message is not None else ("broken", "no answer")
        except WireError as error:
            kind, value = "broken", str(error)
        if kind != "ready":
            self.kill()
            _log.error("reading process did not start: %s", value)
            raise ReadError("READ-CRASHED", f"{name}：读取进程没有启动成功，请检查安装是否完整、内存是否充足。")

    def _reply(self, name: str, clocks: list[_Clock]) -> bytes:
        """The answer. Of the clocks the last runs anew with each sign of progress."""
        assert self._inbox is not None
        while True:
            message = self._inbox.next(TICK_SECONDS, _LARGEST_REPLY)
            if message == STEP:
                clocks[-1].restart()
            elif message is not None:
                return message
            self._peak = max(self._peak, self._rss())
            if self._peak > self._memory:
                self.kill()
                raise _out_of_memory(name, self._limits)
            if any(clock.is_up() for clock in clocks):
                raise TimeUp

    def _rss(self) -> int:
        """Resident memory of the process in bytes; 0 where the system does not say."""
        try:
            assert self._process is not None
            with open(f"/proc/{self._process.pid}/statm", "rb") as file:
                return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        except (OSError, IndexError, ValueError):
            return 0

    def _broke(self, name: str, error: WireError) -> ReadError:
        process = self._process
        self.kill()
        near = self._peak > _FULL * self._memory  # what does not get the double of what it has gives up
        _log.warning("reading process ended (%s) on %s: %s", process and process.returncode, name, error)
        return _out_of_memory(name, self._limits) if near else _crashed(name)

    def _result(self, name: str, kind: str, value: Any) -> Any:
        if kind == "result":
            return value
        if kind == "error" and isinstance(value, GongkaiError):
            raise value
        if kind == "memory":
            raise _out_of_memory(name, self._limits)
        _log.warning("reading %s failed: %s", name, value)
        raise _crashed(name)


def _size(path: str, name: str) -> int:
    try:
        found = os.stat(path)
    except (OSError, ValueError) as error:
        raise ReadError("READ-FILE", f"{name}：找不到或打不开这个文件。请检查路径和权限。") from error
    if stat.S_ISDIR(found.st_mode):
        raise ReadError("READ-FILE", f"{name}：这是文件夹，里面没有可读的文件。请写明要读取的文件。")
    if not stat.S_ISREG(found.st_mode):
        raise ReadError("READ-FILE", f"{name}：这是管道、设备等，不是普通文件，没有读取。请检查路径。")
    return found.st_size


def _out_of_memory(name: str, limits: Limits) -> ReadError:
    return ReadError(
        "READ-MEMORY",
        f"{name}：读取时占用的内存超过 {limits.memory_mb} MB，已停止。文件可能异常，请让报送单位重新导出后报送。",
    )


def _crashed(name: str) -> ReadError:
    return ReadError(
        "READ-CRASHED",
        f"{name}：读取时出错，文件可能已损坏。请让报送单位重新导出；仍然不行时，请把文件和日志交给维护人员。",
    )


def _timed_out(name: str, seconds: float) -> ReadError:
    return ReadError(
        "READ-TIMEOUT",
        f"{name}：读取超过 {seconds:g} 秒，已停止。文件可能异常，请让报送单位重新导出后报送；"
        "确属正常的大文件，可调大 GONGKAI_READ_TIMEOUT_S 和 GONGKAI_READ_STEP_S。",
    )
