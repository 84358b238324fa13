"""Files are read in warm child processes with limits, so that no file can hang, fill or crash the caller.

Works where child processes of :mod:`multiprocessing` are not allowed (in tasks of Airflow): the
processes are plain ones, bound to the thread that uses them, and die with it.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import queue
import shutil
import tempfile
import threading
import weakref
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from pathlib import Path
from types import TracebackType
from typing import Any

from gongkai_etl.errors import GongkaiError
from gongkai_etl.read.guard_worker import PREFIX, Limits, Worker
from gongkai_etl.settings import settings

__all__ = ["Limits", "Pool"]

_Task = tuple[str, bytes | Path, "Future[Any]"]
_pools: weakref.WeakSet[Pool] = weakref.WeakSet()


def default_limits() -> Limits:
    """The limits that the settings name."""
    chosen = settings()
    return Limits(chosen.read_timeout_s, chosen.read_memory_mb, chosen.read_max_file_mb, step=chosen.read_step_s)


class Pool:
    """Runs ``module:function`` on files in child processes; ``function(data, name)`` gives a picklable result.

    Use it as a context manager. Processes start when the first files come and stay warm between
    calls of :meth:`map`.
    """

    def __init__(self, target: str, workers: int, limits: Limits | None = None) -> None:
        self._target = target
        self._workers = max(1, workers)
        self._limits = limits or default_limits()
        self._tasks: queue.SimpleQueue[_Task | None] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._alive: list[Worker] = []
        self._lock = threading.Lock()
        self._waiting = 0
        self._closed = False
        _remove_left_over()
        _pools.add(self)

    def __enter__(self) -> Pool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def map(self, items: Iterable[tuple[str, bytes | Path]]) -> Iterator[Any]:
        """For each (name, bytes or path) the result, or the error that the file ended in; in the order given.

        ``items`` is consumed in the caller's thread, only a few ahead of what has been handed out.
        """
        window: deque[Future[Any]] = deque()
        try:
            for name, source in items:
                window.append(self._submit(name, source))
                while window and (len(window) >= 4 * self._workers or window[0].done()):
                    yield _outcome(window.popleft())
            while window:
                yield _outcome(window.popleft())
        finally:
            for future in window:
                future.cancel()

    def close(self) -> None:
        """Kill every process, also one in the middle of a file, and remove their folders."""
        with self._lock:
            self._closed = True
            threads, self._threads = self._threads, []
            workers = list(self._alive)
        for _ in threads:
            self._tasks.put(None)
        for worker in workers:
            worker.stop()
        for thread in threads:
            thread.join(timeout=10)

    def _submit(self, name: str, source: bytes | Path) -> Future[Any]:
        future: Future[Any] = Future()
        with self._lock:
            if self._closed:
                raise RuntimeError("the pool is closed")
            self._waiting += 1
            if self._waiting > len(self._threads) and len(self._threads) < self._workers:
                thread = threading.Thread(target=self._serve, name="gongkai-read", daemon=True)
                self._threads.append(thread)
                thread.start()
        self._tasks.put((name, source, future))
        return future

    def _serve(self) -> None:
        worker = Worker(self._target, self._limits)
        with self._lock:
            self._alive.append(worker)
        try:
            while not self._closed and (task := self._tasks.get()) is not None:
                name, source, future = task
                del task
                if future.set_running_or_notify_cancel():
                    _run(worker, name, source, future)
                del name, source, future
                with self._lock:
                    self._waiting -= 1
        finally:
            worker.kill()


def _run(worker: Worker, name: str, source: bytes | Path, future: Future[Any]) -> None:
    try:
        future.set_result(worker.run(name, source))
    except GongkaiError as error:
        future.set_result(error)
    except BaseException as error:
        worker.kill()
        future.set_exception(error)


def _outcome(future: Future[Any]) -> Any:
    return future.result()


def _remove_left_over() -> None:
    """Folders of parents that were killed and could not clean up themselves."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        parent = folder.name.removeprefix(PREFIX).partition("-")[0]
        with contextlib.suppress(OSError):
            if parent.isdecimal() and folder.stat().st_uid == os.getuid() and not _runs(int(parent)):
                shutil.rmtree(folder, ignore_errors=True)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


@atexit.register
def _close_all() -> None:
    for pool in list(_pools):
        pool.close()
