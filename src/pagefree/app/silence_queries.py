"""Which integrations used to send, and since when they have not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text

from pagefree.core import canary
from pagefree.core.silences import HOUR, LOOKED_AT
from pagefree.infra.db import Tx
from pagefree.infra.ids import first_id_of

MOST = 100  # silent ones whose rhythm is looked at
HOURS = LOOKED_AT // HOUR
# each look-up is one step into an index, in whatever partition it is
QUIET = text("""
SELECT i.id, i.name, last.received_at
FROM integrations AS i
JOIN services AS s ON s.id = i.service_id AND s.lifecycle <> 'archived'
CROSS JOIN LATERAL (
    SELECT r.received_at FROM inbound_requests AS r
    WHERE r.integration_id = i.id AND r.id >= :since ORDER BY r.id DESC LIMIT 1
) AS last
WHERE i.id <> :canary AND i.disabled_at IS NULL AND last.received_at < :before
ORDER BY last.received_at LIMIT :most
""")
HEARD = text("""
SELECT i.id, h.at
FROM unnest(CAST(:ids AS uuid[])) AS i (id)
CROSS JOIN unnest(
    CAST(:hours AS timestamptz[]), CAST(:starts AS uuid[]), CAST(:ends AS uuid[])
) AS h (at, first_id, next_id)
CROSS JOIN LATERAL (
    SELECT FROM inbound_requests AS r
    WHERE r.integration_id = i.id AND r.id >= h.first_id AND r.id < h.next_id LIMIT 1
) AS one
ORDER BY i.id, h.at
""")


@dataclass(frozen=True, slots=True)
class Quiet:
    """An integration that has not been heard for an hour."""

    id: UUID
    name: str
    heard_at: datetime


async def list_quiet(tx: Tx, now: datetime) -> list[Quiet]:
    """Those that were heard in the last two weeks and not in the last hour."""
    values = {
        "since": first_id_of(now - LOOKED_AT),
        "before": now - HOUR,
        "canary": canary.INTEGRATION_ID,
        "most": MOST,
    }
    return [Quiet(*row) for row in await tx.execute(QUIET, values)]


async def list_hours(
    tx: Tx, ids: Sequence[UUID], now: datetime
) -> Mapping[UUID, list[datetime]]:
    """The hours of the last two weeks in which each was heard, in order."""
    this_hour = now.replace(minute=0, second=0, microsecond=0)
    hours = [this_hour - timedelta(hours=n) for n in range(HOURS)]
    values = {
        "ids": list(ids),
        "hours": hours,
        "starts": [first_id_of(at) for at in hours],
        "ends": [first_id_of(at + HOUR) for at in hours],
    }
    found: dict[UUID, list[datetime]] = {one: [] for one in ids}
    for row in await tx.execute(HEARD, values):
        found[row.id].append(row.at)
    return found
