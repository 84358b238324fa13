"""What a page says about itself: titles and the day on which it was published."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from gongkai_etl.read.tables import tidy
from gongkai_etl.read.xml import Element

_TITLES = ("articletitle", "title", "og:title", "keywords_title")
_DAYS = ("pubdate", "publishdate", "publish_time", "publishtime", "article:published_time", "firstpublishedtime")
_DAY_ELEMENTS = frozenset({"publishtime", "pubdate", "publishdate"})
_TITLE_ELEMENTS = frozenset({"ucaptitle", "h1"})
_TITLE_CLASSES = frozenset(
    ["article-title", "article_title", "xl_tit", "xl-title", "title_cen", "arti_title", "news_title", "main-title"]
)
_DAY_LINE = re.compile(
    r"(?:(?:发布|发表|公开|信息提供)(?:时间|日期)|(?<!\w)(?:时间|日期))\s*[:：]\s*(\d{4}\D\d{1,2}\D\d{1,2})"
)
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})")
_REPORT = re.compile(r"报告|年报")


def facts_of(root: Element) -> dict[str, str]:
    """``title`` (of the window), ``article_title``, ``published`` (ISO date); a fact that is missing has no key."""
    metas = _metas(root)
    window = next((tidy(_text(node)) for node in root.iter("title") if _text(node).strip()), "")
    facts = {
        "title": window,
        "article_title": _article_title(root, metas, window),
        "published": _published(root, metas),
    }
    return {key: value for key, value in facts.items() if value}


def _metas(root: Element) -> dict[str, str]:
    """Names of <meta> in lower case → content; the first of a name counts."""
    metas: dict[str, str] = {}
    for node in root.iter("meta"):
        name = (node.get("name") or node.get("property") or "").lower()
        if name and node.get("content"):
            metas.setdefault(name, str(node.get("content")))
    return metas


def _text(node: Element) -> str:
    return " ".join("".join(str(piece) for piece in node.itertext()).split())


def _article_title(root: Element, metas: dict[str, str], window: str) -> str:
    candidates = [tidy(text) for text in _title_candidates(root, metas)]
    cut = re.split(r"\s*[-_–—|]+\s*", window)
    candidates += [cut[0], *cut[1:]] if len(cut) > 1 else [window]
    return next((text for text in candidates if _REPORT.search(text) and len(text) < 120), "")


def _title_candidates(root: Element, metas: dict[str, str]) -> Iterator[str]:
    named = [node for node in root.iter() if isinstance(node.tag, str)]
    yield from (_text(node) for node in named if node.tag == "ucaptitle")
    yield from (metas[name] for name in _TITLES if name in metas)
    yield from (_text(node) for node in named if node.tag == "h1")
    yield from (
        _text(node)
        for node in named
        if node.attrib and not _TITLE_CLASSES.isdisjoint(node.get("class", "").split())
    )


def _published(root: Element, metas: dict[str, str]) -> str:
    texts = [metas[name] for name in _DAYS if name in metas]
    texts += [_text(node) for node in root.iter(*_DAY_ELEMENTS)]
    found = next((day for text in texts if (day := iso_day(text))), "")
    if found:
        return found
    match = _DAY_LINE.search(" ".join(str(text) for text in root.itertext()))
    return iso_day(match[1]) if match else ""


def iso_day(text: str) -> str:
    """The first date of a text as 2026-01-15, else an empty text."""
    match = _DAY.search(text)
    try:
        return date(*(int(part) for part in match.groups())).isoformat() if match else ""
    except ValueError:
        return ""
