"""Asking providers that have failed whether they work again, instead of trying it on a page."""

import asyncio
from datetime import timedelta

import structlog
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncEngine

from pagefree.accounts import channel_configs
from pagefree.channels import all_channels, needs_config
from pagefree.core.errors import DeliveryError
from pagefree.infra.crypto import Unsealable
from pagefree.infra.db import driver, transaction
from pagefree.infra.failpoints import failpoint
from pagefree.notifications import provider_queries as queries
from pagefree.notifications import providers
from pagefree.notifications.handing_over import TIMEOUT_S, Gateway
from pagefree.notifications.provider_queries import Doubted

LEASE = timedelta(minutes=1)  # longer than any answer takes

log = structlog.get_logger()


async def probe_due(gateway: Gateway, engine: AsyncEngine) -> None:
    """Ask those whose rest is over; one that works counts as if a message had arrived."""
    if gateway.demo:
        return
    now = gateway.clock()
    able = [kind for kind, channel in all_channels().items() if channel.probe]
    async with transaction(engine) as tx:
        doubted = await queries.take_doubted(await driver(tx), able, now + LEASE, now)
    for one in doubted:
        works = await ask(gateway, one)
        failpoint("probes.after_provider")
        async with transaction(engine) as tx:
            await providers.probed(tx, one, gateway.clock(), works=works)


async def ask(gateway: Gateway, doubted: Doubted) -> bool | None:
    """Whether the provider works again; none: that cannot be told."""
    probe = all_channels()[doubted.channel].probe
    if probe is None or (doubted.sealed is None and needs_config(doubted.channel)):
        return None
    try:
        config = channel_configs.unseal(gateway.vault, doubted.channel, doubted.sealed)
        async with asyncio.timeout(TIMEOUT_S):
            found = await probe(
                gateway.transports, config, doubted.provider, doubted.reason
            )
    except (DeliveryError, TimeoutError) as e:
        log.info("provider.still_down", channel=doubted.channel, error=str(e))
        return False
    except (Unsealable, ValidationError):
        return None
    return True if found else None
