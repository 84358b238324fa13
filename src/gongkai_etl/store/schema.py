"""Bring a database to the present schema: migrations, the form's dimensions, published views, reader role."""

# ruff: noqa: S608 -- queries are put together from constants of this module, values are always bound

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, text

from gongkai_etl.store import contract
from gongkai_etl.store.dimensions import sync_form
from gongkai_etl.store.tables import SCHEMA

READER = "gongkai_reader"
_LOCK = 711_201_911  # any number: one migration at a time


def migrate(connection: Connection, reader_password: str | None = None) -> str:
    """Run everything that is missing inside the caller's transaction; gives the revision reached.

    Views and the reader's grants are rebuilt only when their definition has changed.
    """
    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
    revision = _upgrade(connection)
    sync_form(connection)
    contract.apply(connection)
    _grant_reader(connection, reader_password)
    return revision


def _upgrade(connection: Connection) -> str:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    config.attributes["connection"] = connection
    head = ScriptDirectory.from_config(config).get_current_head() or ""
    if _current(connection) != head:
        command.upgrade(config, "head")
    return head


def _current(connection: Connection) -> str | None:
    table = f"{SCHEMA}.alembic_version"
    if connection.scalar(text("SELECT to_regclass(:table)"), {"table": table}) is None:
        return None
    found: str | None = connection.scalar(text(f"SELECT version_num FROM {table}"))
    return found


def _grant_reader(connection: Connection, password: str | None) -> None:
    """The role of dashboards: reads schema ``publish``, nothing else; may log in only with a password set."""
    known = connection.scalar(text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": READER})
    if not known:
        connection.execute(text(f"CREATE ROLE {READER} NOLOGIN"))
    if password:
        literal = password.replace("'", "''")
        connection.exec_driver_sql(f"ALTER ROLE {READER} LOGIN PASSWORD '{literal}'".replace("%", "%%"))
    connection.execute(text(f"GRANT USAGE ON SCHEMA publish TO {READER}"))
    connection.execute(text(f"GRANT SELECT ON ALL TABLES IN SCHEMA publish TO {READER}"))
