"""What is looked for where, and what a visit brings home."""

from __future__ import annotations

from dataclasses import dataclass, field

from gongkai_etl.collect.choose import Entry, Verdict
from gongkai_etl.collect.net import host_of
from gongkai_etl.collect.recipes import Recipe, Shelf
from gongkai_etl.errors import CollectError
from gongkai_etl.model import Finding, Unit


@dataclass(frozen=True, slots=True)
class Piece:
    """One file of a delivery: the page (``role`` page) or a file it offers (``attachment``)."""

    role: str
    url: str
    name: str
    data: bytes
    fresh: bool
    changed: bool
    fingerprint: str = ""


@dataclass
class Delivery:
    """What one visit gave. ``verdicts`` says for each entry why it was taken or not."""

    url: str = ""
    entry: Entry | None = None
    sure: bool = True
    pieces: list[Piece] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


@dataclass(frozen=True)
class Plan:
    """Where to look: list addresses, the recipe when it is known, and the hosts that may be asked."""

    lists: tuple[str, ...]
    recipe: Recipe | None
    hosts: frozenset[str]
    shelf: Shelf


def plan(source: str, shelf: Shelf, unit: Unit | None, year: int) -> Plan:
    """``source`` is a recipe name, an address, or a family name and an address. Raises CollectError."""
    words = source.split()
    urls = tuple(word for word in words if "://" in word)
    names = [word for word in words if "://" not in word]
    recipe = shelf.get(names[0]) if names else None
    lists = urls or (recipe.lists if recipe else ())
    if not lists:
        raise CollectError("READ-WEB-RECIPE", f"采集规则“{source}”没有写栏目网址（lists）。")
    parts = {"year": str(year), "next": str(year + 1), "code": unit.code if unit else ""}
    filled = tuple(_fill(url, parts) for url in lists)
    hosts = {host_of(url) for url in filled} | set(recipe.hosts if recipe else ())
    return Plan(filled, recipe, frozenset(hosts), shelf)


def _fill(url: str, parts: dict[str, str]) -> str:
    for name, value in parts.items():
        url = url.replace("{" + name + "}", value)
    return url
