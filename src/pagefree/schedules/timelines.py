"""Who is on call over time: the layers, what becomes of them, and what is wrong with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

from pagefree.accounts import service as accounts
from pagefree.core import schedules as core
from pagefree.core.fairness import Load, loads
from pagefree.core.intervals import Interval
from pagefree.core.schedule_health import AHEAD, Finding, Members, findings
from pagefree.core.shifts import Shift
from pagefree.infra.db import Tx
from pagefree.schedules import editing, plans, service, time_off_queries
from pagefree.schedules.plans import Draft, Gap, MadeOverride, Schedule


@dataclass(frozen=True, slots=True)
class LayerTimeline:
    """The shifts of one layer, whatever the others say."""

    id: UUID
    name: str
    shifts: tuple[Shift, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """Who is on call from when until when, and why."""

    time_zone: str
    layers: tuple[LayerTimeline, ...]  # the base first
    final: tuple[Shift, ...]
    overrides: tuple[MadeOverride, ...]
    gaps: tuple[Gap, ...]  # by design
    holes: tuple[Interval, ...]  # gaps that nobody declared
    handoffs: tuple[datetime, ...]  # others, or nobody, from then on


@dataclass(frozen=True, slots=True)
class Health:
    """What is wrong with a schedule, and the names to tell it by."""

    findings: tuple[Finding, ...]
    people: Mapping[UUID, str]
    layers: Mapping[UUID, str]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a draft would be."""

    timeline: Timeline
    health: Health


async def timeline(
    tx: Tx, schedule_id: UUID, start: datetime, end: datetime, now: datetime
) -> Timeline:
    """The schedule in [start, end). Raises NotFound and Invalid."""
    service.require_window(start, end)
    schedule = await service.get(tx, schedule_id, start, end)
    return _timeline(schedule, start, end, now)


async def preview(
    tx: Tx, draft: Draft, start: datetime, end: datetime, now: datetime
) -> Preview:
    """What the draft would be if it had always held; nothing is saved. Raises Invalid."""
    service.require_window(start, end)
    await editing.check_draft(tx, draft)
    known = editing.identified(draft)
    ids = [layer.layer_id for layer in known.layers if layer.layer_id]
    users = {user for layer in draft.layers for user in layer.user_ids}
    active = frozenset(await accounts.active_users(tx, users))
    begin = min(start, *(layer.start_at for layer in draft.layers))
    version = plans.drafted(known, ids, begin, active)
    schedule = Schedule(ids[0], draft.name, None, draft.team_id, (version,))
    return Preview(
        _timeline(schedule, start, end, now), await _health(tx, schedule, now)
    )


async def health(tx: Tx, schedule_id: UUID, now: datetime) -> Health:
    """What is wrong with the next 12 weeks of the schedule. Raises NotFound."""
    return await _health(tx, await service.get(tx, schedule_id, now, now + AHEAD), now)


async def balance(tx: Tx, schedule_id: UUID, now: datetime) -> dict[UUID, Load]:
    """The load of everybody in the next 12 weeks of the schedule. Raises NotFound."""
    schedule = await service.get(tx, schedule_id, now, now + AHEAD)
    people = await accounts.colleagues(tx, service.members(schedule))
    zones = {user: ZoneInfo(person.time_zone) for user, person in people.items()}
    plan = service.plan_of(schedule, now + AHEAD)
    shifts = core.final_shifts(plan, now, now + AHEAD)
    return loads(shifts, zones, Interval(now, now + AHEAD))


async def _health(tx: Tx, schedule: Schedule, now: datetime) -> Health:
    people = await accounts.colleagues(tx, service.members(schedule))
    window = Interval(now, now + AHEAD)
    members = Members(
        all=list(people),
        left={user for user, person in people.items() if not person.active},
        unreachable={user for user, person in people.items() if not person.reachable},
        away=await time_off_queries.list_absences(tx, list(people), window),
    )
    plan = service.plan_of(schedule, now + AHEAD)
    return Health(
        findings(plan, members, now),
        {user: person.name for user, person in people.items()},
        dict(_layers(schedule)),
    )


def _timeline(
    schedule: Schedule, start: datetime, end: datetime, now: datetime
) -> Timeline:
    plan = service.plan_of(schedule, end)
    drawn = core.drawn(plan, start, end)
    return Timeline(
        time_zone=schedule.version(now).time_zone,
        layers=tuple(
            LayerTimeline(layer_id, name, drawn.layers[layer_id])
            for layer_id, name in _layers(schedule)
            if layer_id in drawn.layers
        ),
        final=drawn.final,
        overrides=schedule.overrides,
        gaps=schedule.gaps,
        holes=tuple(drawn.holes),
        handoffs=_handoffs(drawn.final, start, end),
    )


def _layers(schedule: Schedule) -> list[tuple[UUID, str]]:
    """Every layer with its newest name, in the newest order, and then those that are gone."""
    names = {
        layer.layer_id: layer.new.name
        for version in reversed(schedule.versions)
        for layer in version.layers
    }
    newest = {
        layer.layer_id: layer.new.name
        for version in schedule.versions
        for layer in version.layers
    }
    return [(layer_id, newest[layer_id]) for layer_id in names]


def _handoffs(
    shifts: Sequence[Shift], start: datetime, end: datetime
) -> tuple[datetime, ...]:
    if not shifts:
        return ()
    found = [shifts[0].start, shifts[-1].end]
    for one, following in pairwise(shifts):
        if one.end < following.start:
            found += [one.end, following.start]
        elif one.people != following.people:
            found.append(one.end)
    return tuple(sorted(at for at in found if start < at < end))
