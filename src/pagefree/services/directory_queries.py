"""The directory of services: each with how it is doing and how well it is set up."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pagefree.core import canary
from pagefree.core.routing import Lifecycle
from pagefree.core.service_setup import Facts
from pagefree.core.services import ServiceKind, state_of, worst
from pagefree.infra.curtain import nameless
from pagefree.infra.db import Tx, driver
from pagefree.services.queries import MOST_COUNTED, Filter, Ref, Service

# One statement a page, whatever a page shows: what is counted is looked up by an index for
# each of its services, and `ix_incidents_open_of_service` has the worst incident first.
PAGE = """
SELECT s.*, team.name AS team, policy.name AS policy, worst.urgency, worst.status,
    below.urgency AS below_urgency, below.status AS below_status,
    below.id AS below_id, below.name AS below, paged.people, paged.proven_at, (
        SELECT count(*) FROM (
            SELECT FROM incidents AS i
            WHERE i.service_id = s.id AND i.status <> 'resolved' LIMIT {most}
        ) AS open
    ) AS open, (
        SELECT count(*) FROM integrations AS i WHERE i.service_id = s.id
    ) AS sources, (
        SELECT count(*) FROM integrations AS i WHERE i.service_id = s.id
            AND EXISTS (SELECT FROM (  -- in the order that only one index has
                SELECT FROM inbound_requests AS r
                WHERE r.integration_id >= i.id AND r.integration_id <= i.id
                ORDER BY r.integration_id, r.id DESC LIMIT 1
            ) AS last)
    ) AS heard, (
        SELECT count(*) FROM service_dependencies AS d WHERE d.service_id = s.id
    ) AS stands_on, (
        SELECT count(*) FROM memberships AS m JOIN users AS u ON u.id = m.user_id
        WHERE m.team_id = s.team_id AND m.role <> 'observer' AND u.deactivated_at IS NULL
    ) AS owners
