"""On-call shifts as an iCalendar object (RFC 5545)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from uuid import UUID

from icalendar import Calendar, Event

READ_AGAIN = timedelta(hours=1)  # how often programs are asked to look
PRODUCT = "-//PageFree//On-call calendar//EN"


@dataclass(frozen=True, slots=True)
class CalendarShift:
    """One entry of a calendar."""

    id: UUID  # the same as long as the shift starts when it does
    start: datetime
    end: datetime
    title: str
    url: str


def written(name: str, shifts: Iterable[CalendarShift], now: datetime) -> bytes:
    """The calendar as a program that subscribes to it reads it.

    All instants are in UTC. Nothing recurs here, so no zone has to be named: a VTIMEZONE
    helps Google, Apple and Outlook with rules that go on, but Outlook guesses by its name,
    and a local time that the clocks pass twice can only mean the first (section 3.3.5). An
    instant in UTC has one meaning, and all of them show it in the zone of whoever looks.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)  # RFC 7986
    calendar.add("x-wr-calname", name)  # what everybody reads
    calendar.add("refresh-interval", READ_AGAIN, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")  # Outlook's word for it
    head, end, tail = calendar.to_ical().rpartition(b"END:VCALENDAR")
    stamp = _utc(now)
    return b"".join([head, *_events(shifts, stamp), end, tail])


def _events(shifts: Iterable[CalendarShift], stamp: str) -> Iterator[bytes]:
    """What the same person has in the same schedule differs in nothing but times.

    So the library writes, escapes and folds that once: event by event a year takes it
    a quarter of a second.
    """
    for shift in shifts:
        begin, rest = _same(shift.title, shift.url)
        times = (
            f"UID:{shift.id}@pagefree\r\nDTSTAMP:{stamp}\r\n"
            f"DTSTART:{_utc(shift.start)}\r\nDTEND:{_utc(shift.end)}\r\n"
        )
        yield begin + times.encode() + rest


@lru_cache(maxsize=1024)
def _same(title: str, url: str) -> tuple[bytes, bytes]:
    """What comes before and after the times of an event."""
    event = Event()
    event.add("summary", title)
    event.add("url", url)
    event.add("description", url)  # Google shows no URL
    # a week on call is no week without meetings
    event.add("transp", "TRANSPARENT")
    event.add("status", "CONFIRMED")
    begin, _, rest = event.to_ical().partition(b"\r\n")
    return begin + b"\r\n", rest


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
