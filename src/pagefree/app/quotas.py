"""Every limit of a web process: made from the settings, shared, and its violations kept."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

import limits
import structlog
from limits import RateLimitItem
from sqlalchemy.ext.asyncio import AsyncEngine

from pagefree.accounts.throttle import Throttle
from pagefree.alerts.limits import Gate, Rates
from pagefree.app import limit_queries as queries
from pagefree.app.limits import ApiLimits
from pagefree.infra.clock import Clock
from pagefree.infra.db import is_down, transaction
from pagefree.infra.limits import Quota, Sharing
from pagefree.infra.settings import Settings
from pagefree.partners.limits import Limits as PartnerLimits
from pagefree.status_pages.subscriber_limits import Limits as SubscriberLimits

KEEP_S = 5.0
DEMO_FACTOR = 10  # many people may try one demo from one address

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Quotas:
    """What each part of a web process counts against."""

    gate: Gate
    api: ApiLimits
    socket: Quota
    throttle: Throttle = field(default_factory=Throttle)
    partners: PartnerLimits = field(default_factory=PartnerLimits)
    subscribers: SubscriberLimits = field(default_factory=SubscriberLimits)

    def all(self) -> tuple[Quota, ...]:
        """Every one of them."""
        return (
            *self.gate.quotas,
            *self.api.quotas,
            *self.throttle.quotas,
            *self.partners.quotas,
            *self.subscribers.quotas,
            self.socket,
        )


def quotas_of(settings: Settings, clock: Clock) -> Quotas:
    """The quotas that the settings ask for."""
    factor = DEMO_FACTOR if settings.demo else 1

    def rate(text: str) -> RateLimitItem:
        item = limits.parse(text)
        return type(item)(item.amount * factor, item.multiples)

    rates = Rates(
        rate(settings.limit_ingest_key),
        rate(settings.limit_ingest_address),
        settings.limit_ingest_hard,
    )
    return Quotas(
        Gate(rates, clock),
        ApiLimits(rate(settings.limit_api_user), rate(settings.limit_public_address)),
        Quota("socket", limits.parse(settings.limit_socket)),
    )


@asynccontextmanager
async def kept(
    quotas: Sequence[Quota], redis_url: str | None, engine: AsyncEngine, clock: Clock
) -> AsyncIterator[None]:
    """Share counts, and store who wanted more, for as long as the block runs."""
    async with AsyncExitStack() as stack:
        if redis_url:
            sharing = Sharing(redis_url, quotas, clock)
            await stack.enter_async_context(sharing.running())
        task = asyncio.create_task(_keep(quotas, engine, clock), name="limits.keep")
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await _store(quotas, engine, clock)


async def _keep(quotas: Sequence[Quota], engine: AsyncEngine, clock: Clock) -> None:
    while True:
        await asyncio.sleep(KEEP_S)
        await _store(quotas, engine, clock)


async def _store(quotas: Sequence[Quota], engine: AsyncEngine, clock: Clock) -> None:
    """What cannot be stored is lost: it only tells people what happened."""
    noted = [
        (quota.name, subject, times)
        for quota in quotas
        for subject, times in quota.noted().items()
    ]
    if not noted:
        return
    try:
        async with transaction(engine) as tx:
            await queries.add_violations(tx, noted, clock())
    except Exception as e:
        if not is_down(e):
            log.exception("limits.not_stored")
