"""The statement that finds what was sent lately, to try a rule on."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, String, cast, func, select, true

from pagefree.alerts.requests import Stored
from pagefree.infra.db import Tx
from pagefree.tables.alerts import inbound_requests as requests
from pagefree.tables.services import integrations, services

LARGEST = 64 * 1024  # bytes of a body
MOST_BYTES = 16 * 1024 * 1024  # of all bodies together


@dataclass(frozen=True, slots=True)
class Kept:
    """A request that was processed, and whose it was."""

    id: UUID
    integration_id: UUID
    kind: str
    name: str
    settings: dict[str, Any]
    service_id: UUID
    team_id: UUID
    stored: Stored


async def list_kept(tx: Tx, team_id: UUID | None, limit: int) -> list[Kept]:
    """The last `limit` requests that were processed, newest first; of a team, or of all.

    Large ones are left out, and so are the oldest where there are megabytes of them.
    """
    last = (_last(limit) if team_id is None else _last_of(team_id, limit)).subquery()
    so_far = func.sum(last.c.size).over(order_by=last.c.id.desc()).label("so_far")
    summed = select(last.c.id, so_far).subquery()
    query = (
        select(
            *requests.c["id", "integration_id"],
            *integrations.c["kind", "name", "settings", "service_id"],
            services.c.team_id,
            *requests.c["body", "content_type"],
            cast(requests.c.context, String),
            requests.c.received_at,
        )
        .join(summed, summed.c.id == requests.c.id)
        .join(integrations, integrations.c.id == requests.c.integration_id)
        .join(services, services.c.id == integrations.c.service_id)
        .where(summed.c.so_far <= MOST_BYTES)
        .order_by(requests.c.id.desc())
    )
    return [Kept(*row[:7], Stored(*row[7:])) for row in await tx.execute(query)]


def _last(limit: int) -> Select[Any]:
    """The last ones of all, by the primary key."""
    query = select(requests.c.id, _size().label("size")).where(_wanted())
    return query.order_by(requests.c.id.desc()).limit(limit)


def _last_of(team_id: UUID, limit: int) -> Select[Any]:
    """The last ones of a team: of each of its integrations, by the index for that."""
    each = (
        select(requests.c.id, _size().label("size"))
        .where(requests.c.integration_id == integrations.c.id, _wanted())
        .order_by(requests.c.id.desc())
        .limit(limit)
        .correlate(integrations)
        .lateral()
    )
    return (
        select(each.c.id, each.c.size)
        .select_from(integrations)
        .join(services, services.c.id == integrations.c.service_id)
        .join(each, true())
        .where(services.c.team_id == team_id)
        .order_by(each.c.id.desc())
        .limit(limit)
    )


def _size() -> ColumnElement[int]:
    return func.octet_length(requests.c.body)


def _wanted() -> ColumnElement[bool]:
    return (requests.c.outcome == "processed") & (_size() <= LARGEST)
