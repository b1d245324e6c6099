"""Statements on links by mail, and on who asks to become a partner."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    delete,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert

from pagefree.core.partners import LinkKind
from pagefree.infra.db import Channel, Tx, notify
from pagefree.infra.ids import new_id
from pagefree.status_pages.queries import Ref
from pagefree.tables.accounts import users
from pagefree.tables.partners import partner_links, partner_requests


@dataclass(frozen=True, slots=True)
class Caller:
    """Where a request comes from."""

    address: str = ""
    user_agent: str = ""


@dataclass(frozen=True, slots=True)
class NewLink:
    """A link that somebody asks for; its token is made when it is sent."""

    kind: LinkKind
    email: str
    caller: Caller
    partner_id: UUID | None = None
    browser_hash: bytes | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A link by mail."""

    id: UUID
    kind: LinkKind
    email: str
    partner_id: UUID | None
    browser_hash: bytes | None
    expires_at: datetime | None
    used_at: datetime | None
    tries: int
    caller: Caller
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Request:
    """Somebody asks to become a partner."""

    id: UUID
    email: str
    name: str
    organisation: str
    message: str
    caller: Caller
    created_at: datetime
    decision: str | None
    decided_at: datetime | None
    decided_by: Ref | None


@dataclass(frozen=True, slots=True)
class NewRequest:
    """What somebody says of themselves."""

    email: str
    name: str
    organisation: str
    message: str
    caller: Caller


# -- links ----------------------------------------------------------------------------


async def insert_link(tx: Tx, new: NewLink, now: datetime) -> UUID:
    """Have a link made and sent at once, if there turns out to be a partner."""
    made = new_id()
    values = {
        "id": made,
        "kind": new.kind,
        "email": new.email,
        "partner_id": new.partner_id,
        "browser_hash": new.browser_hash,
        "due_at": now,
        "address": new.caller.address,
        "user_agent": new.caller.user_agent,
        "created_at": now,
    }
    await tx.execute(insert(partner_links).values(**values))
    await notify(tx, Channel.PARTNERS)
    return made


