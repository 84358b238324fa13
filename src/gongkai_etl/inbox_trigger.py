"""Looks at the inbox every few seconds and tells Airflow which years have something new."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator
from typing import Any

from airflow.triggers.base import BaseEventTrigger, TriggerEvent

_SEEN = "state/inbox.json"


class InboxTrigger(BaseEventTrigger):
    """An event ``{"years": [2025]}`` when files came, changed or went; 0 stands for files in no year's folder.

    What was told is remembered in the object store: a restart neither repeats nor forgets it.
    """

    def __init__(self, interval_s: float = 20.0) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.interval_s = interval_s

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """For Airflow's database."""
        return "gongkai_etl.inbox_trigger.InboxTrigger", {"interval_s": self.interval_s}

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Look for ever; a store that does not answer is asked again at the next look."""
        while True:
            try:
                years = await asyncio.to_thread(news)
            except OSError as error:
                self.log.warning("收件箱暂时看不到：%s", error)
                years = []
            if years:
                yield TriggerEvent({"years": years})  # type: ignore[no-untyped-call]
            await asyncio.sleep(self.interval_s)


def news() -> list[int]:
    """The years whose inbox differs from what was told last, and remember it as told."""
    from gongkai_etl.steps.stores import stores

    objects = stores().objects
    told = json.loads(objects.get(_SEEN)) if objects.exists(_SEEN) else {}
    now = _digests()
    changed = sorted(int(year) for year in now.keys() | told.keys() if now.get(year) != told.get(year))
    if changed:
        objects.put_changed(_SEEN, json.dumps(now, sort_keys=True).encode())
    return changed


def _digests() -> dict[str, str]:
    """Year → hash of the names and times of its files."""
    from gongkai_etl.steps.inbox import everything, year_folder
    from gongkai_etl.steps.stores import stores

    lines: dict[str, list[str]] = {}
    for waiting in everything(stores()):
        arrival = waiting.arrival
        lines.setdefault(year_folder(arrival) or "0", []).append(
            f"{arrival.path} {arrival.received_at.isoformat()}"
        )
    return {year: hashlib.sha256("\n".join(sorted(mine)).encode()).hexdigest() for year, mine in lines.items()}
