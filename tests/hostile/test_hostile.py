"""Every hostile file ends as a finding: in time, within memory, without leaving a file or a process."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from gongkai_etl.errors import ReadError
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
    # A process for each file: the system says how much memory an ended process had at most, to the byte.
    with Pool("tests.hostile.target:count", 1, replace(default_limits(), files=1)) as made:
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


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_hostile_file_ends_as_a_finding(name: str, pool: Pool, folder: Path) -> None:
    make, codes = FILES[name]
    data = make()
    start = time.monotonic()
    result = next(iter(pool.map([(name, data)])))
    spent = time.monotonic() - start
    assert isinstance(result, ReadError), result
    assert result.code in codes, result.message
    assert name in result.message
    assert any("一" <= character <= "鿿" for character in result.message)
    assert spent < MOST_SECONDS * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
    assert 0 < pool._alive[0]._peak < MOST_MEMORY
    left = [path for path in folder.rglob("*") if path.parent != folder]
    assert left == []
    assert len(descendants()) <= 1
    assert not Path("/tmp/escaped.txt").exists()
