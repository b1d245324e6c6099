"""Statements on messages that were sent and are not true any more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from pagefree.infra.db import Connection
from pagefree.infra.ids import first_id_of, new_id
from pagefree.notifications.delivery_queries import FACTS, Claimed, claimed_of

LOOKED_BACK = timedelta(days=2)  # for what has left in the same message

# A message about several is taken whole, whichever of them was marked. What is just being
# sent is left until it is known to have left.
TAKE = f"""
WITH taken AS (
    UPDATE notifications AS n SET withdraw_due_at = $2, withdraw_count = withdraw_count + 1
    WHERE n.id = ANY (ARRAY(
        SELECT id FROM notifications WHERE withdraw_due_at <= $1 AND status <> 'sending'
        ORDER BY withdraw_due_at LIMIT $3 FOR UPDATE SKIP LOCKED
    ))
    RETURNING n.id, n.user_id, n.bundled_with_id, n.withdraw_count
), members AS (
    SELECT id, id AS message_id, withdraw_count AS tries FROM taken
    WHERE bundled_with_id IS NULL
    UNION ALL
    SELECT n.id, n.bundled_with_id, several.tries
    FROM (
        SELECT user_id, bundled_with_id, max(withdraw_count) AS tries FROM taken
        WHERE bundled_with_id IS NOT NULL GROUP BY user_id, bundled_with_id
    ) AS several
    JOIN notifications AS n ON n.user_id = several.user_id AND n.id > $4
        AND n.bundled_with_id = several.bundled_with_id
), claimed AS (
    SELECT n.id, n.incident_id, n.user_id, n.contact_method_id, n.channel, n.kind,
        n.cause, n.priority, n.attempt_count, n.created_at, m.message_id, m.tries,
        n.status, last.provider_id
    FROM members AS m JOIN notifications AS n ON n.id = m.id
    LEFT JOIN LATERAL (
        SELECT a.provider_id FROM attempts AS a
        WHERE a.notification_id = n.id AND a.outcome = 'accepted'
        ORDER BY a.number DESC LIMIT 1
    ) AS last ON n.status IN ('accepted', 'delivered')
)
{FACTS}
ORDER BY c.message_id, c.id <> c.message_id, c.id
"""  # noqa: S608 - only our own words are put in
# Only what was not marked anew meanwhile.
SAVE = """
UPDATE notifications AS n SET withdraw_due_at = after.again_at
FROM unnest($2::uuid[], $3::timestamptz[]) AS after (id, again_at)
WHERE n.id = after.id AND n.withdraw_due_at = $1
"""


@dataclass(frozen=True, slots=True)
class Stale:
    """A message to bring up to date, with everything it is about; `until` is our lease."""

    first: Claimed
    others: tuple[Claimed, ...]
    provider_id: str | None  # none: it has never left
    tries: int  # with this one
    until: datetime


async def take(
    connection: Connection, limit: int, until: datetime, now: datetime
) -> list[Stale]:
    """Lease messages that are due to be updated, until then."""
    rows = await connection.fetch(
        TAKE, now, until, limit, first_id_of(now - LOOKED_BACK)
    )
    lease = new_id()
    found: dict[UUID, Stale] = {}
    for row in rows:
        claimed, known = claimed_of(row, lease), found.get(row["message_id"])
        found[row["message_id"]] = Stale(
            known.first if known else claimed,
            (*known.others, claimed) if known else (),
            (known.provider_id if known else None) or row["provider_id"],
            row["tries"],
            until,
        )
    return list(found.values())


async def save(
    connection: Connection,
    until: datetime,
    after: Sequence[tuple[UUID, datetime | None]],
) -> None:
    """When each of those leased until `until` is tried again; none: never."""
    await connection.execute(
        SAVE, until, [i for i, _ in after], [at for _, at in after]
    )
