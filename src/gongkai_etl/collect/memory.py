"""What was fetched before, kept in a folder: validators for conditional requests, bodies, halves, turns.

Several task processes collect at the same time; a lock file per host makes them take turns.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Known:
    """What is remembered of one URL. ``fetched_at`` is seconds since 1970; ``moved_to`` the final URL."""

    url: str
    moved_to: str
    status: int
    content_type: str
    file_name: str | None
    etag: str | None
    last_modified: str | None
    fetched_at: float


class Memory:
    """A folder of remembered answers, shared by processes."""

    def __init__(self, folder: Path, clock: Callable[[], float] = time.time) -> None:
        self._folder = folder
        self._clock = clock
        folder.mkdir(parents=True, exist_ok=True)

    def now(self) -> float:
        """Seconds since 1970."""
        return self._clock()

    def get(self, url: str) -> tuple[Known, bytes] | None:
        """What is known of ``url`` and its body."""
        base = self._base(url)
        try:
            known = Known(**json.loads(base.with_suffix(".json").read_text("utf-8")))
            return known, base.with_suffix(".body").read_bytes()
        except (OSError, ValueError, TypeError):
            return None  # never fetched, or the entry is damaged: fetch again

    def put(self, known: Known, body: bytes) -> None:
        """Remember; the entry is whole or not there at all."""
        base = self._base(known.url)
        _replace(base.with_suffix(".body"), body)
        _replace(base.with_suffix(".json"), json.dumps(asdict(known), ensure_ascii=False).encode())
        self.part(known.url).unlink(missing_ok=True)
        self.part(known.url).with_suffix(".mark").unlink(missing_ok=True)

    def part(self, url: str) -> Path:
        """Where the first half of an interrupted download waits; its validator is beside it (.mark)."""
        return self._base(url).with_suffix(".part")

    @contextmanager
    def turn(self, host: str, pause: float, sleep: Callable[[float], None]) -> Iterator[None]:
        """Hold the host for one request; begins no earlier than ``pause`` seconds after the last one ended."""
        path = self._folder / f"host-{hashlib.sha256(host.encode()).hexdigest()[:16]}.lock"
        with path.open("a+") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.seek(0)
            wait = float(file.read() or 0) + pause - self._clock()
            if wait > 0:
                sleep(min(wait, pause))
            try:
                yield
            finally:
                file.truncate(0)
                file.write(str(self._clock()))
                file.flush()

    def _base(self, url: str) -> Path:
        return self._folder / hashlib.sha256(url.encode()).hexdigest()


def _replace(path: Path, data: bytes) -> None:
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    temporary.write_bytes(data)
    temporary.replace(path)
