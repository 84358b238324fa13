"""Applications for something else than information: of allowances, permits, searches in a register."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from gongkai_etl.check.catalogue import load

_BORDER = re.compile(r"[,。;:、()\d]")


@dataclass(frozen=True, slots=True)
class _Words:
    application: re.Pattern[str]
    ours: re.Pattern[str]
    verbs: re.Pattern[str]
    other: re.Pattern[str]
    plain: re.Pattern[str]
    behind: re.Pattern[str]


@cache
def _words() -> _Words:
    data: dict[str, str] = load("data", "mentions.yaml")["applications"]
    return _Words(
        re.compile(data["application"]),
        re.compile(data["ours"]),
        re.compile(f".*(?:{data['verbs']})"),
        re.compile(data["other"]),
        re.compile(data["plain"]),
        re.compile(data["behind"]),
    )


def is_foreign(text: str, end: int) -> bool:
    """Whether the application named last before ``end`` is for something else than information.

    By the word right before it (低保申请) or behind it (依申请政务服务事项); where a sentence nowhere speaks of publishing, also by any noun
    between verb and 申请 that a request for information does not need.
    """
    named = list(_words().application.finditer(text, 0, end))
    if not named or text.startswith("公开", named[-1].end()):
        return False
    if _words().behind.match(text, named[-1].end()):
        return True
    at = named[-1].start()
    start = max((border.end() for border in _BORDER.finditer(text, 0, at)), default=0)
    before = text[start:at]
    if _words().ours.search(before):
        return False
    if _words().other.search(before):
        return True
    if _words().ours.search(text):
        return False
    verb = _words().verbs.match(before)
    return verb is not None and len(_words().plain.sub("", before[verb.end() :])) > 1
