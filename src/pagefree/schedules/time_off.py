"""Time off: calendars that say when people are away, and cover for the shifts that it touches."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from pagefree.accounts import service as accounts
from pagefree.core import schedules as core
from pagefree.core.access import Actor, Can, Person, require, require_about
from pagefree.core.errors import Conflict, Invalid
from pagefree.core.handovers import missed, own
from pagefree.core.intervals import Interval
from pagefree.infra.crypto import Vault
from pagefree.infra.db import Tx
from pagefree.infra.ids import new_id
from pagefree.schedules import (
    cover_queries,
    covers,
    member_queries,
    service,
    time_off_queries,
)
from pagefree.schedules.cover_queries import NewCover
from pagefree.schedules.handing_over import locked
from pagefree.schedules.plans import Schedule
from pagefree.schedules.time_off_queries import Due, NewCalendar, TimeOffCalendar
from pagefree.timeline.service import SYSTEM

MOST = 5  # calendars of one person
AHEAD = timedelta(weeks=12)
# so that a time off, or a shift, that ends beyond is still seen whole
LOOKED_AHEAD = AHEAD + timedelta(days=31)
EVERY = timedelta(hours=1)
AT_ONCE = 3  # each is read in a process of its own
REASON = "Time off"
NO_ADDRESS = "it is not the address of a calendar: https://… or webcal://…"


async def add(tx: Tx, vault: Vault, url: str, actor: Actor, now: datetime) -> UUID:
    """Read this calendar of the actor from now on. Raises Forbidden, Invalid and Conflict."""
    require_about(actor, Can.OWN_ACCOUNT, Person(actor.user_id))
    url = _checked(url)
    if await time_off_queries.count_of(tx, actor.user_id) >= MOST:
        raise Conflict(f"at most {MOST} calendars")
    calendar_id = new_id()
    sealed = vault.seal(url.encode(), purpose(calendar_id))
    host = urlsplit(url).hostname or ""
    new = NewCalendar(calendar_id, actor.user_id, host, sealed)
    await time_off_queries.insert_calendar(tx, new, now)
    return calendar_id


def _checked(url: str) -> str:
    """The address as it is asked for: programs that subscribe call it webcal."""
    scheme, _, rest = url.strip().partition("://")
    scheme = "https" if scheme.lower() in {"webcal", "webcals"} else scheme.lower()
    url = f"{scheme}://{rest}"
    if not url.isascii() or not url.isprintable() or " " in url:
        raise Invalid(NO_ADDRESS)
    try:
        parts = urlsplit(url)
        named = parts.username is not None
        whole = bool(parts.hostname) and parts.port != 0
    except ValueError:
        raise Invalid(NO_ADDRESS) from None
    if not whole or scheme not in {"http", "https"}:
        raise Invalid(NO_ADDRESS)
    if named:
        raise Invalid("an address with a password in it is not read")
    return url


def purpose(calendar_id: UUID) -> str:
    """What its address is sealed for."""
    return f"time off {calendar_id}"


async def mine(tx: Tx, actor: Actor) -> list[TimeOffCalendar]:
    """The calendars of the actor, and what they say."""
    require(actor, Can.SEE)
    return await time_off_queries.list_of(tx, actor.user_id)


async def remove(tx: Tx, calendar_id: UUID, actor: Actor) -> None:
    """Read it no more; doing so twice is not an error. Requests for cover stay."""
    require_about(actor, Can.OWN_ACCOUNT, Person(actor.user_id))
    await time_off_queries.delete_calendar(tx, actor.user_id, calendar_id)


async def claim(tx: Tx, now: datetime) -> list[Due]:
    """Some calendars that are to be read now, which nobody else reads for an hour."""
    return await time_off_queries.claim_due(tx, now + EVERY, AT_ONCE, now)


async def fail(tx: Tx, due: Due, error: str) -> None:
    """It could not be read; what it said before holds."""
    await time_off_queries.save_error(tx, due.id, error)


async def learn(tx: Tx, due: Due, away: Sequence[Interval], now: datetime) -> int:
    """Keep what the calendar says, and ask for cover; returns how many times it asked."""
    if not await time_off_queries.lock(tx, due.id):
        return 0  # deleted while it was read
    await time_off_queries.save_away(tx, due.id, away, now)
    asked = 0
    # in the order of their ids, so that two of us never wait for each other
    for schedule_id in await member_queries.list_of_users(tx, [due.user_id], now):
        schedule = await service.get(tx, schedule_id, now)
        if _missed(schedule, due.user_id, away, now):
            schedule = await locked(tx, schedule_id, now)
            asked += await _ask(tx, schedule, due.user_id, away, now)
    return asked


async def _ask(
    tx: Tx, schedule: Schedule, user_id: UUID, away: Sequence[Interval], now: datetime
) -> int:
    """Ask for cover where nobody was asked yet: whoever takes a request back means it."""
    giver = (await accounts.user_refs(tx, [user_id]))[user_id]
    asked = 0
    for part in _missed(schedule, user_id, away, now):
        if not await cover_queries.asked_already(tx, schedule.id, user_id, part):
            new = NewCover(part, REASON, from_time_off=True)
            await covers.broadcast(tx, schedule, giver, new, SYSTEM, now)
            asked += 1
    return asked


def _missed(
    schedule: Schedule, user_id: UUID, away: Sequence[Interval], now: datetime
) -> list[Interval]:
    plan = service.plan_of(schedule, now + LOOKED_AHEAD)
    shifts = core.final_shifts(plan, now, now + LOOKED_AHEAD)
    parts = missed(own(shifts, user_id), away, now)
    return [part for part in parts if part.start < now + AHEAD]
