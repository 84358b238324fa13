"""Pools of Airflow: how many tasks may read scans or ask web hosts at once. Made when a scheduler starts."""

from __future__ import annotations

from typing import Any

from airflow.listeners import hookimpl

READING = "gongkai_read"
"""Tasks that read received files; a scan takes a core and a gigabyte."""

WEB = "gongkai_web"
"""Tasks that ask web sites, and then read what they found."""

SLOTS = {READING: (4, "读取收到的报告（含扫描件识别）"), WEB: (4, "访问网站并读取")}


@hookimpl
def on_starting(component: Any) -> None:
    """Called by Airflow when one of its services starts.

    It is called before the service says which one it is, so each makes the pools; a task's process does not.
    """
    if type(component).__name__ == "Job":
        make_pools()


def make_pools() -> list[str]:
    """Make the pools that are missing; an operator's change of slots stays. Gives those made."""
    from airflow.models.pool import Pool
    from airflow.utils.session import create_session
    from sqlalchemy.exc import IntegrityError

    made = []
    for name, (slots, description) in SLOTS.items():
        try:
            with create_session() as session:
                if Pool.get_pool(name, session=session) is None:
                    Pool.create_or_update_pool(name, slots, description, include_deferred=False, session=session)
                    made.append(name)
        except IntegrityError:  # another service was faster
            continue
    return made
