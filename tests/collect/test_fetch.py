"""One request at a time: robots.txt, retries, limits, resume, encodings."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from gongkai_etl.collect import html
from gongkai_etl.collect.fetch import Fetcher, fetcher
from gongkai_etl.errors import CollectError, SettingsError
from gongkai_etl.settings import Settings

Reply = Callable[[BaseHTTPRequestHandler], None]


class Server:
    """A server whose answers a test writes; ``asked`` holds the paths in order."""

    def __init__(self) -> None:
        self.replies: dict[str, Reply] = {}
        self.asked: list[str] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked.append(self.path)
                reply = outer.replies.get(self.path)
                if reply is None:
                    plain(self, 404, b"")
                else:
                    reply(self)

            def log_message(self, *args: object) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()
        self.base = f"http://127.0.0.1:{self.server.server_port}"


def plain(handler: BaseHTTPRequestHandler, status: int, body: bytes, **headers: str) -> None:
    handler.send_response(status)
    for name, value in {"Content-Length": str(len(body)), **headers}.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    yield made
    made.server.shutdown()
    made.server.server_close()


def polite(server: Server, home: Path, **changes: object) -> Fetcher:
    values: dict[str, object] = {"collect_allow_loopback": True, "collect_contact": "a@b.cn", "collect_pause_s": 0}
    made = fetcher(Settings(home=home, **(values | changes)), frozenset({server.base.removeprefix("http://")}))  # type: ignore[arg-type]
    made.sleep = lambda seconds: None
    return made


def test_robots_are_kept(server: Server, tmp_path: Path) -> None:
    server.replies["/robots.txt"] = lambda h: plain(h, 200, b"User-agent: *\nDisallow: /no/\nCrawl-delay: 7\n")
    server.replies["/yes"] = lambda h: plain(h, 200, b"ok")
    waits: list[float] = []
    fetch = polite(server, tmp_path)
    fetch.sleep = waits.append
    assert fetch.get(server.base + "/yes").data == b"ok"
    with pytest.raises(CollectError, match="READ-WEB-ROBOTS"):
        fetch.get(server.base + "/no/1")
    assert "/no/1" not in server.asked
    assert waits
    assert 6 < max(waits) <= 7


def test_no_answer_about_robots_means_no(server: Server, tmp_path: Path) -> None:
    server.replies["/robots.txt"] = lambda h: plain(h, 500, b"")
    with pytest.raises(CollectError, match="READ-WEB-DOWN"):
        polite(server, tmp_path).get(server.base + "/x")
    assert set(server.asked) == {"/robots.txt"}


def test_retries_on_5xx_only(server: Server, tmp_path: Path) -> None:
    server.replies["/flaky"] = lambda h: plain(h, 503 if server.asked.count("/flaky") < 3 else 200, b"at last")
    fetch = polite(server, tmp_path)
    assert fetch.get(server.base + "/flaky").data == b"at last"
    with pytest.raises(CollectError, match="READ-WEB-GONE"):
        fetch.get(server.base + "/gone")
    server.replies["/forbidden"] = lambda h: plain(h, 403, b"")
    with pytest.raises(CollectError, match="READ-WEB-REFUSED"):
        fetch.get(server.base + "/forbidden")
    assert server.asked.count("/flaky") == 3
    assert server.asked.count("/gone") == 1
    assert server.asked.count("/forbidden") == 1


def test_too_big_is_stopped_while_it_streams(server: Server, tmp_path: Path) -> None:
    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        sent = 0
        try:
            while sent < 64 * 2**20:
                sent += handler.wfile.write(b"x" * 65536)
        except OSError:
            pass
        finally:
            sizes.append(sent)

    sizes: list[int] = []
    server.replies["/big"] = endless
    with pytest.raises(CollectError, match="READ-WEB-TOO-BIG"):
        polite(server, tmp_path, collect_max_mb=1).get(server.base + "/big")
    assert list(tmp_path.rglob("*.part")) == []


def test_a_cut_download_goes_on_where_it_stopped(server: Server, tmp_path: Path) -> None:
    body = bytes(range(256)) * 2000
    ranges: list[str] = []

    def cut(handler: BaseHTTPRequestHandler) -> None:
        begin = handler.headers.get("Range", "")
        ranges.append(begin)
        if not begin:
            handler.send_response(200)
            handler.send_header("ETag", '"v1"')
            handler.send_header("Content-Length", str(len(body)))
            handler.end_headers()
            handler.wfile.write(body[:200_000])
            handler.wfile.flush()
            handler.connection.close()
            return
        at = int(begin.removeprefix("bytes=").removesuffix("-"))
        assert handler.headers["If-Range"] == '"v1"'
        plain(handler, 206, body[at:], ETag='"v1"', Content_Range=f"bytes {at}-{len(body) - 1}/{len(body)}")

    server.replies["/file.pdf"] = cut
    assert polite(server, tmp_path).get(server.base + "/file.pdf").data == body
    assert ranges[0] == ""
    assert ranges[1].startswith("bytes=")


def test_redirects_pass_the_guard_and_loops_end(server: Server, tmp_path: Path) -> None:
    server.replies["/in"] = lambda h: plain(h, 302, b"", Location="http://169.254.169.254/latest/meta-data/")
    server.replies["/a"] = lambda h: plain(h, 302, b"", Location="/b")
    server.replies["/b"] = lambda h: plain(h, 302, b"", Location="/a")
    server.replies["/c"] = lambda h: plain(h, 301, b"", Location="/d")
    server.replies["/d"] = lambda h: plain(h, 200, b"there")
    fetch = polite(server, tmp_path)
    with pytest.raises(CollectError, match="READ-WEB-FORBIDDEN"):
        fetch.get(server.base + "/in")
    with pytest.raises(CollectError, match="READ-WEB-LOOP"):
        fetch.get(server.base + "/a")
    assert fetch.get(server.base + "/c").url == server.base + "/d"
    assert fetch.get(server.base + "/c").fresh is False
    assert server.asked.count("/c") == 1


@pytest.mark.parametrize(
    "place",
    [
        "http://127.0.0.1:{other}/secret",
        "http://localhost:{other}/secret",
        "//127.0.0.1:{other}/secret",
        "http://[::ffff:127.0.0.1]:{other}/secret",
        "http://2130706433:{other}/secret",
        "http://a:b@127.0.0.1:{own}/secret",
        "http://10.0.0.1/secret",
        "file:///etc/passwd",
        "ftp://127.0.0.1/secret",
    ],
)
def test_a_redirect_opens_no_other_door(server: Server, tmp_path: Path, place: str) -> None:
    other = Server()
    ports = {"own": server.server.server_port, "other": other.server.server_port}
    server.replies["/in"] = lambda h: plain(h, 302, b"", Location=place.format(**ports))
    with pytest.raises(CollectError, match="READ-WEB-FORBIDDEN"):
        polite(server, tmp_path).get(server.base + "/in")
    other.server.shutdown()
    other.server.server_close()
    assert other.asked == []
    assert "/secret" not in server.asked


def test_unchanged_pages_are_not_sent_again(server: Server, tmp_path: Path) -> None:
    def page(handler: BaseHTTPRequestHandler) -> None:
        same = handler.headers.get("If-None-Match") == '"1"'
        plain(handler, 304 if same else 200, b"" if same else b"page", ETag='"1"')

    server.replies["/p"] = page
    first = polite(server, tmp_path, collect_fresh_s=0).get(server.base + "/p")
    again = polite(server, tmp_path, collect_fresh_s=0).get(server.base + "/p")
    assert (first.changed, again.changed) == (True, False)
    assert again.data == b"page"


def test_no_contact_no_collecting(tmp_path: Path) -> None:
    with pytest.raises(SettingsError):
        fetcher(Settings(home=tmp_path), frozenset({"www.example.gov.cn"}))


@pytest.mark.parametrize(
    ("data", "header"),
    [
        ("<meta charset=gb2312>年报".encode("gb18030"), "text/html"),
        ("年报".encode("gb18030"), "text/html; charset=GBK"),
        ("年报".encode("gb18030"), "text/html; charset=iso-8859-1-wrong"),
        ("<meta charset=gb2312>年报".encode(), "text/html; charset=gb2312"),
        ("年报".encode("utf-8-sig"), ""),
        ("年报".encode("utf-16"), ""),
    ],
)
def test_encodings(data: bytes, header: str) -> None:
    assert html.decode(data, header).endswith("年报")
