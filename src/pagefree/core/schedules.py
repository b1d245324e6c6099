"""Schedules: who is on call at any instant and over any time. The one place that answers."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, pairwise, zip_longest
from uuid import UUID

from pagefree.core.intervals import Interval, clip, united, without
from pagefree.core.layers import Layer, held, people_at
from pagefree.core.shifts import (
    Override,
    People,
    Shift,
    joined,
    overridden,
    override_all,
    splice,
    stacked,
)

LOOK_BACK = timedelta(days=16)
LONGEST_WINDOW = timedelta(days=400)
# how far ahead is looked for whoever follows, in steps: mostly it is hours or days
AHEAD = tuple(timedelta(days=days) for days in (2, 16, 100, 400))


@dataclass(frozen=True, slots=True)
class Version:
    """What a schedule is from an instant on, until the next version."""

    from_at: datetime
    layers: tuple[Layer, ...]  # the base first; a later one wins where it has somebody


@dataclass(frozen=True, slots=True)
class Gap:
    """Nobody is on call in [start, end), by design."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Plan:
    """All that decides who is on call."""

    versions: tuple[Version, ...]  # in order of time
    overrides: tuple[Override, ...] = ()  # in the order in which they were made
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True, slots=True)
class Drawn:
    """Who is on call over some time: in each layer, in the end, and where nobody is by mistake."""

    layers: dict[UUID, tuple[Shift, ...]]
    final: tuple[Shift, ...]
    holes: list[Interval]


@dataclass(frozen=True, slots=True)
class Standing:
    """Who is on call at an instant, for how long, and who follows."""

    people: People
    until: datetime | None  # others, or nobody; none: as far as can be seen never
    next_people: People = ()  # of the next shift, which may come after a gap
    next_at: datetime | None = None
    by_design: bool = False  # nobody is on call because somebody said so


def on_call(plan: Plan, at: datetime) -> People:
    """Who is on call at `at`, the first one first: of the topmost layer that has somebody."""
    if plan.overrides or plan.gaps:
        return next(_groups(plan, at), ())
    for layer in reversed(_layers(plan, at)):
        if people := people_at(layer, at):
            return people
    return ()


def everyone(plan: Plan, at: datetime) -> People:
    """Who is on call at `at` in any layer, those of `on_call` first."""
    return tuple(dict.fromkeys(user for group in _groups(plan, at) for user in group))


def upcoming(plan: Plan, at: datetime) -> People:
    """Who is on call next after those at `at`: the first group in which somebody is new."""
    now = frozenset(on_call(plan, at))
    if now.issuperset(_to_come(plan, at)):
        return ()  # nobody in 400 days, which takes long to find out turn by turn
    for start, end in pairwise((timedelta(), *AHEAD)):
        for shift in final_shifts(plan, at + start, at + end):
            if not now.issuperset(shift.people):
                return shift.people
    return ()


def _to_come(plan: Plan, at: datetime) -> Iterator[UUID]:
    """Everybody who may be on call at `at` or later."""
    nexts = zip_longest(plan.versions, plan.versions[1:])
    now_or_later = [v for v, after in nexts if after is None or after.from_at > at]
    for layer in chain.from_iterable(_uncovered(v, at) for v in now_or_later):
        if layer.rotation.end is None or layer.rotation.end > at:
            yield from filter(None, layer.rotation.users)
    yield from (one.user_id for one in plan.overrides if one.end > at)


def _uncovered(version: Version, at: datetime) -> Iterator[Layer]:
    """The layers from the top down to the one that always has somebody, if there is one."""
    for layer in reversed(version.layers):
        yield layer
        turns = layer.rotation
        always = turns.start <= at and turns.end is None and layer.restriction is None
        if always and turns.users and None not in turns.users:
            return


def standing(plan: Plan, at: datetime) -> Standing:
    """Who is on call at `at`, until when, and who follows, as far as 400 days can be seen."""
    people = on_call(plan, at)
    by_design = any(gap.start <= at < gap.end for gap in plan.gaps)
    until: datetime | None = None
    for ahead in AHEAD:
        shifts = final_shifts(plan, at, at + ahead)
        until = _change(shifts, people, Interval(at, at + ahead))
        following = next((s for s in shifts if until and s.start >= until), None)
        if following is not None:
            users, start = following.people, following.start
            return Standing(people, until, users, start, by_design)
    return Standing(people, until, by_design=by_design)


def own_shifts(plan: Plan, user_id: UUID, at: datetime) -> tuple[Interval, ...]:
    """When one person is on call at `at` and next, as far as 400 days can be seen.

    What has begun is told from its beginning, at most LOOK_BACK before `at`.
    """
    found: tuple[Interval, ...] = ()
    for ahead in AHEAD:
        own = [
            Interval(shift.start, shift.end)
            for shift in final_shifts(plan, at - LOOK_BACK, at + ahead)
            if user_id in shift.people
        ]
        found = tuple(one for one in united(own) if one.end > at)[:2]
        if len(found) > 1 and found[1].end < at + ahead:
            return found
    return found


