"""Statements on which schedules there are for whom."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from pagefree.infra.db import Tx, driver

OF_USERS = """
SELECT s.id FROM schedules AS s
WHERE EXISTS (
    SELECT FROM schedule_versions AS v JOIN layers AS l ON l.version_id = v.id
    WHERE v.schedule_id = s.id AND l.user_ids && $1::uuid[]
) OR EXISTS (
    SELECT FROM overrides AS o
    WHERE o.schedule_id = s.id AND o.user_id = ANY ($1) AND o.end_at > $2
)
ORDER BY s.id
"""
NAMES = "SELECT id, name FROM schedules WHERE id = ANY ($1::uuid[])"
OF_TEAMS = "SELECT id FROM schedules WHERE team_id = ANY ($1::uuid[]) ORDER BY name"


async def list_of_users(
    tx: Tx, user_ids: Collection[UUID], since: datetime
) -> list[UUID]:
    """The schedules that any of them is on, or covers in later than `since`, always in one order."""
    rows = await (await driver(tx)).fetch(OF_USERS, list(user_ids), since)
    return [row["id"] for row in rows]


async def list_of_teams(tx: Tx, team_ids: Collection[UUID]) -> list[UUID]:
    """The schedules of these teams, by name."""
    rows = await (await driver(tx)).fetch(OF_TEAMS, list(team_ids))
    return [row["id"] for row in rows]


async def names(tx: Tx, schedule_ids: Collection[UUID]) -> dict[UUID, str]:
    """What these schedules are called."""
    rows = await (await driver(tx)).fetch(NAMES, list(schedule_ids))
    return {row["id"]: row["name"] for row in rows}
