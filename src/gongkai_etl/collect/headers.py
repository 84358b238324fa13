"""What goes to and comes from a server in headers: validators for asking again, the name of a file."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

from gongkai_etl.collect.memory import Known


def conditions(known: Known | None, part: Path) -> dict[str, str]:
    """The request headers that ask for what is missing (half a file waits in ``part``) or has changed."""
    mark = part.with_suffix(".mark")
    if part.exists() and part.stat().st_size and mark.exists() and (validator := mark.read_text()):
        # Without the same compression a range would be of other bytes.
        return {"Range": f"bytes={part.stat().st_size}-", "If-Range": validator, "Accept-Encoding": "identity"}
    headers = {}
    if known and known.etag:
        headers["If-None-Match"] = known.etag
    if known and known.last_modified:
        headers["If-Modified-Since"] = known.last_modified
    return headers


def file_name(disposition: str) -> str | None:
    """The name in Content-Disposition: RFC 5987, or plain bytes in UTF-8 or GBK as sites send them."""
    for piece in disposition.split(";"):
        key, _, value = piece.strip().partition("=")
        if key.lower() == "filename*":
            return unquote(value.split("''")[-1])
    for piece in disposition.split(";"):
        key, _, value = piece.strip().partition("=")
        if key.lower() == "filename":
            raw = unquote(value.strip('"'), "latin-1").encode("latin-1", "replace")
            try:
                return raw.decode("utf-8")
            except UnicodeDecodeError:
                return raw.decode("gb18030", "replace")
    return None
