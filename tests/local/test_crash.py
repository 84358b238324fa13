"""Whatever ends the stack, nothing stays behind, and the next start finds all data."""

from __future__ import annotations

import io
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
import psycopg
import pytest

from gongkai_etl.errors import SettingsError
from gongkai_etl.local.home import Home, read_json
from gongkai_etl.local.postgres import Postgres, can_reach
from gongkai_etl.local.prepare import conninfo, store_client, wait_for
from gongkai_etl.local.stack import Stack
from gongkai_etl.settings import connections
from tests.local.homes import command, left_of, own_home, sessions

pytestmark = pytest.mark.integration
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs to be root to become somebody else")


def write_something(stack: Stack) -> None:
    to = stack.connections()
    with psycopg.connect(conninfo(to.database_url)) as server:
        server.execute("CREATE TABLE kept AS SELECT 7 AS figure")
    store_client(to).put_object(bucket_name="gongkai", object_name="kept", data=io.BytesIO(b"7"), length=1)


def assert_it_is_there(stack: Stack) -> None:
    to = stack.connections()
    with psycopg.connect(conninfo(to.database_url)) as server:
        assert server.execute("SELECT figure FROM kept").fetchone() == (7,)
    assert store_client(to).get_object(bucket_name="gongkai", object_name="kept").read() == b"7"


def test_stop_leaves_nothing_and_start_finds_the_data() -> None:
    with own_home() as stack:
        stack.start()
        write_something(stack)
        leaders, ports = sessions(stack), stack.ports
        assert stack.stop()
        assert left_of(leaders) == []
        with pytest.raises(SettingsError, match="gongkai up"):
            connections(stack.settings)
        stack.start()
        assert stack.ports == ports
        assert_it_is_there(stack)


def test_children_end_when_the_supervisor_is_killed() -> None:
    with own_home() as stack:
        stack.start()
        write_something(stack)
        leaders, owner = sessions(stack), stack.supervisor()
        assert owner is not None
        owner.kill()
        assert wait_for(lambda: not left_of(leaders), 15)
        stack.start()
        assert_it_is_there(stack)


def test_start_after_everything_was_killed() -> None:
    with own_home() as stack:
        stack.start()
        write_something(stack)
        owner = stack.supervisor()
        assert owner is not None
        for pid in [owner.pid, *sessions(stack)]:
            os.kill(pid, signal.SIGKILL)
        stack.start()
        assert_it_is_there(stack)
        assert [part.falls for part in stack.status()] == [0, 0]


def test_a_server_that_falls_over_is_started_again() -> None:
    with own_home() as stack:
        stack.start()
        write_something(stack)
        for pid in sessions(stack):
            os.kill(pid, signal.SIGKILL)
        assert wait_for(lambda: [part.falls for part in stack.status()] == [1, 1], 10)
        stack.start()  # waits until they answer
        assert_it_is_there(stack)


def test_two_starts_at_once_make_one_stack() -> None:
    with own_home() as stack:
        both = [command(stack, "up", "--stores-only") for _ in range(2)]
        said = [process.communicate(timeout=60)[0] for process in both]
        assert [process.returncode for process in both] == [0, 0], said
        supervisors = [
            process
            for process in psutil.process_iter()
            if process.is_running()
            and process.status() != psutil.STATUS_ZOMBIE
            and str(stack.home.path) in process.cmdline()
            and "gongkai_etl.local.supervisor" in process.cmdline()
        ]
        assert len(supervisors) == 1


@pytest.mark.parametrize("after_s", [0.3, 0.8, 1.6])
def test_ctrl_c_during_start_stops_what_was_started(after_s: float) -> None:
    with own_home() as stack:
        process = command(stack, "up", "--stores-only")
        time.sleep(after_s)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
        leaders = sessions(stack)
        if process.returncode != 0:  # it may have been quicker than we
            assert stack.supervisor() is None
            assert left_of(leaders) == []
        stack.start()
        write_something(stack)


def test_a_bound_stack_ends_with_its_process() -> None:
    with own_home() as stack:
        code = "import sys, time; from gongkai_etl.local.stack import Stack; Stack(sys.argv[1]).start(bound=True); time.sleep(99)"
        owner = subprocess.Popen([sys.executable, "-c", code, str(stack.home.path)])
        assert wait_for(lambda: len(stack.status()) == 2 and all(part.running for part in stack.status()), 30)
        leaders = sessions(stack)
        owner.kill()
        owner.wait()
        assert wait_for(lambda: stack.supervisor() is None and not left_of(leaders), 30)


