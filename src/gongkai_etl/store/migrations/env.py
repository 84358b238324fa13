"""Alembic runs the migrations on the connection that the warehouse hands over."""

from __future__ import annotations

from alembic import context

from gongkai_etl.store.tables import SCHEMA, metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    version_table_schema=SCHEMA,
    include_schemas=True,
    include_name=lambda name, kind, _: name == SCHEMA if kind == "schema" else True,
)
with context.begin_transaction():
    context.run_migrations()
