"""What lies in the inbox: the prefix ``inbox/`` of the bucket, or the folder HOME/inbox."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from gongkai_etl.collect.arrival import Arrival

PREFIX = "inbox/"
_LEFTOVERS = ("~$", ".~", "._", ".")
_UNFINISHED = (".part", ".tmp", ".crdownload", ".filepart")


class Listed(Protocol):
    """What the object store says of one object."""

    @property
    def key(self) -> str:
        """Its whole name."""

    @property
    def modified(self) -> datetime:
        """When it was written."""


class Bucket(Protocol):
    """The part of the object store that is needed here."""

    def list(self, prefix: str) -> Iterable[Listed]:
        """All objects below ``prefix``."""

    def get(self, key: str) -> bytes:
        """The bytes of one."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A file in the inbox; the bytes are read only when asked for."""

    arrival: Arrival
    _where: Path | Bucket

    def read(self) -> bytes:
        """Its bytes."""
        if isinstance(self._where, Path):
            return self._where.read_bytes()
        return self._where.get(self.arrival.path)


def in_bucket(bucket: Bucket, prefix: str = PREFIX) -> Iterator[Waiting]:
    """The files in the bucket's inbox, by name."""
    for found in sorted(bucket.list(prefix), key=lambda item: item.key):
        name = found.key.rsplit("/", 1)[-1]
        if counts(name):
            yield Waiting(Arrival(name, found.key, "inbox", found.modified), bucket)


def in_folder(folder: Path) -> Iterator[Waiting]:
    """The files in a folder and below, by name; links out of the folder are not followed."""
    for path in sorted(folder.rglob("*")) if folder.is_dir() else []:
        inside = path.is_file() and not path.is_symlink() and counts(path.name)
        if inside and path.resolve().is_relative_to(folder.resolve()):
            when = datetime.fromtimestamp(path.stat().st_mtime, UTC)
            place = PREFIX + path.relative_to(folder).as_posix()
            yield Waiting(Arrival(path.name, place, "folder", when), path)


def counts(name: str) -> bool:
    """Whether it is a file someone handed in, and not a lock file or half a copy."""
    lower = name.lower()
    return bool(name) and not lower.startswith(_LEFTOVERS) and not lower.endswith((*_UNFINISHED, "thumbs.db"))
