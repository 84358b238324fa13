"""The embedded stack as one thing: plan, start, stop, status.

A supervisor process of its own session owns the servers, so that they go on when the command that started
them returns. Servers that the settings name are used as they are and not started here.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from gongkai_etl.errors import StoreError
from gongkai_etl.local import airflow as airflow_parts
from gongkai_etl.local import postgres, s3
from gongkai_etl.local.home import Home, locked, read_json, write_json
from gongkai_etl.local.ports import HOST, choose
from gongkai_etl.local.prepare import database_answers, prepare, store_answers, wait_for
from gongkai_etl.local.processes import Component, end, end_leftovers, find
from gongkai_etl.settings import Connections, Settings, named_database, named_store

_TRIES = 3
_STORES_WAIT_S = 40.0
_AIRFLOW_WAIT_S = 180.0
_FALLS_TOO_OFTEN = 3


@dataclass(frozen=True, slots=True)
class Part:
    """One line of ``status()``: a component, its address, whether it runs, memory in MiB, falls since start."""

    name: str
    address: str
    running: bool
    pid: int | None
    memory_mb: int
    falls: int


class Stack:
    """The embedded stack in one folder (default: the setting ``home``)."""

    def __init__(self, home: Path | str | None = None, settings: Settings | None = None) -> None:
        chosen = settings or Settings()
        if home is not None:
            chosen = chosen.model_copy(update={"home": Path(home)})
        self.settings = chosen
        self.home = Home.at(chosen.home)
        self._own_database = named_database(chosen) is None
        self._own_store = named_store(chosen) is None

    # -- facts ---------------------------------------------------------------------------------------------

    @property
    def ports(self) -> dict[str, int]:
        """The chosen ports by name (``postgres``, ``s3``, ``ui``, …)."""
        return dict(self.home.facts().get("ports", {}))

    @property
    def ui_url(self) -> str:
        """Where the UI is when Airflow runs."""
        return f"http://{HOST}:{self.ports.get('ui', self.settings.ui_port)}"

    @property
    def password_file(self) -> Path:
        """The file with the passwords of the UI's users."""
        return self.home.airflow / "passwords.json"

    def connections(self) -> Connections:
        """Addresses and keys as planned, whether or not the servers run yet."""
        return Connections(**self.home.facts()["connections"])

    def plan(self) -> None:
        """Choose ports and passwords and remember them, without starting anything.

        Ports of a running stack stay; after that the environment of Airflow is known.
        """
        self.home.prepare()
        if self.supervisor() is None:
            names = ("ui", "postgres", *s3.PORTS)
            preferred = {"ui": self.settings.ui_port}
            self.home.remember(supervisor=None, ports=choose(names, self.ports, preferred, s3.is_someone_elses))
        secrets, ports = self.home.secrets(), self.ports
        database = named_database(self.settings) or {
            "database_url": postgres.url(ports["postgres"], secrets["postgres"], "gongkai"),
            "airflow_database_url": postgres.url(ports["postgres"], secrets["postgres"], "airflow"),
        }
        store = named_store(self.settings) or {
            "s3_endpoint": f"{HOST}:{ports['s3']}",
            "s3_access_key": secrets["s3_access"],
            "s3_secret_key": secrets["s3_secret"],
            "s3_secure": False,
        }
        self.home.remember(connections={**database, **store})

    def environment(self) -> dict[str, str]:
        """The variables for Airflow in this process or another, as planned."""
        return airflow_parts.environment(self.home, self.ports["ui"], self.connections().airflow_database_url)

    # -- start and stop ------------------------------------------------------------------------------------

    def start(
        self,
        *,
        airflow: bool = False,
        metadata: bool = False,
        bound: bool = False,
        say: Callable[[str], None] = lambda _text: None,
    ) -> None:
        """Start what does not run yet and wait until it answers. Safe to call again, and by several at once.

        Args:
            airflow: also Airflow's four components.
            metadata: also Airflow's tables, which ``dag.test()`` needs.
            bound: the stack ends with this process instead of going on until ``stop()``.
            say: told what is being done, in Chinese.

        Raises:
            StoreError: a server did not come up; the message holds the end of its log.
        """
        self.home.prepare()
        with locked(self.home.run / "start.lock"):
            before = self.supervisor()
            try:
                self._start_stores(bound, say)
                say("准备数据库和存储桶")
                prepare(self.connections(), self.settings)
                if airflow or metadata:
                    self._migrate_airflow(say)
                if airflow:
                    self._start_airflow(say)
            except BaseException:
                if before is None:
                    self._stop()
                raise

    def stop(self) -> bool:
        """End everything that runs; gives whether anything did."""
        if not self.home.run.is_dir():
            return False
        with locked(self.home.run / "start.lock"):
            return self._stop()

    def supervisor(self) -> psutil.Process | None:
        """The process that owns the running stack."""
        noted = read_json(self.home.run / "supervisor.json")
        return find(noted["pid"], noted["created"]) if noted else None

    def _stop(self) -> bool:
        owner = self.supervisor()
        if owner is not None:
            end([owner], 15, 60.0)
        left = self._clean()
        if self.home.facts_file.exists():
            self.home.remember(supervisor=None)
        return owner is not None or left > 0

    def _clean(self) -> int:
        """End what a crash left behind (only while no supervisor runs)."""
        left = end_leftovers(read_json(self.home.state_file))
        self.home.state_file.unlink(missing_ok=True)
        s3.remove_sockets(self.home, self.ports)
        return left

    def _start_stores(self, bound: bool, say: Callable[[str], None]) -> None:
        if self.supervisor() is not None and self._stores_ready():
            return
        for _attempt in range(_TRIES):
            # Whatever is there does not work, or another program took a port between our look and the start.
            self._stop()
            self.plan()
            components = self._stores(say)
            if not components:
                return
            self._want(components)
            self._spawn_supervisor(bound)
            if self._stores_ready():
                return
        raise StoreError("STORE-START", self._why(["postgres", "s3"]))

    def _stores(self, say: Callable[[str], None]) -> list[Component]:
        secrets, ports, wanted = self.home.secrets(), self.ports, []
        if self._own_database:
            say("启动 PostgreSQL")
            server = postgres.Postgres(self.home)
            server.initialise(secrets["postgres"])
            server.settle()
            wanted.append(server.component(ports["postgres"]))
        if self._own_store:
            say("启动对象存储")
            wanted.append(s3.component(self.home, ports, secrets["s3_access"], secrets["s3_secret"]))
        return wanted

    def _start_airflow(self, say: Callable[[str], None]) -> None:
        say("启动 Airflow（第一次约需半分钟）")
        known = self._wanted()
        parts = airflow_parts.components(self.home, self.environment())
        if not {part.name for part in parts} <= {part.name for part in known}:
            self._want([*known, *parts])
            if self.supervisor() is None:
                self._spawn_supervisor(bound=False)
        port = self.ports["ui"]
        if not wait_for(lambda: airflow_parts.is_healthy(port), _AIRFLOW_WAIT_S, self._failing):
            raise StoreError("STORE-AIRFLOW-START", self._why([part.name for part in parts]))

    def _migrate_airflow(self, say: Callable[[str], None]) -> None:
        say("检查 Airflow 的数据库")
        airflow_parts.migrate(self.home, self.environment())

    # -- the supervisor ------------------------------------------------------------------------------------

    def _wanted(self) -> list[Component]:
        if self.supervisor() is None:
            return []
        return [Component.from_json(item) for item in read_json(self.home.wanted_file).get("components", [])]

    def _want(self, components: list[Component]) -> None:
        write_json(self.home.wanted_file, {"components": [component.to_json() for component in components]})

    def _spawn_supervisor(self, bound: bool) -> None:
        parent = [str(os.getpid())] if bound else []
        with (self.home.logs / "supervisor.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "gongkai_etl.local.supervisor", str(self.home.path), *parent],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        _children.append(process)
        if not wait_for(lambda: self.supervisor() is not None, 15.0, lambda: process.poll() is not None):
            raise StoreError("STORE-SUPERVISOR", self._why(["supervisor"]))
        self.home.remember(supervisor=process.pid)

    def _stores_ready(self) -> bool:
        to = self.connections()
        return wait_for(lambda: database_answers(to.database_url), _STORES_WAIT_S, self._failing) and wait_for(
            lambda: store_answers(to), _STORES_WAIT_S, self._failing
        )

    def _state(self) -> dict[str, Any]:
        found: dict[str, Any] = read_json(self.home.state_file).get("components", {})
        return found

    def _failing(self) -> bool:
        too_often = any(entry["falls"] >= _FALLS_TOO_OFTEN for entry in self._state().values())
        return too_often or self.supervisor() is None

    def _why(self, names: list[str]) -> str:
        fallen = [name for name in names if self._state().get(name, {}).get("falls")] or names
        tails = []
        for name in fallen:
            log = self.home.logs / f"{name}.log"
            lines = log.read_text(encoding="utf-8", errors="replace").splitlines()[-8:] if log.exists() else []
            tails.append(f"{log}：\n" + "\n".join(lines))
        return "没有启动成功。日志末尾如下，先看最后一行的原因：\n" + "\n".join(tails)

    # -- status --------------------------------------------------------------------------------------------

    def status(self) -> list[Part]:
        """The components of the running stack, in the order in which they start; empty when none runs."""
        if self.supervisor() is None:
            return []
        addresses = {
            "postgres": self.ports.get("postgres"),
            "s3": self.ports.get("s3"),
            "api-server": self.ports.get("ui"),
        }
        parts = []
        for component in self._wanted():
            entry = self._state().get(component.name, {})
            process = find(entry["pid"], entry["created"]) if entry.get("pid") else None
            port = addresses.get(component.name)
            parts.append(
                Part(
                    name=component.name,
                    address=f"{HOST}:{port}" if port else "",
                    running=process is not None,
                    pid=process.pid if process else None,
                    memory_mb=_memory_mb(process),
                    falls=entry.get("falls", 0),
                )
            )
        return parts


# Popen objects are kept, so that a supervisor that has ended does not stay a zombie of a long-lived caller.
_children: list[subprocess.Popen[bytes]] = []


def _memory_mb(process: psutil.Process | None) -> int:
    """Memory of a process and all below it, MiB; a page that several share is counted in parts (Linux)."""
    total = 0
    for each in [process, *process.children(recursive=True)] if process else []:
        try:
            memory = each.memory_full_info()
            total += getattr(memory, "pss", memory.uss)
        except psutil.Error:
            continue
    return total // 2**20


def airflow_environment(stack: Stack) -> dict[str, str]:
    """The variables that Airflow in this process needs to use ``stack``; set them before importing airflow."""
    return stack.environment()
