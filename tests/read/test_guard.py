"""The guard: limits hold, order holds, nothing stays behind, and safety costs next to nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from gongkai_etl.errors import GongkaiError
from gongkai_etl.read import guard_worker
from gongkai_etl.read.guard import Limits, Pool

TARGET = "tests.read.targets:work"
LIMITS = Limits(seconds=20, memory_mb=400, file_mb=1)


@pytest.fixture
def pool() -> Iterator[Pool]:
    with Pool(TARGET, 2, LIMITS) as made:
        yield made


def one(pool: Pool, command: str) -> Any:
    return next(iter(pool.map([("a.txt", command.encode())])))


def code(result: object) -> str:
    assert isinstance(result, GongkaiError)
    assert "a.txt" in result.message
    return result.code


def runs(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().split(")")[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_results_come_in_the_order_of_the_files(pool: Pool) -> None:
    delays = [0.2, 0, 0.1, 0, 0, 0.05]
    items = [(f"{place}", f"echo {delay}".encode()) for place, delay in enumerate(delays)]
    results = list(pool.map(items))
    assert [result["name"] for result in results] == [name for name, _ in items]
    assert len({result["pid"] for result in results}) == 2


def test_processes_stay_warm_between_calls(pool: Pool) -> None:
    assert one(pool, "echo")["pid"] == one(pool, "echo")["pid"] != os.getpid()


def test_a_path_is_read_by_the_process(pool: Pool, tmp_path: Path) -> None:
    file = tmp_path / "b.txt"
    file.write_bytes(b"echo")
    assert next(iter(pool.map([("b.txt", file)])))["name"] == "b.txt"
    assert code(next(iter(pool.map([("a.txt", tmp_path / "none")])))) == "READ-FILE"


@pytest.mark.parametrize(
    ("command", "expected"),
    [("refuse", "READ-TEST"), ("fail", "READ-CRASHED"), ("crash", "READ-CRASHED"), ("evil", "READ-CRASHED")],
)
def test_what_goes_wrong_in_a_file_is_its_error_and_the_next_file_is_read(
    pool: Pool, command: str, expected: str
) -> None:
    assert code(one(pool, command)) == expected
    assert one(pool, "echo")["name"] == "a.txt"
    assert not Path("/tmp/gongkai-evil").exists()


def test_a_file_over_the_size_limit_is_not_even_sent(pool: Pool) -> None:
    assert code(one(pool, "echo " + " " * 2_000_000)) == "READ-TOO-LARGE"


@pytest.mark.parametrize("pause", ["0", "0.02"])
def test_memory_is_limited(pool: Pool, pause: str) -> None:
    assert code(one(pool, f"grow {pause}")) == "READ-MEMORY"
    assert one(pool, "echo")["name"] == "a.txt"


def test_time_is_limited_and_nothing_of_the_process_stays(tmp_path: Path) -> None:
    note = tmp_path / "pids"
    with Pool(TARGET, 1, Limits(1.5, 400, 1)) as pool:
        one(pool, "echo")
        start = time.monotonic()
        assert code(one(pool, f"spawn {note}")) == "READ-TIMEOUT"
        assert time.monotonic() - start < 4 * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
        assert not any(runs(int(process)) for process in note.read_text().split())
        assert one(pool, "echo")["name"] == "a.txt"


def test_each_step_has_its_time_and_all_of_them_together_theirs() -> None:
    with Pool(TARGET, 1, Limits(4, 400, 1, step=1.5)) as pool:
        assert one(pool, "steps 3") == "done"
        assert code(one(pool, "echo 2")) == "READ-TIMEOUT"
        assert code(one(pool, "steps 9")) == "READ-TIMEOUT"


def test_a_process_is_replaced_after_its_number_of_files() -> None:
    with Pool(TARGET, 1, Limits(20, 400, 1, files=2)) as pool:
        results = list(pool.map([("x", b"echo")] * 5))
    assert [results[place]["pid"] == results[0]["pid"] for place in range(5)] == [True, True, False, False, False]


def test_the_folder_of_a_process_is_emptied_after_each_file_and_removed_at_the_end(pool: Pool) -> None:
    assert sorted(one(pool, "litter")) == ["folder", "left.txt"]
    answer = one(pool, "echo")
    assert os.listdir(answer["folder"]) == []
    pool.close()
    assert not Path(answer["folder"]).exists()
    assert not runs(answer["pid"])


def test_secrets_of_the_environment_do_not_reach_the_process(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGKAI_S3_SECRET_KEY", "secret")
    monkeypatch.setenv("GONGKAI_READ_ARBITER", "never")
    names = one(pool, "echo")["environment"]
    assert "GONGKAI_READ_ARBITER" in names
    assert "GONGKAI_S3_SECRET_KEY" not in names


def test_a_target_that_cannot_be_imported_is_said() -> None:
    with Pool("tests.read.nothing:work", 1, LIMITS) as pool:
        assert code(one(pool, "echo")) == "READ-CRASHED"


def test_closing_ends_a_process_in_the_middle_of_a_file() -> None:
    pool = Pool(TARGET, 1, LIMITS)
    pid = one(pool, "echo")["pid"]
    future = pool._submit("a.txt", b"hang")
    time.sleep(0.2)
    start = time.monotonic()
    pool.close()
    assert time.monotonic() - start < 3
    assert not runs(pid)
    assert code(future.result(timeout=1)) == "READ-CRASHED"


PARENT = """
import sys, time
sys.path[:0] = [{root!r}]
from gongkai_etl.read.guard import Limits, Pool
pool = Pool("tests.read.targets:work", 1, Limits(60, 400, 1))
print(next(iter(pool.map([("a", b"echo")])))["pid"], flush=True)
for _ in pool.map([("a", b"hang")]):
    pass
