"""Schedules as they are met in a big company: three layers each, in six zones, with covers."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from pagefree.core.layers import Layer
from pagefree.core.restrictions import Restriction, Window
from pagefree.core.rotations import Rotation, Unit
from pagefree.core.schedules import Plan, Version
from pagefree.core.shifts import Override

ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "America/Los_Angeles",
    "Australia/Lord_Howe",  # changes by half an hour
    "Asia/Kolkata",  # never changes
    "America/Santiago",  # changes at midnight
)
PEOPLE = tuple(UUID(int=n) for n in range(1, 401))
BEGIN = datetime(2026, 1, 5, tzinfo=UTC)
# the clocks of one of the zones change within a few hours of these; the last is any day
INSTANTS = tuple(
    datetime.fromisoformat(text).replace(tzinfo=UTC)
    for text in (
        "2026-03-08T07:20",
        "2026-03-08T10:20",
        "2026-03-29T01:20",
        "2026-04-04T15:10",
        "2026-04-05T04:10",
        "2026-09-06T04:20",
        "2026-10-03T15:50",
        "2026-10-25T01:20",
        "2026-11-01T06:20",
        "2026-06-10T12:00",
    )
)
NIGHTS = Restriction((Window(frozenset(range(7)), time(20), time(6)),))
WEEKENDS = Restriction((Window(frozenset({5, 6}), time(0), time(0)),))
CUTS = (None, NIGHTS, WEEKENDS)
COVERED = 4  # one schedule in so many has an override on each of the days above


def plans(count: int) -> list[Plan]:
    """Always the same ones."""
    chance = random.Random(6)
    return [_plan(number, chance) for number in range(count)]


def _plan(number: int, chance: random.Random) -> Plan:
    zone = ZoneInfo(ZONES[number % len(ZONES)])
    users = tuple(chance.sample(PEOPLE, 12))
    start = BEGIN.replace(hour=chance.randrange(24), tzinfo=zone).astimezone(UTC)
    rotations = (
        Rotation(users[:6], start, Unit.WEEK, (1,), zone),
        Rotation(users[3:9], start, Unit.DAY, (4, 3), zone),
        Rotation(users[6:], start, Unit.HOUR, (12,), zone),
    )
    first = 10**6 + 3 * number  # of the ids of the layers
    layers = (
        Layer(UUID(int=first + position), rotation, cut)
        for position, (rotation, cut) in enumerate(zip(rotations, CUTS, strict=True))
    )
    covers = _covers(users, chance) if number % COVERED == 0 else ()
    return Plan((Version(BEGIN, tuple(layers)),), covers)


def _covers(users: Sequence[UUID], chance: random.Random) -> tuple[Override, ...]:
    """Half a day each, of everybody or of one person."""
    found = []
    for number, at in enumerate(INSTANTS):
        start = at - timedelta(hours=chance.randrange(12))
        whom = chance.choice([None, *users])
        end = start + timedelta(hours=12)
        who = chance.choice(PEOPLE)
        found.append(Override(UUID(int=10**9 + number), start, end, who, whom))
    return tuple(found)
