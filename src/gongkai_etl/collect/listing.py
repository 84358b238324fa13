"""List pages and list endpoints → entries, by recipe or by the family whose markup fits best."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from lxml import etree

from gongkai_etl.collect import html
from gongkai_etl.collect.choose import Entry, rules
from gongkai_etl.collect.recipes import Endpoint, Recipe, Shelf
from gongkai_etl.errors import CollectError
from gongkai_etl.text import clean

_TRAILING_DATE = re.compile(r"\s*[\[(]?20\d\d[-./年]\d{1,2}[-./月]\d{1,2}日?[\])]?\s*$")
_CHINA = timezone(timedelta(hours=8))


def entries(recipe: Recipe, text: str, url: str) -> list[Entry]:
    """The entries of a list page in its order; links that are no web addresses are left out."""
    if recipe.listing is None:
        return []
    base = html.tree(text)
    listing, found = recipe.listing, []
    for root in _roots(recipe, base):
        for node in html.nodes(root, listing.entry):
            link = html.first(node, (listing.link,))
            title = html.first(node, listing.title)
            if title and link and not re.match(r"(?i)\s*(javascript|mailto|#)", link):
                place = urljoin(url, link.strip())
                printed = html.day(html.first(node, listing.date)) or html.day_of_url(place)
                found.append(Entry(_TRAILING_DATE.sub("", re.sub(r"\s+", " ", title)), place, printed))
    return list(dict.fromkeys(found))


def detect(shelf: Shelf, text: str, url: str) -> Recipe:
    """The family that reads most dated entries from the page; one whose mark is there wins a tie."""
    page = html.tree(text)

    def score(recipe: Recipe) -> tuple[int, bool, str]:
        dated = sum(1 for entry in entries(recipe, text, url) if entry.date is not None)
        marked = bool(recipe.mark and recipe.name != "plain" and html.nodes(page, recipe.mark))
        return dated, marked, recipe.name

    return max(shelf.families, key=score)


def scripted(text: str) -> bool:
    """Whether a page without entries looks as if scripts would fill it."""
    page = html.tree(text)
    return bool(html.nodes(page, "//script"))


def next_pages(recipe: Recipe, url: str) -> Iterator[str]:
    """Addresses of the second and further list pages by the recipe's pattern."""
    paging = recipe.paging
    for n in range(paging.start, paging.start + paging.most - 1) if paging.next else ():
        if paging.next.startswith("?"):
            parts = urlsplit(url)
            query = dict(parse_qsl(parts.query)) | dict(parse_qsl(paging.next[1:].format(n=n)))
            yield urlunsplit(parts._replace(query=urlencode(query)))
        else:
            stem = urlsplit(url).path.rsplit("/", 1)[-1].rsplit(".", 1)[0]
            yield urljoin(url, paging.next.format(n=n, stem=stem))


def next_link(text: str, url: str) -> str | None:
    """The address behind 下一页, when it is a link and not a script."""
    link = html.first(html.tree(text), (rules()["next_page"],))
    return urljoin(url, link) if link and not link.lower().startswith(("javascript", "#")) else None


def endpoint_entries(endpoint: Endpoint, text: str, url: str) -> list[Entry]:
    """The entries of a JSON answer. Raises CollectError when it is not the JSON the recipe says."""
    try:
        items = _dig(json.loads(text), endpoint.items)
        if not isinstance(items, list):
            raise TypeError
        return [
            Entry(
                title=clean(re.sub(r"<[^>]*>", "", str(_dig(item, endpoint.title)))),
                url=urljoin(url, str(_dig(item, endpoint.link))),
                date=_moment(_dig(item, endpoint.date)),
            )
            for item in items
        ]
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise CollectError("READ-WEB-JSON", f"接口返回的内容与采集规则不符：{url}，请核对规则。") from error


def _roots(recipe: Recipe, page: etree._Element) -> list[etree._Element]:
    assert recipe.listing is not None
    if not recipe.listing.records:
        return [page]
    scripts = ["".join(map(str, s.itertext())) for s in html.nodes(page, recipe.listing.records)]
    records = [r for s in scripts for r in re.findall(r"<record>\s*<!\[CDATA\[(.*?)\]\]>", s, re.DOTALL)]
    return [html.tree(record) for record in records]


def _dig(data: Any, path: str) -> Any:
    for part in filter(None, path.split(".")):
        data = data[int(part)] if isinstance(data, list) else data[part]
    return data


def _moment(value: Any) -> date | None:
    """A date as text, or seconds or milliseconds since 1970."""
    if isinstance(value, int | float) or (isinstance(value, str) and value.isdigit() and len(value) >= 10):
        seconds = float(value) / (1000 if float(value) > 1e11 else 1)
        return datetime.fromtimestamp(seconds, UTC).astimezone(_CHINA).date()
    return html.day(str(value))
