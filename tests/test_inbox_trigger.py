"""A changed inbox is told once, also over a restart."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from gongkai_etl import inbox_trigger
from gongkai_etl.inbox_trigger import InboxTrigger, news
from gongkai_etl.steps import stores as holder
from gongkai_etl.steps.stores import Stores
from gongkai_etl.store.trouble import StoreUnavailableError
from tests.steps.conftest import stores as stores
from tests.steps.papers import drop

pytestmark = pytest.mark.integration


def test_each_change_is_told_once(stores: Stores, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(holder, "stores", lambda: stores)
    assert news() == []
    drop(stores, "青溪镇", "报告.pdf", b"1")
    drop(stores, "青溪镇", "旧.pdf", b"2", year=2024)
    assert news() == [2024, 2025]
    assert news() == []
    folder = stores.settings.home / "inbox"
    Path(folder).mkdir()
    (folder / "某单位2025年度报告.docx").write_bytes(b"3")
    assert news() == [0]
    (folder / "某单位2025年度报告.docx").unlink()
    drop(stores, "白石镇", "报告.pdf", b"4")
    assert news() == [0, 2025]


def test_the_trigger_goes_on_when_a_store_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    answers: Iterator[Exception | list[int]] = iter(
        [StoreUnavailableError("STORE-OBJECTS", "没有应答"), [], [2025]]
    )

    def look() -> list[int]:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(inbox_trigger, "news", look)
    trigger = InboxTrigger(interval_s=0)

    async def first() -> object:
        async for event in trigger.run():
            return event.payload
        return None

    assert asyncio.run(asyncio.wait_for(first(), 10)) == {"years": [2025]}


def test_airflow_can_make_it_again() -> None:
    path, kwargs = InboxTrigger(interval_s=5).serialize()
    module, _, name = path.rpartition(".")
    assert module == inbox_trigger.__name__
    again = getattr(inbox_trigger, name)(**kwargs)
    assert again.serialize() == (path, kwargs)
