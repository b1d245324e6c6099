"""Planned work: announce it, once or in series; it begins and ends by itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from pagefree.core.access import Actor
from pagefree.core.errors import Conflict, Invalid, NotFound
from pagefree.core.intervals import Interval
from pagefree.core.status_pages import (
    FINISHED,
    Step,
    Work,
    WorkStatus,
    may_become,
    next_step,
)
from pagefree.core.subscriptions import Telling
from pagefree.core.windows import zone_of
from pagefree.infra.db import Tx
from pagefree.status_pages import (
    incident_queries,
    message_queries,
    queries,
    recurrence,
    service,
    telling,
    work_queries,
)
from pagefree.status_pages.listing_queries import SERIES_LOOK
from pagefree.status_pages.telling import NewUpdate
from pagefree.status_pages.work_queries import PlannedWork, Series
from pagefree.timeline import service as timeline

LONGEST = timedelta(days=31)
TIMES = ("scheduled_for", "scheduled_until")
AHEAD = timedelta(days=60)  # so far ahead a series is announced
TOLD = frozenset(Telling)  # what followers of the page hear of


@dataclass(frozen=True, slots=True)
class NewWork:
    """Work to announce."""

    name: str
    body: str
    scheduled_for: datetime
    scheduled_until: datetime
    component_ids: Sequence[UUID] = ()
    automatic: bool = True
    remind: timedelta | None = None
    rrule: str | None = None
    time_zone: str | None = None  # of a series; none: the page's


async def list_works(
    tx: Tx, page_id: UUID, before: UUID | None, limit: int
) -> list[PlannedWork]:
    """The latest first."""
    await service.get_page(tx, page_id)
    return await work_queries.list_works(tx, page_id, before, limit)


async def get_work(tx: Tx, work_id: UUID) -> PlannedWork:
    """One maintenance window. Raises NotFound."""
    work = await work_queries.get_work(tx, work_id)
    if work is None:
        raise NotFound(f"no maintenance {work_id}")
    return work


async def plan(
    tx: Tx, page_id: UUID, new: NewWork, actor: Actor, now: datetime
) -> PlannedWork:
    """Announce work; of a series, the first time. Raises Forbidden, Invalid."""
    page = await service.publishable(tx, page_id, actor)
    _check_times(new.scheduled_for, new.scheduled_until)
    await _check_components(tx, page_id, new.component_ids)
    if new.rrule is None:
        if new.scheduled_until <= now:
            raise Invalid("the work would be over already")
        work_id = await _insert(tx, page_id, new, None, actor.user_id, now)
    else:
        work_id = await _plan_series(tx, page, new, actor, now)
    work = await get_work(tx, work_id)
    await _happened(tx, "status_maintenance.planned", work, timeline.by(actor), now)
    return work


async def _plan_series(
    tx: Tx, page: queries.Page, new: NewWork, actor: Actor, now: datetime
) -> UUID:
    zone = zone_of(new.time_zone or page.time_zone)
    if zone is None:
        raise Invalid(f"there is no time zone {new.time_zone!r}")
    recurrence.check(new.rrule or "")
    length = new.scheduled_until - new.scheduled_for
    upto = max(new.scheduled_for, now) + AHEAD
    window = Interval(max(new.scheduled_for, now - length), upto)
    begins = recurrence.starts(new.rrule or "", zone, new.scheduled_for, window)
    if not begins:
        raise Invalid(
            "the work would never come, or not within 60 days of its first time"
        )
    draft = {
        "name": new.name,
        "body": new.body,
        "component_ids": [str(one) for one in new.component_ids],
        "automatic": new.automatic,
        "remind_s": new.remind.total_seconds() if new.remind else None,
    }
    series_id = await queries.insert_row(
        tx,
        queries.SERIES,
        {
            "page_id": page.id,
            "rrule": new.rrule,
            "time_zone": zone.key,
            "first_start_at": new.scheduled_for,
            "length_s": int(length.total_seconds()),
            "draft": draft,
            "planned_until": upto,
            "created_at": now,
        },
    )
    made = [
        await _insert(tx, page.id, _at(new, at), series_id, actor.user_id, now)
        for at in begins
    ]
    return made[0]


def _at(new: NewWork, at: datetime) -> NewWork:
    """The same work at another time; it takes as long as it always does."""
    until = at + (new.scheduled_until - new.scheduled_for)
    return NewWork(
        new.name, new.body, at, until, new.component_ids, new.automatic, new.remind
    )


async def _insert(
    tx: Tx,
    page_id: UUID,
    new: NewWork,
    series_id: UUID | None,
    user_id: UUID | None,
    now: datetime,
) -> UUID:
    row: dict[str, object] = {
        "page_id": page_id,
        "series_id": series_id,
        "name": new.name,
        "body": new.body,
        "status": WorkStatus.SCHEDULED,
        "scheduled_for": new.scheduled_for,
        "scheduled_until": new.scheduled_until,
        "automatic": new.automatic,
        "remind_s": new.remind.total_seconds() if new.remind else None,
        "created_by_id": user_id,
        "created_at": now,
        "updated_at": now,
    }
    times = (new.scheduled_for, new.scheduled_until)
    reminded = new.remind is None or new.scheduled_for - new.remind <= now
    row["reminded_at"] = now if reminded else None
    kept = Work(WorkStatus.SCHEDULED, *times, new.automatic, new.remind, reminded)
    row["due_at"] = _due(kept)
    work_id = await queries.insert_row(tx, queries.WORK, row)
    await work_queries.set_work_components(tx, work_id, list(new.component_ids))
    return work_id


async def change(
    tx: Tx, work_id: UUID, changes: Mapping[str, object], actor: Actor, now: datetime
) -> PlannedWork:
    """Change words, times or components; of work under way only its end. Raises Conflict.

    Followers are told of other times, and reminded anew where there is time for it.
    """
    work = await get_work(tx, work_id)
    await service.publishable(tx, work.page_id, actor)
    if work.status in FINISHED:
        raise Conflict("the work is over")
    start = changes.get("scheduled_for", work.scheduled_for)
    if start != work.scheduled_for and work.status is not WorkStatus.SCHEDULED:
        raise Conflict("the work has begun already")
    row = {name: value for name, value in changes.items() if name != "component_ids"}
    moved = work.status is WorkStatus.SCHEDULED and any(
        name in changes and changes[name] != getattr(work, name) for name in TIMES
    )
    if moved:
        row["reminded_at"] = None
    component_ids = changes.get("component_ids")
    if isinstance(component_ids, list):
        await _check_components(tx, work.page_id, component_ids)
        await work_queries.set_work_components(tx, work_id, component_ids)
    await _save(tx, work, row, now)
    work = await get_work(tx, work_id)
    _check_times(work.scheduled_for, work.scheduled_until)
    if moved and work.remind and work.scheduled_for - work.remind <= now:
        await _save(tx, work, {"reminded_at": now}, now)  # being told of it is enough
    kind = f"status_maintenance.{Telling.MOVED if moved else 'changed'}"
    await _happened(tx, kind, work, timeline.by(actor), now)
    return work


async def set_status(
    tx: Tx, work_id: UUID, status: WorkStatus, actor: Actor, now: datetime
) -> PlannedWork:
    """Begin, verify, finish or call off by hand; doing it twice changes nothing.

    Raises Forbidden, Conflict.
    """
    work = await get_work(tx, work_id)
    await service.publishable(tx, work.page_id, actor)
    if work.status is status:
        return work
    if not may_become(work.status, status):
        raise Conflict(f"work that is {work.status} cannot become {status}")
    return await _become(tx, work, status, timeline.by(actor), now)


async def add_update(
    tx: Tx, work_id: UUID, new: NewUpdate, actor: Actor, now: datetime
) -> PlannedWork:
    """Tell something about the work. Raises Forbidden, Invalid."""
    work = await get_work(tx, work_id)
    await service.publishable(tx, work.page_id, actor)
    row = telling.update_row(new, {}, actor, now)
    row |= {"maintenance_id": work.id, "status": WorkStatus(new.status)}
    update_id = await queries.insert_row(tx, queries.UPDATE, row)
    if new.publish_at is None or new.publish_at <= now:
        await telling.publish(tx, update_id, timeline.by(actor), now)
    await _happened(tx, "status_maintenance.changed", work, timeline.by(actor), now)
    return await get_work(tx, work_id)


async def end_series(tx: Tx, series_id: UUID, actor: Actor, now: datetime) -> None:
    """Announce nothing more of a series, and call off what has not begun."""
    series = await work_queries.get_series(tx, series_id)
    if series is None:
        raise NotFound(f"no series {series_id}")
    page = await service.publishable(tx, series.page_id, actor)
    await work_queries.end_series(tx, series_id, now)
    await service.page_changed(tx, page, "status_maintenance.series_ended", actor, now)


# -- what happens by itself ---------------------------------------------------------------


async def advance_due(tx: Tx, now: datetime) -> int:
    """Remind of, begin and finish what is due; returns how much was."""
    due = await work_queries.claim_due_works(tx, now)
    for work in due:
        following = next_step(_kept(work))
        if following is None or following[1] > now:
            await _save(tx, work, {}, now)
        elif following[0] is Step.REMIND:
            await _save(tx, work, {"reminded_at": now}, now)
            await _happened(
                tx, "status_maintenance.reminded", work, timeline.SYSTEM, now
            )
        elif following[0] is Step.BEGIN:
            await _become(tx, work, WorkStatus.IN_PROGRESS, timeline.SYSTEM, now)
        else:
            await _become(tx, work, WorkStatus.COMPLETED, timeline.SYSTEM, now)
    return len(due)


async def plan_ahead(tx: Tx, now: datetime) -> int:
    """Announce the next times of series; returns of how many series."""
    series = await work_queries.claim_series(tx, now + SERIES_LOOK)
    for one in series:
        upto = now + AHEAD
        window = Interval(one.planned_until, upto)
        zone = ZoneInfo(one.time_zone)
        for at in recurrence.starts(one.rrule, zone, one.first_start_at, window):
            await _insert(tx, one.page_id, _of_series(one, at), one.id, None, now)
        changes: dict[str, object] = {"planned_until": upto}
        await queries.update_row(tx, queries.SERIES, one.id, changes)
        await queries.make_due(tx, [one.page_id], now)
    return len(series)


def _of_series(series: Series, at: datetime) -> NewWork:
    draft = series.draft
    remind_s = draft["remind_s"]
    return NewWork(
        draft["name"],
        draft["body"],
        at,
        at + series.length,
        [UUID(one) for one in draft["component_ids"]],
        draft["automatic"],
        None if remind_s is None else timedelta(seconds=remind_s),
    )


async def _become(
    tx: Tx,
    work: PlannedWork,
    status: WorkStatus,
    cause: timeline.Cause,
    now: datetime,
) -> PlannedWork:
    changes: dict[str, object] = {"status": status}
    if status is WorkStatus.IN_PROGRESS and work.started_at is None:
        changes["started_at"] = now
    if status is WorkStatus.COMPLETED:
        changes["completed_at"] = now
    await _save(tx, work, changes, now)
    work = await get_work(tx, work.id)
    await _happened(tx, f"status_maintenance.{status}", work, cause, now)
    return work


async def _save(
    tx: Tx, work: PlannedWork, changes: Mapping[str, object], now: datetime
) -> None:
    """Keep the changes, count them for calendars, and say when something happens next."""
    values = {**changes, "sequence": work.sequence + 1, "updated_at": now}
    await queries.update_row(tx, queries.WORK, work.id, values)
    kept = _kept(await get_work(tx, work.id))
    due: dict[str, object] = {"due_at": _due(kept)}
    await queries.update_row(tx, queries.WORK, work.id, due)


def _kept(work: PlannedWork) -> Work:
    return Work(
        work.status,
        work.scheduled_for,
        work.scheduled_until,
        work.automatic,
        work.remind,
        work.reminded_at is not None,
    )


def _due(work: Work) -> datetime | None:
    following = next_step(work)
    return following[1] if following else None


def _check_times(start: datetime, end: datetime) -> None:
    if not timedelta(0) < end - start <= LONGEST:
        raise Invalid("the work ends after it begins, at most 31 days later")


async def _check_components(
    tx: Tx, page_id: UUID, component_ids: Sequence[UUID]
) -> None:
    known = await incident_queries.known_components(tx, page_id)
    if not set(component_ids) <= set(known):
        raise Invalid("the page has no such component")


async def _happened(
    tx: Tx, kind: str, work: PlannedWork, cause: timeline.Cause, now: datetime
) -> None:
    page = await service.get_page(tx, work.page_id)
    data = {
        "page_id": str(page.id),
        "page": page.name,
        "maintenance_id": str(work.id),
        "name": work.name,
    }
    team_id = page.team.id if page.team else None
    entry = timeline.Entry(kind, cause, team_id=team_id, data=data)
    await timeline.record(tx, [entry], now)
    what = kind.rpartition(".")[2]
    if what in TOLD:
        await message_queries.tell_of_work(tx, page.id, work.id, Telling(what), now)
    await queries.make_due(tx, [page.id], now)
