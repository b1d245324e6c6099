"""Calendars at secret addresses, to which programs subscribe."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID, uuid5

from pagefree.accounts import service as accounts
from pagefree.channels.base import one_line
from pagefree.core import schedules as core
from pagefree.core.access import (
    Actor,
    Can,
    Person,
    allowed,
    require,
    require_about,
)
from pagefree.core.errors import NotFound
from pagefree.core.handovers import by_person
from pagefree.core.intervals import Interval
from pagefree.core.schedules import Plan
from pagefree.infra.crypto import new_token, token_hash
from pagefree.infra.db import Tx
from pagefree.schedules import feed_queries, member_queries, queries, service
from pagefree.schedules.feed_queries import FeedRow, Subject
from pagefree.schedules.ical import CalendarShift
from pagefree.schedules.plans import Schedule

AHEAD = timedelta(days=366)
SHOWN_BACK = timedelta(days=31)
# no turn is longer: what has begun is shown from its beginning, under the same id
LOOKED_BACK = core.LONGEST_WINDOW
NOTHING_HERE = "there is no calendar at this address"
SEEN = timedelta(hours=1)  # how often it is written down that a calendar is read


@dataclass(frozen=True, slots=True)
class Feed:
    """What a calendar shows now."""

    name: str
    shifts: tuple[CalendarShift, ...]

    @property
    def etag(self) -> str:
        """Weak, for the same calendar is stamped anew each time it is written."""
        return f'W/"{sha256(repr(self).encode()).hexdigest()[:32]}"'


async def find(tx: Tx, subject: Subject, actor: Actor) -> FeedRow | None:
    """When the actor's address of this calendar was made, if there is one. Raises NotFound."""
    require(actor, Can.SEE)
    await _require_subject(tx, subject)
    return await feed_queries.get(tx, subject)


async def rotate(tx: Tx, subject: Subject, actor: Actor, now: datetime) -> str:
    """The secret of a new address, which is shown once; an old one is dead. Raises NotFound."""
    require_about(actor, Can.OWN_ACCOUNT, Person(actor.user_id))
    await _require_subject(tx, subject)
    token = new_token()
    await feed_queries.save(tx, subject, token_hash(token), now)
    return token


async def remove(tx: Tx, subject: Subject, actor: Actor) -> None:
    """The address is dead; doing so twice is not an error."""
    require_about(actor, Can.OWN_ACCOUNT, Person(actor.user_id))
    await feed_queries.delete_feed(tx, subject)


async def _require_subject(tx: Tx, subject: Subject) -> None:
    if subject.team_id is not None:
        await accounts.require_team(tx, subject.team_id)
    known = subject.schedule_id is None or await queries.exists(tx, subject.schedule_id)
    if not known:
        raise NotFound("there is no such schedule")


async def read(tx: Tx, token: str, base_url: str, now: datetime) -> Feed:
    """What is at this address from a month ago to a year ahead. Raises NotFound."""
    found = await feed_queries.get_by_hash(tx, token_hash(token))
    if found is None:
        raise NotFound(NOTHING_HERE)
    if found.read_at is None or found.read_at <= now - SEEN:
        await feed_queries.update_read(tx, found.id, now)
    # by the day, so that a calendar in which nothing has changed stays as it is
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    window = Interval(today - LOOKED_BACK, today + AHEAD)
    ids = await _schedules_of(tx, found.subject, window.start)
    schedules = await queries.list_schedules(tx, ids, window.start, window.end)
    await _require_seen(tx, found.subject, schedules)
    name = await _name(tx, found.subject, schedules)
    return Feed(name, await _shifts(tx, found.subject, schedules, window, base_url))


async def _require_seen(tx: Tx, of: Subject, schedules: Iterable[Schedule]) -> None:
    """A team may be hidden, and people leave it, after an address was made."""
    if of.schedule_id is None and of.team_id is None:
        return  # one's own shifts are never hidden
    reader = await accounts.actor_of(tx, of.user_id)
    teams = {of.team_id} if of.team_id else {each.team_id for each in schedules}
    if reader is None or not all(allowed(reader, Can.SEE, team) for team in teams):
        raise NotFound(NOTHING_HERE)


async def _schedules_of(tx: Tx, of: Subject, since: datetime) -> list[UUID]:
    if of.schedule_id is not None:
        return [of.schedule_id]
    if of.team_id is not None:
        return await member_queries.list_of_teams(tx, [of.team_id])
    return await member_queries.list_of_users(tx, [of.user_id], since)


async def _name(tx: Tx, of: Subject, schedules: Sequence[Schedule]) -> str:
    if of.schedule_id is not None:
        return f"On call: {one_line(schedules[0].name)}"
    if of.team_id is not None:
        team = (await accounts.team_refs(tx, [of.team_id]))[of.team_id]
        return f"On call: {one_line(team.name)}"
    return "Your on-call shifts"


async def _shifts(
    tx: Tx,
    of: Subject,
    schedules: Iterable[Schedule],
    window: Interval,
    base_url: str,
) -> tuple[CalendarShift, ...]:
    found: list[CalendarShift] = []
    for schedule in schedules:
        times = _times(service.plan_of(schedule, window.end), window)
        titles = await _titles(tx, of, schedule, times.keys())
        url = f"{base_url}/schedules/{schedule.id}"
        found += [
            CalendarShift(
                _id(schedule.id, user_id, one, window), one.start, one.end, title, url
            )
            for user_id, title in titles.items()
            for one in times[user_id]
            if one.end > _shown_from(window)
        ]
    return tuple(sorted(found, key=lambda shift: (shift.start, shift.id)))


def _times(plan: Plan, window: Interval) -> dict[UUID, list[Interval]]:
    """When everybody is on call in what is shown, and since when if they are as it begins.

    Few turns last longer than core looks back; only for those it takes twice the time.
    """
    since = _shown_from(window) - core.LOOK_BACK
    times = by_person(core.final_shifts(plan, since, window.end))
    begun = (one for found in times.values() for one in found if one.start <= since)
    if any(one.end > _shown_from(window) for one in begun):
        return by_person(core.final_shifts(plan, window.start, window.end))
    return times


def _shown_from(window: Interval) -> datetime:
    return window.end - AHEAD - SHOWN_BACK


async def _titles(
    tx: Tx, of: Subject, schedule: Schedule, people: Collection[UUID]
) -> dict[UUID, str]:
    """What the shifts of everybody who is to be shown are called."""
    name = one_line(schedule.name)
    if of.schedule_id is None and of.team_id is None:
        return {of.user_id: f"On call: {name}"} if of.user_id in people else {}
    refs = await accounts.user_refs(tx, people)
    return {user: f"{one_line(ref.name)} on call: {name}" for user, ref in refs.items()}


def _id(schedule_id: UUID, user_id: UUID, shift: Interval, window: Interval) -> UUID:
    """The same on every day: what began before the window has no beginning to go by."""
    endless = shift.start <= window.start
    begin = "always" if endless else shift.start.astimezone(UTC).isoformat()
    return uuid5(schedule_id, f"{user_id} {begin}")