FROM (SELECT * FROM services AS s WHERE {where} ORDER BY s.id DESC LIMIT {limit}) AS s
JOIN teams AS team ON team.id = s.team_id
LEFT JOIN escalation_policies AS policy ON policy.id = s.escalation_policy_id
LEFT JOIN LATERAL (
    SELECT i.urgency, i.status FROM incidents AS i
    WHERE i.service_id = s.id AND i.status <> 'resolved'
    ORDER BY i.urgency, i.status DESC LIMIT 1
) AS worst ON true
LEFT JOIN LATERAL (
    WITH RECURSIVE above AS (
        SELECT d.depends_on_id AS id FROM service_dependencies AS d
        WHERE d.service_id = s.id AND s.kind = 'business'
        UNION
        SELECT d.depends_on_id FROM above JOIN service_dependencies AS d
            ON d.service_id = above.id
    )
    SELECT up.id, up.name, i.urgency, i.status
    FROM above JOIN services AS up ON up.id = above.id
    JOIN LATERAL (
        SELECT i.urgency, i.status FROM incidents AS i
        WHERE i.service_id = up.id AND i.status <> 'resolved'
        ORDER BY i.urgency, i.status DESC LIMIT 1
    ) AS i ON true
    ORDER BY i.urgency, i.status DESC, up.name LIMIT 1
) AS below ON true
LEFT JOIN LATERAL (
    SELECT count(*) AS people, min(coalesce(reached.at, 'epoch')) AS proven_at
    FROM (
        SELECT t.target_id AS id FROM escalation_steps AS step
        JOIN escalation_targets AS t ON t.step_id = step.id AND t.kind = 'user'
        WHERE step.policy_id = s.escalation_policy_id
        UNION
        SELECT m.user_id FROM escalation_steps AS step
        JOIN escalation_targets AS t ON t.step_id = step.id AND t.kind = 'team'
        JOIN memberships AS m ON m.team_id = t.target_id AND m.role <> 'observer'
        WHERE step.policy_id = s.escalation_policy_id
        UNION
        SELECT unnest(layer.user_ids) FROM escalation_steps AS step
        JOIN escalation_targets AS t ON t.step_id = step.id AND t.kind = 'schedule'
        JOIN LATERAL (
            SELECT v.id FROM schedule_versions AS v WHERE v.schedule_id = t.target_id
            ORDER BY v.from_at DESC LIMIT 1
        ) AS version ON true
        JOIN layers AS layer ON layer.version_id = version.id
        WHERE step.policy_id = s.escalation_policy_id
    ) AS target
    JOIN users AS u ON u.id = target.id AND u.deactivated_at IS NULL
    LEFT JOIN LATERAL (
        SELECT max(way.proven_at) AS at FROM contact_methods AS way
        WHERE way.user_id = u.id AND way.disabled_at IS NULL AND way.unverified_since IS NULL
    ) AS reached ON true
) AS paged ON true
ORDER BY s.id DESC
"""
TAGS = """
SELECT tag, count(*) AS services FROM services, unnest(tags) AS tag
GROUP BY tag ORDER BY services DESC, tag LIMIT $1
"""
CONDITIONS = {
    "query": "(strpos(lower(s.name), {0}) > 0 OR strpos(lower(s.description), {0}) > 0"
    " OR s.tags @> ARRAY[{0}]::varchar[])",
    "team_id": "s.team_id = {0}",
    "tag": "s.tags @> ARRAY[{0}]::varchar[]",
    "tier": "s.tier = {0}",
    "kind": "s.kind = {0}",
    "lifecycle": "s.lifecycle = {0}",
    "before": "s.id < {0}",
    "id": "s.id = {0}",
}
TYPES = {"team_id": "uuid", "tier": "smallint", "before": "uuid", "id": "uuid"}
NOT_OURS = f"s.id <> '{canary.SERVICE_ID}'"
BURNING = (
    "EXISTS (SELECT FROM incidents AS i"
    " WHERE i.service_id = s.id AND i.status <> 'resolved')"
)


async def list_services(
    tx: Tx, wanted: Filter, before: UUID | None, limit: int
) -> list[Service]:
    """Newest first, continuing before the id `before`."""
    asked = {
        "query": wanted.query.lower() or None,
        "team_id": wanted.team_id,
        "tag": wanted.tag,
        "tier": wanted.tier,
        "kind": wanted.kind,
        "lifecycle": wanted.lifecycle,
        "before": before,
    }
    also = [NOT_OURS, *([BURNING] if wanted.burning else [])]
    return await _page(tx, asked, also, limit)


async def get_service(tx: Tx, service_id: UUID) -> Service | None:
    """One service."""
    return next(iter(await _page(tx, {"id": service_id}, [], 1)), None)


async def list_tags(tx: Tx, limit: int) -> list[tuple[str, int]]:
    """The tags there are, each with how many services have it, the most used first."""
    rows = await (await driver(tx)).fetch(TAGS, limit)
    return [(row["tag"], row["services"]) for row in rows]


async def _page(
    tx: Tx, asked: Mapping[str, object], also: Sequence[str], limit: int
) -> list[Service]:
    given = {name: value for name, value in asked.items() if value is not None}
    where = [
        CONDITIONS[name].format(f"${at}::{TYPES.get(name, 'text')}")
        for at, name in enumerate(given, start=1)
    ]
    statement = PAGE.format(
        where=" AND ".join([*where, *also]) or "true",
        limit=f"${len(given) + 1}",
        most=MOST_COUNTED,
    )
    rows = await (await driver(tx)).fetch(statement, *given.values(), limit)
    return [_service(row) for row in rows]


def _service(row: Mapping[str, Any]) -> Service:
    own = state_of(row["urgency"], row["status"])
    below = state_of(row["below_urgency"], row["below_status"])
    state = worst([own, below])
    policy_id = row["escalation_policy_id"]
    return Service(
        id=row["id"],
        name=row["name"],
        description=row["description"],
        team=Ref(row["team_id"], row["team"]),
        # there is no name of a policy that is not seen
        escalation_policy=Ref(policy_id, row["policy"] or nameless("a policy"))
        if policy_id
        else None,
        lifecycle=row["lifecycle"],
        created_at=row["created_at"],
        kind=ServiceKind(row["kind"]),
        tags=tuple(row["tags"]),
        tier=row["tier"],
        runbook_url=row["runbook_url"],
        open_incidents=row["open"],
        state=state,
        because_of=Ref(row["below_id"], row["below"]) if state is not own else None,
        integration_count=row["sources"],
        facts=_facts(row),
    )


def _facts(row: Mapping[str, Any]) -> Facts:
    proven_at: datetime | None = row["proven_at"]
    return Facts(
        kind=ServiceKind(row["kind"]),
        lifecycle=Lifecycle(row["lifecycle"]),
        owner_people=row["owners"],
        paged_people=row["people"],
        proven_at=proven_at,
        integrations_heard=row["heard"],
        dependencies=row["stands_on"],
        has_runbook=row["runbook_url"] is not None,
    )
