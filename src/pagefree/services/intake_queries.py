"""Every statement on what an integration's requests are read and verified with."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, insert, or_, select, update

from pagefree.infra.db import Tx
from pagefree.tables.services import integrations, signing_secrets


@dataclass(frozen=True, slots=True)
class Secret:
    """One secret that a sender signs with."""

    id: UUID
    prefix: str
    created_at: datetime
    expires_at: datetime | None
    sealed: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Stored:
    """What is stored of how an integration's requests are read and verified."""

    kind: str
    settings: Mapping[str, object]
    signing: Mapping[str, object]
    repeat_window_s: int
    secrets: tuple[Secret, ...]


async def list_stored(
    tx: Tx, now: datetime, ids: Iterable[UUID] | None = None
) -> dict[UUID, Stored]:
    """By integration: all of them, or those of `ids`; only secrets that are valid at `now`."""
    wanted = None if ids is None else list(ids)
    columns = integrations.c
    query = select(
        columns.id,
        columns.kind,
        columns.settings,
        columns.signing,
        columns.repeat_window_s,
    )
    if wanted is not None:
        query = query.where(columns.id.in_(wanted))
    rows = (await tx.execute(query)).all()
    secrets = await _secrets(tx, now, wanted)
    return {row.id: Stored(*row[1:], tuple(secrets.get(row.id, ()))) for row in rows}


async def _secrets(
    tx: Tx, now: datetime, ids: list[UUID] | None
) -> dict[UUID, list[Secret]]:
    """Oldest first."""
    columns = signing_secrets.c
    query = (
        select(signing_secrets)
        .where(or_(columns.expires_at.is_(None), columns.expires_at > now))
        .order_by(columns.id)
    )
    if ids is not None:
        query = query.where(columns.integration_id.in_(ids))
    found: dict[UUID, list[Secret]] = {}
    for row in await tx.execute(query):
        secret = Secret(row.id, row.prefix, row.created_at, row.expires_at, row.sealed)
        found.setdefault(row.integration_id, []).append(secret)
    return found


async def insert_secret(tx: Tx, integration_id: UUID, secret: Secret) -> None:
    """Add a secret."""
    await tx.execute(
        insert(signing_secrets).values(
            id=secret.id,
            integration_id=integration_id,
            prefix=secret.prefix,
            sealed=secret.sealed,
            created_at=secret.created_at,
            expires_at=secret.expires_at,
        )
    )


async def end_secrets(tx: Tx, ids: Iterable[UUID], at: datetime) -> None:
    """Let secrets end at `at`, if they do not end sooner."""
    columns = signing_secrets.c
    await tx.execute(
        update(signing_secrets)
        .where(columns.id.in_(list(ids)))
        .where(or_(columns.expires_at.is_(None), columns.expires_at > at))
        .values(expires_at=at)
    )


async def delete_secret(tx: Tx, integration_id: UUID, secret_id: UUID) -> bool:
    """End a secret at once; returns whether there was one."""
    ended = await tx.execute(
        delete(signing_secrets).where(
            signing_secrets.c.id == secret_id,
            signing_secrets.c.integration_id == integration_id,
        )
    )
    return ended.rowcount > 0
