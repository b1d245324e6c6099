"""Every statement on the audit of runbooks, a chain of hashes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, text

from pagefree.infra.db import Tx
from pagefree.tables.runbooks import runbook_audit as audit

LOCK = 7_203_311_907  # of the end of the chain


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Who did what, and what came back."""

    id: int
    at: datetime
    kind: str
    runbook_id: UUID | None
    version_id: UUID | None
    run_id: UUID | None
    team_id: UUID | None
    actor_kind: str
    actor_id: UUID | None
    actor_name: str
    data: Mapping[str, Any]
    previous_hash: str
    hash: str


async def lock_end(tx: Tx) -> str:
    """The hash at the end; nobody else appends until the transaction ends."""
    await tx.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
    query = select(audit.c.hash).order_by(audit.c.id.desc()).limit(1)
    return await tx.scalar(query) or ""


async def append(tx: Tx, values: Mapping[str, object]) -> None:
    """Add an entry; `values` by column."""
    await tx.execute(insert(audit).values(**values))


async def list_entries(
    tx: Tx, after: int, runbook_id: UUID | None, limit: int
) -> list[AuditEntry]:
    """Oldest first, after the id `after`; of one runbook, or all."""
    query = select(audit).where(audit.c.id > after).order_by(audit.c.id).limit(limit)
    if runbook_id is not None:
        query = query.where(audit.c.runbook_id == runbook_id)
    return [
        AuditEntry(**{name: getattr(row, name) for name in AuditEntry.__slots__})
        for row in await tx.execute(query)
    ]
