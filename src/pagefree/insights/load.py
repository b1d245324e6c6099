"""On-call hours: drawn from the schedules as the pager itself reads them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pagefree.core import schedules as core
from pagefree.core.insights import Part, Window, parts_of
from pagefree.core.intervals import Interval, united
from pagefree.core.schedules import Plan
from pagefree.infra.db import Tx, driver
from pagefree.insights import queries
from pagefree.insights.queries import Person, Question, Row
from pagefree.schedules import service as schedules

HOUR = timedelta(hours=1)


async def hours(tx: Tx, asked: Question, now: datetime) -> list[Row]:
    """Hours on call of each person until now, the most first."""
    window = Window(asked.window.start, min(asked.window.end, now))
    if window.start >= window.end:
        return []
    connection = await driver(tx)
    ids = await queries.list_schedules(connection, asked.team_id)
    plans = await schedules.plans_of(tx, ids, window.start, window.end)
    held = _held(plans.values(), window)
    people = await queries.list_people(connection, list(held))
    split = {person: _split(held[person.id], person) for person in people}
    total = sum(
        (sum(parts.values(), timedelta()) for parts in split.values()), timedelta()
    )
    rows = [_row(person, parts, total) for person, parts in split.items()]
    return sorted(rows, key=lambda row: (-float(str(row["hours"])), str(row["person"])))


def _held(plans: Iterable[Plan], window: Window) -> Mapping[UUID, list[Interval]]:
    """When each person is on call; two schedules at a time count once."""
    held = defaultdict(list)
    for plan in plans:
        for shift in core.final_shifts(plan, window.start, window.end):
            for user_id in shift.people:
                held[user_id].append(Interval(shift.start, shift.end))
    return {user_id: united(intervals) for user_id, intervals in held.items()}


def _split(held: Iterable[Interval], person: Person) -> dict[Part, timedelta]:
    zone = _zone(person.time_zone)
    found = dict.fromkeys(Part, timedelta())
    for interval in held:
        for part, span in parts_of(interval, zone).items():
            found[part] += span
    return found


def _row(person: Person, parts: Mapping[Part, timedelta], total: timedelta) -> Row:
    own = sum(parts.values(), timedelta())
    return {
        "person": person.name,
        "person_id": person.id,
        "hours": own / HOUR,
        **{part.value: span / HOUR for part, span in parts.items()},
        "share": own / total if total else 0.0,
    }


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
