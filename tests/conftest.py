"""One embedded stack for the test session: its own folder, its own ports, ended with the session.

The environment is set before any test module is imported, since Airflow reads it on import; the servers start
when the first test asks for ``stack``. With pytest-xdist every worker has a stack of its own.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from gongkai_etl.local.stack import Stack

_HOME = pytest.StashKey[Path]()


def pytest_configure(config: pytest.Config) -> None:
    """Choose a folder and ports, and set the environment for everything that follows."""
    for name in [name for name in os.environ if name.startswith(("GONGKAI_", "AIRFLOW_"))]:
        del os.environ[name]
    home = Path(tempfile.mkdtemp(prefix="gongkai-test-"))
    config.stash[_HOME] = home
    os.environ["GONGKAI_HOME"] = str(home)
    from gongkai_etl.local.stack import Stack, airflow_environment

    planned = Stack(home)
    planned.plan()
    os.environ.update(airflow_environment(planned))


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the folder."""
    if _HOME in config.stash:
        shutil.rmtree(config.stash[_HOME], ignore_errors=True)


@pytest.fixture(scope="session")
def stack(pytestconfig: pytest.Config) -> Iterator[Stack]:
    """The running PostgreSQL and S3 server, with databases, buckets and the warehouse's tables.

    ``gongkai_etl.settings.connections()`` leads to them. It ends with this process, however that ends.
    """
    from gongkai_etl.local.stack import Stack

    running = Stack(pytestconfig.stash[_HOME])
    running.start(bound=True)
    yield running
    running.stop()


@pytest.fixture(scope="session")
def airflow_stack(stack: Stack) -> Stack:
    """The same, with Airflow's tables, for ``dag.test()``."""
    stack.start(metadata=True)
    return stack
