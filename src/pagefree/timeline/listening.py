"""Durable listeners: each reads every event once, in a transaction of its own.

What a listener does about events and how far it has read are committed together: after a
crash it reads again what it had not finished, and nothing twice. However many workers
there are, one at a time reads for a listener.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncEngine

from pagefree.core.gaps import Gap, still_missing
from pagefree.infra.db import Channel, Tx, transaction
from pagefree.infra.failpoints import failpoint
from pagefree.infra.queue import Context, Job
from pagefree.timeline import listener_queries as queries
from pagefree.timeline.listener_queries import Ends, Place
from pagefree.timeline.queries import Event
from pagefree.timeline.service import CauseKind

__all__ = ["Event", "Listener", "catch_up", "job", "read_on"]

Handle = Callable[[Tx, Sequence[Event], datetime], Awaitable[None]]
Wanted = Callable[[Tx], Awaitable[bool]]

MOST_AT_ONCE = 1000  # ids looked at in one transaction
EVERY_S = 1.0
REST_S = 0.2  # between two looks: the timeline grows with every page that is sent


@dataclass(frozen=True, slots=True)
class Listener:
    """Who wants to know of which events.

    `kinds` are whole ("incident.resolved") or families that end with a point
    ("incident."). `handle` gets events oldest first; what it raises leaves them to be read
    again, so it must not raise because of one bad event. `wanted` says whether there is
    anybody to tell at the moment: if not, events are passed over without being read.
    `caused_by`: what others have caused is passed over.
    """

    name: str  # kept in the database: never renamed
    kinds: frozenset[str]
    handle: Handle
    wanted: Wanted | None = None
    caused_by: CauseKind | None = None


def job(listener: Listener) -> Job:
    """The work of the worker that reads for `listener`."""

    async def look(ctx: Context) -> None:
        await catch_up(ctx.engine, listener, ctx.clock())
        await asyncio.sleep(REST_S)

    return Job(
        f"listener.{listener.name}", every_s=EVERY_S, work=look, wake=Channel.EVENTS
    )


async def catch_up(engine: AsyncEngine, listener: Listener, now: datetime) -> None:
    """Read until nothing is left that this listener has not seen."""
    more = True
    while more:
        async with transaction(engine) as tx:
            more = await read_on(tx, listener, now)


async def read_on(tx: Tx, listener: Listener, now: datetime) -> bool:
    """Let `listener` handle the next events; whether there are more.

    Costs one small statement when nothing has happened.
    """
    ends = await queries.ends(tx, listener.name)
    if ends is None:
        await queries.insert_listener(tx, listener.name)
        return False
    if ends.newest == ends.place.seq and not ends.place.missing:
        return False
    place = await queries.claim(tx, listener.name)
    if place is None:
        return False
    # asked after the timeline's end was read: what comes later is for who wants it then
    if listener.wanted is not None and not await listener.wanted(tx):
        await queries.save(tx, listener.name, _passed_over(ends, place))
        return False
    return await _handle_next(tx, listener, place, max(ends.newest, place.seq), now)


def _passed_over(ends: Ends, place: Place) -> Place:
    return Place(max(ends.newest, place.seq), ())


async def _wanted_of(tx: Tx, listener: Listener, ids: Sequence[int]) -> list[Event]:
    return await queries.list_events(tx, ids, listener.kinds, listener.caused_by)


async def _handle_next(
    tx: Tx, listener: Listener, place: Place, newest: int, now: datetime
) -> bool:
    upto = min(newest, place.seq + MOST_AT_ONCE)
    seen = await queries.seen(tx, place, upto)
    events = await _wanted_of(tx, listener, seen) if seen else []
    if events:
        await listener.handle(tx, events, now)
        failpoint("listener.before_commit")
    unread = Gap(place.seq + 1, upto, now)
    missing = still_missing([*place.missing, unread], seen, now)
    after = Place(upto, missing)
    if after != place:  # a gap that nothing fills costs no write at every look
        await queries.save(tx, listener.name, after)
    return upto < newest