"""


@pytest.mark.parametrize("blow", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_no_process_outlives_a_parent_that_is_killed(blow: signal.Signals, tmp_path: Path) -> None:
    root = str(Path(__file__).parents[2])
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT.format(root=root)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    assert runs(child)
    time.sleep(0.2)
    parent.send_signal(blow)
    parent.wait(timeout=120)
    parent.stdout.close()
    until = time.monotonic() + 5
    while runs(child) and time.monotonic() < until:
        time.sleep(0.02)
    assert not runs(child)


def test_folders_of_killed_parents_are_removed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    gone = subprocess.Popen(["true"])
    gone.wait()
    (tmp_path / f"gongkai-read-{gone.pid}-x").mkdir()
    (tmp_path / f"gongkai-read-{os.getpid()}-x").mkdir()
    Pool(TARGET, 1, LIMITS)
    assert [folder.name for folder in tmp_path.iterdir()] == [f"gongkai-read-{os.getpid()}-x"]


def test_safety_costs_a_good_file_at_most_two_milliseconds() -> None:
    with Pool(TARGET, 1, Limits(20, 400, 1)) as pool:
        pid = one(pool, "echo")["pid"]
        start = time.process_time() + spent_by(pid)
        list(pool.map([("x", b"echo")] * 500))
        spent = (time.process_time() + spent_by(pid) - start) / 500
    assert spent < 0.002


def spent_by(process: int) -> float:
    """Processor seconds of a process."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_waiting_for_a_processor_is_not_the_files_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    queued = iter([1.0, 3.0, 3.0])
    now = iter([10.0, 11.9, 12.1, 14.2, 18.1])
    monkeypatch.setattr(guard_worker, "time", SimpleNamespace(monotonic=lambda: next(now)))
    monkeypatch.setattr(guard_worker._Clock, "_queue", lambda self: next(queued))
    clock = guard_worker._Clock(1, 2.0)
    assert [clock.is_up() for _ in range(3)] == [False, False, True]


def test_a_process_that_never_gets_a_processor_is_ended_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    now, queued = iter([10.0, 17.9, 18.1]), iter([0.0, 8.0, 8.0])
    monkeypatch.setattr(guard_worker, "time", SimpleNamespace(monotonic=lambda: next(now)))
    monkeypatch.setattr(guard_worker._Clock, "_queue", lambda self: next(queued))
    clock = guard_worker._Clock(1, 2.0)
    assert [clock.is_up() for _ in range(2)] == [False, True]
