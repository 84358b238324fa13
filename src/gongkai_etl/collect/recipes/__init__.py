"""Source recipes: how the list pages of one CMS family, or of one site, are read. Each is one YAML file."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml
from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as checked

from gongkai_etl.errors import CollectError

_STRICT = ConfigDict(extra="forbid", frozen=True)


@checked(config=_STRICT)
class Paging:
    """``next`` is the address of page n relative to the list page ({n} counts from ``start``)."""

    next: str = ""
    start: int = 1
    most: int = 10


@checked(config=_STRICT)
class Listing:
    """XPath expressions. ``records``: CDATA blocks hold the entries (JPage)."""

    entry: str
    link: str = ".//a[@href][1]/@href"
    title: tuple[str, ...] = (".//a[@href][1]/@title", ".//a[@href][1]")
    date: tuple[str, ...] = (".",)
    records: str = ""


@checked(config=_STRICT)
class Endpoint:
    """A list that scripts load: a JSON address and where its entries and their fields stand (dotted paths)."""

    url: str
    items: str
    title: str = "title"
    link: str = "url"
    date: str = "date"
    start: int = 1
    most: int = 10


@checked(config=_STRICT)
class Article:
    """The page of one report: where its content and its attachments are (XPath)."""

    content: tuple[str, ...] = ()
    attachments: tuple[str, ...] = (".//a[@href]",)


@checked(config=_STRICT)
class Recipe:
    """``family`` names the recipe this one completes; ``lists`` may hold {year}, {next} (year + 1), {code}."""

    name: str = ""
    about: str = ""
    family: str = ""
    hosts: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    mark: str = ""
    listing: Listing | None = None
    endpoint: Endpoint | None = None
    paging: Paging = Paging()
    article: Article = Article()


@dataclass(frozen=True, slots=True)
class Shelf:
    """All recipes, own ones over shipped ones of the same name."""

    recipes: dict[str, Recipe]

    @property
    def families(self) -> tuple[Recipe, ...]:
        """Recipes that say how markup is read and name no site, in order of their names."""
        return tuple(r for _, r in sorted(self.recipes.items()) if r.listing is not None and not r.lists)

    def get(self, name: str) -> Recipe:
        """The recipe ``name`` with what it takes from its family. Raises CollectError."""
        if name not in self.recipes:
            known = "、".join(sorted(self.recipes))
            raise CollectError("READ-WEB-RECIPE", f"没有名为“{name}”的采集规则，现有：{known}。")
        return self.recipes[name]


def shelf(folder: Path | None = None) -> Shelf:
    """The shipped recipes and those of ``folder``. Raises CollectError naming the file and what is wrong."""
    raw = dict(_shipped())
    for path in sorted(folder.glob("*.yaml")) if folder is not None else []:
        raw[path.stem] = _parse(path.stem, path.read_text("utf-8"))
    return Shelf({name: _recipe(name, data, raw) for name, data in raw.items()})


@cache
def _shipped() -> tuple[tuple[str, dict[str, Any]], ...]:
    entries = sorted(files(__package__).iterdir(), key=lambda entry: entry.name)
    return tuple((e.name[:-5], _parse(e.name, e.read_text("utf-8"))) for e in entries if e.name.endswith(".yaml"))


def _parse(name: str, text: str) -> dict[str, Any]:
    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise CollectError("READ-WEB-RECIPE", f"采集规则“{name}”不是正确的YAML：{error}") from error
    if not isinstance(data, dict):
        raise CollectError("READ-WEB-RECIPE", f"采集规则“{name}”是空的。")
    return data


def _recipe(name: str, data: dict[str, Any], all_: dict[str, dict[str, Any]]) -> Recipe:
    family = data.get("family")
    if family and family not in all_:
        raise CollectError("READ-WEB-RECIPE", f"采集规则“{name}”所属的“{family}”不存在。")
    merged = {**(all_[family] if family else {}), **data, "name": name}
    try:
        return TypeAdapter(Recipe).validate_python(merged)
    except ValidationError as error:
        told = "；".join(f"{'.'.join(map(str, fault['loc']))}：{fault['msg']}" for fault in error.errors())
        raise CollectError("READ-WEB-RECIPE", f"采集规则“{name}”有误：{told}") from error
