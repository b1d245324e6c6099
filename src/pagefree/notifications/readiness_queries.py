"""Statements on whether people are known to be reachable, and on what is to be looked after."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pagefree.channels import all_channels, can_wake, needs_config
from pagefree.core.quiet_hours import Quiet
from pagefree.core.readiness import night_of
from pagefree.infra.db import Connection
from pagefree.infra.ids import new_id

# Ways that can wake somebody and can be used now.
WAYS = """
SELECT m.user_id, m.id, m.channel, m.label, m.proven_at,
    coalesce((
        SELECT max(n.created_at) FROM notifications AS n
        WHERE n.user_id = m.user_id AND n.contact_method_id = m.id AND n.kind = 'proof'
            AND n.created_at > $4
    ), 'epoch') AS asked_at, u.time_zone, p.quiet_from, p.quiet_to
FROM contact_methods AS m
JOIN users AS u ON u.id = m.user_id
LEFT JOIN notification_preferences AS p ON p.user_id = m.user_id
WHERE m.user_id = ANY ($1::uuid[]) AND m.channel = ANY ($2::text[])
    AND m.disabled_at IS NULL AND m.unverified_since IS NULL
    AND (m.channel <> ALL ($3::text[])
        OR EXISTS (SELECT FROM channel_configs AS g WHERE g.channel = m.channel))
ORDER BY m.user_id, m.id
"""
FIND = """
INSERT INTO findings (id, kind, key, team_id, user_id, channel, detail, found_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (kind, key) WHERE ended_at IS NULL DO NOTHING RETURNING id
"""
END = """
UPDATE findings SET ended_at = $3
WHERE kind = $1 AND ended_at IS NULL AND key <> ALL ($2::text[])
"""
END_THESE = """
UPDATE findings SET ended_at = $3
WHERE kind = $1 AND ended_at IS NULL AND key = ANY ($2::text[])
"""
END_BEFORE = """
UPDATE findings SET ended_at = $3 WHERE kind = $1 AND ended_at IS NULL AND found_at < $2
"""
# Something has arrived since.
END_REACHED = """
UPDATE findings AS f SET ended_at = $2
WHERE f.kind = $1 AND f.ended_at IS NULL AND EXISTS (
    SELECT FROM contact_methods AS m
    WHERE m.user_id = f.user_id AND m.disabled_at IS NULL AND m.proven_at > f.found_at
)
"""
OPEN = """
SELECT id, kind, team_id, user_id, channel, detail, found_at FROM findings
WHERE ended_at IS NULL ORDER BY id DESC LIMIT 200
"""
TEAM_ADMINS = """
SELECT m.team_id, m.user_id FROM memberships AS m JOIN users AS u ON u.id = m.user_id
WHERE m.team_id = ANY ($1::uuid[]) AND m.role = 'team_admin' AND u.deactivated_at IS NULL
    AND NOT u.service_account
"""


@dataclass(frozen=True, slots=True)
class Way:
    """A contact method that can wake its person and can be used now."""

    user_id: UUID
    id: UUID
    channel: str
    label: str
    proven_at: datetime | None  # something is known to have arrived there
    asked_at: datetime  # it was last sent a quiet test
    night: Quiet  # of its person


@dataclass(frozen=True, slots=True)
class NewFinding:
    """Something that somebody should look after."""

    kind: str
    key: str  # what it is about: found only once while it lasts
    detail: str  # one sentence
    team_id: UUID | None = None  # none: platform admins
    user_id: UUID | None = None
    channel: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A finding that lasts."""

    id: UUID
    kind: str
    team_id: UUID | None
    user_id: UUID | None
    channel: str | None
    detail: str
    found_at: datetime


async def list_ways(
    connection: Connection, user_ids: Collection[UUID], asked_since: datetime
) -> dict[UUID, list[Way]]:
    """How each of these people can be woken; nobody is left out."""
    waking = [kind for kind in all_channels() if can_wake(kind)]
    needy = [kind for kind in waking if needs_config(kind)]
    found: dict[UUID, list[Way]] = {user_id: [] for user_id in user_ids}
    for row in await connection.fetch(WAYS, list(found), waking, needy, asked_since):
        found[row["user_id"]].append(_way(row))
    return found


def _way(row: Mapping[str, Any]) -> Way:
    try:
        zone = ZoneInfo(row["time_zone"])
    except (ZoneInfoNotFoundError, ValueError):
        zone = ZoneInfo("UTC")
    return Way(
        row["user_id"],
        row["id"],
        row["channel"],
        row["label"],
        row["proven_at"],
        row["asked_at"],
        night_of(zone, row["quiet_from"], row["quiet_to"]),
    )


async def list_team_admins(
    connection: Connection, team_ids: Collection[UUID]
) -> dict[UUID, set[UUID]]:
    """The active admins of each of these teams that has any."""
    found: dict[UUID, set[UUID]] = {}
    for row in await connection.fetch(TEAM_ADMINS, list(team_ids)):
        found.setdefault(row["team_id"], set()).add(row["user_id"])
    return found


async def insert_finding(
    connection: Connection, new: NewFinding, now: datetime
) -> bool:
    """Keep a finding; false if it is known already."""
    made = await connection.fetchval(
        FIND,
        new_id(),
        new.kind,
        new.key,
        new.team_id,
        new.user_id,
        new.channel,
        new.detail,
        now,
    )
    return made is not None


async def end_findings(
    connection: Connection, kind: str, except_for: Collection[str], now: datetime
) -> None:
    """Of this kind, only these last."""
    await connection.execute(END, kind, list(except_for), now)


async def end_these(
    connection: Connection, kind: str, keys: Collection[str], now: datetime
) -> None:
    """These of this kind last no longer."""
    await connection.execute(END_THESE, kind, list(keys), now)


async def end_found_before(
    connection: Connection, kind: str, before: datetime, now: datetime
) -> None:
    """What was found earlier lasts no longer."""
    await connection.execute(END_BEFORE, kind, before, now)


async def end_reached(connection: Connection, kind: str, now: datetime) -> None:
    """Whoever was reached since it was found is not unreachable any more."""
    await connection.execute(END_REACHED, kind, now)


async def list_findings(connection: Connection) -> list[Found]:
    """Those that last, newest first."""
    return [Found(**row) for row in await connection.fetch(OPEN)]