def _change(
    shifts: Iterable[Shift], people: People, window: Interval
) -> datetime | None:
    """When within the window others than `people` are on call for the first time."""
    end = window.start
    for shift in shifts:
        if not people:
            return shift.start
        if shift.start > end or shift.people != people:
            return end
        end = shift.end
    return end if people and end < window.end else None


def layer_shifts(
    plan: Plan, start: datetime, end: datetime
) -> dict[UUID, tuple[Shift, ...]]:
    """The shifts of each layer within [start, end), clipped to it, in order."""
    return drawn(plan, start, end).layers


def final_shifts(plan: Plan, start: datetime, end: datetime) -> tuple[Shift, ...]:
    """Who is on call within [start, end), clipped to it, in order and without overlaps."""
    window = Interval(start, end)
    return _final(plan, _stack(plan, window)[1], window)


def holes(plan: Plan, start: datetime, end: datetime) -> list[Interval]:
    """When within [start, end) nobody is on call although nobody said so."""
    window = Interval(start, end)
    return _holes(plan, final_shifts(plan, start, end), window)


def drawn(plan: Plan, start: datetime, end: datetime) -> Drawn:
    """All of the above in one go."""
    window = Interval(start, end)
    layers, shifts = _stack(plan, window)
    final = _final(plan, shifts, window)
    return Drawn(
        layers={layer_id: tuple(joined(own)) for layer_id, own in layers.items()},
        final=final,
        holes=_holes(plan, final, window),
    )


def _stack(plan: Plan, window: Interval) -> tuple[dict[UUID, list[Shift]], list[Shift]]:
    """The shifts of each layer, and what is seen of them from above."""
    layers: dict[UUID, list[Shift]] = {}
    shifts: list[Shift] = []
    for version, part in _eras(plan, window):
        top: list[Shift] = []
        for layer in version.layers:
            own = _layer_shifts(plan, layer, part)
            layers.setdefault(layer.id, []).extend(own)
            top = stacked(top, own)
        shifts += top
    return layers, shifts


def _final(plan: Plan, shifts: list[Shift], window: Interval) -> tuple[Shift, ...]:
    override_all(shifts, [o for o in plan.overrides if o.layer_id is None], window)
    for gap in plan.gaps:
        splice(shifts, Interval(gap.start, gap.end), lambda _: [])
    return tuple(joined(shifts))


def _holes(plan: Plan, final: Iterable[Shift], window: Interval) -> list[Interval]:
    taken = [Interval(shift.start, shift.end) for shift in final]
    return without(window, [*taken, *(Interval(g.start, g.end) for g in plan.gaps)])


def _layers(plan: Plan, at: datetime) -> tuple[Layer, ...]:
    for version in reversed(plan.versions):
        if version.from_at <= at:
            return version.layers
    return ()


def _groups(plan: Plan, at: datetime) -> Iterator[People]:
    """Who is on call at `at` in each layer that has somebody, the topmost first."""
    if any(gap.start <= at < gap.end for gap in plan.gaps):
        return
    active = [o for o in plan.overrides if o.start <= at < o.end]
    final = [o for o in active if o.layer_id is None]
    first = True
    for layer in reversed(_layers(plan, at)):
        people = people_at(layer, at)
        for override in active:
            if override.layer_id == layer.id:
                people = overridden(people, override)
        if people:
            yield from _some(_all_overridden(people, final, first=first))
            first = False
    if first:
        yield from _some(_all_overridden((), final, first=True))


def _all_overridden(
    people: People, overrides: Iterable[Override], *, first: bool
) -> People:
    """What replaces everybody replaces the topmost layer; the others are not asked anyway."""
    for override in overrides:
        if first or override.replaces is not None:
            people = overridden(people, override)
    return people


def _some(people: People) -> tuple[People, ...]:
    return (people,) if people else ()


def _eras(plan: Plan, window: Interval) -> Iterator[tuple[Version, Interval]]:
    """The versions that hold in the window, each with the part in which it does."""
    for version, following in zip_longest(plan.versions, plan.versions[1:]):
        end = following.from_at if following else window.end
        part = clip(Interval(version.from_at, end), window)
        if part is not None:
            yield version, part


def _layer_shifts(plan: Plan, layer: Layer, window: Interval) -> list[Shift]:
    shifts = joined(
        Shift(people, part.start, part.end, layer.id)
        for people, part in held(layer, window)
        if people
    )
    override_all(shifts, [o for o in plan.overrides if o.layer_id == layer.id], window)
    return shifts
