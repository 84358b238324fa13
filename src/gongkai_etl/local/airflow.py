"""Airflow on one machine: its environment, its database, and its four components without ``standalone``.

``airflow standalone`` is not used: it stays up when its API server could not start, leaves processes behind,
and listens on every network address for logs. Here only the API server listens, on 127.0.0.1.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from gongkai_etl.errors import SettingsError, StoreError
from gongkai_etl.local.home import Home, write_json
from gongkai_etl.local.ports import HOST
from gongkai_etl.local.processes import Component
from gongkai_etl.settings import Settings

COMPONENTS: Mapping[str, tuple[str, ...]] = {
    "api-server": ("api-server",),
    "scheduler": ("scheduler", "--skip-serve-logs"),
    "dag-processor": ("dag-processor",),
    "triggerer": ("triggerer", "--skip-serve-logs"),
}
ROLES: Mapping[str, str] = {"admin": "admin", "op": "op", "viewer": "viewer"}
PATIENCE: Mapping[str, str] = {
    "AIRFLOW__DATABASE__MAX_DB_RETRIES": "20",
    "AIRFLOW__WORKERS__EXECUTION_API_RETRIES": "15",
    "AIRFLOW__WORKERS__EXECUTION_API_RETRY_WAIT_MAX": "10.0",
}
"""A database or API server that is away for a minute (also at the first start) makes no task fail."""

_SHORTEST_PASSWORD = 10
_HEALTHY = ("metadatabase", "scheduler", "triggerer", "dag_processor")


def project_root() -> Path:
    """The folder that holds ``dags/`` and ``plugins/``: the working folder, else the checkout of this source."""
    here = Path.cwd()
    return here if (here / "dags").is_dir() else Path(__file__).resolve().parents[3]


def environment(home: Home, port: int, database_url: str) -> dict[str, str]:
    """The variables that make ``airflow`` (a command or an import) use this home and ``database_url``."""
    root, secrets = project_root(), home.secrets()
    bundle = {
        "name": "gongkai",
        "classpath": "airflow.dag_processing.bundles.local.LocalDagBundle",
        "kwargs": {"path": str(root / "dags"), "refresh_interval": 30},
    }
    return {
        "GONGKAI_HOME": str(home.path),
        "AIRFLOW_HOME": str(home.airflow),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": database_url,
        # psycopg serves both; without the second line Airflow asks for asyncpg.
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_ASYNC": database_url,
        "AIRFLOW__CORE__EXECUTOR": "gongkai_etl.local.executor.EndingLocalExecutor",
        "AIRFLOW__CORE__PARALLELISM": "4",
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__DAGS_FOLDER": str(root / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(root / "plugins"),
        "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
        "AIRFLOW__CORE__DEFAULT_TIMEZONE": "Asia/Shanghai",
        "AIRFLOW__CORE__FERNET_KEY": fernet_key(secrets["web"]),
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"http://{HOST}:{port}/execution/",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": ",".join(f"{user}:{role}" for user, role in ROLES.items()),
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(home.airflow / "passwords.json"),
        "AIRFLOW__DAG_PROCESSOR__DAG_BUNDLE_CONFIG_LIST": json.dumps([bundle]),
        "AIRFLOW__API__HOST": HOST,
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__BASE_URL": f"http://{HOST}:{port}",
        "AIRFLOW__API__WORKERS": "1",
        "AIRFLOW__API__SECRET_KEY": secrets["web"],
        "AIRFLOW__API_AUTH__JWT_SECRET": secrets["jwt"],
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(home.logs / "airflow"),
        "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
        "AIRFLOW_CONN_FS_DEFAULT": "fs://",
        "GONGKAI_BOARD_URL": os.environ.get("GONGKAI_BOARD_URL") or f"http://{HOST}:{port}/gongkai",
        "GX_ANALYTICS_ENABLED": "false",
        **PATIENCE,
        "NO_PROXY": ",".join(filter(None, [os.environ.get("NO_PROXY"), HOST, "localhost"])),
    }


def fernet_key(secret: str) -> str:
    """The key with which Airflow encrypts stored connections, made from ``secret``."""
    import base64
    import hashlib

    return base64.urlsafe_b64encode(hashlib.sha256(secret.encode()).digest()).decode()


def write_passwords(home: Home) -> None:
    """The passwords of the UI's users, in the form that SimpleAuthManager reads."""
    secrets = home.secrets()
    write_json(home.airflow / "passwords.json", {user: secrets[user] for user in ROLES})


def write_chosen_passwords(file: Path, settings: Settings) -> None:
    """The same for a deployment, whose passwords the settings name.

    Raises:
        SettingsError: a password is missing or shorter than ten characters.
    """
    chosen: dict[str, str] = {}
    for user in ROLES:
        secret = getattr(settings, f"ui_{user}_password")
        if secret is None or len(secret.get_secret_value()) < _SHORTEST_PASSWORD:
            name = f"GONGKAI_UI_{user.upper()}_PASSWORD"
            raise SettingsError("SETTINGS-UI-PASSWORD", f"请设置 {name}，至少 {_SHORTEST_PASSWORD} 个字符。")
        chosen[user] = secret.get_secret_value()
    file.parent.mkdir(parents=True, exist_ok=True)
    write_json(file, chosen)


def migrate(home: Home, env: Mapping[str, str]) -> bool:
    """Bring Airflow's tables to the installed version; gives whether anything had to be done.

    Raises:
        StoreError: the migration failed; the message holds the end of its output.
    """
    wanted = {
        "version": version("apache-airflow"),
        "database": env["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"].split("@")[-1],
    }
    if home.facts().get("airflow_tables") == wanted:
        return False
    done = subprocess.run(
        [sys.executable, "-m", "airflow", "db", "migrate"],
        env={**os.environ, **env},
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise StoreError("STORE-AIRFLOW-DB", f"Airflow 的数据库升级失败：{(done.stdout + done.stderr)[-1500:]}")
    home.remember(airflow_tables=wanted)
    return True


def components(home: Home, env: Mapping[str, str]) -> list[Component]:
    """How to run the four of them."""
    return [
        Component(
            name=name,
            argv=(sys.executable, "-m", "airflow", *arguments),
            # Compiled bytecode is kept even where the machine says otherwise: every task imports anew.
            env={**os.environ, **env, "PYTHONDONTWRITEBYTECODE": ""},
            cwd=str(project_root()),
            stop_wait=15.0,
            stage=1,
        )
        for name, arguments in COMPONENTS.items()
    ]


def health(port: int) -> dict[str, str]:
    """State of each part as the API server tells it; empty when it does not answer."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"http://{HOST}:{port}/api/v2/monitor/health", timeout=2) as answer:
            told: dict[str, dict[str, Any]] = json.load(answer)
    except (OSError, ValueError):
        return {}
    return {name: str(told.get(name, {}).get("status")) for name in _HEALTHY}


def is_healthy(port: int) -> bool:
    """Whether all four parts say that they are healthy."""
    return {*health(port).values()} == {"healthy"}
