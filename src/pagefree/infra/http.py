"""Outbound HTTP through one guarded client: it cannot be talked into reaching our own network."""

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

import aiohttp
import httpx2
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

IpAddress = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Resolve = Callable[[str, int], Awaitable[list[str]]]

TOTAL_S = 20.0
CONNECT_S = 5.0
IDLE_S = 4.0  # servers commonly close after 5
RESPONSE_LIMIT = 256 * 1024  # bytes of a body
PORTS = {443, 8443}  # besides those of allowed networks
SCHEMES = {"http", "https"}
UNREACHABLE = "the address could not be reached"
LOST = "the connection broke before the answer came"
NOT_SENT = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    ValueError,  # an address or a header that cannot be sent
)

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


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer; headers are found in whatever case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Guard(AbstractResolver):
    """Decides which addresses may be reached, where names are resolved and sockets made."""

    def __init__(
        self, allow: tuple[Network, ...], resolve: Resolve, *, tls: bool
    ) -> None:
        self._allow = allow
        self._resolve = resolve
        self._tls = tls

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """The addresses of `host`, if every single one may be reached. Raises OSError."""
        del family
        async with asyncio.timeout(CONNECT_S):
            found = await self._resolve(host, port)
        for address in found:
            self._check(address, port)
        return [_resolved(host, address, port) for address in found]

    def socket(self, address: aiohttp.AddrInfoType) -> socket.socket:
        """A socket for this very address, however it was come by. Raises OSError."""
        family, kind, protocol, _, (host, port, *_) = address
        self._check(str(host), int(port))
        return socket.socket(family, kind, protocol)

    async def close(self) -> None:
        """Nothing is kept."""

    def _check(self, text: str, port: int) -> None:
        try:
            address = ipaddress.ip_address(text.partition("%")[0])
        except ValueError as e:
            raise OSError(UNREACHABLE) from e
        if any(address in network for network in self._allow):
            return
        if not self._tls or port not in PORTS or not is_public(address):
            raise OSError(UNREACHABLE)


class GuardedClient:
    """POSTs to addresses that people typed in.

    Every address that a name stands for is checked, and again the one that a connection
    goes to, so a second answer of the name server changes nothing. No redirects, no
    proxies from the environment, no cookies, limits on time and size. Networks in `allow`
    may be reached although they are private, also by plain HTTP and on any port.
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
        self._sessions: dict[str, aiohttp.ClientSession] = {}  # by scheme

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        """Send `body` to `url`. Raises Unreachable."""
        target = _read(url)
        try:
            async with self._session(target.scheme).post(
                target, data=body, headers=headers, allow_redirects=False
            ) as response:
                read = await _body(response)
                return Reply(response.status, response.headers, read)
        except NOT_SENT:
            raise Unreachable from None
        except (aiohttp.ClientError, TimeoutError) as e:
            raise Unreachable(sent=True) from e

    async def aclose(self) -> None:
        """Close the connections that are kept open."""
        for session in self._sessions.values():
            await session.close()
        self._sessions.clear()

    def _session(self, scheme: str) -> aiohttp.ClientSession:
        if scheme not in self._sessions:  # made late: it needs a running loop
            self._sessions[scheme] = self._new_session(tls=scheme == "https")
        return self._sessions[scheme]

    def _new_session(self, *, tls: bool) -> aiohttp.ClientSession:
        if tls and self._tls is None:
            self._tls = httpx2.create_ssl_context()  # slow: reads what is trusted here
        guard = Guard(self._allow, self._resolve, tls=tls)
        connector = aiohttp.TCPConnector(
            limit=0,  # each channel has its own
            resolver=guard,
            socket_factory=guard.socket,
            use_dns_cache=False,
            keepalive_timeout=IDLE_S,
            ssl=self._tls if tls and self._tls else False,
        )
        return aiohttp.ClientSession(
            connector=connector,
            timeout=aiohttp.ClientTimeout(total=TOTAL_S, sock_connect=CONNECT_S),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            skip_auto_headers=("Accept", "Accept-Encoding", "Content-Type"),
        )


@lru_cache(maxsize=1024)
def _read(url: str) -> URL:
    """What `url` means to the client, too. Raises Unreachable."""
    if not url.isascii() or not url.isprintable() or set(url) & set(" \\"):
        raise Unreachable
    try:
        read = URL(url, encoded=True)
        named = read.raw_user is not None or read.raw_password is not None
    except ValueError:
        raise Unreachable from None
    if read.scheme not in SCHEMES or not read.raw_host or named:
        raise Unreachable
    return read


def _resolved(host: str, address: str, port: int) -> ResolveResult:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return ResolveResult(
        hostname=host,
        host=address,
        port=port,
        family=family,
        proto=socket.IPPROTO_TCP,
        flags=socket.AI_NUMERICHOST,
    )


async def _body(response: aiohttp.ClientResponse) -> bytes:
    parts, size = [], 0
    async for part in response.content.iter_any():
        parts.append(part)
        size += len(part)
        if size > RESPONSE_LIMIT:
            response.close()
            raise Unreachable(sent=True)
    return b"".join(parts)
