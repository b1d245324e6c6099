"""How well an integration does: how much it sends, and what comes of it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from pagefree.alerts import health_queries as queries
from pagefree.alerts.health_queries import MOST_COUNTED, Unread
from pagefree.infra.db import Tx
from pagefree.services import service as services

WINDOW = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Health:
    """What came of the requests since `since`: fewer than a day where there are many."""

    since: datetime
    last_at: datetime | None
    outcomes: Mapping[str, int]
    hours: Sequence[tuple[datetime, int]]  # that have any, oldest first


async def health_of(tx: Tx, integration_id: UUID, now: datetime) -> Health:
    """How well an integration does. Raises NotFound."""
    await services.get_integration(tx, integration_id, now)
    counts = await queries.list_hour_counts(tx, integration_id, now - WINDOW)
    outcomes: Counter[str] = Counter()
    hours: Counter[datetime] = Counter()
    for each in counts:
        outcomes[each.outcome] += each.count
        hours[each.hour_at] += each.count
    all_counted = outcomes.total() < MOST_COUNTED
    since = now - WINDOW if all_counted else min(each.first_at for each in counts)
    last_at = await queries.last_received_at(tx, integration_id)
    return Health(since, last_at, outcomes, sorted(hours.items()))


async def list_unread(tx: Tx, before: UUID | None, limit: int) -> list[Unread]:
    """Requests of all integrations that could not be read, newest first."""
    return await queries.list_unread(tx, before, limit)
