"""Who is missing and when it is due; reminders by mail and to group robots (企业微信, 钉钉), off by default."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote_plus

from gongkai_etl.errors import CollectError
from gongkai_etl.model import Unit
from gongkai_etl.settings import Settings
from gongkai_etl.text import chinese_date


@dataclass(frozen=True, slots=True)
class Reminder:
    """What is said today: ``days`` until ``due`` (negative: past it) and who is missing."""

    year: int
    due: date
    days: int
    units: tuple[Unit, ...]

    @property
    def title(self) -> str:
        """One line."""
        left = f"还剩{self.days}天" if self.days > 0 else "今天截止" if self.days == 0 else f"已逾期{-self.days}天"
        return f"{self.year}年政府信息公开工作年度报告：{len(self.units)}个单位未报送，{left}"

    @property
    def text(self) -> str:
        """The message in Markdown that both robots understand."""
        names = "\n".join(f"- {unit.name}" for unit in self.units)
        return f"**{self.title}**\n\n截止日期：{chinese_date(self.due)}\n\n未报送：\n{names}\n"


def due_date(unit: Unit, year: int) -> date:
    """The last day on which the report of ``year`` is in time."""
    month, day = unit.due
    return date(year + 1, month, day)


def days_left(unit: Unit, year: int, today: date) -> int:
    """Days until the due date; 0 on the day itself, negative after it."""
    return (due_date(unit, year) - today).days


def reminders(missing: Iterable[Unit], year: int, today: date, days: Sequence[int]) -> tuple[Reminder, ...]:
    """One reminder a due date that is ``days`` away, and each week after it has passed."""
    groups: dict[date, list[Unit]] = {}
    for unit in missing:
        groups.setdefault(due_date(unit, year), []).append(unit)
    found = []
    for due, units in sorted(groups.items()):
        left = (due - today).days
        if left in days or (left < 0 and left % 7 == 0):
            found.append(Reminder(year, due, left, tuple(units)))
    return tuple(found)


def days_of(settings: Settings) -> tuple[int, ...]:
    """The setting ``remind_days`` as numbers; words in it are left out."""
    parts = (part.strip() for part in settings.remind_days.replace("，", ",").split(","))
    return tuple(int(part) for part in parts if part.lstrip("-").isdigit())


def wecom(reminder: Reminder) -> dict[str, Any]:
    """The body for a group robot of 企业微信 (message type markdown, at most 4096 bytes)."""
    return {"msgtype": "markdown", "markdown": {"content": _cut(reminder.text, 4000)}}


def dingtalk(reminder: Reminder) -> dict[str, Any]:
    """The body for a group robot of 钉钉 (message type markdown)."""
    return {"msgtype": "markdown", "markdown": {"title": reminder.title, "text": _cut(reminder.text, 18000)}}


def dingtalk_url(address: str, secret: str, now: float) -> str:
    """The address with the robot's signature: HMAC-SHA256 over time and secret, as 钉钉 asks for."""
    stamp = str(round(now * 1000))
    digest = hmac.new(secret.encode(), f"{stamp}\n{secret}".encode(), hashlib.sha256).digest()
    return f"{address}&timestamp={stamp}&sign={quote_plus(base64.b64encode(digest))}"


def send(reminder: Reminder, settings: Settings) -> tuple[str, ...]:
    """Send by every way that is set; gives the ways used. Raises CollectError when one of them fails."""
    ways = []
    if settings.smtp_host:
        _mail(reminder, settings)
        ways.append("邮件")
    if settings.wecom_webhook:
        _post(settings.wecom_webhook.get_secret_value(), wecom(reminder), "企业微信")
        ways.append("企业微信")
    if settings.dingtalk_webhook:
        address = settings.dingtalk_webhook.get_secret_value()
        if settings.dingtalk_secret:
            address = dingtalk_url(address, settings.dingtalk_secret.get_secret_value(), time.time())
        _post(address, dingtalk(reminder), "钉钉")
        ways.append("钉钉")
    return tuple(ways)


def letter(reminder: Reminder, settings: Settings) -> Any:
    """The mail: to the addresses of the settings, the missing units in blind copy."""
    from email.message import EmailMessage

    message = EmailMessage()
    message["Subject"] = reminder.title
    message["From"] = settings.smtp_from or settings.smtp_user
    message["To"] = settings.remind_to or message["From"]
    if copies := [unit.email for unit in reminder.units if unit.email]:
        message["Bcc"] = ", ".join(copies)
    message.set_content(reminder.text.replace("**", ""))
    return message


def _mail(reminder: Reminder, settings: Settings) -> None:
    import smtplib

    kind = smtplib.SMTP_SSL if settings.smtp_encryption == "ssl" else smtplib.SMTP
    try:
        with kind(settings.smtp_host or "", settings.smtp_port, timeout=30) as server:
            if settings.smtp_encryption == "starttls":
                server.starttls()
            if settings.smtp_password:
                server.login(settings.smtp_user, settings.smtp_password.get_secret_value())
            server.send_message(letter(reminder, settings))
    except (OSError, smtplib.SMTPException) as error:
        raise CollectError(
            "REMIND-MAIL", f"催报邮件没有发出：{settings.smtp_host}，请核对邮件服务器设置。"
        ) from error


def _post(address: str, body: dict[str, Any], name: str) -> None:
    import httpx

    try:
        answer = httpx.post(address, json=body, timeout=15, follow_redirects=False)
        told = answer.raise_for_status().json()
    except (httpx.HTTPError, ValueError) as error:
        raise CollectError("REMIND-ROBOT", f"催报消息没有发到{name}，请核对机器人地址。") from error
    if told.get("errcode", 0) != 0:
        raise CollectError("REMIND-ROBOT", f"{name}没有接受催报消息：{told.get('errmsg', '')}")


def _cut(text: str, most: int) -> str:
    data = text.encode()
    return text if len(data) <= most else data[:most].decode("utf-8", "ignore") + "\n……"
