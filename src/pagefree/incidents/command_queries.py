"""What people name in commands: services, people, schedules and teams."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from pagefree.infra.db import Connection

# Whatever `text` begins with, the longest name first: names may have blanks. People are
# called by the beginning of their address, too.
NAMED = """
SELECT kind, id, name, said, team_ids FROM (
    SELECT 'service' AS kind, s.id, s.name, lower(s.name) AS said,
        ARRAY[s.team_id] AS team_ids
    FROM services AS s WHERE s.lifecycle <> 'archived'
    UNION ALL
    SELECT 'schedule', d.id, d.name, lower(d.name), ARRAY[d.team_id] FROM schedules AS d
    UNION ALL
    SELECT 'team', t.id, t.name, lower(t.name), ARRAY[t.id] FROM teams AS t
    UNION ALL
    SELECT 'user', u.id, u.name, said, ARRAY(
        SELECT m.team_id FROM memberships AS m WHERE m.user_id = u.id
    )
    FROM users AS u
    CROSS JOIN LATERAL (
        SELECT lower(u.name) UNION SELECT split_part(u.email, '@', 1)
    ) AS v (said)
    WHERE u.deactivated_at IS NULL
) AS named
WHERE kind = ANY ($2::text[]) AND said <> ''
    AND (starts_with(lower($1::text) || ' ', said || ' ')
        OR starts_with(lower($1::text), said || ':'))
ORDER BY length(said) DESC, kind, name LIMIT 5
"""
USER = """
SELECT u.name, ARRAY(
    SELECT m.team_id FROM memberships AS m WHERE m.user_id = u.id
) AS team_ids
FROM users AS u WHERE u.id = $1 AND u.deactivated_at IS NULL
"""
SERVICES = """
SELECT id, name FROM services
WHERE team_id = ANY ($1::uuid[]) AND lifecycle <> 'archived' ORDER BY name LIMIT 10
"""


@dataclass(frozen=True, slots=True)
class Named:
    """Something that was named."""

    kind: str  # service | schedule | team | user
    id: UUID
    name: str
    said: str  # how it was called, in lower case
    team_ids: tuple[UUID, ...]  # whose it is, or in which the person is


async def list_named(
    connection: Connection, text: str, kinds: Collection[str]
) -> list[Named]:
    """What the text begins with: those of the longest name."""
    rows = await connection.fetch(NAMED, text, list(kinds))
    longest = len(rows[0]["said"]) if rows else 0
    return [
        Named(r["kind"], r["id"], r["name"], r["said"], tuple(r["team_ids"]))
        for r in rows
        if len(r["said"]) == longest
    ]


async def get_user(connection: Connection, user_id: UUID) -> Named | None:
    """One person; none if they are not here any more."""
    row = await connection.fetchrow(USER, user_id)
    if row is None:
        return None
    return Named("user", user_id, row["name"], "", tuple(row["team_ids"]))


async def list_services(
    connection: Connection, team_ids: Collection[UUID]
) -> list[tuple[UUID, str]]:
    """The services of these teams that are in use, by name; the first ten."""
    rows = await connection.fetch(SERVICES, list(team_ids))
    return [(row["id"], row["name"]) for row in rows]
