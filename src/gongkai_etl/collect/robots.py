"""robots.txt (RFC 9309): where there is none everything is allowed, where it cannot be read nothing is."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

from gongkai_etl.collect.net import host_of
from gongkai_etl.errors import CollectError

_LONGEST = 30.0


class Robots:
    """The rules of each host, read once. ``read`` gives a file's bytes, None when there is none, or raises."""

    def __init__(self, product: str, read: Callable[[str], bytes | None]) -> None:
        self._product = product
        self._read = read
        self._rules: dict[str, RobotFileParser] = {}

    def require(self, url: str) -> None:
        """Raises CollectError ``READ-WEB-ROBOTS`` when the site does not want this address to be read."""
        host = host_of(url)
        if host not in self._rules:
            parts = urlsplit(url)
            self._rules[host] = self._parsed(f"{parts.scheme}://{parts.netloc}/robots.txt")
        if not self._rules[host].can_fetch(self._product, url):
            raise CollectError("READ-WEB-ROBOTS", f"网站的 robots.txt 不允许采集：{url}，请人工下载后上传。")

    def delay(self, url: str) -> float:
        """The pause that the site asks for, seconds (at most half a minute)."""
        rules = self._rules.get(host_of(url))
        wanted = rules.crawl_delay(self._product) if rules is not None else None
        return min(float(wanted or 0), _LONGEST)

    def _parsed(self, url: str) -> RobotFileParser:
        text = (self._read(url) or b"").decode("utf-8", "replace")
        if "<html" in text[:500].lower():
            text = ""  # a page that says "not found" with status 200
        rules = RobotFileParser(url)
        rules.parse(text.splitlines())
        return rules
