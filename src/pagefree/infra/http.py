"""Outbound HTTP through one guarded client: it cannot be talked into reaching our own network."""

import asyncio
import ipaddress
import socket
import ssl
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network
from urllib.parse import urlsplit

import httpx2

from pagefree.infra import certificates
from pagefree.infra.http_connection import (
    RESPONSE_LIMIT,
    Broken,
    HttpConnection,
    Oversized,
    Reply,
)
from pagefree.infra.patience import Patience

IpAddress = IPv4Address | IPv6Address
Resolve = Callable[[str, int], Awaitable[list[str]]]

TOTAL_S = 20.0
CONNECT_S = 5.0
IDLE_S = 4.0  # servers commonly close after 5
REPEATABLE = (b"GET ", b"HEAD ", b"PUT ", b"DELETE ")
IDLE_CONNECTIONS = 256  # kept for each origin
PORTS = {443, 8443}  # besides those of allowed networks
UNREACHABLE = "the address could not be reached"
LOST = "the connection broke before the answer came"

# IPv6 ranges whose addresses stand for an IPv4 address, and where in them it is found.
# RFC 4291 2.5.5 (mapped, compatible), 6052 and 8215 (NAT64), 3056 (6to4), 4380 (Teredo).
CARRIERS: tuple[tuple[IPv6Network, Callable[[int], int]], ...] = (
    (IPv6Network("::ffff:0:0/96"), lambda n: n),
    (IPv6Network("::/96"), lambda n: n),
    (IPv6Network("64:ff9b::/96"), lambda n: n),
    (IPv6Network("64:ff9b:1::/48"), lambda n: n),
    (IPv6Network("2002::/16"), lambda n: n >> 80),
    (IPv6Network("2001::/32"), lambda n: ~n),
)
# What `is_global` of the standard library lets through.
NEVER = tuple(
    ipaddress.ip_network(text)
    for text in ("192.0.0.0/24", "192.88.99.0/24", "100.64.0.0/10", "fec0::/10")
)


class Unreachable(Exception):
    """No answer. The words never tell why: that would map the network for strangers.

    `sent`: the request had left, so the other side may have acted on it.
    """

    def __init__(self, *, sent: bool = False) -> None:
        super().__init__(LOST if sent else UNREACHABLE)
        self.sent = sent


class TooLarge(Unreachable):
    """The answer is larger than whoever asked wants to read."""


class TooSlow(Unreachable):
    """The whole answer did not come in time."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a connection leads."""

    tls: bool
    host: str
    port: int

    @property
    def plain(self) -> bool:
        """Whether only allowed networks may be reached like this."""
        return not self.tls or self.port not in PORTS


def is_public(address: IpAddress) -> bool:
    """Whether `address` is on the public internet, also after unwrapping what it stands for."""
    if isinstance(address, IPv6Address):
        for network, embedded in CARRIERS:
            if address in network:
                inner = IPv4Address(embedded(int(address)) & 0xFFFFFFFF)
                return is_public(inner)
    if any(address in network for network in NEVER):
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved)


