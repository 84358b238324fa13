"""The object store: written once, metadata in Chinese, errors that say whether waiting helps."""

from __future__ import annotations

import urllib.request
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from gongkai_etl.settings import Settings
from gongkai_etl.store import keys
from gongkai_etl.store.objects import ObjectStore
from gongkai_etl.store.trouble import ObjectMissingError, StoreUnavailableError

pytestmark = pytest.mark.integration


@pytest.fixture
def key() -> str:
    return keys.raw(2025, "青溪镇", uuid.uuid4().hex, "pdf")


def test_the_first_writer_wins_and_nothing_is_overwritten(objects: ObjectStore, key: str) -> None:
    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(lambda n: objects.put_once(key, b"%d" % n), range(8)))
    assert won.count(True) == 1
    assert objects.get(key) == b"%d" % won.index(True)


def test_chinese_metadata_comes_back(objects: ObjectStore, key: str) -> None:
    given = {"file-name": "2025年度报告 (终稿).pdf", "origin": "inbox"}
    objects.put_once(key, b"%PDF", "application/pdf", given)
    found = objects.stat(key)
    assert found is not None
    assert found.metadata == given
    assert found.size == 4


def test_a_json_result_is_written_again_only_when_it_differs(objects: ObjectStore, key: str) -> None:
    assert objects.put_changed(key, b"{}", {"reader": "1"})
    assert not objects.put_changed(key, b"{}", {"reader": "1"})
    assert objects.put_changed(key, b"{}", {"reader": "2"})
    assert objects.put_changed(key, b"[]", {"reader": "2"})
    assert objects.get(key) == b"[]"


def test_listing_and_links(objects: ObjectStore) -> None:
    folder = f"inbox/{uuid.uuid4().hex}"
    for name in ("乙.docx", "甲.pdf"):
        objects.put(f"{folder}/{name}", name.encode())
    assert sorted(found.key for found in objects.list(folder)) == [f"{folder}/乙.docx", f"{folder}/甲.pdf"]
    with urllib.request.urlopen(objects.presigned(f"{folder}/甲.pdf")) as answer:
        assert answer.read().decode() == "甲.pdf"
    objects.remove(f"{folder}/甲.pdf")
    assert not objects.exists(f"{folder}/甲.pdf")


def test_the_private_bucket_keeps_versions_and_the_public_one_is_another(objects: ObjectStore, key: str) -> None:
    assert objects.client.get_bucket_versioning(objects.bucket).status == "Enabled"
    objects.public.put(key, b"public")
    assert not objects.exists(key)


def test_what_is_missing_is_said(objects: ObjectStore, key: str) -> None:
    with pytest.raises(ObjectMissingError, match=key):
        objects.get(key)
    assert objects.stat(key) is None


def test_a_server_that_does_not_answer_is_worth_another_try(stack: Any) -> None:
    to = stack.connections()
    chosen = {"database_url": to.database_url, "s3_access_key": "a", "s3_secret_key": "b" * 12}
    gone = ObjectStore.connect(Settings.model_validate(chosen | {"s3_endpoint": "127.0.0.1:9"}))
    with pytest.raises(StoreUnavailableError) as caught:
        gone.get("x")
    assert isinstance(caught.value, ConnectionError)
    assert "重试" in caught.value.message
