"""An uploaded file: what is accepted before anything reads it, and under which name it is kept."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from functools import cache

from gongkai_etl.collect.arrival import Arrival
from gongkai_etl.collect.choose import rules
from gongkai_etl.errors import CollectError

_UNSAFE = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\\/:*?\"<>|]+")


@cache
def endings() -> tuple[str, ...]:
    """The file endings that an office may hand in."""
    offices = (ending for ending in rules()["attachment_endings"] if ending != "zip")
    return (*offices, "html", "htm", "jpg", "jpeg", "png")


def accept(name: str, data: bytes, max_mb: int, now: datetime, sender: str | None = None) -> Arrival:
    """The upload as an arrival. Raises CollectError (UPLOAD-…) in words for the person who uploads."""
    cleaned = safe_name(name)
    ending = cleaned.rsplit(".", 1)[-1].lower() if "." in cleaned else ""
    if not data:
        raise CollectError("UPLOAD-EMPTY", "文件是空的，请重新选择。")
    if len(data) > max_mb * 2**20:
        raise CollectError("UPLOAD-TOO-BIG", f"文件超过{max_mb} MB，请压缩图片或导出为PDF后再上传。")
    if ending not in endings():
        told = "、".join(endings())
        raise CollectError("UPLOAD-KIND", f"不接受“.{ending}”文件，请上传以下格式之一：{told}。")
    return Arrival(cleaned, f"upload/{cleaned}", "upload", now, sender)


def safe_name(name: str) -> str:
    """The last part of a file name without characters that mislead people or file systems."""
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1]
    cleaned = _UNSAFE.sub("", last).strip(" .")
    stem, dot, ending = cleaned.rpartition(".")
    return f"{stem[:120]}{dot}{ending[:10]}" if dot else (cleaned[:120] or "未命名")
