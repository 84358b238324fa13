"""A warehouse and an object store of their own for a measurement, gone when it ends."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gongkai_etl.local.stack import Stack
from gongkai_etl.store.warehouse import Warehouse


@contextmanager
def running() -> Iterator[tuple[Stack, Warehouse]]:
    """The embedded PostgreSQL and S3 server, and the warehouse in it."""
    with tempfile.TemporaryDirectory(prefix="gongkai-bench-") as folder:
        # A server that drops root's rights must be able to enter.
        Path(folder).chmod(0o755)
        stack = Stack(Path(folder) / "home")
        stack.start(bound=True)
        try:
            warehouse = Warehouse.at(stack.connections().database_url)
            yield stack, warehouse
            warehouse.close()
        finally:
            stack.stop()
