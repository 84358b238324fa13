"""What is received: inbox, upload, mail, and deciding whose it is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from imap_tools import MailMessage

from gongkai_etl.collect.arrival import Arrival, decide
from gongkai_etl.collect.inbox import in_bucket, in_folder
from gongkai_etl.collect.mail import letters
from gongkai_etl.collect.upload import accept, safe_name
from gongkai_etl.errors import CollectError
from gongkai_etl.model import Report, Unit

NOW = datetime(2026, 1, 15, tzinfo=UTC)
UNITS = (
    Unit("1", "云岭县人民政府", "县"),
    Unit("2", "云岭县青溪镇人民政府", "乡镇", ("青溪镇",), email="qx@example.gov.cn"),
    Unit("3", "云岭县财政局", "部门"),
)
EMPTY = Report(None, None, None, None, None, {}, {}, {})


def arrival(path: str, sender: str | None = None) -> Arrival:
    return Arrival(path.rsplit("/", 1)[-1], path, "inbox", NOW, sender)


def report(unit: str | None, year: int | None, signed: str | None = None) -> Report:
    return replace(EMPTY, unit=unit, year=year, signed_by=signed)


@pytest.mark.parametrize(
    ("path", "read", "unit", "year"),
    [
        ("inbox/a.pdf", report("青溪镇人民政府", 2025), "2", 2025),
        ("inbox/2025/青溪镇/a.pdf", report(None, None), "2", 2025),
        ("inbox/2025/青溪镇/a.pdf", None, "2", 2025),
        ("inbox/青溪镇2025年年报.pdf", None, "2", 2025),
        ("inbox/2024/青溪镇/a.pdf", report("云岭县青溪镇人民政府", 2025), "2", 2025),
        ("inbox/2025/财政局/a.pdf", report("青溪镇", 2025, "青溪镇人民政府"), "2", 2025),
        ("inbox/2025/财政局/a.pdf", report("青溪镇", 2025), None, None),
        ("inbox/2025/财政局/a.pdf", report("青溪镇", 2025, "财政局"), "3", 2025),
        ("inbox/2025/a.pdf", report("白河镇", 2025), None, None),
        ("inbox/2025/a.pdf", report(None, None), None, None),
        ("inbox/青溪镇/a.pdf", report(None, None), None, None),
        ("inbox/a.pdf", report("青溪镇", 2025, "财政局"), None, None),
    ],
)
def test_content_decides_and_the_unsure_stays_nobodys(
    path: str, read: Report | None, unit: str | None, year: int | None
) -> None:
    claim = decide(arrival(path), read, UNITS)
    assert (claim.unit.code if claim.unit else None, claim.year) == (unit, year)
    assert claim.reason
    assert claim.sure is (unit is not None)


def test_sender_and_suggestion() -> None:
    by_mail = decide(arrival("mail/年报2025/a.pdf", "QX@example.gov.cn"), report(None, 2025), UNITS)
    assert by_mail.unit == UNITS[1]
    unsure = decide(arrival("inbox/青溪镇/a.pdf"), report(None, None), UNITS)
    assert unsure.suggested_unit == UNITS[1]


@dataclass
class Found:
    key: str
    modified: datetime = NOW


class Bucket:
    def __init__(self, objects: dict[str, bytes]) -> None:
        self.objects = objects

    def list(self, prefix: str) -> list[Found]:
        return [Found(key) for key in self.objects if key.startswith(prefix)]

    def get(self, key: str) -> bytes:
        return self.objects[key]


def test_bucket_and_folder_give_the_same(tmp_path: Path) -> None:
    files = {"2025/青溪镇/年报.pdf": b"1", "b.docx": b"2", "~$b.docx": b"3", "half.part": b"4", "Thumbs.db": b"5"}
    for name, data in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    (tmp_path / "link.pdf").symlink_to("/etc/hostname")
    bucket = Bucket({f"inbox/{name}": data for name, data in files.items()} | {"raw/x": b"6"})
    from_bucket = [(w.arrival.path, w.read()) for w in in_bucket(bucket)]
    assert from_bucket == [(w.arrival.path, w.read()) for w in in_folder(tmp_path)]
    assert [data for _, data in from_bucket] == [b"1", b"2"]


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.pdf", b"", "UPLOAD-EMPTY"),
        ("a.pdf", b"x" * (2**20 + 1), "UPLOAD-TOO-BIG"),
        ("a.exe", b"MZ", "UPLOAD-KIND"),
        ("a", b"x", "UPLOAD-KIND"),
        ("a.pdf.js", b"x", "UPLOAD-KIND"),
    ],
)
def test_uploads_that_are_not_accepted(name: str, data: bytes, code: str) -> None:
    with pytest.raises(CollectError, match=code):
        accept(name, data, 1, NOW)


def test_names_of_uploads() -> None:
    assert accept(r"C:\报告\年报.PDF", b"x", 1, NOW).name == "年报.PDF"
    assert safe_name("../../etc/pass\u202ewd\x00.pdf") == "passwd.pdf"
    assert len(safe_name("长" * 500 + ".pdf")) < 130


def letter(sender: str, files: dict[str, bytes], body: str = "见附件 http://evil.example/x") -> MailMessage:
    message = EmailMessage()
    message["From"], message["Subject"] = sender, "2025年年报"
    message["Date"] = "Thu, 15 Jan 2026 09:00:00 +0800"
    message.set_content(body)
    for name, data in files.items():
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    read: MailMessage = MailMessage.from_bytes(message.as_bytes())
    return read


class Box:
    def __init__(self, messages: list[MailMessage]) -> None:
        self.messages, self.seen = messages, 0

    def fetch(self, criteria: Any, *, mark_seen: bool) -> list[MailMessage]:
        assert not mark_seen
        return self.messages

    def flag(self, uid_list: Any, flag_set: Any, value: bool) -> None:
        self.seen += 1


def test_mail_gives_attachments_only_and_is_seen_when_taken() -> None:
    files = {"青溪镇年报.pdf": b"%PDF", "run.exe": b"MZ", "logo.gif": b"GIF"}
    box = Box([letter("青溪 <QX@example.gov.cn>", files), letter("x@y.cn", {})])
    taken = letters(box, 10)
    first = next(taken)
    assert first.arrival.name == "青溪镇年报.pdf"
    assert first.arrival.sender == "qx@example.gov.cn"
    assert box.seen == 0
    assert list(taken) == []
    assert box.seen == 2
    assert decide(first.arrival, None, UNITS).unit == UNITS[1]
