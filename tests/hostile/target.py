"""What the reading process runs on hostile files."""

from __future__ import annotations

from gongkai_etl.read import read


def count(data: bytes, name: str) -> int:
    """The number of blocks read."""
    return len(read(data, name).blocks)
