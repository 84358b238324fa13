"""Names of pages: safe in addresses and on every file system."""

from __future__ import annotations

import hashlib
import re


def slug(code: str) -> str:
    """A unit's code when it is plain letters and digits, else a short hash of it."""
    if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", code):
        return code
    return f"u-{hashlib.sha256(code.encode()).hexdigest()[:12]}"