def test_the_stack_ends_when_its_folder_is_removed() -> None:
    with own_home() as stack:
        stack.start()
        leaders, owner = sessions(stack), stack.supervisor()
        assert owner is not None
        shutil.rmtree(stack.home.path, ignore_errors=True)
        assert wait_for(lambda: not left_of(leaders), 30)
        shutil.rmtree(stack.home.path, ignore_errors=True)


def test_a_taken_port_is_replaced() -> None:
    with own_home() as stack, socket.socket() as squatter:
        stack.plan()
        wanted = stack.ports["postgres"]
        squatter.bind(("127.0.0.1", wanted))
        squatter.listen()
        stack.start()
        assert stack.ports["postgres"] != wanted
        write_something(stack)


def test_a_folder_path_longer_than_a_socket_path() -> None:
    with own_home("很长的目录名" * 6 + "/" + "x" * 120) as stack:
        assert len(os.fsencode(stack.home.path)) > 200
        before = set(Path(tempfile.gettempdir()).iterdir())
        stack.start()
        write_something(stack)
        stack.stop()
        fresh = set(Path(tempfile.gettempdir()).iterdir()) - before
        assert [path for path in fresh if path.name.startswith(f"gongkai-{os.geteuid()}-")] == []


def test_passwords_are_readable_by_the_owner_alone() -> None:
    with own_home() as stack:
        stack.plan()
        for path in (stack.home.secrets_file, stack.home.facts_file):
            assert path.stat().st_mode & 0o077 == 0, path


def test_a_wrong_password_is_refused() -> None:
    with own_home() as stack:
        stack.start()
        to = stack.connections()
        password = read_json(stack.home.secrets_file)["postgres"]
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(conninfo(to.database_url.replace(password, "guess")))


@as_root
def test_root_below_a_folder_that_only_root_may_enter() -> None:
    top = Path(tempfile.mkdtemp(prefix="gongkai-private-"))  # mode 0700
    stack = Stack(top / "home")
    try:
        stack.start()
        write_something(stack)
        outside = (stack.home.path / "postgres").resolve()
        assert top not in outside.parents
        assert top.stat().st_mode & 0o077 == 0, "a folder that is not ours was opened to others"
        stack.stop()
        stack.start()
        assert_it_is_there(stack)
    finally:
        stack.stop()
        shutil.rmtree(top, ignore_errors=True)
    # The next stack that needs such a place removes what the deleted one left.
    assert outside.exists()
    again = Path(tempfile.mkdtemp(prefix="gongkai-private-"))
    try:
        (again / "home").mkdir()
        kept = Postgres(Home.at(again / "home")).base
        assert kept.exists()
        assert not outside.exists()
        shutil.rmtree(kept)
    finally:
        shutil.rmtree(again, ignore_errors=True)


def python_for(user: pwd.struct_passwd) -> list[str]:
    """This interpreter, or the system's of the same version, with the modules that we see; as ``user`` can run it."""
    system = shutil.which(f"python3.{sys.version_info.minor}", path=os.defpath)
    for program in filter(None, [sys.executable, system]):
        if can_reach(user.pw_uid, Path(program)):
            return [program]
    return []


@as_root
def test_an_ordinary_user_can_run_it() -> None:
    user = pwd.getpwnam("nobody")
    python = python_for(user)
    if not python:
        pytest.skip("every interpreter lies below a folder that only root may enter")
    top = Path(tempfile.mkdtemp(prefix="gongkai-nobody-"))
    os.chown(top, user.pw_uid, user.pw_gid)
    code = """if True:
        import sys
        from gongkai_etl.local.stack import Stack
        stack = Stack(sys.argv[1])
        stack.start(bound=True)
        print([part.running for part in stack.status()], (stack.home.path / "postgres").stat().st_uid)
        stack.stop()
    """
    path = os.pathsep.join(entry for entry in sys.path if entry)
    try:
        done = subprocess.run(
            [*python, "-c", code, str(top / "home")],
            env={"PATH": f"{Path(sys.executable).parent}:{os.defpath}", "HOME": str(top), "PYTHONPATH": path},
            cwd=top,
            user=user.pw_uid,
            group=user.pw_gid,
            extra_groups=[],
            capture_output=True,
            text=True,
            timeout=60,
        )
    finally:
        shutil.rmtree(top, ignore_errors=True)
    assert done.stdout.strip() == f"[True, True] {user.pw_uid}", done.stderr
