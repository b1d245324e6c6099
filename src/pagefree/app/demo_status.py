"""The status page of the demo: ninety days behind it, something going on, work ahead."""

from datetime import datetime, timedelta
from uuid import UUID

from pagefree.core.access import Actor
from pagefree.core.status_pages import State
from pagefree.infra.db import Tx
from pagefree.services import queries as service_queries
from pagefree.services import service as services
from pagefree.status_pages import components, queries, service, telling, works
from pagefree.status_pages.telling import NewIncident, NewUpdate
from pagefree.status_pages.works import NewWork

DAYS = timedelta(days=90)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
# heading, name, what it is, which service it follows
LINES = (
    (None, "Web shop", "Pages, search and images.", "Web shop"),
    ("Payments", "Checkout", "From the basket to the receipt.", "Checkout"),
    ("Payments", "Cards", "Visa, Mastercard, American Express.", "Card gateway"),
    ("Platform", "API", "What programs talk to.", "Kubernetes"),
    ("Platform", "Database", "Where everything is kept.", "PostgreSQL"),
)
# component, how long ago, for how long, how it was
PAST = (
    ("Checkout", 71 * DAY, 47 * MINUTE, State.MAJOR_OUTAGE),
    ("Cards", 71 * DAY, 40 * MINUTE, State.PARTIAL_OUTAGE),
    ("Cards", 33 * DAY, 3 * HOUR, State.DEGRADED),
    ("Database", 52 * DAY, 2 * HOUR, State.UNDER_MAINTENANCE),
    ("Database", 24 * DAY, 2 * HOUR, State.UNDER_MAINTENANCE),
    ("Web shop", 9 * DAY, 25 * MINUTE, State.PARTIAL_OUTAGE),
    ("API", 9 * DAY, 80 * MINUTE, State.DEGRADED),
)


async def load(tx: Tx, actor: Actor, now: datetime) -> None:
    """Add the page."""
    page = await service.create_page(
        tx,
        None,
        {
            "name": "Example Store",
            "slug": "example",
            "description": "How our shop and everything behind it is doing.",
            "footer": "Something wrong that is not here? Tell us: https://example.org/help",
            "languages": ["en", "de", "es", "fr", "pt"],
            "colour": "#4c6ef5",
        },
        actor,
        now,
    )
    ids = await _components(tx, page.id, actor, now)
    for name, ago, length, state in PAST:
        await _was(tx, ids[name], state, now - ago, length)
    await _told(tx, page.id, ids, actor, now)
    night = (now + 2 * DAY).replace(hour=2, minute=0, second=0, microsecond=0)
    upgrade = NewWork(
        "Database upgrade",
        "We move to faster disks. Orders may take a few seconds longer.",
        night,
        night + 2 * HOUR,
        [ids["Database"], ids["API"]],
        remind=DAY,
    )
    await works.plan(tx, page.id, upgrade, actor, now)


async def _components(
    tx: Tx, page_id: UUID, actor: Actor, now: datetime
) -> dict[str, UUID]:
    known = await services.list_services(tx, service_queries.Filter(), None, 100)
    mapped = {one.name: one.id for one in known}
    groups: dict[str, UUID] = {}
    ids = {}
    for heading, name, description, service_name in LINES:
        if heading and heading not in groups:
            made = await components.create_group(
                tx, page_id, {"name": heading}, actor, now
            )
            groups[heading] = made.id
        values: dict[str, object] = {
            "name": name,
            "description": description,
            "group_id": groups[heading] if heading else None,
            "service_ids": [mapped[service_name]],
        }
        line = await components.create_component(tx, page_id, values, actor, now - DAYS)
        ids[name] = line.id
    return ids


async def _was(
    tx: Tx, component_id: UUID, state: State, start: datetime, length: timedelta
) -> None:
    """Record that it was like this for a while."""
    await queries.start_state(tx, component_id, state, start)
    await queries.start_state(tx, component_id, State.OPERATIONAL, start + length)


async def _told(
    tx: Tx, page_id: UUID, ids: dict[str, UUID], actor: Actor, now: datetime
) -> None:
    began = now - 9 * DAY
    told = NewIncident(
        "Slow pages and failing searches",
        _update("investigating", "Some pages load slowly or not at all.", began),
        components={ids["Web shop"]: State.PARTIAL_OUTAGE, ids["API"]: State.DEGRADED},
        started_at=began,
    )
    past = await telling.open_incident(tx, page_id, told, actor, now)
    for status, body, after in (
        (
            "identified",
            "A cache ran full after a release, which we have taken back.",
            12,
        ),
        ("monitoring", "Pages are quick again; we keep an eye on them.", 25),
        ("resolved", "Everything has been normal for an hour.", 80),
    ):
        more = _update(status, body, began + after * MINUTE)
        await telling.add_update(tx, past.id, more, actor, now)


def _update(status: str, body: str, at: datetime) -> NewUpdate:
    return NewUpdate(status, body, quiet=True, display_at=at)
