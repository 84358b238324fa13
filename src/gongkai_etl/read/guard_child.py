"""The reading process: limits itself, then reads file after file until its parent closes the pipe or dies."""

from __future__ import annotations

import gc
import os
import pickle
import shutil
import signal
import sys
import traceback
from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from gongkai_etl.errors import GongkaiError, ReadError
from gongkai_etl.read import progress
from gongkai_etl.read.guard_wire import STEP, WireError, receive, send

COLLECT_EVERY = 50
"""Files between two garbage collections: parsers leave cycles behind."""
_ADDRESS_SPACE = 16 << 30
_LARGEST_FILE = 1 << 30


def main(target: str, parent: int, memory: int) -> None:
    """Run ``module:function`` on each file that comes; ``memory`` is in bytes."""
    _die_with(parent)
    _limit(memory)
    requests, replies = _private_pipes()
    try:
        module, _, function = target.partition(":")
        run: Callable[[bytes, str], Any] = getattr(import_module(module), function)
    except Exception:
        send(replies, pickle.dumps(("broken", traceback.format_exc(limit=-3))))
        return
    progress.told = partial(send, replies, STEP)
    send(replies, pickle.dumps(("ready", None)))
    count = 0
    while (request := receive(requests)) is not None:
        try:
            send(replies, _answer(run, *pickle.loads(request)))  # noqa: S301 (its own parent wrote it)
        except WireError:
            return
        del request
        _tidy()
        count += 1
        if count % COLLECT_EVERY == 0:
            gc.collect()


def _answer(run: Callable[[bytes, str], Any], source: bytes | str, name: str) -> bytes:
    try:
        data = source if isinstance(source, bytes) else Path(source).read_bytes()
        return pickle.dumps(("result", run(data, name)), protocol=5)
    except GongkaiError as error:
        return pickle.dumps(("error", error))
    except MemoryError:
        gc.collect()
        return pickle.dumps(("memory", None))
    except FileNotFoundError:
        return pickle.dumps(("error", ReadError("READ-FILE", f"{name}：找不到这个文件。请检查路径。")))
    except OSError as error:
        message = f"{name}：文件打不开（{error.strerror or type(error).__name__}）。请检查权限和路径。"
        return pickle.dumps(("error", ReadError("READ-FILE", message)))
    except Exception:
        return pickle.dumps(("failed", traceback.format_exc(limit=-4)))


def _die_with(parent: int) -> None:
    """Ask the kernel to kill this process when its parent ends, however that happens (Linux)."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(1, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _limit(memory: int) -> None:
    import resource

    wanted = {
        resource.RLIMIT_DATA: memory,
        resource.RLIMIT_AS: max(_ADDRESS_SPACE, 2 * memory),
        resource.RLIMIT_FSIZE: _LARGEST_FILE,
        resource.RLIMIT_CORE: 0,
    }
    for kind, value in wanted.items():
        _, hard = resource.getrlimit(kind)
        resource.setrlimit(kind, (value if hard < 0 else min(value, hard), hard))


def _private_pipes() -> tuple[int, int]:
    """The pipes under other numbers: what libraries print to standard output must not break messages."""
    requests, replies = os.dup(0), os.dup(1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    os.close(nowhere)
    return requests, replies


def _tidy() -> None:
    """Empty the working folder."""
    for name in os.listdir("."):
        if os.path.isdir(name) and not os.path.islink(name):
            shutil.rmtree(name, ignore_errors=True)
        else:
            os.unlink(name)
