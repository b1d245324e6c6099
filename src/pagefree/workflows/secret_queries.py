"""Statements on the secrets of workflows."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, delete, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.sql import ColumnElement

from pagefree.infra.db import Tx
from pagefree.infra.ids import new_id
from pagefree.tables.workflows import workflow_secrets


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret, as far as it is shown."""

    id: UUID
    team_id: UUID | None
    name: str
    updated_at: datetime


def _in_scope(team_id: UUID | None) -> ColumnElement[bool]:
    """Those that a workflow of this team may use: the team's own and everybody's."""
    c = workflow_secrets.c
    return or_(c.team_id.is_(None), c.team_id == team_id)


async def list_secrets(tx: Tx, team_id: UUID | None) -> list[Secret]:
    """The secrets of a team and of the installation, by name."""
    c = workflow_secrets.c
    query = select(c.id, c.team_id, c.name, c.updated_at).where(_in_scope(team_id))
    rows = await tx.execute(query.order_by(c.name, c.id))
    return [Secret(**row) for row in rows.mappings()]


async def sealed_secrets(
    tx: Tx, names: Collection[str]
) -> list[tuple[UUID | None, str, bytes]]:
    """The sealed secrets of these names of all teams, with whose they are."""
    c = workflow_secrets.c
    query = select(c.team_id, c.name, c.sealed).where(c.name.in_(names))
    return [(row[0], row[1], row[2]) for row in await tx.execute(query)]


async def put_secret(
    tx: Tx, team_id: UUID | None, name: str, sealed: bytes, by: UUID, now: datetime
) -> None:
    """Keep the secret instead of the one of that name."""
    row = insert(workflow_secrets).values(
        id=new_id(),
        team_id=team_id,
        name=name,
        sealed=sealed,
        updated_by_id=by,
        updated_at=now,
    )
    await tx.execute(
        row.on_conflict_do_update(
            index_elements=["team_id", "name"],
            set_={
                "sealed": row.excluded.sealed,
                "updated_by_id": row.excluded.updated_by_id,
                "updated_at": row.excluded.updated_at,
            },
        )
    )


async def delete_secret(tx: Tx, team_id: UUID | None, name: str) -> None:
    """Forget it."""
    c = workflow_secrets.c
    own = c.team_id.is_(None) if team_id is None else c.team_id == team_id
    await tx.execute(delete(workflow_secrets).where(and_(own, c.name == name)))