async def claim_due(
    tx: Tx, leased_until: datetime, limit: int, now: datetime
) -> list[Link]:
    """Lease up to `limit` links that are to be sent; each is due again if we die."""
    due = (
        select(partner_links.c.id)
        .where(partner_links.c.due_at <= now)
        .order_by(partner_links.c.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    claiming = (
        update(partner_links)
        .where(partner_links.c.id.in_((await tx.execute(due)).scalars().all()))
        .values(due_at=leased_until)
        .returning(partner_links)
    )
    return [_link(row) for row in await tx.execute(claiming)]


async def update_link(tx: Tx, link_id: UUID, values: Mapping[str, object]) -> None:
    """Change the columns in `values`."""
    where = partner_links.c.id == link_id
    await tx.execute(update(partner_links).where(where).values(**values))


async def get_link(tx: Tx, token_hash: bytes) -> Link | None:
    """The link with this token, also one that was used or has expired."""
    query = select(partner_links).where(partner_links.c.token_hash == token_hash)
    row = (await tx.execute(query)).first()
    return None if row is None else _link(row)


async def use_link(
    tx: Tx, token_hash: bytes, browser_hash: bytes | None, now: datetime
) -> Link | None:
    """Use a link up, once and for all, in this one statement; none: it does not count."""
    using = (
        update(partner_links)
        .where(
            partner_links.c.token_hash == token_hash,
            partner_links.c.used_at.is_(None),
            partner_links.c.expires_at > now,
            _opens_in(browser_hash),
        )
        .values(used_at=now)
        .returning(partner_links)
    )
    row = (await tx.execute(using)).first()
    return None if row is None else _link(row)


def _opens_in(browser_hash: bytes | None) -> ColumnElement[bool]:
    anywhere = partner_links.c.browser_hash.is_(None)
    if browser_hash is None:
        return anywhere
    return or_(anywhere, partner_links.c.browser_hash == browser_hash)


async def end_links(tx: Tx, partner_id: UUID, now: datetime) -> None:
    """Let no link of a partner count any more, and send none that waits."""
    await tx.execute(
        update(partner_links)
        .where(partner_links.c.partner_id == partner_id)
        .where(
            or_(partner_links.c.expires_at > now, partner_links.c.due_at.is_not(None))
        )
        .values(expires_at=now, due_at=None)
    )


async def delete_links_before(tx: Tx, before: datetime) -> None:
    """Forget links that nobody waits for and that expired, or were asked for, before then."""
    over = and_(partner_links.c.due_at.is_(None), partner_links.c.created_at < before)
    still = partner_links.c.expires_at >= before
    await tx.execute(delete(partner_links).where(over, still.is_not(True)))


def _link(row: Row[Any]) -> Link:
    return Link(
        id=row.id,
        kind=LinkKind(row.kind),
        email=row.email,
        partner_id=row.partner_id,
        browser_hash=row.browser_hash,
        expires_at=row.expires_at,
        used_at=row.used_at,
        tries=row.tries,
        caller=Caller(row.address, row.user_agent),
        created_at=row.created_at,
    )


# -- requests for access --------------------------------------------------------------


async def insert_request(tx: Tx, new: NewRequest, now: datetime) -> bool:
    """Keep a request; false if one with this address is open already."""
    adding = upsert(partner_requests).values(
        id=new_id(),
        email=new.email,
        name=new.name,
        organisation=new.organisation,
        message=new.message,
        address=new.caller.address,
        user_agent=new.caller.user_agent,
        created_at=now,
    )
    kept = await tx.execute(
        adding.on_conflict_do_nothing(
            index_elements=["email"],
            index_where=partner_requests.c.decision.is_(None),
        ).returning(partner_requests.c.id)
    )
    return kept.scalar_one_or_none() is not None


def _requests() -> Select[Any]:
    return select(partner_requests, users.c.name.label("decided_by")).outerjoin(
        users, users.c.id == partner_requests.c.decided_by_id
    )


async def list_requests(
    tx: Tx, before: UUID | None, limit: int, *, is_open: bool
) -> list[Request]:
    """Newest first: those that wait, or those that were decided."""
    decision = partner_requests.c.decision
    query = _requests().order_by(partner_requests.c.id.desc()).limit(limit)
    query = query.where(decision.is_(None) if is_open else decision.is_not(None))
    if before is not None:
        query = query.where(partner_requests.c.id < before)
    return [_request(row) for row in await tx.execute(query)]


async def asked_between(tx: Tx, start: datetime, end: datetime) -> bool:
    """Whether a request that was made from `start` on, and before `end`, is open."""
    made = partner_requests.c.created_at
    query = select(partner_requests.c.id).where(
        partner_requests.c.decision.is_(None), made >= start, made < end
    )
    return (await tx.execute(query.limit(1))).first() is not None


async def get_request(tx: Tx, request_id: UUID) -> Request | None:
    """One request."""
    query = _requests().where(partner_requests.c.id == request_id)
    row = (await tx.execute(query)).first()
    return None if row is None else _request(row)


async def decide_request(
    tx: Tx, request_id: UUID, decision: str, by: UUID, now: datetime
) -> bool:
    """Decide a request; false if somebody has decided it already."""
    deciding = (
        update(partner_requests)
        .where(partner_requests.c.id == request_id)
        .where(partner_requests.c.decision.is_(None))
        .values(decision=decision, decided_by_id=by, decided_at=now)
        .returning(partner_requests.c.id)
    )
    return (await tx.execute(deciding)).scalar_one_or_none() is not None


def _request(row: Row[Any]) -> Request:
    by = row.decided_by_id
    return Request(
        id=row.id,
        email=row.email,
        name=row.name,
        organisation=row.organisation,
        message=row.message,
        caller=Caller(row.address, row.user_agent),
        created_at=row.created_at,
        decision=row.decision,
        decided_at=row.decided_at,
        decided_by=Ref(by, row.decided_by) if by else None,
    )
