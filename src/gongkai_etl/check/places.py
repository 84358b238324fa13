"""Names of China's counties and towns (``data/places.txt.gz``): whose they are, and finding them in text."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from gongkai_etl.check.catalogue import load

Level = Literal["town", "county", "below", "city", "unknown"]
"""``below``: a department of a county or town; ``city``: from a 设区的市 upwards, with departments."""

_ENDINGS = ("镇", "乡", "街道", "苏木", "县", "区", "市", "旗")
_CANDIDATE = re.compile(r"街道(?!路)|苏木|[镇乡县市旗]|区")
_LONGEST = 12


@dataclass(frozen=True, slots=True)
class County:
    """One county-level unit with what is above and below it; empty names where there is none."""

    province: str
    city: str
    name: str
    towns: tuple[str, ...]

    @property
    def above(self) -> tuple[str, ...]:
        """Province, city and county."""
        return tuple(name for name in (self.province, self.city, self.name) if name)


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """The names, ready for look-up."""

    counties: tuple[County, ...]
    by_county: dict[str, tuple[int, ...]]
    by_town: dict[str, tuple[int, ...]]
    cities: frozenset[str]
    provinces: frozenset[str]
    endings: frozenset[str]
    """The last two characters of every name: what a text must have before the longer look-up is worth it."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A known name in a text, and where."""

    name: str
    start: int
    end: int


@cache
def gazetteer() -> Gazetteer:
    """The list as shipped, read once."""
    data = files(__package__).joinpath("data", "places.txt.gz").read_bytes()
    counties = []
    for line in gzip.decompress(data).decode().splitlines():
        province, city, name, towns = line.split("\t")
        counties.append(County(province, city, name, tuple(town for town in towns.split(",") if town)))
    by_county: dict[str, list[int]] = {}
    by_town: dict[str, list[int]] = {}
    for k, county in enumerate(counties):
        by_county.setdefault(county.name, []).append(k)
        for town in county.towns:
            by_town.setdefault(town, []).append(k)
    return Gazetteer(
        counties=tuple(counties),
        by_county={name: tuple(at) for name, at in by_county.items() if name},
        by_town={name: tuple(at) for name, at in by_town.items()},
        cities=frozenset(county.city for county in counties if county.city),
        provinces=frozenset(county.province for county in counties),
        endings=frozenset(name[-2:] for name in (*by_county, *by_town)),
    )


@cache
def _words() -> dict[str, list[str]]:
    data: dict[str, list[str]] = load("data", "places.yaml")
    return data


@cache
def _common() -> frozenset[str]:
    return frozenset(_words()["common"])


def mentions(text: str) -> Iterator[Mention]:
    """The names of counties and towns in a text without white space, longest first at each place.

    Names that are also ordinary words (城关镇, 新区…) are left out, and so are names inside a longer one.
    """
    known, goes_on = gazetteer(), _words()["goes_on"]
    for match in _CANDIDATE.finditer(text):
        end = match.end()
        if text[end - 2 : end] not in known.endings or text[end : end + 1] in goes_on:
            continue
        for start in range(max(0, end - _LONGEST), end - 2):
            name = text[start:end]
            if name in known.by_town or name in known.by_county:
                if name not in _common() and name.endswith(_ENDINGS) and not _inside(text, start, name):
                    yield Mention(name, start, end)
                break


def _inside(text: str, start: int, name: str) -> bool:
    """A short name cut out of ordinary words: 我区县…, 一乡镇…; two-character stems need a border before."""
    before = text[max(0, start - 2) : start]
    return name[0] in _words()["no_first"] or (len(name) <= 3 and before.endswith(tuple(_words()["no_before"])))


@cache
def owners(name: str) -> tuple[County, ...]:
    """The counties that a unit's name may belong to: by the county in the name, else by its town."""
    known = gazetteer()
    named = [k for county in counties_in(name) for k in known.by_county[county]]
    cities = [part for part in _parts(name, "市州盟区") if part in known.cities]
    found = [k for k in named if not cities or known.counties[k].city in cities] or named
    if not found:
        stem = town_of(name)
        found = list(known.by_town.get(stem, ())) if stem else []
    return tuple(known.counties[k] for k in dict.fromkeys(found))


def counties_in(name: str) -> list[str]:
    """The names of counties (three characters or more) that stand in a name."""
    return [part for part in _parts(name, "县区市旗") if part in gazetteer().by_county]


def _parts(name: str, endings: str) -> Iterator[str]:
    for end in range(3, len(name) + 1):
        if name[end - 1] in endings:
            yield from (name[start:end] for start in range(max(0, end - _LONGEST), end - 2))


@cache
def town_of(name: str) -> str | None:
    """The town in a unit's name (叶城县阿克塔什镇人民政府 → 阿克塔什镇); None for counties and departments."""
    short = re.sub(
        r"(?:人民政府|政府|街道办事处|办事处|党政办公室|党政办)+$",
        lambda m: "街道" if "街道" in m[0] else "",
        name,
    )
    match = re.search(
        r"(?:[省市州盟县区旗]|人民政府|^)(?P<town>[^省市州盟县区旗]{1,12}?(?:镇|乡|街道|苏木))$", short
    )
    if match:
        return match["town"].removeprefix("人民政府")
    return short if short.endswith(("镇", "乡", "街道", "苏木")) else None


@cache
def level(name: str, kind: str = "") -> Level:
    """Where a unit stands, from the roster's kind and its name; ``unknown`` rather than a guess."""
    if kind in ("乡镇", "街道", "镇", "乡") or town_of(name):
        return "town"
    if kind == "县":
        return "county"
    if kind == "部门":
        return "below" if _below(name) else "unknown"
    return _level_of_name(name)


def _level_of_name(name: str) -> Level:
    place = re.sub(r"(?:人民政府)?(?:办公室|办公厅)?$", "", name)
    known = gazetteer()
    if place in known.by_county or re.search(r"(?:[^自]治?县|旗)$", place):
        return "county"
    if any(place.endswith(county) for county in counties_in(place)):
        return "county"
    if place in known.cities or place in known.provinces:
        return "city"
    return "below" if _below(name) else "unknown"


def _below(name: str) -> bool:
    """A department whose name names a county: 甲县财政局, 某市乙区审计局."""
    department = r"[县旗](?!级)[^县]{2,}(?:局|委|委员会|办公室|中心|队|院|会|馆|站|所)$"
    return bool(re.search(department, name)) or bool(counties_in(name))
