"""Statements on services that a team wants to give to another."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pagefree.infra.db import Tx, driver
from pagefree.services.queries import Ref

TRANSFERS = """
SELECT x.id, x.service_id, s.name AS service, x.from_team_id, giver.name AS giver,
    x.to_team_id, taker.name AS taker, x.note, u.id AS user_id, u.name AS person, x.asked_at
FROM service_transfers AS x
JOIN services AS s ON s.id = x.service_id
JOIN teams AS giver ON giver.id = x.from_team_id
JOIN teams AS taker ON taker.id = x.to_team_id
LEFT JOIN users AS u ON u.id = x.asked_by_id
WHERE x.state = 'asked' AND ($1::uuid IS NULL OR x.service_id = $1)
    AND ($2::uuid[] IS NULL OR x.to_team_id = ANY ($2::uuid[]))
ORDER BY x.id LIMIT $3
"""
ASK = """
INSERT INTO service_transfers
    (id, service_id, from_team_id, to_team_id, note, asked_by_id, asked_at, state)
VALUES ($1, $2, $3, $4, $5, $6, $7, 'asked')
ON CONFLICT (service_id) WHERE state = 'asked' DO NOTHING RETURNING id
"""
SETTLE = """
UPDATE service_transfers SET state = $2, decided_by_id = $3, decided_at = $4
WHERE service_id = $1 AND state = 'asked' RETURNING id
"""


@dataclass(frozen=True, slots=True)
class Transfer:
    """A service that waits for another team to take it."""

    id: UUID
    service: Ref
    from_team: Ref
    to_team: Ref
    note: str
    asked_by: Ref | None
    asked_at: datetime


async def list_asked(
    tx: Tx, service_id: UUID | None, to_teams: Collection[UUID] | None, limit: int
) -> list[Transfer]:
    """What waits, oldest first: of one service, to be taken by these teams, or all."""
    teams = None if to_teams is None else list(to_teams)
    rows = await (await driver(tx)).fetch(TRANSFERS, service_id, teams, limit)
    return [
        Transfer(
            row["id"],
            Ref(row["service_id"], row["service"]),
            Ref(row["from_team_id"], row["giver"]),
            Ref(row["to_team_id"], row["taker"]),
            row["note"],
            Ref(row["user_id"], row["person"]) if row["user_id"] else None,
            row["asked_at"],
        )
        for row in rows
    ]


async def insert(tx: Tx, transfer: Transfer) -> bool:
    """Add one; returns whether none was waiting already."""
    asked_by = transfer.asked_by
    added = await (await driver(tx)).fetchval(
        ASK,
        transfer.id,
        transfer.service.id,
        transfer.from_team.id,
        transfer.to_team.id,
        transfer.note,
        asked_by.id if asked_by else None,
        transfer.asked_at,
    )
    return added is not None


async def settle(
    tx: Tx, service_id: UUID, state: str, user_id: UUID, now: datetime
) -> bool:
    """End what waits for this service; returns whether something did. Two cannot both."""
    done = await (await driver(tx)).fetchval(SETTLE, service_id, state, user_id, now)
    return done is not None
