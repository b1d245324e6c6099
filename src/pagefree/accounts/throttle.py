"""Slowing down who guesses passwords, without locking out who is on call.

Nobody is ever locked out by name: what is counted is attempts from one address, so that
somebody who hammers the account of the person on call only stops themselves. A device
that has signed in as that person before is counted by itself and more generously, even
where it shares the address with the attacker (OWASP's "device cookies").
"""

from datetime import datetime

from limits import RateLimitItemPerMinute

from pagefree.infra.client_address import network_of
from pagefree.infra.limits import Quota

WINDOW_MINUTES = 15
PER_ADDRESS = RateLimitItemPerMinute(100, WINDOW_MINUTES)
PER_ADDRESS_AND_EMAIL = RateLimitItemPerMinute(10, WINDOW_MINUTES)
PER_KNOWN_DEVICE = RateLimitItemPerMinute(50, WINDOW_MINUTES)
PER_USER = RateLimitItemPerMinute(10, WINDOW_MINUTES)
# of one person from everywhere; not of devices that they have signed in with
SECOND_PER_USER = RateLimitItemPerMinute(30, WINDOW_MINUTES)
LINKS_PER_EMAIL = RateLimitItemPerMinute(5, WINDOW_MINUTES)


class Throttle:
    """Counts attempts to give a password."""

    def __init__(self) -> None:
        self._addresses = Quota("sign_in.address", PER_ADDRESS)
        self._emails = Quota("sign_in.email", PER_ADDRESS_AND_EMAIL)
        self._devices = Quota("sign_in.device", PER_KNOWN_DEVICE)
        self._users = Quota("password", PER_USER)
        self._seconds = Quota("second_factor", SECOND_PER_USER)
        self._links = Quota("sign_in.links", LINKS_PER_EMAIL)
        self.quotas = (
            self._addresses,
            self._emails,
            self._devices,
            self._users,
            self._seconds,
            self._links,
        )

    def sign_in(
        self, address: str, email: str, device: str | None, now: datetime
    ) -> None:
        """Count an attempt; `device` only if known to this person. Raises TooManyRequests."""
        if device is not None:
            self._devices.attempt(f"{device} {email}", now)
            return
        network = network_of(address)
        self._emails.attempt(f"{network} {email}", now)
        self._addresses.attempt(network, now)

    def signed_in(self, address: str, email: str, device: str | None) -> None:
        """It was the right password: forget the attempts before it."""
        if device is not None:
            self._devices.forget(f"{device} {email}")
        self._emails.forget(f"{network_of(address)} {email}")

    def own_password(self, user_id: str, now: datetime) -> None:
        """Count an attempt to change a password by somebody signed in."""
        self._users.attempt(user_id, now)

    def second_factor(
        self, address: str, user_id: str, device: str | None, now: datetime
    ) -> None:
        """Count an attempt to give a second factor. Raises TooManyRequests."""
        self.sign_in(address, user_id, device, now)
        if device is None:
            self._seconds.attempt(user_id, now)

    def passkey(self, address: str, now: datetime) -> None:
        """Count an attempt to sign in with a passkey, whoever it is."""
        self._addresses.attempt(network_of(address), now)

    def link(self, address: str, email: str, now: datetime) -> None:
        """Count a link to sign in that is asked for. Raises TooManyRequests."""
        self._addresses.attempt(network_of(address), now)
        self._links.attempt(email, now)
