"""How often one may ask to be told: for each address, and from each place."""

from datetime import datetime

from limits import RateLimitItemPerHour

from pagefree.infra.limits import Quota

# nobody's inbox is filled with questions, whoever asks them from wherever
PER_ADDRESS = RateLimitItemPerHour(5)
PER_SOURCE = RateLimitItemPerHour(30)


class Limits:
    """The quotas of the form."""

    def __init__(self) -> None:
        self._addresses = Quota("status.address", PER_ADDRESS)
        self._sources = Quota("status.source", PER_SOURCE)
        self.quotas = (self._addresses, self._sources)

    def ask(self, address: str, source: str, now: datetime) -> None:
        """Count somebody who asks. Raises TooManyRequests."""
        self._sources.attempt(source, now)
        self._addresses.attempt(address, now)
