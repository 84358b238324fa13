"""The embedded stack as one thing: plan, start, stop, status.

A supervisor process of its own session owns the servers, so that they go on when the command that started
them returns. Servers that the settings name are used as they are and not started here.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import psutil

from gongkai_etl.errors import StoreError
from gongkai_etl.local import airflow as airflow_parts
from gongkai_etl.local import postgres, s3
from gongkai_etl.local.home import Home, locked
from gongkai_etl.local.owner import Owner
from gongkai_etl.local.parts import Part, parts
from gongkai_etl.local.ports import HOST, choose
from gongkai_etl.local.prepare import database_answers, prepare, store_answers, wait_for
from gongkai_etl.local.processes import Component
from gongkai_etl.settings import Connections, Settings, named_database, named_store

_TRIES = 3
_STORES_WAIT_S = 60.0
_AIRFLOW_WAIT_S = 180.0


class Stack:
    """The embedded stack in one folder (default: the setting ``home``)."""

    def __init__(self, home: Path | str | None = None, settings: Settings | None = None) -> None:
        chosen = settings or Settings()
        if home is not None:
            chosen = chosen.model_copy(update={"home": Path(home)})
        self.settings = chosen
        self.home = Home.at(chosen.home)
        self._owner = Owner(self.home)
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
        return self._owner.process()

    def _stop(self) -> bool:
        ran = self._owner.stop()
        s3.remove_sockets(self.home, self.ports)
        return ran

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
            self._owner.want(components, bound=bound)
            if self._stores_ready():
                return
        raise StoreError("STORE-START", self._owner.why(["postgres", "s3"]))

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
        known = self._owner.wanted()
        wanted = airflow_parts.components(self.home, self.environment())
        if not {part.name for part in wanted} <= {part.name for part in known}:
            self._owner.want([*known, *wanted])
        port = self.ports["ui"]
        if not wait_for(lambda: airflow_parts.is_healthy(port), _AIRFLOW_WAIT_S, self._owner.failing):
            raise StoreError("STORE-AIRFLOW-START", self._owner.why([part.name for part in wanted]))

    def _migrate_airflow(self, say: Callable[[str], None]) -> None:
        say("检查 Airflow 的数据库")
        airflow_parts.write_passwords(self.home)
        airflow_parts.migrate(self.home, self.environment())

    def _stores_ready(self) -> bool:
        to = self.connections()
        return wait_for(
            lambda: database_answers(to.database_url), _STORES_WAIT_S, self._owner.failing
        ) and wait_for(lambda: store_answers(to), _STORES_WAIT_S, self._owner.failing)

    # -- status --------------------------------------------------------------------------------------------

    def status(self) -> list[Part]:
        """The components of the running stack, in the order in which they start; empty when none runs."""
        return parts(self._owner, self.ports)


def airflow_environment(stack: Stack) -> dict[str, str]:
    """The variables that Airflow in this process needs to use ``stack``; set them before importing airflow."""
    return stack.environment()
