"""One polite request at a time: robots.txt, pauses, conditional requests, limits, retries, resume.

Retries only where waiting helps (5xx, no answer in time, connection cut); redirects are followed
by hand so that every hop passes the guard.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urljoin

import httpx

from gongkai_etl.collect.headers import conditions, file_name
from gongkai_etl.collect.memory import Known, Memory
from gongkai_etl.collect.net import Guard, PinnedTransport, host_of
from gongkai_etl.collect.robots import Robots
from gongkai_etl.errors import CollectError, SettingsError
from gongkai_etl.settings import Settings

PRODUCT = "gongkai-etl"
MAX_REDIRECTS = 5


@dataclass(frozen=True, slots=True)
class Answer:
    """A fetched body. ``url`` is where it was found in the end; ``fresh`` says whether it came just now."""

    url: str
    data: bytes
    content_type: str
    file_name: str | None
    fresh: bool
    changed: bool


@dataclass
class Fetcher:
    """Fetches for one collection run; give every process the same ``memory`` folder."""

    guard: Guard
    memory: Memory
    agent: str
    pause: float = 2.0
    timeout: float = 60.0
    max_bytes: int = 50 * 1024 * 1024
    fresh: float = 1800.0
    attempts: int = 4
    sleep: Callable[[float], None] = time.sleep
    log: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        limits = httpx.Timeout(min(self.timeout, 20.0))
        transport = PinnedTransport(self.guard)
        headers = {"User-Agent": self.agent, "Accept-Encoding": "gzip, deflate", "Accept-Language": "zh-CN"}
        self._client = httpx.Client(transport=transport, timeout=limits, headers=headers, trust_env=False)
        self._robots = Robots(PRODUCT, self._read_robots)

    def get(self, url: str) -> Answer:
        """Fetch ``url``. Raises CollectError (READ-WEB-…) with a Chinese reason; never anything else of httpx."""
        seen: list[str] = []
        while True:
            if url in seen or len(seen) > MAX_REDIRECTS:
                raise CollectError(
                    "READ-WEB-LOOP", f"网页来回跳转，打不开：{seen[0]}，请在浏览器里核对后改用正确网址。"
                )
            seen.append(url)
            self.guard.check(url)
            self._robots.require(url)
            answer = self._one(url)
            if isinstance(answer, Answer):
                return answer
            url = answer

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _one(self, url: str) -> Answer | str:
        """The answer, or the address of a redirect."""
        for attempt in range(1, self.attempts + 1):
            if (answer := self._remembered(url)) is not None:
                return answer
            try:
                pause = max(self.pause, self._robots.delay(url))
                with self.memory.turn(host_of(url), pause, self.sleep):
                    # Another process may have fetched it while this one waited for its turn.
                    return self._remembered(url) or self._request(url, self.memory.get(url))
            except (_AgainError, httpx.TransportError) as error:
                hopeless = isinstance(error, httpx.UnsupportedProtocol) or "CERTIFICATE" in str(error)
                if hopeless or attempt == self.attempts:
                    raise _gave_up(url, attempt, error) from error
                self.sleep(2 ** (attempt - 1) * (1 + random.random() / 4))  # noqa: S311
        raise AssertionError("unreachable")

    def _remembered(self, url: str) -> Answer | str | None:
        """What was answered a short while ago, whether page, redirect or refusal."""
        known = self.memory.get(url)
        if known is None or self.memory.now() - known[0].fetched_at >= self.fresh:
            return None
        self.log.append(f"刚取过，不再访问：{url}")
        if known[0].moved_to != url:
            return known[0].moved_to
        _refuse(url, known[0].status)
        return _answer(*known, fresh=False, changed=False)

    def _request(self, url: str, known: tuple[Known, bytes] | None) -> Answer | str:
        part = self.memory.part(url)
        headers = conditions(known[0] if known else None, part)
        self.log.append(f"访问：{url}")
        with self._client.stream("GET", url, headers=headers) as response:
            status = response.status_code
            if status == 304 and known:
                self.memory.put(replace(known[0], fetched_at=self.memory.now()), known[1])
                return _answer(*known, fresh=True, changed=False)
            now = _known(url, response, self.memory.now())
            if response.is_redirect and (place := response.headers.get("location")):
                self.memory.put(replace(now, moved_to=urljoin(url, place)), b"")
                return str(urljoin(url, place))
            if status == 416:
                part.unlink(missing_ok=True)
                raise _AgainError("网站不接受续传")
            if 400 <= status < 500 and status != 429:
                self.memory.put(replace(now, etag=None, last_modified=None), b"")
            _refuse(url, status)
            data = self._body(url, response, part)
        self.memory.put(now, data)
        return _answer(now, data, fresh=True, changed=known is None or known[1] != data)

    def _body(self, url: str, response: httpx.Response, part: Path) -> bytes:
        """Stream into the part file, so that a cut download goes on where it stopped."""
        resumed = response.status_code == 206
        part.with_suffix(".mark").write_text(
            response.headers.get("etag") or response.headers.get("last-modified", "")
        )
        end = time.monotonic() + self.timeout
        with part.open("ab" if resumed else "wb") as file:
            for chunk in response.iter_bytes(65536):
                file.write(chunk)
                if file.tell() > self.max_bytes:
                    part.unlink(missing_ok=True)
                    raise CollectError(
                        "READ-WEB-TOO-BIG",
                        f"文件超过{self.max_bytes // 2**20} MB，没有采集：{url}，请人工下载核对。",
                    )
                if time.monotonic() > end:
                    raise _AgainError("传得太慢")
        return part.read_bytes()

    def _read_robots(self, url: str) -> bytes | None:
        try:
            answer: Answer | str = url
            for _ in range(MAX_REDIRECTS):
                answer = self._one(answer) if isinstance(answer, str) else answer
            return None if isinstance(answer, str) else answer.data
        except CollectError as error:
            if error.code not in ("READ-WEB-GONE", "READ-WEB-REFUSED", "READ-WEB-FORBIDDEN"):
                raise
            return None


class _AgainError(Exception):
    """Worth another attempt."""


def fetcher(settings: Settings, hosts: frozenset[str], folder: Path | None = None) -> Fetcher:
    """The fetcher of the settings. Raises SettingsError when no contact is named."""
    if not settings.collect_contact.strip():
        raise SettingsError(
            "READ-WEB-CONTACT", "网上采集前请设置 GONGKAI_COLLECT_CONTACT（电话或邮箱），让网站管理员能找到您。"
        )
    named = {host.strip() for host in settings.collect_hosts.split(",")}
    contact = settings.collect_contact.strip().encode("ascii", "backslashreplace").decode("ascii")
    return Fetcher(
        guard=Guard.of(hosts | named, settings.collect_allow_loopback),
        memory=Memory(folder or settings.home / "web"),
        agent=f"{PRODUCT}/0.1 (+{contact})",
        pause=settings.collect_pause_s,
        timeout=settings.collect_timeout_s,
        max_bytes=settings.collect_max_mb * 2**20,
        fresh=settings.collect_fresh_s,
        attempts=settings.collect_attempts,
    )


def _refuse(url: str, status: int) -> None:
    if status >= 500:
        raise _AgainError(f"网站出错（{status}）")
    if status in (404, 410):
        raise CollectError("READ-WEB-GONE", f"网页不存在（{status}）：{url}，请核对网址或栏目是否已迁移。")
    if status not in (200, 206):
        raise CollectError("READ-WEB-REFUSED", f"网站拒绝访问（{status}）：{url}，请人工下载后上传。")


def _gave_up(url: str, attempts: int, error: Exception) -> CollectError:
    told = str(error) if isinstance(error, _AgainError) else "连接不上或没有按时回应"
    if "CERTIFICATE" in str(error):
        return CollectError("READ-WEB-CERTIFICATE", f"网站证书不可信：{url}，请联系网站管理员，或下载后上传。")
    return CollectError("READ-WEB-DOWN", f"试了{attempts}次仍取不到：{url}（{told}），稍后会再试。")


def _known(url: str, response: httpx.Response, now: float) -> Known:
    get = response.headers.get
    return Known(
        url=url,
        moved_to=url,
        status=response.status_code,
        content_type=get("content-type", ""),
        file_name=file_name(get("content-disposition", "")),
        etag=get("etag"),
        last_modified=get("last-modified"),
        fetched_at=now,
    )


def _answer(known: Known, data: bytes, fresh: bool, changed: bool) -> Answer:
    return Answer(known.moved_to, data, known.content_type, known.file_name, fresh, changed)
