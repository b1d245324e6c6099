"""The statements of falling through: what else was tried, and who looks after the team."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pagefree.core.notifications import Status, Tried
from pagefree.infra.db import Connection

DISABLE = """
UPDATE contact_methods AS m SET disabled_at = $1, disabled_reason = dead.reason
FROM unnest($2::uuid[], $3::text[]) AS dead (id, reason)
WHERE m.id = dead.id AND m.disabled_at IS NULL
"""
# What else was planned for these people and incidents by the same page or a later one; only
# of incidents that still want them.
TRIED = """
SELECT n.incident_id, n.user_id, n.id, n.contact_method_id, n.status, n.send_at,
    n.channel <> ALL ($4::text[]) AS wakes, n.receipt_missed_at IS NOT NULL AS missed,
    n.attempt_count > 0 AS retried
FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) AS lost (incident_id, user_id, since)
JOIN notifications AS n ON n.incident_id = lost.incident_id AND n.user_id = lost.user_id
    AND n.created_at >= lost.since
JOIN incidents AS i ON i.id = n.incident_id AND (i.status = 'triggered' OR n.kind IN ('added', 'more'))
"""
HASTEN = """
UPDATE notifications SET send_at = $2, due_at = $2 WHERE id = ANY ($1::uuid[]) AND status = 'planned'
"""
# What stands in for a lost message belongs to the same page: else each way would be used
# again as soon as the next one has failed, without an end.
BELONG = """
UPDATE notifications AS n SET created_at = page.at
FROM unnest($1::uuid[], $2::timestamptz[]) AS page (id, at) WHERE n.id = page.id
"""
# The admins of the team; where there are none besides those who cannot be reached, the
# platform's. Whoever was told of this incident already is not told again.
LOOKING_AFTER = """
SELECT i.id AS incident_id, i.team_id, array_agg(u.id ORDER BY u.id) AS user_ids
FROM incidents AS i
JOIN users AS u ON u.deactivated_at IS NULL AND NOT u.service_account
    AND u.id <> ALL ($2::uuid[])
LEFT JOIN memberships AS m
    ON m.user_id = u.id AND m.team_id = i.team_id AND m.role = 'team_admin'
WHERE i.id = ANY ($1::uuid[]) AND i.status = 'triggered'
    AND (m.id IS NOT NULL OR u.platform_admin AND NOT EXISTS (
        SELECT FROM memberships AS other JOIN users AS admin ON admin.id = other.user_id
        WHERE other.team_id = i.team_id AND other.role = 'team_admin'
            AND admin.deactivated_at IS NULL AND NOT admin.service_account
            AND admin.id <> ALL ($2::uuid[])
    ))
    AND NOT EXISTS (
        SELECT FROM notifications AS n
        WHERE n.incident_id = i.id AND n.user_id = u.id AND n.kind = 'unreached'
    )
GROUP BY i.id, i.team_id
"""


@dataclass(frozen=True, slots=True)
class LookingAfter:
    """Who is told that nothing reaches somebody who was paged for an incident."""

    incident_id: UUID
    team_id: UUID | None
    user_ids: tuple[UUID, ...]


async def disable_methods(
    connection: Connection, reasons: Mapping[UUID, str], now: datetime
) -> None:
    """Switch off addresses where nobody is any more."""
    await connection.execute(DISABLE, now, list(reasons), list(reasons.values()))


async def list_tried(
    connection: Connection,
    lost: Mapping[tuple[UUID, UUID], datetime],
    silent: Collection[str],
) -> dict[tuple[UUID, UUID], list[Tried]]:
    """For each (incident, user) what was planned since then, if the incident still pages.

    `silent`: the channels that wake nobody.
    """
    pairs = list(lost)
    rows = await connection.fetch(
        TRIED,
        [p[0] for p in pairs],
        [p[1] for p in pairs],
        list(lost.values()),
        list(silent),
    )
    tried: dict[tuple[UUID, UUID], list[Tried]] = {}
    for row in rows:
        item = Tried(
            row["id"],
            row["contact_method_id"],
            Status(row["status"]),
            row["send_at"],
            row["wakes"],
            row["missed"],
            row["retried"],
        )
        tried.setdefault((row["incident_id"], row["user_id"]), []).append(item)
    return tried


async def hasten(connection: Connection, ids: Collection[UUID], now: datetime) -> None:
    """Send these planned notifications now."""
    await connection.execute(HASTEN, list(ids), now)


async def belong(connection: Connection, pages: Mapping[UUID, datetime]) -> None:
    """Count these notifications as planned when their page was."""
    await connection.execute(BELONG, list(pages), list(pages.values()))


async def list_looking_after(
    connection: Connection, incident_ids: Sequence[UUID], except_for: Collection[UUID]
) -> list[LookingAfter]:
    """Who is to be told, of incidents that nobody has."""
    rows = await connection.fetch(LOOKING_AFTER, list(incident_ids), list(except_for))
    return [
        LookingAfter(row["incident_id"], row["team_id"], tuple(row["user_ids"]))
        for row in rows
    ]
