"""The statements of bundling: what an address got lately, and what waits for it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from pagefree.core.bundles import STORM, WINDOW, Lately
from pagefree.infra.db import Connection
from pagefree.infra.ids import first_id_of

LOOKED_BACK = timedelta(hours=1)  # for notifications that were planned before they left

# Those that are being sent count too, but not the ones that are just being decided about.
LATELY = """
SELECT asked.method_id, lately.messages, lately.causes, lately.bundled_at
FROM unnest($1::uuid[], $2::uuid[]) AS asked (user_id, method_id)
CROSS JOIN LATERAL (
    SELECT
        count(*) FILTER (
            WHERE (n.bundled_with_id IS NULL OR n.bundled_with_id = n.id)
                AND coalesce(n.finished_at, $5) > $7
        ) AS messages,
        array_agg(DISTINCT i.service_id) FILTER (
            WHERE i.service_id IS NOT NULL
        ) AS causes,
        max(coalesce(n.finished_at, $5)) FILTER (
            WHERE n.bundled_with_id IS NOT NULL
        ) AS bundled_at
    FROM notifications AS n LEFT JOIN incidents AS i ON i.id = n.incident_id
    WHERE n.user_id = asked.user_id AND n.contact_method_id = asked.method_id
        AND n.id > $3 AND n.id <> ALL ($4::uuid[])
        AND n.status IN ('sending', 'accepted', 'delivered', 'unknown')
        AND coalesce(n.finished_at, $5) > $6
) AS lately
"""

# A message about several counts once.
SENT_LATELY = """
SELECT asked.method_id, (
    SELECT count(*) FROM notifications AS n
    WHERE n.user_id = asked.user_id AND n.contact_method_id = asked.method_id
        AND n.id > $3 AND n.id <> ALL ($4::uuid[])
        AND (n.bundled_with_id IS NULL OR n.bundled_with_id = n.id)
        AND n.status IN ('sending', 'accepted', 'delivered', 'unknown')
        AND coalesce(n.finished_at, $5) > $6
) AS messages
FROM unnest($1::uuid[], $2::uuid[]) AS asked (user_id, method_id)
"""

TOGETHER = """
UPDATE notifications AS n SET bundled_with_id = new.lead
FROM unnest($1::uuid[], $2::uuid[]) AS new (id, lead)
WHERE n.id = new.id
"""

# As if they had not been claimed; what waits for the same address waits with them.
POSTPONE = """
UPDATE notifications AS n
SET status = 'planned', lease = NULL, due_at = later.due_at,
    attempt_count = n.attempt_count - 1
FROM unnest($1::uuid[], $2::timestamptz[]) AS later (id, due_at)
WHERE n.id = later.id
"""


async def list_lately(
    connection: Connection,
    methods: Mapping[UUID, UUID],
    except_for: Sequence[UUID],
    now: datetime,
) -> dict[UUID, Lately]:
    """What these addresses got lately; `methods`: whose each is."""
    rows = await connection.fetch(
        LATELY,
        list(methods.values()),
        list(methods),
        first_id_of(now - LOOKED_BACK),
        list(except_for),
        now,
        now - STORM,
        now - WINDOW,
    )
    return {
        row["method_id"]: Lately(
            row["messages"], frozenset(row["causes"] or ()), row["bundled_at"]
        )
        for row in rows
    }


async def count_lately(
    connection: Connection,
    methods: Mapping[UUID, UUID],
    except_for: Sequence[UUID],
    since: datetime,
    now: datetime,
) -> dict[UUID, int]:
    """How many messages these addresses got since then; `methods`: whose each is."""
    rows = await connection.fetch(
        SENT_LATELY,
        list(methods.values()),
        list(methods),
        first_id_of(now - LOOKED_BACK),
        list(except_for),
        now,
        since,
    )
    return {row["method_id"]: row["messages"] for row in rows}


async def keep_together(
    connection: Connection, bundles: Sequence[tuple[UUID, UUID]]
) -> None:
    """Say with which notification each of these leased ones leaves."""
    if bundles:
        await connection.execute(TOGETHER, *zip(*bundles, strict=True))


async def postpone(
    connection: Connection, dues: Sequence[tuple[UUID, datetime]]
) -> None:
    """Give leased notifications back until then."""
    if dues:
        await connection.execute(POSTPONE, *zip(*dues, strict=True))
