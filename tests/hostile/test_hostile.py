"""Every hostile file ends as a finding: in time, within memory, without leaving a file or a process."""

from __future__ import annotations

import os
import tempfile
import threading
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from gongkai_etl.checking import jobs_of
from gongkai_etl.errors import ReadError
from gongkai_etl.pipeline import Reader
from gongkai_etl.read.guard import Pool, default_limits
from tests.hostile import binaries, pages, zips

FILES = zips.FILES | pages.FILES | binaries.FILES
MOST_SECONDS = 30
MOST_MEMORY = 1 << 30


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The only folder in which anything may be written."""
    before, tempfile.tempdir = tempfile.tempdir, str(tmp_path_factory.mktemp("hostile"))
    yield Path(tempfile.tempdir)
    tempfile.tempdir = before


@pytest.fixture(scope="module")
def pool(folder: Path) -> Iterator[Pool]:
    with Pool("tests.hostile.target:count", 1, default_limits()) as made:
        yield made
    assert list(folder.iterdir()) == []


def descendants() -> set[int]:
    """Processes below this one."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if fields[0] != "Z":
                parents[int(entry.name)] = int(fields[1])
    found = {os.getpid()}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {os.getpid()}


class Memory(threading.Thread):
    """Watches how much memory the processes below this one have had at most, together, in bytes."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peak = 0
        self._end = threading.Event()

    def __enter__(self) -> Memory:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self.join()

    def run(self) -> None:
        while not self._end.wait(0.01):
            self.peak = max(self.peak, sum(map(self._resident, descendants())))

    @staticmethod
    def _resident(process: int) -> int:
        try:
            return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        except OSError:
            return 0


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_hostile_file_ends_as_a_finding(name: str, pool: Pool, folder: Path) -> None:
    make, codes = FILES[name]
    data = make()
    start = time.monotonic()
    with Memory() as memory:
        result = next(iter(pool.map([(name, data)])))
    spent = time.monotonic() - start
    assert isinstance(result, ReadError), result
    assert result.code in codes, result.message
    assert name in result.message
    assert any("一" <= character <= "鿿" for character in result.message)
    assert spent < MOST_SECONDS * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
    assert 0 <= memory.peak < MOST_MEMORY
    left = [path for path in folder.rglob("*") if path.parent != folder]
    assert left == []
    assert len(descendants()) <= 1
    assert not Path("/tmp/escaped.txt").exists()


@pytest.mark.parametrize("kind", ["pipe", "device", "folder", "nowhere", "null", "kernel", "vast"])
def test_what_is_no_plain_file_is_not_read(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "报告.pdf"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "device":
        path.symlink_to("/dev/zero")
    elif kind == "folder":
        path.mkdir()
    elif kind == "kernel":
        path.symlink_to("/proc/kmsg")
    elif kind == "vast":
        path.touch()
        os.truncate(path, 1 << 40)
    elif kind == "null":
        path = Path("a\0b")
    with Reader(1) as reader:
        (outcome,) = reader.read_all([(str(path), path)])
    assert outcome.error is not None
    assert outcome.error.code == {"kernel": "READ-EMPTY", "vast": "READ-TOO-LARGE"}.get(kind, "READ-FILE")
    assert outcome.sha256 == (sha256(b"").hexdigest() if kind == "kernel" else None)


def test_an_empty_folder_is_a_finding(tmp_path: Path) -> None:
    (job,) = jobs_of([tmp_path]).jobs
    assert job.path == tmp_path
