"""Statements on links to sign in with, and on how this installation signs people in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from pagefree.infra.db import Channel, Tx, notify
from pagefree.infra.ids import new_id
from pagefree.tables.accounts import users
from pagefree.tables.factors import sign_in_links, sign_in_rules

ONLY = 1  # the row of rules


@dataclass(frozen=True, slots=True)
class Rules:
    """How one signs in to this installation."""

    magic_links: bool = False
    second_factor_from: datetime | None = None  # everybody needs one; none: nobody does


@dataclass(frozen=True, slots=True)
class Link:
    """A link that somebody has asked for."""

    id: UUID
    email: str
    user_id: UUID | None
    tries: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whom a link is for."""

    user_id: UUID
    email: str
    name: str
    password_hash: str | None = field(repr=False)


async def get_rules(tx: Tx) -> Rules:
    """The rules that count."""
    c = sign_in_rules.c
    row = (await tx.execute(select(c.magic_links, c.second_factor_from))).first()
    return Rules(*row) if row else Rules()


async def save_rules(tx: Tx, rules: Rules) -> None:
    """Let these rules count."""
    values = {
        "magic_links": rules.magic_links,
        "second_factor_from": rules.second_factor_from,
    }
    query = upsert(sign_in_rules).values(id=ONLY, **values)
    await tx.execute(query.on_conflict_do_update(index_elements=["id"], set_=values))


async def insert_link(
    tx: Tx, email: str, browser_hash: bytes, address: str, now: datetime
) -> None:
    """Have a link made and sent, if there turns out to be somebody whom it may serve."""
    await tx.execute(
        insert(sign_in_links).values(
            id=new_id(),
            email=email,
            browser_hash=browser_hash,
            address=address,
            created_at=now,
            due_at=now,
        )
    )
    await notify(tx, Channel.LINKS)


async def claim_due(
    tx: Tx, leased_until: datetime, limit: int, now: datetime
) -> list[Link]:
    """Lease up to `limit` links that are to be sent; each is due again if we die."""
    c = sign_in_links.c
    due = (
        select(c.id)
        .where(c.due_at <= now)
        .order_by(c.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    ids = (await tx.execute(due)).scalars().all()
    if not ids:
        return []
    query = update(sign_in_links).where(c.id.in_(ids)).values(due_at=leased_until)
    return [_link(row) for row in await tx.execute(query.returning(sign_in_links))]


async def update_link(tx: Tx, link_id: UUID, values: Mapping[str, object]) -> None:
    """Change the columns in `values`."""
    where = sign_in_links.c.id == link_id
    await tx.execute(update(sign_in_links).where(where).values(**values))


async def get_addressee(tx: Tx, email: str) -> Addressee | None:
    """Who may sign in by a link sent there: nobody deactivated, and no platform admin."""
    c = users.c
    query = select(c.id, c.email, c.name, c.password_hash).where(
        c.email == email, c.deactivated_at.is_(None), c.platform_admin.is_(False)
    )
    row = (await tx.execute(query)).one_or_none()
    return Addressee(*row) if row else None


async def use_link(
    tx: Tx, token_hash: bytes, browser_hash: bytes, now: datetime
) -> Link | None:
    """Use a link up, once and for all, in this one statement; none: it does not count."""
    c = sign_in_links.c
    query = (
        update(sign_in_links)
        .where(c.token_hash == token_hash, c.browser_hash == browser_hash)
        .where(c.used_at.is_(None), c.expires_at > now)
        .values(used_at=now)
        .returning(sign_in_links)
    )
    row = (await tx.execute(query)).first()
    return _link(row) if row else None


def _link(row: Row[tuple[object, ...]]) -> Link:
    return Link(row.id, row.email, row.user_id, row.tries, row.created_at)
