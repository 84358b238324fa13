"""Personal data in texts that people wrote: how it looks, and what stands in its place for the public.

One pattern for files (Python) and for the published views (PostgreSQL): both know look-behind and \\d.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

PATTERNS = {
    # Mobile numbers, also after +86; fixed lines with area code.
    "phone": r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d{9}(?!\d)|(?<![\d.])[(（]?0\d{2,3}[)）]?[-－—\s]?\d{7,8}(?!\d)",
    "mail": r"[A-Za-z0-9_.+-]+@[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+",
    "identity": r"(?<!\d)\d{17}[\dXx](?![\dXx])",
}
SIGNER = "signer"
ALLOWABLE = ("phone", "mail", SIGNER)
"""What an office may decide to publish. Numbers of identity cards are never published."""

HIDDEN = "（已隐去）"
A_FILE = "报送的文件"
"""What stands where the name of a file stood: people put their names and numbers into it."""


def hide(text: str, allowed: Iterable[str] = ()) -> str:
    """The text without the kinds of personal data that are not ``allowed``."""
    return _pattern(frozenset(allowed)).sub(HIDDEN, text)


def hide_file(text: str, name: str) -> str:
    """The text without the name of the file it is about."""
    return text.replace(name, A_FILE) if is_telling(name) else text


def is_telling(name: str) -> bool:
    """Whether a name is long enough to be one: “1” stands in too many sentences that mean something else."""
    return len(name) > 4 and "." in name


@cache
def _pattern(allowed: frozenset[str]) -> re.Pattern[str]:
    return re.compile("|".join(pattern for kind, pattern in PATTERNS.items() if kind not in allowed))
