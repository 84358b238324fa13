"""The guard: what may be asked and what never is."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import httpx
import pytest

from gongkai_etl.collect.net import Guard, PinnedTransport, host_of
from gongkai_etl.errors import CollectError

FORBIDDEN = [
    "ftp://www.example.gov.cn/a",
    "file:///etc/passwd",
    "gopher://www.example.gov.cn/",
    "http://127.0.0.1:{port}/",
    "http://localhost:{port}/",
    "http://[::1]:{port}/",
    "http://0.0.0.0:{port}/",
    "http://[::]:{port}/",
    "http://2130706433:{port}/",
    "http://0x7f000001:{port}/",
    "http://0177.0.0.1:{port}/",
    "http://0x7f.1:{port}/",
    "http://127.1:{port}/",
    "http://10.0.0.5/",
    "http://172.16.3.4/",
    "http://192.168.1.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://100.100.100.200/latest/meta-data/",
    "http://168.63.129.16/",
    "http://100.64.1.1/",
    "http://[::ffff:127.0.0.1]:{port}/",
    "http://[::ffff:169.254.169.254]/",
    "http://[64:ff9b::7f00:1]:{port}/",
    "http://[2002:7f00:1::]/",
    "http://[fd00:ec2::254]/",
    "http://[fe80::1]/",
    "http://[fec0::1]/",
    "http://user:pass@www.example.gov.cn/",
    "http://www.example.gov.cn@127.0.0.1:{port}/",
    "http://www.example.gov.cn\\@127.0.0.1:{port}/",
    "http://other.example.com/",
    "http://www.example.gov.cn:6379/",
    "http://①②⑦.0.0.1:{port}/",
    "http://rebind.example.gov.cn:{port}/",
    "http://mixed.example.gov.cn/",
    "http://224.0.0.1/",
    "http://",
    "http://0/",
    "http://017700000001:{port}/",
    "http://0x7f.0x0.0x0.0x1:{port}/",
    "http://127.0.0.1.:{port}/",
    "http://localhost.:{port}/",
    "http://LOCALHOST:{port}/",
    "http://127。0。0。1:{port}/",
    "http://127.0.0.1:{port}/",
    "http://%31%32%37.0.0.1:{port}/",
    "http://[::127.0.0.1]:{port}/",
    "http://[0:0:0:0:0:ffff:7f00:1]:{port}/",
    "http://[64:ff9b:1::7f00:1]:{port}/",
    "http://[64:ff9b::a9fe:a9fe]/",
    "http://[2001:0:1:1:1:1:80ff:fffe]:{port}/",
    "http://[fe80::1%25eth0]/",
    "http://[ff02::1]/",
    "http://169.254.170.2/v2/credentials/",
    "http://192.0.0.192/opc/v2/instance/",
    "http://198.18.0.1/",
    "http://240.0.0.1/",
    "http://255.255.255.255/",
    "http://metadata.google.internal/computeMetadata/v1/",
    "http://www.example.gov.cn\t@127.0.0.1:{port}/",
    "http://127.0.0.1:{port}#@www.example.gov.cn/",
    "//127.0.0.1:{port}/",
]
NAMES = {
    "www.example.gov.cn": ["203.0.114.7"],
    "rebind.example.gov.cn": ["127.0.0.1"],
    "mixed.example.gov.cn": ["203.0.114.7", "10.1.2.3"],
    "localhost": ["127.0.0.1"],
    "metadata.google.internal": ["169.254.169.254"],
}


def resolver(host: str, port: int) -> list[str]:
    if host not in NAMES:
        raise OSError(host)
    return NAMES[host]


@pytest.fixture
def server() -> Iterator[tuple[int, list[str]]]:
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.headers["Host"] + self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"hello")

        def log_message(self, *args: object) -> None:
            return

    httpd = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=httpd.serve_forever, args=(0.01,), daemon=True).start()
    yield httpd.server_port, asked
    httpd.shutdown()
    httpd.server_close()


@pytest.mark.parametrize("address", FORBIDDEN)
def test_forbidden_addresses_are_never_asked(address: str, server: tuple[int, list[str]]) -> None:
    port, asked = server
    url = address.replace("{port}", str(port))
    # Even a careless allow list that names the literal itself does not open the inner network.
    listed = {"*.example.gov.cn", f"*.example.gov.cn:{port}"}
    for host in ("127.0.0.1", "localhost", "::1", "0.0.0.0", "::", "::ffff:7f00:1", "::ffff:127.0.0.1"):
        listed |= {host, f"{host}:{port}"}
    listed |= {"10.0.0.5", "172.16.3.4", "192.168.1.1", "169.254.169.254", "100.100.100.200", "168.63.129.16"}
    listed |= {"100.64.1.1", "::ffff:169.254.169.254", "2002:7f00:1::", "fd00:ec2::254", "fe80::1", "fec0::1"}
    listed |= {f"64:ff9b::7f00:1:{port}", "224.0.0.1", "::127.0.0.1", "::7f00:1", "64:ff9b:1::7f00:1", "ff02::1"}
    listed |= {"169.254.170.2", "192.0.0.192", "198.18.0.1", "240.0.0.1", "255.255.255.255", "64:ff9b::a9fe:a9fe"}
    listed |= {"metadata.google.internal", "0", "2001:0:1:1:1:1:80ff:fffe", f"2001:0:1:1:1:1:80ff:fffe:{port}"}
    guard = Guard.of(listed, resolver=resolver)
    with pytest.raises(CollectError):
        guard.check(url)
    with (
        httpx.Client(transport=PinnedTransport(guard)) as client,
        pytest.raises((CollectError, httpx.HTTPError, httpx.InvalidURL)),
    ):
        client.get(url)
    assert asked == []


def test_public_host_of_the_list_is_pinned() -> None:
    guard = Guard.of({"www.example.gov.cn", "*.other.gov.cn"}, resolver=lambda host, port: ["203.0.114.7"])
    assert guard.check("https://www.example.gov.cn/a").address == "203.0.114.7"
    assert guard.check("http://town.other.gov.cn/").host == "town.other.gov.cn"
    assert guard.check("http://WWW.EXAMPLE.gov.cn./").host == "www.example.gov.cn"


def test_the_connection_goes_to_the_checked_address_under_the_name(server: tuple[int, list[str]]) -> None:
    port, asked = server
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])  # the second question would get another answer
    guard = Guard.of({f"town.example.gov.cn:{port}"}, allow_loopback=True, resolver=lambda host, at: next(answers))
    with httpx.Client(transport=PinnedTransport(guard)) as client:
        assert client.get(f"http://town.example.gov.cn:{port}/x").text == "hello"
    assert asked == [f"town.example.gov.cn:{port}/x"]


def test_a_name_that_changes_its_answer_after_the_check_gains_nothing(server: tuple[int, list[str]]) -> None:
    port, asked = server
    answers = iter([["203.0.114.7"], ["127.0.0.1"]])
    guard = Guard.of({f"town.example.gov.cn:{port}"}, resolver=lambda host, at: next(answers))
    url = f"http://town.example.gov.cn:{port}/x"
    assert guard.check(url).address == "203.0.114.7"
    with httpx.Client(transport=PinnedTransport(guard)) as client, pytest.raises(CollectError):
        client.get(url)
    assert asked == []


def test_loopback_is_open_by_setting_only_and_nothing_else_is() -> None:
    guard = Guard.of({"127.0.0.1:8000", "10.0.0.5"}, allow_loopback=True)
    assert guard.check("http://127.0.0.1:8000/").address == "127.0.0.1"
    with pytest.raises(CollectError):
        guard.check("http://10.0.0.5/")


def test_unknown_names_are_told() -> None:
    with pytest.raises(CollectError, match="READ-WEB-NAME"):
        Guard.of({"none.example.gov.cn"}, resolver=resolver).check("http://none.example.gov.cn/")


def test_host_of() -> None:
    assert host_of("https://www.example.gov.cn/a/b") == "www.example.gov.cn"
    assert host_of("http://www.example.gov.cn:8088/") == "www.example.gov.cn:8088"
