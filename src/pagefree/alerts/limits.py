"""How much each integration and each address may send: more is folded, far more refused."""

from dataclasses import dataclass

from limits import RateLimitItem, RateLimitItemPerMinute

from pagefree.alerts.asgi import Limited
from pagefree.alerts.requests import Source
from pagefree.infra.clock import Clock
from pagefree.infra.limits import Quota

NO_LIMIT = RateLimitItemPerMinute(10**9)


@dataclass(frozen=True, slots=True)
class Rates:
    """The limits of ingest; `hard` times as much is refused."""

    key: RateLimitItem = NO_LIMIT
    address: RateLimitItem = NO_LIMIT
    hard: int = 10


class Gate:
    """Counts requests before they are stored.

    An address counts only what its integrations may send: one of them that storms uses
    up its own share, not that of others behind the same address.
    """

    def __init__(self, rates: Rates, clock: Clock) -> None:
        self._clock = clock
        self._keys = Quota("ingest.key", rates.key)
        self._addresses = Quota("ingest.address", rates.address)
        self._keys_hard = Quota("ingest.key.hard", _times(rates.key, rates.hard))
        self._addresses_hard = Quota(
            "ingest.address.hard", _times(rates.address, rates.hard)
        )
        self.quotas = (
            self._keys,
            self._addresses,
            self._keys_hard,
            self._addresses_hard,
        )

    def admit(self, address: str) -> None:
        """Count a request of `address`, whoever sends it. Raises Limited."""
        if not self._addresses_hard.take(address, self._clock().timestamp()):
            self._addresses_hard.note(address)
            raise Limited

    def admit_source(self, source: Source) -> None:
        """Count a request of an integration before it is verified. Raises Limited."""
        if not self._keys_hard.take(source.order, self._clock().timestamp()):
            self._keys_hard.note(str(source.integration_id))
            raise Limited

    def is_over(self, source: Source, address: str) -> bool:
        """Count a request that will be stored; whether it is above the limit."""
        at = self._clock().timestamp()
        if not self._keys.take(source.order, at):
            self._keys.note(str(source.integration_id))
            return True
        if not self._addresses.take(address, at):
            self._addresses.note(address)
            return True
        return False


def _times(item: RateLimitItem, factor: int) -> RateLimitItem:
    return type(item)(item.amount * factor, item.multiples)
