"""The stored requests that a mapping is tried on."""

from uuid import UUID

from sqlalchemy import String, cast, func, select

from pagefree.alerts.requests import Stored
from pagefree.infra.db import Tx
from pagefree.tables.alerts import inbound_requests


async def list_last(
    tx: Tx, integration_id: UUID, limit: int, longest: int
) -> list[tuple[UUID, Stored]]:
    """The last requests with a body of at most `longest` bytes, newest first."""
    columns = inbound_requests.c
    query = (
        select(
            columns.id,
            columns.body,
            columns.content_type,
            cast(columns.context, String),
            columns.received_at,
        )
        .where(columns.integration_id.between(integration_id, integration_id))
        .where(func.length(columns.body) <= longest)
        .order_by(columns.integration_id, columns.id.desc())
        .limit(limit)
    )
    return [(row[0], Stored(*row[1:])) for row in await tx.execute(query)]
