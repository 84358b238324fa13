"""The stages joined: bytes → Report → findings. Used by the command line, the DAGs and the board."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType

from gongkai_etl.errors import GongkaiError
from gongkai_etl.model import Document, Report, to_json
from gongkai_etl.settings import settings

TARGET = "gongkai_etl.pipeline:read_report"
"""What a reading process runs on each file."""

WITH_DOCUMENT = "gongkai_etl.pipeline:read_both"
"""The same, giving what the file says as well."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One file read: the report, or why there is none. ``sha256`` is None when there were no bytes."""

    name: str
    sha256: str | None
    report: Report | None
    error: GongkaiError | None
    document: bytes | None = None
    """What the file says (:class:`~gongkai_etl.model.Document`) as JSON, where it was asked for."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A report, and the document it was read from as JSON."""

    report: Report
    document: bytes


def read_report(data: bytes, name: str) -> Report:
    """Read one file in this process, without limits. Raises ReadError."""
    from gongkai_etl.read import read

    return _extracted(read(data, name), data)


def read_both(data: bytes, name: str) -> Reading:
    """Like :func:`read_report`, with the document."""
    from gongkai_etl.read import read

    document = read(data, name)
    return Reading(_extracted(document, data), to_json(replace(document, arbiter=None)))


def _extracted(document: Document, data: bytes) -> Report:
    from gongkai_etl.extract import extract

    report = extract(document, settings().read_arbiter)
    return replace(report, sha256=hashlib.sha256(data).hexdigest())


class Reader:
    """Reads files in guarded child processes that are kept warm; use it as a context manager.

    With ``documents`` each outcome also has what the file says.
    """

    def __init__(self, workers: int | None = None, *, documents: bool = False) -> None:
        from gongkai_etl.read.guard import Pool

        target = WITH_DOCUMENT if documents else TARGET
        self._pool = Pool(target, workers or settings().read_workers or os.cpu_count() or 1)

    def __enter__(self) -> Reader:
        self._pool.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.__exit__(kind, error, trace)

    def read_all(self, items: Iterable[tuple[str, bytes | Path]]) -> Iterator[Outcome]:
        """One outcome a file, in the order of the files; a bad file never stops the others."""
        kept: list[tuple[str, bytes | Path]] = []

        def remembered() -> Iterator[tuple[str, bytes | Path]]:
            for item in items:
                kept.append(item)
                yield item

        for result in self._pool.map(remembered()):
            name, source = kept.pop(0)
            if isinstance(result, Report):
                yield Outcome(name, result.sha256, result, None)
            elif isinstance(result, Reading):
                yield Outcome(name, result.report.sha256, result.report, None, result.document)
            else:
                yield Outcome(name, _digest(source), None, result)

    def read(self, data: bytes, name: str) -> Outcome:
        """One file."""
        return next(self.read_all([(name, data)]))


def _digest(source: bytes | Path | None) -> str | None:
    """Of bytes or a plain file that is not too large to be read.

    A pipe or a device has none: reading it never ends. Nor has one of the kernel's files, of no size by name.
    """
    try:
        if isinstance(source, Path):
            size = source.stat().st_size if source.is_file() else None
            if size == 0:
                source = b""
            else:
                fits = size is not None and size <= settings().read_max_file_mb << 20
                source = source.read_bytes() if fits else None
    except (OSError, ValueError):
        return None
    return None if source is None else hashlib.sha256(source).hexdigest()
