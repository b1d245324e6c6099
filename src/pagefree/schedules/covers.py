"""Requests for cover: whoever could have the shift is asked, and the first to accept has it."""

from datetime import datetime, timedelta
from uuid import UUID

from pagefree.accounts import service as accounts
from pagefree.accounts.queries import UserRef
from pagefree.core.access import Actor, Can, allowed, require
from pagefree.core.errors import Conflict, Forbidden, NotFound
from pagefree.infra.db import Tx
from pagefree.schedules import cover_queries, member_queries, overrides, service
from pagefree.schedules import time_off_queries as time_off
from pagefree.schedules.cover_queries import Cover, CoverStatus, NewCover
from pagefree.schedules.handing_over import (
    eligible,
    locked,
    note,
    obstacle,
    require_ahead,
)
from pagefree.schedules.notices import Listener, tell
from pagefree.schedules.override_queries import NewOverride
from pagefree.schedules.plans import Schedule
from pagefree.timeline.service import SYSTEM, Cause, by

KEEP = timedelta(days=30)  # how long one sees what became of a request


async def ask(
    tx: Tx, schedule_id: UUID, new: NewCover, actor: Actor, now: datetime
) -> UUID:
    """Ask everybody who could have it to take a shift of the actor; its id.

    Raises NotFound, Forbidden, Invalid, and Conflict where it is not theirs to give.
    """
    require(actor, Can.HAND_OVER)
    schedule = await locked(tx, schedule_id, now)
    require_ahead(new.shift, now)
    giver = await _ref(tx, actor.user_id)
    if problem := obstacle(schedule, new.shift, giver, None):
        raise Conflict(problem)
    return await broadcast(tx, schedule, giver, new, by(actor), now)


async def broadcast(
    tx: Tx,
    schedule: Schedule,
    giver: UserRef,
    new: NewCover,
    cause: Cause,
    now: datetime,
) -> UUID:
    """Open a request for a shift that is the giver's, and tell those who could have it; its id.

    Whoever is away then is not told, but may accept all the same.
    """
    cover_id = await cover_queries.insert_cover(tx, schedule.id, giver.id, new, now)
    await note(tx, "schedule.cover_requested", schedule, cause, {"user": giver}, now)
    away = await time_off.list_away(tx, new.shift)
    asked = await eligible(tx, schedule) - {giver.id} - away

    def said(to: Listener) -> str:
        when, why = to.span(new.shift), f" ({new.reason})" if new.reason else ""
        sentence = to.words.cover_asked
        return sentence.format(name=giver.name, schedule=schedule.name, when=when) + why

    await tell(tx, asked, said, now)
    return cover_id


async def get(tx: Tx, cover_id: UUID) -> Cover:
    """The request. Raises NotFound."""
    found = await cover_queries.get(tx, cover_id)
    if found is None:
        raise NotFound("there is no such request for cover")
    return found


async def mine(tx: Tx, actor: Actor, now: datetime) -> list[Cover]:
    """Those of the actor or that they took, and the open ones that they could take, newest first."""
    require(actor, Can.SEE)
    teams = [team for team in actor.roles if allowed(actor, Can.RESPOND, team)]
    ids = {
        *await member_queries.list_of_users(tx, [actor.user_id], now),
        *await member_queries.list_of_teams(tx, teams),
    }
    return await cover_queries.list_for(tx, actor.user_id, ids, now - KEEP)


async def accept(tx: Tx, cover_id: UUID, actor: Actor, now: datetime) -> None:
    """Take the shift, if nobody else has. Doing so twice is not an error.

    Raises NotFound, Forbidden, and Conflict, saying who has it.
    """
    cover, schedule = await _locked(tx, cover_id, actor, now)
    if actor.user_id == cover.user_id:
        raise Conflict("it is your own shift: withdraw the request instead")
    if actor.user_id not in await eligible(tx, schedule):
        raise Forbidden("you are neither in this schedule nor respond in its team")
    if cover.covered_by == actor.user_id:
        return
    await _require_open(tx, cover, now)
    shift = cover.new.shift
    giver = await _ref(tx, cover.user_id)
    taker = UserRef(actor.user_id, actor.name)
    if problem := obstacle(schedule, shift, giver, taker):
        raise Conflict(f"the shifts have changed since: {problem}")
    words = f"Cover: {cover.new.reason}" if cover.new.reason else "Cover"
    made = NewOverride(shift.start, shift.end, taker.id, giver.id, reason=words)
    await overrides.insert(tx, schedule, [made], actor.user_id, now)
    await cover_queries.decide(tx, cover_id, CoverStatus.COVERED, taker.id, now)
    await note(tx, "schedule.covered", schedule, by(actor), {"user": giver}, now)
    await _answer(tx, schedule, cover, actor.name, now)


async def withdraw(tx: Tx, cover_id: UUID, actor: Actor, now: datetime) -> None:
    """Take the request back. Doing so twice is not an error.

    Raises NotFound, Forbidden and Conflict.
    """
    cover, schedule = await _locked(tx, cover_id, actor, now)
    if actor.user_id != cover.user_id:
        require(actor, Can.EDIT_TEAM, schedule.team_id)
    if cover.status is CoverStatus.WITHDRAWN:
        return
    await _require_open(tx, cover, now)
    await cover_queries.decide(tx, cover_id, CoverStatus.WITHDRAWN, None, now)
    people = {"user": await _ref(tx, cover.user_id)}
    await note(tx, "schedule.cover_withdrawn", schedule, by(actor), people, now)


async def expire(tx: Tx, now: datetime) -> int:
    """End the requests for shifts that have begun, and tell whose they are; returns how many."""
    ended = await cover_queries.expire(tx, now)
    for cover in ended:
        schedule = await service.get(tx, cover.schedule_id, now)
        people = {"user": await _ref(tx, cover.user_id)}
        await note(tx, "schedule.cover_expired", schedule, SYSTEM, people, now)
        await _answer(tx, schedule, cover, None, now)
    return len(ended)


async def _locked(
    tx: Tx, cover_id: UUID, actor: Actor, now: datetime
) -> tuple[Cover, Schedule]:
    """The request and its schedule, which nobody else changes until the transaction ends."""
    require(actor, Can.HAND_OVER)
    schedule = await locked(tx, (await get(tx, cover_id)).schedule_id, now)
    cover = await cover_queries.get(tx, cover_id, lock=True)
    if cover is None:
        raise NotFound("there is no such request for cover")
    return cover, schedule


async def _require_open(tx: Tx, cover: Cover, now: datetime) -> None:
    if cover.status is CoverStatus.COVERED and cover.covered_by:
        taker = await _ref(tx, cover.covered_by)
        raise Conflict(f"{taker.name} has it already")
    if cover.status is CoverStatus.WITHDRAWN:
        raise Conflict("the request has been withdrawn")
    if cover.status is not CoverStatus.OPEN or cover.new.shift.start <= now:
        raise Conflict("the request has expired: the shift has begun")


async def _ref(tx: Tx, user_id: UUID) -> UserRef:
    return (await accounts.user_refs(tx, [user_id]))[user_id]


async def _answer(
    tx: Tx, schedule: Schedule, cover: Cover, taker: str | None, now: datetime
) -> None:
    """Tell whoever asked who has it; none: nobody."""

    def said(to: Listener) -> str:
        sentence = to.words.covers_you if taker else to.words.nobody_covers
        when = to.span(cover.new.shift)
        return sentence.format(name=taker, schedule=schedule.name, when=when)

    await tell(tx, [cover.user_id], said, now)
