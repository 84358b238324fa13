"""The pools are there when a service of Airflow starts, and an operator's change of them stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from gongkai_etl.local.stack import Stack

pytestmark = pytest.mark.integration


def test_a_starting_service_makes_the_pools_and_changes_none(airflow_stack: Stack) -> None:
    from airflow.jobs.job import Job
    from airflow.models.pool import Pool
    from airflow.utils.session import create_session

    from gongkai_etl.pools import READING, SLOTS, WEB

    Job()  # type: ignore[no-untyped-call]  # what every service creates first
    with create_session() as session:
        names = {pool.pool for pool in session.query(Pool).all()}
        assert {READING, WEB} <= names
        Pool.create_or_update_pool(READING, 1, "", include_deferred=False, session=session)
    Job()  # type: ignore[no-untyped-call]
    with create_session() as session:
        found = Pool.get_pool(READING, session=session)
        assert found is not None
        assert found.slots == 1
        Pool.create_or_update_pool(READING, *SLOTS[READING], include_deferred=False, session=session)
