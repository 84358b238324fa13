"""The two stores and the settings of a step; each task process connects once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from gongkai_etl.settings import Settings, settings
from gongkai_etl.store.objects import ObjectStore
from gongkai_etl.store.warehouse import Warehouse


@dataclass(frozen=True)
class Stores:
    """Settings, warehouse and object store."""

    settings: Settings
    warehouse: Warehouse
    objects: ObjectStore

    @classmethod
    def connect(cls, chosen: Settings | None = None) -> Stores:
        """Those that the settings name, or the embedded ones."""
        found = chosen or settings()
        return cls(found, Warehouse.connect(found), ObjectStore.connect(found))


@cache
def stores() -> Stores:
    """The stores of this process."""
    return Stores.connect()


@cache
def code_fingerprint(*rooms: str) -> str:
    """Hash of the sources of some rooms: a stored result is used again only if the same code made it."""
    digest = hashlib.sha256()
    root = files("gongkai_etl")
    for room in rooms:
        for name, data in _sources(root.joinpath(room), room):
            digest.update(name.encode() + b"\0" + data + b"\0")
    return digest.hexdigest()[:16]


def _sources(place: Traversable, name: str) -> Iterable[tuple[str, bytes]]:
    if place.is_file():
        yield name, place.read_bytes()
        return
    for child in sorted(place.iterdir(), key=lambda entry: entry.name):
        if child.is_dir() and child.name != "__pycache__":
            yield from _sources(child, f"{name}/{child.name}")
        elif child.is_file():
            yield f"{name}/{child.name}", child.read_bytes()
