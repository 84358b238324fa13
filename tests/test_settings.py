"""Settings, and which servers they lead to."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from gongkai_etl.errors import SettingsError
from gongkai_etl.settings import Settings, connections

DATABASE = "postgresql+psycopg://u:p@db.example.org:5432/gongkai?sslmode=require"
STORE = {"s3_endpoint": "s3.example.org:9000", "s3_access_key": "key", "s3_secret_key": "secret"}
FACTS = {
    "database_url": "postgresql+psycopg://gongkai:x@127.0.0.1:1/gongkai",
    "airflow_database_url": "postgresql+psycopg://gongkai:x@127.0.0.1:1/airflow",
    "s3_endpoint": "127.0.0.1:2",
    "s3_access_key": "a",
    "s3_secret_key": "b",
    "s3_secure": False,
}


def running(home: Path, pid: int) -> Path:
    home.mkdir()
    (home / "stack.json").write_text(json.dumps({"supervisor": pid, "connections": FACTS}), encoding="utf-8")
    return home


def test_every_setting_is_described_in_chinese() -> None:
    for name, field in Settings.model_fields.items():
        assert field.description, name
        assert any("\u4e00" <= letter <= "\u9fff" for letter in field.description), name


def test_named_servers_win_over_the_running_stack(tmp_path: Path) -> None:
    home = running(tmp_path / "home", os.getpid())
    found = connections(Settings(home=home, database_url=DATABASE, **STORE))  # type: ignore[arg-type]
    assert found.database_url == DATABASE
    assert found.airflow_database_url == "postgresql+psycopg://u:p@db.example.org:5432/airflow?sslmode=require"
    assert (found.s3_endpoint, found.s3_access_key, found.s3_secret_key) == tuple(STORE.values())


def test_one_server_may_be_named_and_the_other_embedded(tmp_path: Path) -> None:
    home = running(tmp_path / "home", os.getpid())
    found = connections(Settings(home=home, database_url=DATABASE))
    assert found.database_url == DATABASE
    assert found.s3_endpoint == FACTS["s3_endpoint"]


def test_the_metadata_may_have_a_server_of_its_own(tmp_path: Path) -> None:
    home = running(tmp_path / "home", os.getpid())
    other = "postgresql+psycopg://other/meta"
    assert (
        connections(Settings(home=home, database_url=DATABASE, airflow_database_url=other)).airflow_database_url
        == other
    )


def test_a_stack_that_is_not_there_or_has_ended_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="先运行 gongkai up"):
        connections(Settings(home=tmp_path / "none"))
    with pytest.raises(SettingsError, match="先运行 gongkai up"):
        connections(Settings(home=running(tmp_path / "ended", 2**22 + 1)))
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "stack.json").write_text("{", encoding="utf-8")
    with pytest.raises(SettingsError, match="先运行 gongkai up"):
        connections(Settings(home=tmp_path / "broken"))


def test_a_store_without_keys_is_refused() -> None:
    with pytest.raises(SettingsError, match="GONGKAI_S3_ACCESS_KEY"):
        connections(Settings(database_url=DATABASE, s3_endpoint="s3.example.org:9000"))
