"""A backup brings everything back, and says so when it cannot."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from gongkai_etl.errors import StoreError
from gongkai_etl.local import backup, bucket_copy, database_copy
from gongkai_etl.local.prepare import conninfo, store_client
from gongkai_etl.local.stack import Stack
from tests.local.homes import own_home

pytestmark = pytest.mark.integration

METADATA = {"unit": "%E9%95%87"}


def silent(_text: str) -> None:
    pass


def put(stack: Stack, key: str, content: bytes, bucket: str = "gongkai") -> None:
    store_client(stack.connections()).put_object(
        bucket_name=bucket,
        object_name=key,
        data=io.BytesIO(content),
        length=len(content),
        content_type="text/plain",
        metadata=dict(METADATA),
    )


def get(stack: Stack, key: str, bucket: str = "gongkai") -> bytes:
    return bytes(store_client(stack.connections()).get_object(bucket_name=bucket, object_name=key).read())


@pytest.fixture(scope="module")
def source() -> Iterator[Stack]:
    with own_home() as stack:
        stack.start()
        with psycopg.connect(conninfo(stack.connections().database_url)) as server:
            server.execute("CREATE SCHEMA extra")
            server.execute("CREATE TABLE extra.kept AS SELECT n, '镇' || n AS name FROM generate_series(1, 500) n")
        put(stack, "raw/2025/甲镇/一.txt", b"first")
        put(stack, "raw/2025/甲镇/一.txt", b"second")
        put(stack, 'raw/2025/a:b*?"乙镇 .. x', b"third")
        put(stack, "gone", b"removed later")
        store_client(stack.connections()).remove_object(bucket_name="gongkai", object_name="gone")
        put(stack, "2025/latest.json", b"{}", bucket="gongkai-public")
        put(stack, "large", bytes(range(256)) * 40_000)
        yield stack


@pytest.fixture
def saved(source: Stack, tmp_path: Path) -> Path:
    backup.back_up(source.connections(), source.settings, tmp_path / "backup", silent)
    return tmp_path / "backup"


def test_everything_comes_back_on_another_stack(source: Stack, saved: Path) -> None:
    with own_home() as other:
        other.start()
        put(other, "mine", b"stays")
        done = backup.bring_back(other.connections(), other.settings, saved, silent)
        assert (done.objects, done.versions) == (4, 7)
        with psycopg.connect(conninfo(other.connections().database_url)) as server:
            assert server.execute("SELECT count(*), max(name) FROM extra.kept").fetchone() == (500, "镇99")
        assert get(other, "raw/2025/甲镇/一.txt") == b"second"
        assert get(other, 'raw/2025/a:b*?"乙镇 .. x') == b"third"
        assert get(other, "large") == bytes(range(256)) * 40_000
        assert get(other, "2025/latest.json", "gongkai-public") == b"{}"
        assert get(other, "mine") == b"stays"
        client = store_client(other.connections())
        history = client.list_objects(
            bucket_name="gongkai", prefix="raw/2025/甲镇", recursive=True, include_version=True
        )
        assert len(list(history)) == 2
        told = client.stat_object(bucket_name="gongkai", object_name="large")
        assert told.content_type == "text/plain"
        assert told.metadata is not None
        assert told.metadata["x-amz-meta-unit"] == METADATA["unit"]
        before = database_copy.count(other.connections().database_url)
        backup.bring_back(other.connections(), other.settings, saved, silent)
        assert database_copy.count(other.connections().database_url) == before
        history = client.list_objects(
            bucket_name="gongkai", prefix="raw/2025/甲镇", recursive=True, include_version=True
        )
        assert len(list(history)) == 2, "a second restore writes nothing"


def test_a_restore_takes_back_what_was_changed(source: Stack, saved: Path) -> None:
    url = conninfo(source.connections().database_url)
    with psycopg.connect(url) as server:
        server.execute("DELETE FROM extra.kept WHERE n > 10")
        server.execute("CREATE TABLE extra.later AS SELECT 1")
    backup.bring_back(source.connections(), source.settings, saved, silent)
    with psycopg.connect(url) as server:
        assert server.execute("SELECT count(*) FROM extra.kept").fetchone() == (500,)
        assert server.execute("SELECT to_regclass('extra.later')").fetchone() == (None,)


def test_a_second_backup_adds_only_what_is_new(source: Stack, saved: Path) -> None:
    before = {path: path.stat().st_size for path in (saved / "objects").rglob("*") if path.is_file()}
    put(source, "new", b"new content")
    backup.back_up(source.connections(), source.settings, saved, silent)
    after = {path for path in (saved / "objects").rglob("*") if path.is_file()}
    assert len(after - set(before)) == 1
    store_client(source.connections()).remove_object(bucket_name="gongkai", object_name="new")


def test_only_the_owner_may_read_it(saved: Path) -> None:
    assert saved.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("name", ["objects.jsonl", "database/gongkai.dump", "content"])
def test_a_damaged_backup_is_refused_before_anything_is_changed(source: Stack, saved: Path, name: str) -> None:
    lines = (saved / "objects.jsonl").read_text(encoding="utf-8").splitlines()
    first = next(item for item in map(json.loads, lines) if item["sha256"])
    path = bucket_copy.blob(saved / "objects", first["sha256"]) if name == "content" else saved / name
    path.write_bytes(path.read_bytes() + b"x")
    rows = database_copy.count(source.connections().database_url)
    with pytest.raises(StoreError, match="损坏"):
        backup.bring_back(source.connections(), source.settings, saved, silent)
    assert database_copy.count(source.connections().database_url) == rows


def test_a_restore_that_fails_leaves_the_database_as_it_was(source: Stack, tmp_path: Path) -> None:
    url = source.connections().database_url
    rows = database_copy.count(url)
    cut = tmp_path / "cut.dump"
    database_copy.dump(url, cut)
    cut.write_bytes(cut.read_bytes()[:-2000])
    with pytest.raises(StoreError):
        database_copy.restore(url, cut)
    assert database_copy.count(url) == rows


def test_a_folder_without_a_backup_is_refused(source: Stack, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"manifest\.json"):
        backup.bring_back(source.connections(), source.settings, tmp_path, silent)
