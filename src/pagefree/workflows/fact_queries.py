"""Statements that fetch what conditions and templates see of incidents."""

import json
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from pagefree.infra.curtain import nameless
from pagefree.infra.db import Tx, driver

MOST_ALERTS = 20  # whose labels count
FACTS = """
SELECT i.id, i.number, i.title, i.status, i.severity, i.priority, i.urgency, i.opened_at,
    i.alert_count, i.service_id, i.team_id, s.name AS service, t.name AS team,
    acknowledger.name AS acknowledged_by, resolver.name AS resolved_by,
    (
        SELECT json_agg(newest.labels)::text FROM (
            SELECT a.labels FROM alerts AS a WHERE a.incident_id = i.id
            ORDER BY a.id DESC LIMIT $2
        ) AS newest
    ) AS labels
FROM incidents AS i
LEFT JOIN services AS s ON s.id = i.service_id
LEFT JOIN teams AS t ON t.id = i.team_id
LEFT JOIN users AS acknowledger ON acknowledger.id = i.acknowledged_by_id
LEFT JOIN users AS resolver ON resolver.id = i.resolved_by_id
WHERE i.id = ANY ($1::uuid[])
"""


async def incident_facts(
    tx: Tx, ids: Collection[UUID], base_url: str
) -> dict[UUID, dict[str, Any]]:
    """Incidents as they are now, in plain data; of equal labels the oldest alert's counts."""
    if not ids:
        return {}
    rows = await (await driver(tx)).fetch(FACTS, list(ids), MOST_ALERTS)
    return {row["id"]: _facts(row, base_url) for row in rows}


def _facts(row: Mapping[str, Any], base_url: str) -> dict[str, Any]:
    labels: dict[str, object] = {}
    for one in json.loads(row["labels"] or "[]"):
        labels.update(one)
    plain = ("number", "title", "status", "severity", "priority", "urgency")
    return {
        **{name: row[name] for name in plain},
        "id": str(row["id"]),
        "opened_at": row["opened_at"].isoformat(),
        "url": f"{base_url}/incidents/{row['id']}",
        "alert_count": row["alert_count"],
        "acknowledged_by": row["acknowledged_by"],
        "resolved_by": row["resolved_by"],
        "service": {
            "id": str(row["service_id"]),
            "name": row["service"] or nameless(""),
        },
        "team": {"id": str(row["team_id"]), "name": row["team"] or nameless("")},
        "labels": labels,
    }
