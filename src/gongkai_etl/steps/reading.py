"""One warm, guarded reading process for all files of this process."""

from __future__ import annotations

import atexit
import hashlib
from functools import cache

from gongkai_etl.errors import GongkaiError
from gongkai_etl.pipeline import Outcome, Reader
from gongkai_etl.steps.stores import code_fingerprint


def read_one(data: bytes, name: str) -> Outcome:
    """Read in the guarded process; whatever goes wrong becomes the outcome's error."""
    try:
        return _reader().read(data, name)
    except GongkaiError as error:
        return Outcome(name, hashlib.sha256(data).hexdigest(), None, error)


def reader_fingerprint() -> str:
    """Changes when anything that a reading depends on changes."""
    return code_fingerprint("read", "extract", "form", "model.py", "text.py", "radicals.tsv")


@cache
def _reader() -> Reader:
    reader = Reader(workers=1, documents=True)
    reader.__enter__()
    atexit.register(reader.__exit__, None, None, None)
    return reader
