"""Who is reminded when, and in which form."""

from __future__ import annotations

from datetime import date

import httpx
import pytest
from pydantic import SecretStr

from gongkai_etl.collect import remind
from gongkai_etl.errors import CollectError
from gongkai_etl.model import Unit
from gongkai_etl.settings import Settings

TOWN = Unit("2", "青溪镇人民政府", "乡镇", email="qx@example.gov.cn")
COUNTY = Unit("1", "云岭县人民政府", "县", due=(3, 31))


def test_only_on_the_set_days_and_weekly_after() -> None:
    days = remind.days_of(Settings(remind_days="7，3, 0"))
    assert days == (7, 3, 0)
    said = [
        day.day
        for day in (date(2026, 1, n) for n in range(20, 32))
        if remind.reminders([TOWN, COUNTY], 2025, day, days)
    ]
    assert said == [24, 28, 31]
    late = remind.reminders([TOWN, COUNTY], 2025, date(2026, 2, 7), days)
    assert [r.units for r in late] == [(TOWN,)]
    assert "已逾期7天" in late[0].title
    assert remind.reminders([TOWN], 2025, date(2026, 2, 8), days) == ()


def test_texts() -> None:
    (reminder,) = remind.reminders([TOWN], 2025, date(2026, 1, 31), (0,))
    assert reminder.title == "2025年政府信息公开工作年度报告：1个单位未报送，今天截止"
    assert "截止日期：2026年1月31日" in reminder.text
    assert remind.wecom(reminder)["markdown"]["content"] == reminder.text
    assert remind.dingtalk(reminder)["markdown"]["title"] == reminder.title
    many = remind.Reminder(2025, date(2026, 1, 31), 3, (TOWN,) * 2000)
    assert len(remind.wecom(many)["markdown"]["content"].encode()) <= 4096


def test_signature_of_the_robot() -> None:
    url = remind.dingtalk_url("https://oapi.dingtalk.com/robot/send?access_token=t", "SEC1", 1768500000.0)
    assert "&timestamp=1768500000000&sign=" in url
    assert url.endswith("%3D")


def test_off_by_default() -> None:
    reminder = remind.Reminder(2025, date(2026, 1, 31), 3, (TOWN,))
    assert remind.send(reminder, Settings()) == ()


def test_robot_that_refuses_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[tuple[str, object]] = []

    def post(address: str, json: object, **_: object) -> httpx.Response:
        sent.append((address, json))
        code = 0 if "good" in address else 93000
        return httpx.Response(200, json={"errcode": code, "errmsg": "no"}, request=httpx.Request("POST", address))

    monkeypatch.setattr(httpx, "post", post)
    reminder = remind.Reminder(2025, date(2026, 1, 31), 3, (TOWN,))
    assert remind.send(reminder, Settings(wecom_webhook=SecretStr("https://good.example/x"))) == ("企业微信",)
    with pytest.raises(CollectError, match="REMIND-ROBOT"):
        remind.send(reminder, Settings(dingtalk_webhook=SecretStr("https://bad.example/x?a=1")))
    assert len(sent) == 2


def test_letter_hides_the_units_from_each_other() -> None:
    reminder = remind.Reminder(2025, date(2026, 1, 31), 3, (TOWN, COUNTY))
    letter = remind.letter(reminder, Settings(smtp_from="office@example.gov.cn", remind_to="boss@example.gov.cn"))
    assert letter["Bcc"] == "qx@example.gov.cn"
    assert letter["To"] == "boss@example.gov.cn"
