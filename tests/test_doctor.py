"""The doctor finds what is wrong and says what to do."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from gongkai_etl.doctor import Diagnosis, diagnose
from gongkai_etl.local.prepare import store_client
from gongkai_etl.local.stack import Stack
from gongkai_etl.settings import Settings

ROSTER = "name,kind\n测试县,县\n测试镇,镇\n"


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    file = tmp_path / "units.csv"
    file.write_text(ROSTER, encoding="utf-8")
    return file


def of(found: list[Diagnosis], subject: str) -> list[Diagnosis]:
    return [one for one in found if one.subject == subject]


@pytest.mark.integration
def test_nothing_is_wrong_with_a_running_stack(stack: Stack, roster: Path) -> None:
    found = list(diagnose(Settings(roster=roster)))
    assert [one for one in found if one.level == "错误"] == []
    assert "2 个单位" in of(found, "单位名册")[0].found
    assert of(found, "PostgreSQL")[0].level == "好"
    assert of(found, "对象存储")[0].level == "好"


@pytest.mark.integration
def test_a_missing_bucket_is_an_error(stack: Stack, roster: Path) -> None:
    store = of(list(diagnose(Settings(roster=roster, bucket="not-there"))), "对象存储")
    assert [one.level for one in store] == ["错误"]
    assert "not-there" in store[0].found
    assert store[0].advice == "运行 gongkai prepare"


@pytest.mark.integration
def test_a_bucket_that_forgets_versions_is_pointed_out(stack: Stack, roster: Path) -> None:
    store_client(stack.connections()).make_bucket(bucket_name="forgetful")
    store = of(list(diagnose(Settings(roster=roster, bucket="forgetful"))), "对象存储")
    assert [one.level for one in store] == ["注意"]


def test_a_stack_that_does_not_run_is_an_error_and_the_rest_is_still_looked_at(
    tmp_path: Path, roster: Path
) -> None:
    found = list(diagnose(Settings(home=tmp_path / "none", roster=roster)))
    assert "gongkai up" in of(found, "数据库和存储")[0].found
    assert of(found, "收发渠道") != []


def test_a_server_that_does_not_answer_is_an_error(roster: Path) -> None:
    chosen = Settings(
        roster=roster,
        database_url="postgresql+psycopg://nobody:x@127.0.0.1:1/none",
        s3_endpoint="127.0.0.1:1",
        s3_access_key="a",
        s3_secret_key="b",
    )
    found = list(diagnose(chosen))
    assert of(found, "PostgreSQL")[0].level == "错误"
    assert of(found, "对象存储")[0].level == "错误"


def test_a_mistyped_setting_is_pointed_out(monkeypatch: pytest.MonkeyPatch, roster: Path) -> None:
    monkeypatch.setenv("GONGKAI_ROSTR", "x")
    settings = of(list(diagnose(Settings(roster=roster))), "设置")
    assert (settings[0].level, settings[0].advice) == ("注意", "是否要写 GONGKAI_ROSTER")


def test_a_full_disk_is_an_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, roster: Path) -> None:
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage._replace(free=2**29))
    home = of(list(diagnose(Settings(home=tmp_path, roster=roster))), "数据目录")
    assert [one.level for one in home] == ["错误"]
    assert "0.5 GB" in home[0].found


def test_passwords_that_others_can_read_are_pointed_out(tmp_path: Path, roster: Path) -> None:
    (tmp_path / "secrets.json").write_text("{}", encoding="utf-8")
    (tmp_path / "secrets.json").chmod(0o644)
    home = of(list(diagnose(Settings(home=tmp_path, roster=roster))), "数据目录")
    assert [one.advice for one in home if one.level == "注意"] == [f"运行 chmod 600 {tmp_path / 'secrets.json'}"]


def test_a_roster_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    found = of(list(diagnose(Settings(roster=tmp_path / "missing.csv"))), "单位名册")
    assert [one.level for one in found] == ["错误"]


def test_half_a_channel_is_an_error(roster: Path) -> None:
    found = list(diagnose(Settings(roster=roster, mail_host="imap.example.org", smtp_host="smtp.example.org")))
    assert of(found, "邮件提醒")[0].level == "错误"
    assert of(found, "邮箱收件")[0].level == "错误"
