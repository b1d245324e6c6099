"""Every statement on connections to targets."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, insert, or_, select, update

from pagefree.infra.db import Tx
from pagefree.tables.accounts import teams
from pagefree.tables.runbooks import target_connections as connections


@dataclass(frozen=True, slots=True)
class StoredConnection:
    """A connection as it is kept."""

    id: UUID
    kind: str
    name: str
    team_id: UUID | None  # none: the installation's
    team_name: str | None
    team_ids: tuple[UUID, ...]
    sealed: bytes
    fingerprint: str
    networks: tuple[str, ...]
    created_at: datetime
    updated_at: datetime
    tested_at: datetime

    def usable_by(self, team_id: UUID | None) -> bool:
        """Whether runbooks of this team, or of the installation, may use it."""
        if self.team_id is None:
            return not self.team_ids or team_id in self.team_ids
        return team_id == self.team_id or team_id in self.team_ids


def _connections() -> Select[Any]:
    return (
        select(connections, teams.c.name.label("team_name"))
        .outerjoin(teams, teams.c.id == connections.c.team_id)
        .where(connections.c.deleted_at.is_(None))
    )


def _connection(row: Row[Any]) -> StoredConnection:
    values = {name: getattr(row, name) for name in StoredConnection.__slots__}
    lists = {"team_ids": tuple(row.team_ids), "networks": tuple(row.networks)}
    return StoredConnection(**{**values, **lists})


async def list_connections(
    tx: Tx, team_id: UUID | None, before: UUID | None, limit: int
) -> list[StoredConnection]:
    """Newest first; those that a team may use, or all."""
    query = _connections().order_by(connections.c.id.desc()).limit(limit)
    if team_id is not None:
        c = connections.c
        query = query.where(
            or_(c.team_id == team_id, c.team_id.is_(None), c.team_ids.any(team_id))
        )
    if before is not None:
        query = query.where(connections.c.id < before)
    return [_connection(row) for row in await tx.execute(query)]


async def list_by_id(tx: Tx, ids: Collection[UUID]) -> list[StoredConnection]:
    """Those of `ids` that are there, oldest first."""
    query = _connections().where(connections.c.id.in_(ids)).order_by(connections.c.id)
    return [_connection(row) for row in await tx.execute(query)]


async def get_connection(tx: Tx, connection_id: UUID) -> StoredConnection | None:
    """One of them."""
    query = _connections().where(connections.c.id == connection_id)
    row = (await tx.execute(query)).first()
    return None if row is None else _connection(row)


async def insert_connection(tx: Tx, values: Mapping[str, object]) -> None:
    """Add a connection; `values` by column."""
    await tx.execute(insert(connections).values(**values))


async def update_connection(
    tx: Tx, connection_id: UUID, values: Mapping[str, object]
) -> None:
    """Change the columns in `values`."""
    mine = connections.c.id == connection_id
    await tx.execute(update(connections).where(mine).values(**values))
