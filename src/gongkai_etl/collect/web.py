"""One unit's report from the web: list → entry of the year → page and every attachment as one delivery."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from urllib.parse import unquote, urljoin, urlsplit

from gongkai_etl.collect import article, html, listing
from gongkai_etl.collect.choose import Entry, Verdict, Wanted, best, judge
from gongkai_etl.collect.delivery import Delivery, Piece, Plan, plan
from gongkai_etl.collect.fetch import Answer, Fetcher
from gongkai_etl.collect.recipes import Recipe
from gongkai_etl.errors import CollectError
from gongkai_etl.model import Finding, Severity

__all__ = ["Delivery", "Piece", "Plan", "plan", "visit"]

Found = tuple[Verdict, Recipe]
_HTML = ("html", "htm", "shtml", "")


def visit(plan: Plan, wanted: Wanted, fetcher: Fetcher, files: bool = True) -> Delivery:
    """Look for the report. Never raises for what a site does: that becomes a finding of the delivery."""
    delivery = Delivery()
    for url in plan.lists:
        delivery.url = delivery.url or url
        chosen = _attempt(delivery, partial(_search, plan, url, wanted, fetcher, delivery))
        if chosen is None:
            continue
        verdict, recipe = chosen
        delivery.entry, delivery.sure = verdict.entry, verdict.sure
        if files:
            _attempt(delivery, partial(_take, recipe, verdict.entry, fetcher, delivery))
        break
    else:
        if not delivery.findings:
            delivery.findings.append(
                _finding("READ-WEB-NONE", "notice", f"栏目里还没有{wanted.year}年的报告", delivery.url)
            )
    return delivery


def _attempt(delivery: Delivery, work: Callable[[], Found | None]) -> Found | None:
    try:
        return work()
    except CollectError as error:
        delivery.findings.append(_finding(error.code, "warning", error.message, delivery.url))
        return None


def _search(plan: Plan, url: str, wanted: Wanted, fetcher: Fetcher, delivery: Delivery) -> Found | None:
    recipe = plan.recipe
    if recipe is not None and recipe.endpoint is not None and "{column}" not in recipe.endpoint.url:
        pages: Iterator[tuple[Recipe, list[Entry]]] = _endpoint_pages(recipe, url, fetcher)
    else:
        pages = _pages(plan, url, fetcher, delivery)
    for recipe, found in pages:
        judged = [judge(entry, wanted) for entry in found]
        delivery.verdicts += judged
        chosen = best(judged)
        if chosen is not None:
            return chosen, recipe
        if _too_old(found, wanted.year):
            return None
    return None


def _pages(plan: Plan, url: str, fetcher: Fetcher, delivery: Delivery) -> Iterator[tuple[Recipe, list[Entry]]]:
    answer = fetcher.get(url)
    text = html.decode(answer.data, answer.content_type)
    known = plan.recipe if plan.recipe is not None and plan.recipe.listing is not None else None
    recipe = known or listing.detect(plan.shelf, text, answer.url)
    seen: set[Entry] = set()
    patterns = listing.next_pages(recipe, answer.url)
    for _ in range(recipe.paging.most):
        found = [entry for entry in listing.entries(recipe, text, answer.url) if entry not in seen]
        if not found:
            if not seen and listing.scripted(text):
                delivery.findings.append(_by_hand(url))
            return
        seen.update(found)
        yield recipe, found
        following = listing.next_link(text, answer.url) or next(patterns, None)
        if following is None:
            return
        try:
            answer = fetcher.get(following)
        except CollectError as error:
            if error.code == "READ-WEB-GONE":
                return  # the pattern counted past the last page
            raise
        text = html.decode(answer.data, answer.content_type)


def _endpoint_pages(recipe: Recipe, url: str, fetcher: Fetcher) -> Iterator[tuple[Recipe, list[Entry]]]:
    assert recipe.endpoint is not None
    endpoint, before = recipe.endpoint, None
    for n in range(endpoint.start, endpoint.start + endpoint.most):
        answer = fetcher.get(urljoin(url, endpoint.url.replace("{n}", str(n))))
        found = listing.endpoint_entries(endpoint, html.decode(answer.data, answer.content_type), answer.url)
        if not found or found == before:
            return
        before = found
        yield recipe, found
        if "{n}" not in endpoint.url:
            return


def _take(recipe: Recipe, entry: Entry, fetcher: Fetcher, delivery: Delivery) -> None:
    answer = fetcher.get(entry.url)
    if not _is_page(answer):
        delivery.pieces.append(_piece("attachment", answer, entry.title))
        return
    text = html.decode(answer.data, answer.content_type)
    words = article.words(recipe, text)
    delivery.pieces.append(_piece("page", answer, entry.title, html.fingerprint(words)))
    for link in article.attachments(recipe, text, answer.url):
        try:
            delivery.pieces.append(_piece("attachment", fetcher.get(link.url), link.text or entry.title))
        except CollectError as error:
            delivery.findings.append(_finding(error.code, "warning", f"附件没有取到：{error.message}", link.url))


def _piece(role: str, answer: Answer, title: str, fingerprint: str = "") -> Piece:
    ending = "html" if role == "page" else _ending(answer, title)
    stem = title.removesuffix(f".{article.extension(title)}") if article.extension(title) else title
    name = f"{stem.strip()[:120] or 'file'}.{ending}" if ending else stem.strip()[:120]
    return Piece(role, answer.url, name, answer.data, answer.fresh, answer.changed, fingerprint)


def _ending(answer: Answer, title: str) -> str:
    candidates = (answer.file_name or "", unquote(urlsplit(answer.url).path), title)
    found = [article.extension(text) for text in candidates]
    return next((e for e in found if e and e not in ("jsp", "aspx", "do", "php", "ashx")), "bin")


def _is_page(answer: Answer) -> bool:
    if "html" in answer.content_type.lower():
        return True
    head = answer.data[:512].lstrip().lower()
    return head.startswith((b"<!doctype html", b"<html")) or (
        not answer.content_type and article.extension(answer.url) in _HTML
    )


def _too_old(found: Sequence[Entry], year: int) -> bool:
    """Whether every entry was published before the report's year had ended: what follows is older still."""
    days = [entry.date for entry in found if entry.date is not None]
    return bool(days) and len(days) == len(found) and max(days).year < year


def _by_hand(url: str) -> Finding:
    message = "栏目的列表由网页脚本生成，读不到条目，需要人工处理：请为这个网站写接口规则，或下载后上传"
    return _finding("READ-WEB-SCRIPT", "warning", message, url)


def _finding(rule: str, severity: Severity, message: str, url: str) -> Finding:
    return Finding(rule=rule, severity=severity, message=message, text=url)
