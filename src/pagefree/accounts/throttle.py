"""Slowing down who guesses passwords, without locking out who is on call.

Nobody is ever locked out by name: what is counted is attempts from one address, so that
somebody who hammers the account of the person on call only stops themselves. A device
that has signed in as that person before is counted by itself and more generously, even
where it shares the address with the attacker (OWASP's "device cookies").
"""

import math
from datetime import datetime
from ipaddress import IPv6Address, ip_address, ip_network

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter

from pagefree.core.errors import TooManyRequests

WINDOW_MINUTES = 15
PER_ADDRESS = RateLimitItemPerMinute(100, WINDOW_MINUTES, namespace="address")
PER_ADDRESS_AND_EMAIL = RateLimitItemPerMinute(10, WINDOW_MINUTES, namespace="email")
PER_KNOWN_DEVICE = RateLimitItemPerMinute(50, WINDOW_MINUTES, namespace="device")
PER_USER = RateLimitItemPerMinute(10, WINDOW_MINUTES, namespace="user")
IPV6_NETWORK = 64  # one subscriber has at least that many addresses


class Throttle:
    """Counts attempts in this process; what is counted is forgotten when it ends."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    async def sign_in(
        self, address: str, email: str, device: str | None, now: datetime
    ) -> None:
        """Count an attempt; `device` only if known to this person. Raises TooManyRequests."""
        if device is not None:
            await self._count(PER_KNOWN_DEVICE, device, email, now=now)
            return
        network = _network(address)
        await self._count(PER_ADDRESS_AND_EMAIL, network, email, now=now)
        await self._count(PER_ADDRESS, network, now=now)

    async def signed_in(self, address: str, email: str, device: str | None) -> None:
        """It was the right password: forget the attempts before it."""
        if device is not None:
            await self._limiter.clear(PER_KNOWN_DEVICE, device, email)
        await self._limiter.clear(PER_ADDRESS_AND_EMAIL, _network(address), email)

    async def own_password(self, user_id: str, now: datetime) -> None:
        """Count an attempt to change a password by somebody signed in."""
        await self._count(PER_USER, user_id, now=now)

    async def _count(self, limit: RateLimitItem, *key: str, now: datetime) -> None:
        if await self._limiter.hit(limit, *key):
            return
        window = await self._limiter.get_window_stats(limit, *key)
        wait_s = math.ceil(window.reset_time - now.timestamp())
        raise TooManyRequests(
            "too many attempts; wait a little and try again",
            retry_after_s=min(max(wait_s, 1), limit.get_expiry()),
        )


def _network(address: str) -> str:
    """The address, or the network of an IPv6 one."""
    try:
        ip = ip_address(address)
    except ValueError:
        return address
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped is None:
        return str(ip_network((ip, IPV6_NETWORK), strict=False))
    return address
