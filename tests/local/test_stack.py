"""The embedded stack that the whole test session uses."""

from __future__ import annotations

import io
from pathlib import Path

import psycopg
import pytest

from gongkai_etl.local.prepare import conninfo, store_client
from gongkai_etl.local.stack import Stack
from gongkai_etl.settings import Settings, connections

pytestmark = pytest.mark.integration


def test_the_settings_lead_to_the_running_stack(stack: Stack) -> None:
    assert connections(Settings()) == stack.connections()


def test_both_databases_are_there_and_utf8(stack: Stack) -> None:
    with psycopg.connect(conninfo(stack.connections().database_url)) as server:
        rows = server.execute("SELECT datname, pg_encoding_to_char(encoding) FROM pg_database").fetchall()
    assert {("gongkai", "UTF8"), ("airflow", "UTF8")} <= set(rows)


def test_the_working_bucket_keeps_every_version(stack: Stack) -> None:
    client = store_client(stack.connections())
    bucket = stack.settings.bucket
    for body in (b"one", b"two"):
        client.put_object(bucket_name=bucket, object_name="stack-test", data=io.BytesIO(body), length=3)
    versions = list(client.list_objects(bucket_name=bucket, prefix="stack-test", include_version=True))
    assert len(versions) == 2
    assert client.bucket_exists(bucket_name=stack.settings.public_bucket)


def test_nothing_listens_beyond_the_loopback_address(stack: Stack) -> None:
    import psutil

    pids = {part.pid for part in stack.status()}
    assert len(pids) == 2
    addresses = {
        connection.laddr.ip
        for pid in pids
        for connection in psutil.Process(pid).net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    }
    assert addresses == {"127.0.0.1"}


def test_a_second_start_finds_it_running(stack: Stack) -> None:
    before = stack.supervisor()
    stack.start()
    assert stack.supervisor() == before


def test_servers_that_the_settings_name_are_used_and_nothing_is_started(stack: Stack, tmp_path: Path) -> None:
    to = stack.connections()
    chosen = Settings(
        home=tmp_path / "home",
        database_url=to.database_url.removesuffix("gongkai") + "elsewhere",
        s3_endpoint=to.s3_endpoint,
        s3_access_key=to.s3_access_key,
        s3_secret_key=to.s3_secret_key,
        bucket="elsewhere",
        public_bucket="elsewhere-public",
    )
    named = Stack(settings=chosen)
    named.start()
    assert named.supervisor() is None
    assert named.status() == []
    with psycopg.connect(conninfo(connections(chosen).database_url)) as server:
        assert server.execute("SELECT count(*) FROM gongkai.report").fetchone() == (0,)
    assert store_client(to).get_bucket_versioning(bucket_name="elsewhere").status == "Enabled"
    assert not named.stop()
