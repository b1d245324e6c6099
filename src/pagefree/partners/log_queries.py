"""Statements on what partners looked at, and what they were refused."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, insert, or_, select

from pagefree.infra.db import Tx
from pagefree.infra.ids import new_id
from pagefree.partners.link_queries import Caller
from pagefree.status_pages.queries import Ref
from pagefree.tables.partners import partner_accesses


class AccessKind(StrEnum):
    """What a partner did, or tried."""

    SIGNED_IN = "signed_in"
    SIGNED_OUT = "signed_out"
    VIEWED = "viewed"
    DENIED = "denied"


@dataclass(frozen=True, slots=True)
class Access:
    """One look, or one refusal."""

    kind: AccessKind
    email: str  # empty: not known
    caller: Caller
    partner_id: UUID | None = None
    page: Ref | None = None
    what: str = ""  # which file of the page, or why not


@dataclass(frozen=True, slots=True)
class Logged:
    """An access as it was logged."""

    id: UUID
    at: datetime
    access: Access


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which accesses to list."""

    partner_id: UUID | None = None
    page_id: UUID | None = None
    kind: AccessKind | None = None
    since: datetime | None = None
    until: datetime | None = None  # and not at it
    words: str = ""  # in the e-mail address, the address or the agent


async def insert_access(tx: Tx, access: Access, now: datetime) -> None:
    """Log an access."""
    values = {
        "id": new_id(),
        "at": now,
        "kind": access.kind,
        "partner_id": access.partner_id,
        "email": access.email,
        "page_id": access.page.id if access.page else None,
        "page_name": access.page.name if access.page else "",
        "what": access.what,
        "address": access.caller.address,
        "user_agent": access.caller.user_agent,
    }
    await tx.execute(insert(partner_accesses).values(**values))


async def list_accesses(
    tx: Tx, wanted: Wanted, before: UUID | None, limit: int
) -> list[Logged]:
    """Newest first, continuing before the id `before`."""
    log = partner_accesses.c
    query = select(partner_accesses).order_by(log.id.desc()).limit(limit)
    if wanted.partner_id is not None:
        query = query.where(log.partner_id == wanted.partner_id)
    if wanted.page_id is not None:
        query = query.where(log.page_id == wanted.page_id)
    if wanted.kind is not None:
        query = query.where(log.kind == wanted.kind)
    if wanted.since is not None:
        query = query.where(log.at >= wanted.since)
    if wanted.until is not None:
        query = query.where(log.at < wanted.until)
    if wanted.words:
        columns = (log.email, log.address, log.user_agent, log.page_name)
        found = (one.icontains(wanted.words, autoescape=True) for one in columns)
        query = query.where(or_(*found))
    if before is not None:
        query = query.where(log.id < before)
    return [_logged(row) for row in await tx.execute(query)]


def _logged(row: Row[Any]) -> Logged:
    page = Ref(row.page_id, row.page_name) if row.page_id else None
    access = Access(
        AccessKind(row.kind),
        row.email,
        Caller(row.address, row.user_agent),
        row.partner_id,
        page,
        row.what,
    )
    return Logged(row.id, row.at, access)


async def delete_before(tx: Tx, before: datetime) -> None:
    """Forget what was logged before `before`."""
    await tx.execute(delete(partner_accesses).where(partner_accesses.c.at < before))
