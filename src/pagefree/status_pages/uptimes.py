"""Recorded uptime of a page's components, for those who run it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from pagefree.core.uptime import Day, day_bars, hundredths, local_days
from pagefree.infra.db import Tx
from pagefree.status_pages import components, service, situation_queries
from pagefree.status_pages.queries import Component

DAYS = 90


@dataclass(frozen=True, slots=True)
class Uptime:
    """A component's last days; `share` in hundredths of a per cent, rounded down."""

    component: Component
    share: int | None
    days: tuple[Day, ...]


async def uptimes(tx: Tx, page_id: UUID, now: datetime) -> list[Uptime]:
    """The last 90 days of each component, in the order of the page. Raises NotFound."""
    page = await service.get_page(tx, page_id)
    days = local_days(ZoneInfo(page.time_zone), DAYS, now)
    since = days[0][1].start
    recorded = await situation_queries.list_states(tx, page_id, since, now)
    found = []
    for one in await components.list_components(tx, page_id):
        bars = day_bars(recorded.get(one.id, ()), days)
        found.append(Uptime(one, hundredths(bars), bars))
    return found
