"""Planned work as a calendar (RFC 5545) that people subscribe to."""

from datetime import timedelta

from icalendar import Calendar, Event

from pagefree.core.status_facts import work_updated_at
from pagefree.core.status_pages import WorkStatus
from pagefree.core.status_views import PageView, WorkView
from pagefree.status_pages.rendering.prose import clean

EVERY = timedelta(hours=1)  # clients look again
STATUSES = {WorkStatus.SCHEDULED: "CONFIRMED", WorkStatus.CANCELLED: "CANCELLED"}


def ical(view: PageView) -> bytes:
    """The calendar; called-off work stays in it as such, so that clients take it out."""
    name = clean(view.texts[0].name)
    calendar = Calendar()
    calendar.add("PRODID", "-//PageFree//Status page//EN")
    calendar.add("VERSION", "2.0")
    calendar.add("METHOD", "PUBLISH")
    calendar.add("X-WR-CALNAME", name)
    calendar.add("REFRESH-INTERVAL", EVERY, parameters={"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", "PT1H")
    for work in view.works:
        calendar.add_component(_event(view, work))
    made: bytes = calendar.to_ical()
    return made


def _event(view: PageView, work: WorkView) -> Event:
    event = Event()
    event.add("UID", f"{work.id}@pagefree")
    event.add("SEQUENCE", work.sequence)
    event.add("DTSTAMP", work_updated_at(work))
    event.add("DTSTART", work.scheduled_for)
    event.add("DTEND", work.scheduled_until)
    event.add("SUMMARY", clean(work.name))
    affected = ", ".join(one.name for one in work.affected)
    event.add("DESCRIPTION", clean("\n\n".join(t for t in (work.body, affected) if t)))
    event.add("URL", f"{view.url}/maintenance/{work.id}")
    event.add("STATUS", STATUSES.get(work.status, "CONFIRMED"))
    event.add("TRANSP", "TRANSPARENT")
    return event
