"""Telling people about shifts, through their own channels and in their own zones."""

from collections.abc import Callable, Collection
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from pagefree.accounts import service as accounts
from pagefree.core.intervals import Interval
from pagefree.infra.db import Tx
from pagefree.schedules import notice_queries

Words = Callable[[ZoneInfo], str]  # what somebody in this zone is told


async def tell(tx: Tx, user_ids: Collection[UUID], words: Words, now: datetime) -> None:
    """Have these people told once the transaction commits; never whoever has left."""
    people = await accounts.colleagues(tx, user_ids)
    texts = [
        (person.id, words(ZoneInfo(person.time_zone)))
        for person in people.values()
        if person.active
    ]
    await notice_queries.insert(tx, texts, now)


def span(shift: Interval, zone: ZoneInfo) -> str:
    """The shift as people in the zone say it."""
    start, end = shift.start.astimezone(zone), shift.end.astimezone(zone)
    until = f"{end:%H:%M}" if end.date() == start.date() else f"{end:%a %d %b %H:%M}"
    return f"{start:%a %d %b %H:%M} to {until} ({zone.key})"
