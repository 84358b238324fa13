"""Applications for something else than information: of allowances, permits, searches in a register."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from gongkai_etl.check.catalogue import load

_APPLICATION = re.compile(r"申请(?!人|表|书|流程|渠道|方式|条件|材料|窗口|指南|权)")
_BORDER = re.compile(r"[,。;:、()\d]")
_OURS = re.compile(r"公开|依申请")


@dataclass(frozen=True, slots=True)
class _Words:
    verbs: re.Pattern[str]
    other: re.Pattern[str]
    plain: re.Pattern[str]


@cache
def _words() -> _Words:
    data: dict[str, str] = load("data", "mentions.yaml")["applications"]
    return _Words(re.compile(f".*(?:{data['verbs']})"), re.compile(data["other"]), re.compile(data["plain"]))


def is_foreign(text: str, end: int) -> bool:
    """Whether the application named last before ``end`` is for something else than information.

    By the word right before it (低保申请); where a sentence nowhere speaks of publishing, also by any noun
    between verb and 申请 that a request for information does not need.
    """
    named = list(_APPLICATION.finditer(text, 0, end))
    if not named or text.startswith("公开", named[-1].end()):
        return False
    at = named[-1].start()
    start = max((border.end() for border in _BORDER.finditer(text, 0, at)), default=0)
    before = text[start:at]
    if _OURS.search(before):
        return False
    if _words().other.search(before):
        return True
    if _OURS.search(text):
        return False
    verb = _words().verbs.match(before)
    return verb is not None and len(_words().plain.sub("", before[verb.end() :])) > 1
