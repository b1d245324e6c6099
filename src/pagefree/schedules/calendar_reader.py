"""When a calendar that somebody else wrote says that they are away; run as a process of its own.

Reading one may take for ever: a rule can recur every second, and a file nest without end.
In a process with limits that harms nobody, least of all the pages that leave meanwhile.
"""

import asyncio
import json
import resource
import sys
from collections.abc import Iterator
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import recurring_ical_events
from icalendar import Calendar, Component

from pagefree.core.intervals import Interval, clip, united

CPU_S = 5
MEMORY = 512 * 1024**2
TOTAL_S = 20
MOST = 1000  # times away in one calendar
NOT_ONE = "it is not a calendar"
TOO_MUCH = "it says too much to be read: give a calendar with nothing but time off"


class Unreadable(Exception):
    """Why a calendar could not be read, for its owner."""


async def read_apart(body: bytes, zone: str, window: Interval) -> list[Interval]:
    """When the calendar says busy within the window, in order. Raises Unreadable.

    What it says of whole days, or of no zone, is meant in `zone`.
    """
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "-m", __name__),
        *(zone, window.start.isoformat(), window.end.isoformat()),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={},  # it needs none of what we know
    )
    try:
        async with asyncio.timeout(TOTAL_S):
            answer, _ = await process.communicate(body)
    except TimeoutError:
        raise Unreadable(TOO_MUCH) from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode != 0:
        raise Unreadable(TOO_MUCH)
    found = json.loads(answer)
    if isinstance(found, str):
        raise Unreadable(found)
    return [Interval(*map(datetime.fromisoformat, pair)) for pair in found]


def busy(body: bytes, zone: ZoneInfo, window: Interval) -> list[Interval]:
    """When the calendar says busy within the window, in order. Raises Unreadable."""
    try:
        calendars = Calendar.from_ical(body, multiple=True)
    except (ValueError, KeyError, IndexError, AttributeError, TypeError):
        raise Unreadable(NOT_ONE) from None
    if not calendars or any(one.name != "VCALENDAR" for one in calendars):
        raise Unreadable(NOT_ONE)
    try:
        found = united(
            part
            for calendar in calendars
            for event in _events(calendar, zone, window)
            if (part := clip(_interval(event, zone), window))
        )
    except (ValueError, KeyError, AttributeError, TypeError, OverflowError):
        # half of what somebody is away is worse than what was known before
        raise Unreadable("an event in it cannot be read") from None
    if len(found) > MOST:
        raise Unreadable(TOO_MUCH)
    return found


def _events(
    calendar: Component, zone: ZoneInfo, window: Interval
) -> Iterator[Component]:
    """Each time that an event takes up: what is free, or was called off, does not."""
    query = recurring_ical_events.of(calendar)
    start, end = window.start.astimezone(zone), window.end.astimezone(zone)
    for event in query.between(start, end):
        free = str(event.get("TRANSP", "")).upper() == "TRANSPARENT"
        if not free and str(event.get("STATUS", "")).upper() != "CANCELLED":
            yield event


def _interval(event: Component, zone: ZoneInfo) -> Interval:
    start, end = event.decoded("DTSTART"), event.decoded("DTEND")
    return Interval(_instant(start, zone), _instant(end, zone))


def _instant(at: date, zone: ZoneInfo) -> datetime:
    if not isinstance(at, datetime):
        return datetime.combine(at, time(0), zone)
    return at.replace(tzinfo=zone) if at.tzinfo is None else at


def main(zone: str, start: str, end: str) -> None:
    """Read a calendar from the standard input, and answer in JSON: the times, or why not."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    window = Interval(datetime.fromisoformat(start), datetime.fromisoformat(end))
    try:
        found = busy(sys.stdin.buffer.read(), ZoneInfo(zone), window)
    except Unreadable as e:
        json.dump(str(e), sys.stdout)
    else:
        pairs = [(one.start.isoformat(), one.end.isoformat()) for one in found]
        json.dump(pairs, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
