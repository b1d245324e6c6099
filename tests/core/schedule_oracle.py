"""Who is on call, minute by minute: slow, and with nothing of the resolver in it.

It walks through the minutes and looks at what the clocks show. A handoff comes in the
first minute that shows its time. One that no clock shows comes as many minutes after the
clocks were put forward as it is after the last time that they showed, but never after the
handoff that follows it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from uuid import UUID

from pagefree.core.layers import Layer
from pagefree.core.restrictions import Holidays, Restriction, Window
from pagefree.core.rotations import Rotation, Unit
from pagefree.core.schedules import Plan
from pagefree.core.shifts import Override

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
UNITS = {Unit.HOUR: HOUR, Unit.DAY: DAY, Unit.WEEK: 7 * DAY}
MARGIN = 26 * HOUR  # as far as what clocks show may differ from what they will
MIDNIGHT = datetime(2024, 1, 1)  # noqa: DTZ001 a Monday, on no clock

People = tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Clocks:
    """What the clocks of a zone show in each minute from `start` on."""

    start: datetime
    shown: list[datetime]  # naive
    come: dict[datetime, int]  # the first minute that shows it

    def minute(self, wall: datetime) -> int:
        """The minute in which this time comes; -1: before the first, or after the last."""
        if wall in self.come:
            return self.come[wall]
        if not self.shown[0] < wall < self.shown[-1]:
            return -1 if wall < self.shown[0] else len(self.shown)
        for at in range(1, len(self.shown)):
            before, after = self.shown[at - 1], self.shown[at]
            if before < wall < after:  # the clocks were put forward over it
                return at - 1 + (wall - before) // MINUTE
        raise AssertionError("clocks show everything but what they skip")

    def skips(self, wall: datetime) -> bool:
        """Whether no clock shows this time."""
        return wall not in self.come and self.shown[0] < wall < self.shown[-1]


def clocks(zone: object, start: datetime, end: datetime) -> Clocks:
    """The clocks from well before until well after the window."""
    first = start - MARGIN
    shown = []
    come: dict[datetime, int] = {}
    for at in range((end + MARGIN - first) // MINUTE):
        local = (first + at * MINUTE).astimezone(zone).replace(tzinfo=None, fold=0)  # type: ignore[arg-type]
        come.setdefault(local, at)
        shown.append(local)
    return Clocks(first, shown, come)


def layer_people(layer: Layer, start: datetime, end: datetime) -> list[People]:
    """Who has the layer in each minute of [start, end)."""
    rotation, restriction = layer.rotation, layer.restriction
    seen = clocks(rotation.tz, start, end)
    walls = _walls(rotation, end)
    begins = _begins(rotation, walls, seen)
    opens = None if restriction is None else _opens(restriction, seen)
    numbers = _numbers(restriction, walls)
    minutes: list[People] = []
    turn = 0
    for at in range((end - start) // MINUTE):
        now = start + at * MINUTE
        minute = at + MARGIN // MINUTE
        while turn + 1 < len(begins) and begins[turn + 1] <= minute:
            turn += 1
        begun = now >= rotation.start and (not rotation.end or now < rotation.end)
        is_open = opens is None or any(a <= minute < b for a, b in opens)
        minutes.append(
            _group(rotation, numbers[turn]) if begun and is_open and walls else ()
        )
    return minutes


def _group(rotation: Rotation, number: int) -> People:
    found: list[UUID] = []
    for following in range(rotation.at_once if rotation.users else 0):
        user = rotation.users[(number + following) % len(rotation.users)]
        if user is not None and user not in found:
            found.append(user)
    return tuple(found)


def _walls(rotation: Rotation, end: datetime) -> list[datetime]:
    """The times at which turns begin, on a clock that is never changed."""
    wall = rotation.start.astimezone(rotation.tz).replace(tzinfo=None, fold=0)
    last = end.replace(tzinfo=None) + MARGIN
    walls = []
    turn = 0
    while wall < last:
        walls.append(wall)
        wall += rotation.lengths[turn % len(rotation.lengths)] * UNITS[rotation.unit]
        turn += 1
    return walls


def _begins(rotation: Rotation, walls: list[datetime], seen: Clocks) -> list[int]:
    """The minute in which each turn begins."""
    total = sum(rotation.lengths) * UNITS[rotation.unit]
    if rotation.unit is Unit.HOUR and DAY % total and total % DAY:  # they just elapse
        first = (rotation.start - seen.start) // MINUTE
        return [first + (wall - walls[0]) // MINUTE for wall in walls]
    begins = [seen.minute(wall) for wall in walls]
    for turn in range(len(walls) - 2, -1, -1):
        if seen.skips(walls[turn]):
            begins[turn] = min(begins[turn], begins[turn + 1])
    return begins


def _numbers(restriction: Restriction | None, walls: list[datetime]) -> list[int]:
    """Whose turn it is: its number, or that among the turns that count."""
    if restriction is None or not restriction.keep_turns:
        return list(range(len(walls)))
    numbers, number = [], 0
    for wall, following in zip(walls, [*walls[1:], None], strict=True):
        numbers.append(number)
        number += following is not None and _any_open(restriction, wall, following)
    return numbers


def _any_open(restriction: Restriction, start: datetime, end: datetime) -> bool:
    return any(
        shows_open(restriction, start + at * MINUTE)
        for at in range((end - start) // MINUTE)
    )


def _opens(restriction: Restriction, seen: Clocks) -> list[tuple[int, int]]:
    """The minutes in which the layer opens and closes, in pairs."""
    first, last = seen.shown[0], seen.shown[-1]
    edges: list[datetime] = []
    was = False
    for at in range((last - first) // MINUTE + 1):
        wall = first + at * MINUTE
        if (now := shows_open(restriction, wall)) is not was:
            edges.append(wall)
            was = now
    if was:
        edges.append(last + MINUTE)
    found = [seen.minute(edge) for edge in edges]
    return list(zip(found[::2], found[1::2], strict=True))


def shows_open(restriction: Restriction, wall: datetime) -> bool:
    """Whether the layer is open when clocks show this."""
    today = wall.date()
    if restriction.holidays is Holidays.ONLY and today not in restriction.dates:
        return False
    if restriction.holidays is Holidays.EXCEPT and today in restriction.dates:
        return False
    return wall.weekday() * DAY + (wall - MIDNIGHT) % DAY in _week(restriction.windows)


@lru_cache(maxsize=8)
def _week(windows: tuple[Window, ...]) -> frozenset[timedelta]:
    """Every minute of the week in one of the windows."""
    found = set()
    for window in windows:
        at = datetime.combine(MIDNIGHT, window.start)
        minutes = [at - MIDNIGHT]
        while (at := at + MINUTE).time() != window.end:
            minutes.append(at - MIDNIGHT)
        days = [weekday * DAY for weekday in window.weekdays]
        found |= {(day + minute) % (7 * DAY) for day in days for minute in minutes}
    return frozenset(found) if windows else frozenset(m * MINUTE for m in range(10_080))


def final_people(plan: Plan, start: datetime, end: datetime) -> list[People]:
    """Who is on call in each minute of [start, end)."""
    of_layers = {
        layer: layer_people(layer, start, end)
        for version in plan.versions
        for layer in version.layers
    }
    found = []
    for at in range((end - start) // MINUTE):
        now = start + at * MINUTE
        held = [v for v in plan.versions if v.from_at <= now]
        people: People = ()
        for layer in held[-1].layers if held else ():
            active = [o for o in plan.overrides if o.layer_id == layer.id]
            people = covered(of_layers[layer][at], active, now) or people
        people = covered(people, [o for o in plan.overrides if not o.layer_id], now)
        meant = any(gap.start <= now < gap.end for gap in plan.gaps)
        found.append(() if meant else people)
    return found


def covered(people: People, overrides: Sequence[Override], now: datetime) -> People:
    """What the overrides make of who is on call."""
    for override in overrides:
        if not override.start <= now < override.end:
            continue
        if override.replaces is None:
            people = (override.user_id,)
        else:
            changed = [
                override.user_id if u == override.replaces else u for u in people
            ]
            people = tuple(dict.fromkeys(changed))
    return people
