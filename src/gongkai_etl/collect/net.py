"""The guard before every connection: which addresses may be asked, and a transport that asks no other.

A URL from a list page or a redirect is hostile until proved otherwise. The host must stand on the
allow list, its name is resolved once, every address it has must be public, and the connection goes
to the very address that was checked (so a name that changes its answer gains nothing).
"""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

import httpx

from gongkai_etl.errors import CollectError

Resolver = Callable[[str, int], list[str]]
Address = IPv4Address | IPv6Address

# Public by registry, yet answered inside clouds: the wire server of Azure; the second is Alibaba's metadata.
_METADATA = (IPv4Network("168.63.129.16/32"), IPv4Network("100.100.100.200/32"))
_SHARED = (IPv4Network("100.64.0.0/10"), IPv4Network("192.0.0.0/24"), IPv4Network("198.18.0.0/15"))
_NAT64 = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))
_COMPATIBLE = IPv6Network("::/96")
_HOST = re.compile(r"(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_NUMERIC = re.compile(r"(0x[0-9a-f]*|[0-9]+)")


def resolve(host: str, port: int) -> list[str]:
    """All addresses of ``host``. Raises OSError when there are none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


@dataclass(frozen=True, slots=True)
class Target:
    """A checked place: connect to ``address``, speak to ``host``."""

    scheme: str
    host: str
    port: int
    address: str


@dataclass(frozen=True)
class Guard:
    """``hosts``: ``www.example.gov.cn``, ``example.gov.cn:8080`` or ``*.example.gov.cn``."""

    hosts: frozenset[str]
    allow_loopback: bool = False
    resolver: Resolver = field(default=resolve)

    @classmethod
    def of(cls, hosts: Iterable[str], allow_loopback: bool = False, resolver: Resolver = resolve) -> Guard:
        """A guard for these hosts."""
        return cls(frozenset(host.lower() for host in hosts if host), allow_loopback, resolver)

    def check(self, url: str) -> Target:
        """Where to connect for ``url``. Raises CollectError ``READ-WEB-FORBIDDEN`` when it may not be asked."""
        scheme, host, port = _parts(url)
        if not self._listed(host, port, scheme):
            raise _forbidden(url, "主机不在采集规则或允许名单里")
        literal = _literal(host)
        try:
            answers = [str(literal)] if literal else self.resolver(host, port)
        except OSError as error:
            raise CollectError("READ-WEB-NAME", f"网站域名解析不到：{host}，请核对网址。") from error
        if not answers:
            raise CollectError("READ-WEB-NAME", f"网站域名解析不到：{host}，请核对网址。")
        for answer in answers:
            if reason := self.refusal(ip_address(answer.split("%")[0])):
                raise _forbidden(url, reason)
        return Target(scheme, host, port, answers[0])

    def refusal(self, address: Address) -> str | None:
        """Why this address may not be asked, or None."""
        real = _embedded(address)
        if real.is_loopback:
            return None if self.allow_loopback else "指向本机"
        if any(real in network for network in (*_METADATA, *_SHARED) if network.version == real.version):
            return "指向云平台或运营商内部地址"
        if not real.is_global or real.is_multicast or real.is_reserved or real.is_unspecified:
            return "指向内部网络"
        if isinstance(real, IPv6Address) and (real.is_site_local or real in IPv6Network("2001::/23")):
            return "指向内部网络"
        return None

    def _listed(self, host: str, port: int, scheme: str) -> bool:
        usual = port == {"http": 80, "https": 443}[scheme]
        names = [host, *("*." + host.split(".", n)[n] for n in range(1, host.count(".") + 1))]
        return any((usual and name in self.hosts) or f"{name}:{port}" in self.hosts for name in names)


class PinnedTransport(httpx.BaseTransport):
    """Connects to the checked address and to nothing else; the name goes into Host and SNI."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        # No kept connections: two names on one address must not share a TLS session.
        limits = httpx.Limits(max_connections=8, max_keepalive_connections=0)
        self._inner = httpx.HTTPTransport(verify=_certificates(), trust_env=False, retries=0, limits=limits)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Check, pin, send."""
        target = self._guard.check(str(request.url))
        pinned = httpx.Request(
            method=request.method,
            url=request.url.copy_with(host=target.address),
            headers=request.headers,  # Host was set from the name when the request was built
            stream=request.stream,
            extensions={**request.extensions, "sni_hostname": target.host},
        )
        return self._inner.handle_request(pinned)

    def close(self) -> None:
        """Close the connections."""
        self._inner.close()


@cache
def _certificates() -> ssl.SSLContext:
    """The trusted authorities, loaded once a process (half a second)."""
    return httpx.create_ssl_context(trust_env=False)


def host_of(url: str) -> str:
    """``host`` or ``host:port`` (other than the usual) as it stands on an allow list. Raises CollectError."""
    scheme, host, port = _parts(url)
    return host if port == {"http": 80, "https": 443}[scheme] else f"{host}:{port}"


def _parts(url: str) -> tuple[str, str, int]:
    if re.search(r"[\x00-\x20\x7f\\]", url):
        raise _forbidden(url, "网址里有不允许的字符")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise _forbidden(url, "网址写法不正确") from error
    if parts.scheme not in ("http", "https"):
        raise _forbidden(url, "只采集 http 和 https 网址")
    if "@" in parts.netloc:
        raise _forbidden(url, "网址里带有用户名或密码")
    return parts.scheme, _host(url, parts.hostname or ""), port or {"http": 80, "https": 443}[parts.scheme]


def _host(url: str, host: str) -> str:
    if ":" in host:
        return host  # an IPv6 literal
    try:
        name = httpx.URL(f"http://{host}/").raw_host.decode("ascii").lower().rstrip(".")
    except (httpx.InvalidURL, UnicodeError) as error:
        raise _forbidden(url, "主机名写法不正确") from error
    if not _HOST.fullmatch(name):
        raise _forbidden(url, "主机名写法不正确")
    labels = name.split(".")
    if _NUMERIC.fullmatch(labels[-1]) and _literal(name) is None:
        raise _forbidden(url, "主机写成了数字")
    return name


def _literal(host: str) -> Address | None:
    try:
        return ip_address(host.split("%")[0])
    except ValueError:
        return None


def _embedded(address: Address) -> Address:
    """The IPv4 address that an IPv6 form carries (mapped, compatible, NAT64, 6to4, Teredo), or the same."""
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped:
        return address.ipv4_mapped
    if address.sixtofour:
        return address.sixtofour
    if address.teredo:
        return address.teredo[1]
    carried = any(address in network for network in _NAT64) or (address in _COMPATIBLE and int(address) > 1)
    return IPv4Address(int(address) & 0xFFFFFFFF) if carried else address


def _forbidden(url: str, reason: str) -> CollectError:
    return CollectError("READ-WEB-FORBIDDEN", f"不访问这个网址（{reason}）：{url[:200]}")
