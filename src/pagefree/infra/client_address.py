"""Which address a request comes from, behind proxies that we trust and only behind them."""

from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Literal

from starlette.types import ASGIApp, Receive, Scope, Send

IPV6_NETWORK = 64  # one subscriber has at least that many addresses
MOST_HOPS = 20
MOST_KEPT = 10_000
ProxyHeader = Literal["x-forwarded-for", "forwarded"]


@lru_cache(MOST_KEPT)
def network_of(address: str) -> str:
    """The address, or the network of an IPv6 one."""
    ip = _ip(address)
    if isinstance(ip, IPv6Address):
        return str(ip_network((ip, IPV6_NETWORK), strict=False))
    return address if ip is None else str(ip)


def address_of(scope: Scope) -> str:
    """Where a request comes from, to count by: see `network_of`."""
    client = scope.get("client")
    return network_of(client[0]) if client else ""


class TrustedProxies:
    """Takes the client's address from the header of a proxy in one of `networks`.

    Each proxy appends whom it was asked by, so the list is read from its end: the first
    address that is not a trusted proxy's is the client. What stands before it is what the
    client says of itself, and is not believed.
    """

    def __init__(
        self, app: ASGIApp, networks: Sequence[str], header: ProxyHeader
    ) -> None:
        self.app = app
        self._networks = [ip_network(network) for network in networks]
        self._header = header.encode()
        self._parse = _forwarded if header == "forwarded" else _listed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on as the client's."""
        client = scope.get("client")
        if client and self._trusts(_ip(client[0])):
            found = self._client(scope)
            if found is not None:
                scope["client"] = (str(found), 0)
        await self.app(scope, receive, send)

    def _client(self, scope: Scope) -> IPv4Address | IPv6Address | None:
        """The last hop that is no trusted proxy; none if that cannot be told."""
        values = [v for name, v in scope["headers"] if name == self._header]
        hops = self._parse(b",".join(values).decode("latin-1"))
        found = None
        for hop in reversed(hops[-MOST_HOPS:]):
            ip = _ip(hop)
            if (
                ip is None
            ):  # "unknown", or nonsense: nobody vouches for what is before it
                return found
            found = ip
            if not self._trusts(ip):
                return found
        return found

    def _trusts(self, ip: IPv4Address | IPv6Address | None) -> bool:
        return ip is not None and any(ip in network for network in self._networks)


def _listed(value: str) -> list[str]:
    """The addresses of X-Forwarded-For."""
    return [part.strip() for part in value.split(",") if part.strip()]


def _forwarded(value: str) -> list[str]:
    """The `for` of each element of Forwarded (RFC 7239, section 4)."""
    hops = []
    for element in value.split(","):
        for pair in element.split(";"):
            name, _, said = pair.strip().partition("=")
            if name.lower() == "for":
                hops.append(said.strip('"'))
    return hops


def _ip(text: str) -> IPv4Address | IPv6Address | None:
    """An address with or without a port; an IPv4 one written as IPv6 is IPv4."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        ip = ip_address(text)
    except ValueError:
        return None
    return (ip.ipv4_mapped or ip) if isinstance(ip, IPv6Address) else ip
