"""Every statement on the versions of postmortems."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, delete, insert, select, update

from pagefree.infra.db import Tx
from pagefree.infra.ids import new_id
from pagefree.tables.accounts import users
from pagefree.tables.postmortems import postmortem_versions

_V = postmortem_versions.c
_TOLD: tuple[ColumnElement[Any], ...] = (
    _V.id,
    _V.number,
    _V.author_id,
    users.c.name.label("author_name"),
    _V.began_at,
    _V.saved_at,
    _V.kept,
    _V.note,
)


@dataclass(frozen=True, slots=True)
class Version:
    """What somebody saved, but for its content."""

    id: UUID
    number: int
    author_id: UUID
    author_name: str
    began_at: datetime
    saved_at: datetime
    kept: bool
    note: str


def _version(row: Row[Any]) -> Version:
    values = {name: getattr(row, name) for name in Version.__slots__}
    return Version(**{**values, "author_name": row.author_name or "somebody"})


async def list_versions(tx: Tx, postmortem_id: UUID) -> list[Version]:
    """All that are kept, newest first."""
    rows = await tx.execute(
        select(*_TOLD)
        .outerjoin(users, users.c.id == _V.author_id)
        .where(_V.postmortem_id == postmortem_id)
        .order_by(_V.number.desc())
    )
    return [_version(row) for row in rows]


async def newest(tx: Tx, postmortem_id: UUID) -> Version:
    """The newest one: there always is one."""
    row = await tx.execute(
        select(*_TOLD)
        .outerjoin(users, users.c.id == _V.author_id)
        .where(_V.postmortem_id == postmortem_id)
        .order_by(_V.number.desc())
        .limit(1)
    )
    return _version(row.one())


async def get_content(
    tx: Tx, postmortem_id: UUID, number: int
) -> tuple[Version, Mapping[str, Any]] | None:
    """One of them with what it holds."""
    mine = _V.postmortem_id == postmortem_id, _V.number == number
    query: Select[Any] = select(*_TOLD, _V.content)
    joined = query.outerjoin(users, users.c.id == _V.author_id)
    row = (await tx.execute(joined.where(*mine))).first()
    return None if row is None else (_version(row), row.content)


async def insert_version(tx: Tx, values: Mapping[str, object]) -> None:
    """Add a version; `values` by column."""
    await tx.execute(insert(postmortem_versions).values(id=new_id(), **values))


async def update_version(
    tx: Tx, version_id: UUID, values: Mapping[str, object]
) -> None:
    """Change the columns in `values`."""
    mine = _V.id == version_id
    await tx.execute(update(postmortem_versions).where(mine).values(**values))


async def delete_oldest(tx: Tx, postmortem_id: UUID, keep: int) -> None:
    """Forget the oldest that need not be kept, where there are more than `keep`."""
    mine = _V.postmortem_id == postmortem_id
    newest_ones = select(_V.id).where(mine).order_by(_V.number.desc()).limit(keep)
    older = _V.id.not_in(newest_ones)
    await tx.execute(delete(postmortem_versions).where(mine, older, _V.kept.is_(False)))
