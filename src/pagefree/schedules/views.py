"""Schedules as people see them: with the names of those who are on call."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from pagefree.accounts import service as accounts
from pagefree.accounts.queries import TeamRef, UserRef
from pagefree.core.fairness import Load
from pagefree.core.intervals import Interval
from pagefree.core.schedule_health import AHEAD, Code
from pagefree.core.schedule_health import Finding as CoreFinding
from pagefree.core.shifts import Shift as CoreShift
from pagefree.infra.db import Tx
from pagefree.schedules import plans, service, shapes, time_off_queries, timelines
from pagefree.schedules.service import Held
from pagefree.schedules.shapes import (
    Balance,
    Finding,
    Gap,
    GapNow,
    Layer,
    LayerTimeline,
    OnCall,
    Override,
    PersonalLoad,
    Schedule,
    ScheduleRef,
    Shift,
    Timeline,
    VersionAhead,
)

Names = Mapping[UUID, UserRef]
WORDS = {
    Code.GAP: "nobody is on call",
    Code.UNREACHABLE: "{name} has no contact method that works",
    Code.LEFT: "{name} has left: nobody is on call in their turns",
    Code.AWAY: "{name} is away in this shift: find somebody who takes it",
    Code.NEVER_ON_CALL: "{name} is not on call once in the next 12 weeks",
    Code.IDLE_LAYER: "the layer {name} decides nothing in the next 12 weeks",
}
HOUR = timedelta(hours=1)


async def schedules(tx: Tx, held: Iterable[Held], now: datetime) -> list[Schedule]:
    """The schedules as people see them."""
    some = list(held)
    teams, names = await _teams(tx, some), await _names_of(tx, some)
    return [_schedule(one, teams, names, now) for one in some]


async def board(tx: Tx, held: Iterable[Held], now: datetime) -> list[OnCall]:
    """Who is on call, by schedule."""
    some = list(held)
    teams, names = await _teams(tx, some), await _names_of(tx, some)
    instant = Interval(now, now + timedelta(seconds=1))
    away = await time_off_queries.list_away(tx, instant)
    return [
        OnCall(
            schedule=ScheduleRef(id=one.schedule.id, name=one.schedule.name),
            team=teams[one.schedule.team_id],
            users=_refs(one.standing.people, names),
            until=one.standing.until,
            next=_refs(one.standing.next_people, names),
            next_at=one.standing.next_at,
            gap=_gap_now(one, now),
            away=_refs([user for user in one.standing.people if user in away], names),
        )
        for one in some
    ]


async def shifts(tx: Tx, found: Iterable[CoreShift]) -> list[Shift]:
    """One for each person."""
    some = list(found)
    return _shifts(some, await accounts.user_refs(tx, _people(some)))


async def timeline(tx: Tx, found: timelines.Timeline) -> Timeline:
    """The timeline with names."""
    made = [
        user
        for one in found.overrides
        for user in (one.override.user_id, one.override.replaces, one.created_by)
        if user is not None
    ]
    people = {*made, *_people(found.final)}
    for layer in found.layers:
        people |= _people(layer.shifts)
    names = await accounts.user_refs(tx, people)
    return Timeline(
        time_zone=found.time_zone,
        layers=[
            LayerTimeline(id=one.id, name=one.name, shifts=_shifts(one.shifts, names))
            for one in found.layers
        ],
        final=_shifts(found.final, names),
        overrides=[_override(one, names) for one in found.overrides],
        gaps=_gaps(found),
        handoffs=list(found.handoffs),
    )


async def overrides(tx: Tx, schedule: plans.Schedule) -> list[Override]:
    """The overrides of the schedule, soonest first."""
    made = sorted(schedule.overrides, key=lambda one: one.override.start)
    users = {one.created_by for one in made} | {one.override.replaces for one in made}
    known = {user for user in users if user} | {one.override.user_id for one in made}
    names = await accounts.user_refs(tx, known)
    return [_override(one, names) for one in made]


def gap(declared: plans.Gap) -> Gap:
    """A gap by design."""
    return Gap(
        id=declared.id,
        start=declared.start,
        end=declared.end,
        intended=True,
        reason=declared.reason,
    )


def findings(health: timelines.Health) -> list[Finding]:
    """What is wrong, in words."""
    return [_finding(found, health) for found in health.findings]


def _finding(found: CoreFinding, health: timelines.Health) -> Finding:
    user, layer = found.user_id, found.layer_id
    who = UserRef(user, health.people[user]) if user else None
    name = who.name if who else health.layers[layer] if layer else ""
    return Finding(
        code=found.code,
        severity=found.severity,
        detail=WORDS[found.code].format(name=name or "without a name"),
        start=found.start,
        end=found.end,
        user=who,
        layer_id=layer,
    )


async def balance(tx: Tx, loads: Mapping[UUID, Load], now: datetime) -> Balance:
    """The load of everybody, the most loaded first."""
    names = await accounts.user_refs(tx, set(loads))
    ordered = sorted(loads.items(), key=lambda item: item[1].total, reverse=True)
    return Balance(
        start=now,
        end=now + AHEAD,
        people=[
            PersonalLoad(
                user=names[user],
                hours=load.total / HOUR,
                night_hours=load.night / HOUR,
                weekend_hours=load.weekend / HOUR,
            )
            for user, load in ordered
        ],
    )


def _gaps(found: timelines.Timeline) -> list[Gap]:
    """Both kinds, in order of time."""
    missed = [
        Gap(id=None, start=hole.start, end=hole.end, intended=False, reason=None)
        for hole in found.holes
    ]
    return sorted([*map(gap, found.gaps), *missed], key=lambda one: one.start)


def _shifts(found: Iterable[CoreShift], names: Names) -> list[Shift]:
    return [
        Shift(
            user=names[user],
            start=shift.start,
            end=shift.end,
            layer_id=shift.layer_id,
            override_id=shift.override_id,
        )
        for shift in found
        for user in shift.people
    ]


def _override(made: plans.MadeOverride, names: Names) -> Override:
    override = made.override
    return Override(
        id=override.id,
        user=names[override.user_id],
        start=override.start,
        end=override.end,
        replaces=names.get(override.replaces) if override.replaces else None,
        layer_id=override.layer_id,
        reason=made.reason,
        created_by=names.get(made.created_by) if made.created_by else None,
    )


def _schedule(
    held: Held, teams: Mapping[UUID, TeamRef], names: Names, now: datetime
) -> Schedule:
    schedule, standing = held.schedule, held.standing
    current = schedule.version(now)
    return Schedule(
        id=schedule.id,
        name=schedule.name,
        description=schedule.description,
        team=teams[schedule.team_id],
        time_zone=current.time_zone,
        layers=[_layer(layer, names) for layer in current.layers],
        versions_ahead=[
            _ahead(version, names)
            for version in schedule.versions
            if version.from_at > now and version is not current
        ],
        on_call=_refs(standing.people, names),
        until=standing.until,
        next=_refs(standing.next_people, names),
        next_at=standing.next_at,
        gap=_gap_now(held, now),
    )


def _gap_now(held: Held, now: datetime) -> GapNow | None:
    """Why nobody is on call; none: somebody is."""
    if held.standing.people:
        return None
    declared = [gap for gap in held.schedule.gaps if gap.start <= now < gap.end]
    reason = next((gap.reason for gap in declared), None)
    return GapNow(intended=held.standing.by_design, reason=reason)


def _ahead(version: plans.Version, names: Names) -> VersionAhead:
    return VersionAhead(
        id=version.id,
        from_at=version.from_at,
        time_zone=version.time_zone,
        layers=[_layer(layer, names) for layer in version.layers],
    )


def _layer(layer: plans.Layer, names: Names) -> Layer:
    new = layer.new
    return Layer(
        id=layer.layer_id,
        name=new.name,
        unit=new.unit,
        lengths=list(new.lengths),
        start_at=new.start_at,
        end_at=new.end_at,
        at_once=new.at_once,
        users=_refs(new.user_ids, names),
        restriction=_restriction(new.restriction) if new.restriction else None,
        time_zone=new.time_zone,
    )


def _restriction(restriction: plans.Restriction) -> shapes.Restriction:
    of = restriction.holidays
    return shapes.Restriction(
        windows=[
            shapes.WindowIn(
                weekdays=sorted(window.weekdays),
                start=f"{window.start:%H:%M}",
                end=f"{window.end:%H:%M}",
            )
            for window in restriction.windows
        ],
        holidays=shapes.HolidaysIn(
            country=of.country, subdivision=of.subdivision, mode=of.mode
        )
        if of
        else None,
        keep_turns=restriction.keep_turns,
    )


def _refs(people: Iterable[UUID], names: Names) -> list[UserRef]:
    return [names[user] for user in people if user in names]


def _people(found: Iterable[CoreShift]) -> set[UUID]:
    return {user for shift in found for user in shift.people}


async def _names_of(tx: Tx, held: Iterable[Held]) -> Names:
    people = {user for one in held for user in service.members(one.schedule)}
    return await accounts.user_refs(tx, people)


async def _teams(tx: Tx, held: Iterable[Held]) -> Mapping[UUID, TeamRef]:
    return await accounts.team_refs(tx, {one.schedule.team_id for one in held})
