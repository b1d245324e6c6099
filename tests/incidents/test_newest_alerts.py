"""The newest alerts of an incident, where others have nearly all that there are."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from pagefree.incidents.context_queries import LINKS
from pagefree.infra.db import driver, transaction
from pagefree.infra.ids import new_id
from pagefree.workflows.fact_queries import FACTS

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
MANY = 20_000
INSERT = """
INSERT INTO alerts (id, incident_id, integration_id, service_id, last_request_id,
    dedup_key, title, severity, status, occurrences, opened_at, last_at)
SELECT uuidv7(), $1, gen_random_uuid(), $1, $1, n::text, 'x', 'error', 'open', 1, $3, $3
FROM generate_series(1, $2) AS n
"""


@pytest.mark.parametrize(
    ("query", "several"), [(LINKS, False), (FACTS, True)], ids=["links", "facts"]
)
async def test_only_its_own_alerts_are_looked_at(
    fresh_engine: AsyncEngine, query: str, *, several: bool
) -> None:
    small, large = new_id(), new_id()
    async with transaction(fresh_engine) as tx:
        connection = await driver(tx)
        await tx.execute(text("SET LOCAL session_replication_role = replica"))
        for incident, count in ((small, 3), (large, MANY)):
            await connection.execute(INSERT, incident, count, NOW)
        await tx.execute(text("ANALYZE alerts"))

        given: UUID | list[UUID] = [small] if several else small
        plan = await connection.fetch(f"EXPLAIN {query}", given, 20)

    assert "ix_alerts_incident_id_id" in "\n".join(row[0] for row in plan)