async def system_resolve(host: str, port: int) -> list[str]:
    """Every address of `host`, as the system's resolver knows it."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))


class GuardedClient:
    """POSTs to, and GETs from, addresses that people typed in.

    Names are resolved here, every address is checked, and the connection goes to the
    checked address, so a second answer of the name server changes nothing. No redirects,
    no proxies from the environment, limits on time and size. Networks in `allow` may be
    reached although they are private, also by plain HTTP and on any port.
    """

    def __init__(
        self,
        allow: Iterable[str] = (),
        *,
        resolve: Resolve = system_resolve,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._allow = tuple(ipaddress.ip_network(text) for text in allow)
        self._resolve = resolve
        self._tls = tls
        self._idle: dict[Origin, list[tuple[HttpConnection, float]]] = defaultdict(list)
        self._swept = 0.0  # when idle connections were last looked through

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        """Send `body` to `url`. Raises Unreachable."""
        origin, target = _split(url)
        more = {**headers, "Content-Length": str(len(body))}
        return await self._send(origin, _head("POST", origin, target, more) + body)

    async def get(
        self,
        url: str,
        headers: Mapping[str, str],
        *,
        most_bytes: int = RESPONSE_LIMIT,
        total_s: float = TOTAL_S,
    ) -> Reply:
        """Fetch `url`, headers and all at most `most_bytes`. Raises Unreachable."""
        origin, target = _split(url)
        request = _head("GET", origin, target, headers)
        return await self._send(origin, request, most_bytes=most_bytes, total_s=total_s)

    async def request(
        self,
        method: str,
        url: str,
        body: bytes,
        headers: Mapping[str, str],
    ) -> Reply:
        """Ask `url` in any way; `method` is ours, not a stranger's. Raises Unreachable."""
        origin, target = _split(url)
        more = {**headers, "Content-Length": str(len(body))}
        return await self._send(origin, _head(method, origin, target, more) + body)

    def also(self, networks: Iterable[str]) -> "GuardedClient":
        """One that may reach these networks, too; it shares no connections with this one."""
        self._tls = self._tls or httpx2.create_ssl_context()  # slow: made once
        allow = (*map(str, self._allow), *networks)
        return GuardedClient(allow, resolve=self._resolve, tls=self._tls)

    async def aclose(self) -> None:
        """Close the connections that are kept open."""
        for kept in self._idle.values():
            for connection, _ in kept:
                connection.close()
        self._idle.clear()

    async def _send(
        self,
        origin: Origin,
        request: bytes,
        *,
        most_bytes: int = RESPONSE_LIMIT,
        total_s: float = TOTAL_S,
    ) -> Reply:
        try:
            with Patience(total_s):
                return await self._exchange(origin, request, most_bytes)
        except TimeoutError as e:
            raise TooSlow(sent=True) from e

    async def _exchange(self, origin: Origin, request: bytes, most_bytes: int) -> Reply:
        kept = self._take_idle(origin)
        if kept is not None:
            try:
                return await self._ask(origin, kept, request, most_bytes)
            except Unreachable:
                # most likely closed while idle, but what was read nobody can tell: only
                # what may be done twice is (RFC 9110 section 9.2.2)
                if kept.answering or not request.startswith(REPEATABLE):
                    raise
        connection = await self._connect(origin)
        return await self._ask(origin, connection, request, most_bytes)

    async def _ask(
        self,
        origin: Origin,
        connection: HttpConnection,
        request: bytes,
        most_bytes: int,
    ) -> Reply:
        try:
            reply = await connection.exchange(request, most_bytes)
        except Oversized as e:
            raise TooLarge(sent=True) from e
        except Broken as e:
            raise Unreachable(sent=True) from e
        finally:
            if not connection.reusable:
                connection.close()
        if connection.reusable and len(self._idle[origin]) < IDLE_CONNECTIONS:
            now = asyncio.get_running_loop().time()
            self._idle[origin].append((connection, now))
        else:
            connection.close()
        return reply

    def _take_idle(self, origin: Origin) -> HttpConnection | None:
        oldest = asyncio.get_running_loop().time() - IDLE_S
        kept = self._idle[origin]
        while kept:
            connection, since = kept.pop()
            if since >= oldest and connection.reusable:
                return connection
            connection.close()
        return None

    def _sweep(self) -> None:
        """Hang up where nobody was called for a while, or the other side has hung up."""
        now = asyncio.get_running_loop().time()
        if now < self._swept + IDLE_S:
            return
        self._swept = now
        for origin, kept in list(self._idle.items()):
            fresh = [k for k in kept if k[0].reusable and k[1] >= now - IDLE_S]
            for connection, _ in set(kept) - set(fresh):
                connection.close()
            if fresh:
                self._idle[origin] = fresh
            else:
                del self._idle[origin]

    async def _connect(self, origin: Origin) -> HttpConnection:
        self._sweep()
        addresses = await self._checked(origin)
        if origin.tls and self._tls is None:
            self._tls = (
                httpx2.create_ssl_context()
            )  # slow: reads what the system trusts
        for address in addresses:
            try:
                async with asyncio.timeout(CONNECT_S):
                    loop = asyncio.get_running_loop()
                    transport, connection = await loop.create_connection(
                        HttpConnection,
                        str(address),
                        origin.port,
                        ssl=self._tls if origin.tls else None,
                        server_hostname=origin.host if origin.tls else None,
                    )
            except (OSError, TimeoutError):
                continue
            if origin.tls:
                certificates.MET.note(origin.host, transport)
            return connection
        raise Unreachable

    async def _checked(self, origin: Origin) -> list[IpAddress]:
        """The addresses of `origin`, if every single one may be reached."""
        try:
            found = [ipaddress.ip_address(origin.host)]
        except ValueError:
            try:
                async with asyncio.timeout(CONNECT_S):
                    texts = await self._resolve(origin.host, origin.port)
                found = [ipaddress.ip_address(text.partition("%")[0]) for text in texts]
            except (OSError, ValueError, TimeoutError):
                raise Unreachable from None
        if not all(self._may_reach(address, origin) for address in found):
            raise Unreachable
        return found

    def _may_reach(self, address: IpAddress, origin: Origin) -> bool:
        if any(address in network for network in self._allow):
            return True
        return not origin.plain and is_public(address)


@lru_cache(maxsize=1024)
def _split(url: str) -> tuple[Origin, str]:
    """Where `url` leads, and the target of the request line."""
    if not url.isascii() or not url.isprintable() or set(url) & set(" \\"):
        raise Unreachable
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Unreachable from None
    named = parts.username is not None or parts.password is not None
    if parts.scheme not in {"http", "https"} or not parts.hostname or named:
        raise Unreachable
    tls = parts.scheme == "https"
    target = parts.path or "/"
    if parts.query:
        target += "?" + parts.query
    return Origin(tls, parts.hostname, port or (443 if tls else 80)), target


def _head(
    method: str, origin: Origin, target: str, headers: Mapping[str, str]
) -> bytes:
    host = f"[{origin.host}]" if ":" in origin.host else origin.host
    if origin.port != (443 if origin.tls else 80):
        host += f":{origin.port}"
    lines = [f"{method} {target} HTTP/1.1", f"Host: {host}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    head = "\r\n".join(lines)
    between = len(lines) - 1
    if head.count("\r") != between or head.count("\n") != between or "\0" in head:
        raise Unreachable
    return (head + "\r\n\r\n").encode("latin-1")
