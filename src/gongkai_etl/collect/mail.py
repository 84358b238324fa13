"""Reports that come by mail: the attachments of unseen messages. Links are not followed, nothing is run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from gongkai_etl.collect.arrival import Arrival
from gongkai_etl.collect.upload import endings, safe_name
from gongkai_etl.errors import CollectError, SettingsError
from gongkai_etl.settings import Settings


class Box(Protocol):
    """The part of ``imap_tools.MailBox`` that is needed here."""

    def fetch(self, criteria: Any, *, mark_seen: bool) -> Iterable[Any]:
        """Messages."""

    def flag(self, uid_list: Any, flag_set: Any, value: bool) -> Any:
        """Mark messages."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One attachment of one message."""

    arrival: Arrival
    data: bytes


def open_box(settings: Settings) -> Any:
    """The mailbox of the settings, signed in; use it with ``with``. Raises SettingsError or CollectError."""
    from imap_tools import MailBox

    if not settings.mail_host or settings.mail_password is None:
        raise SettingsError("MAIL-OFF", "没有设置收件邮箱（GONGKAI_MAIL_HOST、GONGKAI_MAIL_PASSWORD）。")
    try:
        box = MailBox(settings.mail_host, timeout=30)
        return box.login(settings.mail_user, settings.mail_password.get_secret_value(), settings.mail_folder)
    except Exception as error:  # the library passes on whatever imaplib and ssl raise
        raise CollectError("MAIL-DOWN", f"收件邮箱连接不上：{settings.mail_host}，请核对账号和网络。") from error


def letters(box: Box, max_mb: int) -> Iterator[Letter]:
    """The attachments of unseen messages. A message is marked seen once all of its attachments were taken."""
    from imap_tools import AND, MailMessageFlags

    for message in box.fetch(AND(seen=False), mark_seen=False):
        for attachment in message.attachments:
            name = safe_name(attachment.filename or "")
            ending = name.rsplit(".", 1)[-1].lower()
            fits = 0 < len(attachment.payload) <= max_mb * 2**20
            if fits and ending in endings() and attachment.content_disposition != "inline":
                place = f"mail/{safe_name(message.subject or '')}/{name}"
                sender = (message.from_ or "").lower() or None
                yield Letter(Arrival(name, place, "mail", message.date, sender), attachment.payload)
        box.flag([message.uid], [MailMessageFlags.SEEN], True)
