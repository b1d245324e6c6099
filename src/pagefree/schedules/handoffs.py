"""Telling people that a shift of theirs starts soon, has started or has ended."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from pagefree.core import schedules as core
from pagefree.core.access import Actor, Can, Person, require, require_about
from pagefree.core.handovers import STALE, Handoff, Moment, Wishes, due, own
from pagefree.core.intervals import Interval
from pagefree.core.schedules import Plan
from pagefree.infra.db import Tx
from pagefree.schedules import handoff_queries, member_queries, queries, service
from pagefree.schedules.handoff_queries import Told
from pagefree.schedules.notices import Listener, tell
from pagefree.schedules.plans import Schedule

KEEP_TOLD = timedelta(days=30)  # far longer than a notice comes ahead


async def wishes(tx: Tx, actor: Actor) -> Wishes:
    """What the actor wants to be told of: nothing, until they say so."""
    require(actor, Can.SEE)
    found = await handoff_queries.list_wishes(tx, [actor.user_id])
    return found.get(actor.user_id, Wishes())


async def put_wishes(tx: Tx, new: Wishes, actor: Actor) -> None:
    """Tell the actor of these handoffs from now on."""
    require_about(actor, Can.OWN_ACCOUNT, Person(actor.user_id))
    await handoff_queries.save_wishes(tx, actor.user_id, new)


async def watched(tx: Tx, now: datetime) -> tuple[dict[UUID, Wishes], list[UUID]]:
    """Who wants to be told of handoffs, and the schedules that they are in."""
    people = await handoff_queries.list_wishes(tx)
    since = now - STALE
    ids = await member_queries.list_of_users(tx, people, since) if people else []
    return people, ids


async def tell_due(
    tx: Tx,
    schedule_ids: Collection[UUID],
    people: Mapping[UUID, Wishes],
    now: datetime,
) -> int:
    """Tell of the handoffs of these schedules that are due, each once; returns how many.

    What was told is written down first: a crash tells nobody, and all are still due.
    """
    schedules = {
        one.id: one
        for one in await queries.list_schedules(tx, schedule_ids, now - 2 * STALE)
    }
    plans = {
        schedule_id: service.plan_of(schedule, now + core.LONGEST_WINDOW)
        for schedule_id, schedule in schedules.items()
    }
    found: dict[Told, Handoff] = {
        (user_id, schedule_id, handoff.moment, handoff.at): handoff
        for schedule_id, plan in plans.items()
        for user_id, handoff in _due(plan, people, now)
    }
    new = await handoff_queries.insert_told(tx, list(found))
    for told in sorted(new):
        user_id, schedule_id, *_ = told
        schedule, plan = schedules[schedule_id], plans[schedule_id]
        shift = _whole(plan, user_id, found[told].shift)
        await _tell(tx, user_id, schedule, Handoff(told[2], told[3], shift), now)
    return len(new)


def _due(
    plan: Plan, people: Mapping[UUID, Wishes], now: datetime
) -> list[tuple[UUID, Handoff]]:
    longest = max((w.before or timedelta(0) for w in people.values()), default=STALE)
    # what the window cuts off begins or ends too long ago, or too far ahead, to be told
    shifts = core.final_shifts(plan, now - 2 * STALE, now + longest + STALE)
    on_call = {user for shift in shifts for user in shift.people} & people.keys()
    return [
        (user_id, handoff)
        for user_id in on_call
        for handoff in due(own(shifts, user_id), people[user_id], now)
    ]


def _whole(plan: Plan, user_id: UUID, seen: Interval) -> Interval:
    """The shift with its real end, as far as it can be seen."""
    ahead = core.own_shifts(plan, user_id, seen.start)
    return Interval(seen.start, ahead[0].end) if ahead else seen


async def _tell(
    tx: Tx, user_id: UUID, schedule: Schedule, handoff: Handoff, now: datetime
) -> None:
    def said(to: Listener) -> str:
        sentences = {
            Moment.BEFORE: to.words.upcoming,
            Moment.STARTED: to.words.started,
            Moment.ENDED: to.words.ended,
        }
        sentence, when = sentences[handoff.moment], to.span(handoff.shift)
        return sentence.format(schedule=schedule.name, when=when)

    await tell(tx, [user_id], said, now)


async def forget(tx: Tx, now: datetime) -> None:
    """Forget what people were told long ago."""
    await handoff_queries.delete_told_before(tx, now - KEEP_TOLD)
