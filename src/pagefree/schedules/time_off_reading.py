"""Reading the calendars that say when people are away."""

import asyncio
from dataclasses import dataclass

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from pagefree.core.intervals import Interval
from pagefree.infra.clock import Clock
from pagefree.infra.crypto import Unsealable, Vault
from pagefree.infra.db import transaction
from pagefree.infra.failpoints import failpoint
from pagefree.infra.http import GuardedClient, TooLarge, TooSlow, Unreachable
from pagefree.schedules import time_off
from pagefree.schedules.calendar_reader import Unreadable, read_apart
from pagefree.schedules.time_off_queries import Due

MOST_BYTES = 2 * 1024 * 1024
TOTAL_S = 10.0
OK, REDIRECTS = 200, range(300, 400)
HEADERS = {"Accept": "text/calendar", "User-Agent": "PageFree", "Connection": "close"}
# one text for all that cannot be reached: which it is would map the network for strangers
UNREACHABLE = (
    "it could not be reached: only https addresses on the public internet are read,"
    " and those that whoever runs this installation allows"
)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Reader:
    """What reading needs besides the database."""

    http: GuardedClient
    vault: Vault
    clock: Clock
    total_s: float = TOTAL_S


async def read_due(engine: AsyncEngine, reader: Reader) -> int:
    """Read some of the calendars that are due; returns how many."""
    async with transaction(engine) as tx:
        due = await time_off.claim(tx, reader.clock())
    reading = (_read(engine, reader, one) for one in due)
    for one, failed in zip(
        due, await asyncio.gather(*reading, return_exceptions=True), strict=True
    ):
        if isinstance(failed, Exception):  # it is due again in an hour
            log.error("time_off.crashed", calendar=str(one.id), exc_info=failed)
    return len(due)


async def _read(engine: AsyncEngine, reader: Reader, due: Due) -> None:
    """Keep all that the calendar says, or nothing of it and why."""
    try:
        body = await _fetched(reader, due)
        now = reader.clock()
        window = Interval(now, now + time_off.LOOKED_AHEAD)
        away = await read_apart(body, due.time_zone, window)
        failpoint("timeoff.after_reading")
    except Unreadable as e:
        async with transaction(engine) as tx:
            await time_off.fail(tx, due, str(e))
        return
    async with transaction(engine) as tx:
        await time_off.learn(tx, due, away, reader.clock())


async def _fetched(reader: Reader, due: Due) -> bytes:
    try:
        url = reader.vault.open(due.url, time_off.purpose(due.id)).decode()
    except Unsealable:
        reason = "its address was sealed with another secret_key: add it again"
        raise Unreadable(reason) from None
    try:
        reply = await reader.http.get(
            url, HEADERS, most_bytes=MOST_BYTES, total_s=reader.total_s
        )
    except TooLarge:
        raise Unreadable("it is larger than 2 MiB") from None
    except TooSlow:
        raise Unreadable("it did not arrive within 10 seconds") from None
    except Unreachable:
        raise Unreadable(UNREACHABLE) from None
    if reply.status in REDIRECTS:
        raise Unreadable("it leads to another address: give that one")
    if reply.status != OK:
        raise Unreadable(f"it was answered with {reply.status}")
    return reply.body
