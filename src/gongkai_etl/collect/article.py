"""The page of one report: its files, and what of it is content."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urljoin, urlsplit

from lxml import etree

from gongkai_etl.collect import html
from gongkai_etl.collect.choose import rules
from gongkai_etl.collect.recipes import Recipe


@dataclass(frozen=True, slots=True)
class Link:
    """A file that a page offers."""

    url: str
    text: str


def content(recipe: Recipe, page: etree._Element) -> etree._Element:
    """The part of the page that is the article; the whole body when no place of the recipe is there."""
    for path in (*recipe.article.content, "//*[@id='zoom']", "//article"):
        for node in html.nodes(page, path):
            if len(html.words(node).strip()) > 0 or html.nodes(node, ".//a[@href] | .//iframe | .//embed"):
                return node
    bodies = html.nodes(page, "//body")
    return bodies[0] if bodies else page


def attachments(recipe: Recipe, text: str, url: str) -> list[Link]:
    """The files linked or shown in the article, in page order, each once."""
    page = html.tree(text)
    root = content(recipe, page)
    found: dict[str, str] = {}
    for path in recipe.article.attachments:
        for node in html.nodes(root, path):
            link = urljoin(url, str(node.get("href", "")).strip())
            label = html.words(node).strip() or str(node.get("title", ""))
            if _is_file(link) or _is_file("http://x/" + label):
                found.setdefault(_plain(link), label)
    frames = root.xpath(rules()["attachment_frames"])
    for source in frames if isinstance(frames, list) else []:
        shown = _shown(urljoin(url, str(source).strip()))
        if shown is not None:
            found.setdefault(shown, "")
    return [Link(link, label) for link, label in found.items() if link.lower().startswith(("http:", "https:"))]


def words(recipe: Recipe, text: str) -> str:
    """The text of the article alone, for fingerprints."""
    return html.words(content(recipe, html.tree(text)))


def extension(name: str) -> str:
    """``pdf`` of ``a/b.PDF?x=1``, or an empty string."""
    path = urlsplit(name).path if "://" in name else name
    match = re.search(r"\.([A-Za-z0-9]{1,5})$", path)
    return match[1].lower() if match else ""


def _is_file(url: str) -> bool:
    address = url.lower()
    return extension(url) in rules()["attachment_endings"] or any(
        part.lower() in address for part in rules()["attachment_addresses"]
    )


def _shown(url: str) -> str | None:
    """The file inside a viewer's address (viewer.html?file=a.pdf), or the frame itself when it is a file."""
    query = parse_qs(urlsplit(url).query)
    for parameter in rules()["viewer_parameters"]:
        for value in query.get(parameter, []):
            if _is_file(urljoin(url, value)):
                return _plain(urljoin(url, value))
    return _plain(url) if extension(url) in rules()["attachment_endings"] else None


def _plain(url: str) -> str:
    return url.split("#")[0]
