"""Bringing up to date what was sent before its incident changed; no page waits for it."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from pagefree.accounts import service as accounts
from pagefree.channels import all_channels, wording
from pagefree.channels.base import Message, Withdrawal
from pagefree.core.errors import DeliveryError
from pagefree.core.withdrawals import brought_by, fate, fate_of_many, try_again_at
from pagefree.infra.db import Tx, driver, transaction
from pagefree.infra.failpoints import failpoint
from pagefree.notifications import withdrawal_queries as queries
from pagefree.notifications.handing_over import (
    TIMEOUT_S,
    Assignment,
    Gateway,
    address_of,
    config_of,
    message_of,
    secret_of,
)
from pagefree.notifications.withdrawal_queries import Stale

AT_ONCE = 20
LEASE = timedelta(seconds=30)  # longer than any call

log = structlog.get_logger()

Update = tuple[Stale, str]  # a message, and what has become of what it is about
Result = tuple[Stale, datetime | None]  # and when it is tried again


async def update_due(gateway: Gateway, engine: AsyncEngine) -> None:
    """Update what is due, a batch at a time; nothing is locked meanwhile."""
    updates: list[Update] | None = None
    while updates is None or updates:
        async with transaction(engine) as tx:
            updates = await take(tx, gateway.clock())
        results = await update_all(gateway, updates)
        async with transaction(engine) as tx:
            await settle(tx, results)


async def take(tx: Tx, now: datetime) -> list[Update]:
    """Lease what is due; what need not be updated any more is dropped."""
    connection = await driver(tx)
    stale = await queries.take(connection, AT_ONCE, now + LEASE, now)
    people = {
        who
        for one in stale
        if (life := one.first.situation.incident) and (who := brought_by(life))
    }
    names = await accounts.user_refs(tx, people) if people else {}
    by = {user_id: ref.name for user_id, ref in names.items()}
    updates = [(one, _fate(one, by)) for one in stale]
    await settle(tx, [(one, None) for one, told in updates if told is None])
    return [(one, told) for one, told in updates if told is not None]


def _fate(stale: Stale, names: Mapping[UUID, str]) -> str | None:
    """What the message is to say; none: it cannot be, or need not be updated."""
    situation = stale.first.situation
    usable = situation.user_active and situation.method_enabled and situation.set_up
    life = situation.incident
    if not usable or not stale.provider_id or life is None:
        return None
    if not stale.others:
        who = brought_by(life)
        by = names.get(who) if who else None
        return wording.fate(fate(life), by, stale.first.language)
    lives = [one.situation.incident for one in (stale.first, *stale.others)]
    many = fate_of_many([one for one in lives if one])
    return wording.fate(many, None, stale.first.language) if many else None


async def update_all(gateway: Gateway, updates: Sequence[Update]) -> list[Result]:
    """Update them side by side; failures are logged, and most are tried again."""
    return await asyncio.gather(*(_update(gateway, *one) for one in updates))


async def _update(gateway: Gateway, stale: Stale, told: str) -> Result:
    try:
        async with asyncio.timeout(TIMEOUT_S):
            await _withdraw(gateway, stale, told)
    except DeliveryError as e:
        error, permanent, after_s = str(e), e.permanent, e.retry_after_s
    except TimeoutError:
        error, permanent, after_s = "no answer in time", False, None
    except Exception:
        # a bug in one channel must not keep the others from being told
        log.exception("withdrawal.crashed", channel=stale.first.channel)
        return stale, None
    else:
        return stale, None
    again_at = (
        None if permanent else try_again_at(stale.tries, after_s, gateway.clock())
    )
    log.warning(
        "withdrawal.failed",
        id=str(stale.first.id),
        channel=stale.first.channel,
        error=error,
        again_at=again_at,
    )
    return stale, again_at


async def _withdraw(gateway: Gateway, stale: Stale, told: str) -> None:
    claimed = stale.first
    channel = all_channels()[claimed.channel]
    if channel.withdraw is None:
        return
    message = _message(gateway, stale, told)
    withdrawal = Withdrawal(
        message,
        channel.render(message),
        stale.provider_id or "",
        address_of(claimed),
        secret_of(gateway.vault, claimed),
        config_of(gateway.vault, claimed),
        gateway.clock(),
    )
    await channel.withdraw(gateway.transports, withdrawal)
    failpoint("updates.after_provider")


def _message(gateway: Gateway, stale: Stale, told: str) -> Message:
    """As it was sent, but without links: there is nothing left to press."""
    message = message_of(gateway, Assignment(stale.first, others=stale.others))
    return replace(message, fate=told)


async def settle(tx: Tx, results: Sequence[Result]) -> None:
    """Write down which are done, and when the others are tried again."""
    if not results:
        return
    after = [
        (one.id, again_at)
        for stale, again_at in results
        for one in (stale.first, *stale.others)
    ]
    await queries.save(await driver(tx), results[0][0].until, after)
