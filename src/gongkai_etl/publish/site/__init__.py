"""The static site of a release: self-contained pages that need no server, no network and no account."""

from __future__ import annotations

from functools import partial
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from gongkai_etl.publish.facts import Facts
from gongkai_etl.publish.inputs import UnitYear
from gongkai_etl.publish.site.chain import chain_svg
from gongkai_etl.publish.site.names import slug
from gongkai_etl.publish.site.views import View
from gongkai_etl.publish.words import figure, percent
from gongkai_etl.text import chinese_date

_ASSETS = ("site.css", "charts.js", "chart.umd.min.js", "chart.LICENSE.md")


def build_site(facts: Facts, release: str, downloads: list[tuple[str, str, int]]) -> dict[str, bytes]:
    """Path → bytes of every page, picture and asset. ``downloads``: (path, words, size) of other files."""
    environment = _environment()
    view = View(facts, release)
    pages = {f"assets/{name}": _asset(name) for name in _ASSETS}
    render = _Renderer(environment, {"view": view, "release": release})
    pages["index.html"] = render(
        "county.html", root="", downloads=downloads, figure_of=lambda key: view.county_figure(key, "")
    )
    pages["findings.html"] = render("findings.html", root="")
    for row in view.rows():
        pages[f"rows/{row.id}.html"] = render("row.html", root="../", row=row)
    for unit in facts.county_year.all:
        name = slug(unit.unit.code)
        pages[f"units/{name}.html"] = render(
            "unit.html",
            root="../",
            unit=unit,
            chain=chain_svg(view.years_of(unit)),
            figure_of=partial(view.unit_figure, unit, root="../", name=name),
        )
        if unit.report:
            pages[f"evidence/{name}.html"] = render("evidence.html", root="../", unit=unit, name=name)
            pages |= _pictures(unit, name)
    return pages


def _pictures(unit: UnitYear, name: str) -> dict[str, bytes]:
    pages = {f"evidence/{name}/page-{image.page}.png": image.png for image in unit.images}
    crops = {f"evidence/{name}/{key}.png": png for key, png in unit.evidence.items()}
    return {**pages, **crops}


class _Renderer:
    def __init__(self, environment: Environment, common: dict[str, Any]) -> None:
        self.environment = environment
        self.common = common

    def __call__(self, template: str, **values: Any) -> bytes:
        return self.environment.get_template(template).render({**self.common, **values}).encode()


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("gongkai_etl.publish.site"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "day": lambda day: chinese_date(day) if day else "—",
        "figure": figure,
        "signed": lambda value: f"{value:+}",
        "percent": percent,
        "slug": slug,
        "size": _size,
    }
    return environment


def _size(count: int) -> str:
    return f"{count / 1024:.0f} KB" if count < 1024 * 1024 else f"{count / 1024 / 1024:.1f} MB"


def _asset(name: str) -> bytes:
    return files("gongkai_etl.publish.site").joinpath("assets", name).read_bytes()
