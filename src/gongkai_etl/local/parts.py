"""What ``gongkai status`` shows of each component."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import psutil

from gongkai_etl.local.owner import Owner
from gongkai_etl.local.ports import HOST
from gongkai_etl.local.processes import find

_PORTS = {"postgres": "postgres", "s3": "s3", "api-server": "ui"}


@dataclass(frozen=True, slots=True)
class Part:
    """A component, its address, whether it runs, memory in MiB, how often it fell over since the start."""

    name: str
    address: str
    running: bool
    pid: int | None
    memory_mb: int
    falls: int


def parts(owner: Owner, ports: Mapping[str, int]) -> list[Part]:
    """All components in the order in which they start; empty when the supervisor does not run."""
    state, found = owner.state(), []
    for component in owner.wanted():
        entry = state.get(component.name, {})
        process = find(entry["pid"], entry["created"]) if entry.get("pid") else None
        port = ports.get(_PORTS.get(component.name, ""))
        found.append(
            Part(
                name=component.name,
                address=f"{HOST}:{port}" if port else "",
                running=process is not None,
                pid=process.pid if process else None,
                memory_mb=_memory_mb(process),
                falls=entry.get("falls", 0),
            )
        )
    return found


def _memory_mb(process: psutil.Process | None) -> int:
    """Memory of a process and all below it; a page that several share is counted in parts (Linux)."""
    total = 0
    try:
        for each in [process, *process.children(recursive=True)] if process else []:
            memory = each.memory_full_info()
            total += getattr(memory, "pss", memory.uss)
    except psutil.Error:
        return total // 2**20
    return total // 2**20
