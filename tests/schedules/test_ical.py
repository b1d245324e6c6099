"""The calendar that programs read is, to the second, what core says, wherever clocks change."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

import recurring_ical_events
from hypothesis import example, given
from hypothesis import strategies as st
from icalendar import Calendar

from pagefree.core.handovers import by_person
from pagefree.core.layers import Layer
from pagefree.core.restrictions import Restriction, Window
from pagefree.core.rotations import Rotation, Unit
from pagefree.core.schedules import Plan, Version, final_shifts
from pagefree.schedules.ical import CalendarShift, written
from tests.core.zones import changes, zones

BO, CY = UUID(int=1), UUID(int=2)
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
WEEK = timedelta(days=7)
NIGHTS = Restriction((Window(frozenset(range(7)), time(1, 30), time(2, 30)),))


@st.composite
def around_a_change(draw: st.DrawFn) -> tuple[str, datetime]:
    """A zone, and an instant at which its clocks are changed."""
    zone = draw(st.sampled_from(zones()))
    return zone, draw(st.sampled_from(changes(zone)))


def plan(zone: str, start: datetime) -> Plan:
    """Handoffs in the middle of the night, and a layer of an hour in which clocks change."""
    tz = ZoneInfo(zone)
    begin = (start - WEEK).astimezone(tz).replace(hour=2, minute=15, second=0)
    at = begin.replace(microsecond=0).astimezone(UTC)
    base = Layer(UUID(int=3), Rotation((BO, CY), at, Unit.DAY, (1,), tz))
    cut = Layer(UUID(int=4), Rotation((CY, BO), at, Unit.DAY, (2,), tz), NIGHTS)
    return Plan((Version(at, (base, cut)),))


def entries(plan: Plan, start: datetime, end: datetime) -> Iterator[CalendarShift]:
    for user, times in by_person(final_shifts(plan, start, end)).items():
        for one in times:
            shift_id = uuid5(user, one.start.isoformat())
            yield CalendarShift(
                shift_id, one.start, one.end, str(user), "https://x.org/"
            )


@given(around_a_change())
@example(("Australia/Lord_Howe", datetime(2026, 4, 4, 15, tzinfo=UTC)))
@example(("Africa/Casablanca", datetime(2026, 2, 15, 2, tzinfo=UTC)))
@example(("Europe/Dublin", datetime(2026, 10, 25, 1, tzinfo=UTC)))
@example(("Antarctica/Troll", datetime(2026, 3, 29, 1, tzinfo=UTC)))
def test_every_shift_is_read_as_it_is(case: tuple[str, datetime]) -> None:
    zone, change = case
    start, end = change - WEEK / 2, change + WEEK / 2
    expected = {
        (e.title, e.start, e.end) for e in entries(plan(zone, start), start, end)
    }

    body = written("Rota", entries(plan(zone, start), start, end), NOW)

    calendar = Calendar.from_ical(body)
    seen = recurring_ical_events.of(calendar).between(start, end)
    assert calendar.errors == []
    assert {
        (str(one["SUMMARY"]), one.decoded("DTSTART"), one.decoded("DTEND"))
        for one in seen
    } == expected


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=200))
@example("a" * 80 + "é" * 80)
@example("comma, semicolon; back\\slash: colon")
def test_any_title_is_one_line_of_text(title: str) -> None:
    shift = CalendarShift(BO, NOW, NOW + WEEK, title, "https://x.org/")

    body = written(title, [shift], NOW)

    [event] = Calendar.from_ical(body).events
    assert str(event["SUMMARY"]) == title
    assert max(len(line) for line in body.split(b"\r\n")) <= 75
