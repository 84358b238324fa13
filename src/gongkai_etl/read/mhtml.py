"""Web archives (.mht, and what Word saves as one file): the page in them."""

from __future__ import annotations

import email
import email.policy

from gongkai_etl.errors import ReadError


def page_of(data: bytes, name: str) -> bytes:
    """The largest HTML part, decoded from its transfer encoding. Raises ReadError ``READ-DAMAGED`` without one."""
    message = email.message_from_bytes(data, policy=email.policy.compat32)
    pages = [part.get_payload(decode=True) for part in message.walk() if part.get_content_type() == "text/html"]
    found = max((page for page in pages if isinstance(page, bytes)), key=len, default=b"")
    if not found.strip():
        raise ReadError("READ-DAMAGED", f"{name}：网页存档里没有网页。请打开原网页重新保存，或下载附件后报送。")
    return found
