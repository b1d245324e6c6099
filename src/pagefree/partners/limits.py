"""How often links may be asked for and tried: by address, and by where it comes from."""

from datetime import datetime

from limits import RateLimitItemPerHour, RateLimitItemPerMinute

from pagefree.infra.limits import Quota

WINDOW_MINUTES = 15
# nobody's inbox is filled, and nobody's address can be kept from signing in for long
PER_EMAIL = RateLimitItemPerMinute(5, WINDOW_MINUTES)
PER_SOURCE = RateLimitItemPerMinute(30, WINDOW_MINUTES)
OPENED_PER_SOURCE = RateLimitItemPerMinute(120, WINDOW_MINUTES)
REQUESTS_PER_SOURCE = RateLimitItemPerHour(10)


class Limits:
    """The quotas of the partners' own pages."""

    def __init__(self) -> None:
        self._emails = Quota("partner.email", PER_EMAIL)
        self._sources = Quota("partner.source", PER_SOURCE)
        self._opened = Quota("partner.opened", OPENED_PER_SOURCE)
        self._requests = Quota("partner.requests", REQUESTS_PER_SOURCE)
        self.quotas = (self._emails, self._sources, self._opened, self._requests)

    def ask_link(self, email: str, source: str, now: datetime) -> None:
        """Count a link that is asked for. Raises TooManyRequests."""
        self._sources.attempt(source, now)
        self._emails.attempt(email, now)

    def ask_access(self, source: str, now: datetime) -> None:
        """Count a request to become a partner. Raises TooManyRequests."""
        self._requests.attempt(source, now)

    def open_link(self, source: str, now: datetime) -> None:
        """Count a link that is opened, or something that is refused."""
        self._opened.attempt(source, now)
