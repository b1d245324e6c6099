"""Statements on partners and what they are granted."""

from collections.abc import Collection, Mapping, Sequence
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

from pagefree.core.partners import Account, Grant, Standing
from pagefree.infra.db import Tx
from pagefree.infra.ids import new_id
from pagefree.status_pages.queries import Ref
from pagefree.tables.accounts import users
from pagefree.tables.partners import partner_grants, partners
from pagefree.tables.status_pages import components, status_pages


@dataclass(frozen=True, slots=True)
class Partner:
    """Somebody outside who may see granted pages."""

    id: UUID
    email: str
    name: str
    organisation: str
    notes: str
    owner: Ref | None
    created_at: datetime
    invited_at: datetime | None
    account: Account

    @property
    def called(self) -> str:
        """What to call them."""
        return self.name or self.email


@dataclass(frozen=True, slots=True)
class KeptGrant:
    """A grant with the names to show for it."""

    id: UUID
    partner_id: UUID
    page: Ref
    component: Ref | None
    grant: Grant
    granted_by: Ref | None
    granted_at: datetime


@dataclass(frozen=True, slots=True)
class NewPartner:
    """Somebody to add."""

    email: str
    name: str = ""
    organisation: str = ""
    notes: str = ""
    owner_id: UUID | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NewGrant:
    """A grant to keep: the whole page, or a component of it."""

    component_id: UUID | None
    partner_updates: bool
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Filter:
    """Which partners to list."""

    words: str = ""
    standing: Standing | None = None


# -- partners -------------------------------------------------------------------------


def _partners() -> Select[Any]:
    return select(partners, users.c.name.label("owner_name")).outerjoin(
        users, users.c.id == partners.c.owner_id
    )


def _partner(row: Row[Any]) -> Partner:
    return Partner(
        id=row.id,
        email=row.email,
        name=row.name,
        organisation=row.organisation,
        notes=row.notes,
        owner=Ref(row.owner_id, row.owner_name) if row.owner_id else None,
        created_at=row.created_at,
        invited_at=row.invited_at,
        account=Account(row.set_up_at, row.expires_at, row.deactivated_at),
    )


async def list_partners(
    tx: Tx, wanted: Filter, before: UUID | None, limit: int, now: datetime
) -> list[Partner]:
    """Newest first, continuing before the id `before`."""
    query = _partners().order_by(partners.c.id.desc()).limit(limit)
    if wanted.words:
        found = (
            column.icontains(wanted.words, autoescape=True)
            for column in (
                partners.c.email,
                partners.c.name,
                partners.c.organisation,
            )
        )
        query = query.where(or_(*found))
    if wanted.standing is not None:
        query = query.where(_stands(wanted.standing, now))
    if before is not None:
        query = query.where(partners.c.id < before)
    return [_partner(row) for row in await tx.execute(query)]


def _stands(standing: Standing, now: datetime) -> ColumnElement[bool]:
    gone, expires = partners.c.deactivated_at, partners.c.expires_at
    if standing is Standing.DEACTIVATED:
        return gone.is_not(None)
    if standing is Standing.EXPIRED:
        return and_(gone.is_(None), expires <= now)
    entered = partners.c.set_up_at
    invited = standing is Standing.INVITED
    return and_(
        gone.is_(None),
        or_(expires.is_(None), expires > now),
        entered.is_(None) if invited else entered.is_not(None),
    )


async def get_partner(tx: Tx, partner_id: UUID) -> Partner | None:
    """One partner."""
    row = (await tx.execute(_partners().where(partners.c.id == partner_id))).first()
    return None if row is None else _partner(row)


async def partner_of_email(tx: Tx, email: str) -> Partner | None:
    """Whose address this is; `email` in lower case."""
    row = (await tx.execute(_partners().where(partners.c.email == email))).first()
    return None if row is None else _partner(row)


async def insert_partner(tx: Tx, new: NewPartner, now: datetime) -> UUID | None:
    """Add a partner; none if there is one with this address."""
    adding = upsert(partners).values(
        id=new_id(),
        email=new.email,
        name=new.name,
        organisation=new.organisation,
        notes=new.notes,
        owner_id=new.owner_id,
        expires_at=new.expires_at,
        created_at=now,
    )
    found = await tx.execute(
        adding.on_conflict_do_nothing(index_elements=["email"]).returning(partners.c.id)
    )
    made: UUID | None = found.scalar_one_or_none()
    return made


async def update_partner(
    tx: Tx, partner_id: UUID, values: Mapping[str, object]
) -> None:
    """Change the columns in `values`."""
    await tx.execute(
        update(partners).where(partners.c.id == partner_id).values(**values)
    )


async def delete_partner(tx: Tx, partner_id: UUID) -> None:
    """Remove a partner with grants, links and sessions; what was logged stays."""
    await tx.execute(delete(partners).where(partners.c.id == partner_id))


# -- grants ---------------------------------------------------------------------------


async def list_grants(
    tx: Tx,
    *,
    partner_ids: Collection[UUID] | None = None,
    page_id: UUID | None = None,
) -> list[KeptGrant]:
    """What these partners are granted, or what is granted of a page; page by page."""
    page, component = status_pages.c, components.c
    query = (
        select(
            partner_grants,
            page.name.label("page_name"),
            page.visibility,
            page.partners.label("for_partners"),
            component.name.label("component_name"),
            users.c.name.label("granted_by"),
        )
        .join(status_pages, page.id == partner_grants.c.page_id)
        .outerjoin(components, component.id == partner_grants.c.component_id)
        .outerjoin(users, users.c.id == partner_grants.c.granted_by_id)
        .order_by(page.name, page.id, component.position, partner_grants.c.id)
    )
    if partner_ids is not None:
        query = query.where(partner_grants.c.partner_id.in_(partner_ids))
    if page_id is not None:
        query = query.where(partner_grants.c.page_id == page_id)
    return [_grant(row) for row in await tx.execute(query)]


def _grant(row: Row[Any]) -> KeptGrant:
    by = row.granted_by_id
    component = row.component_id
    return KeptGrant(
        id=row.id,
        partner_id=row.partner_id,
        page=Ref(row.page_id, row.page_name),
        component=Ref(component, row.component_name) if component else None,
        grant=Grant(
            row.page_id,
            component,
            row.partner_updates,
            row.expires_at,
            row.visibility == "public" or row.for_partners,
        ),
        granted_by=Ref(by, row.granted_by) if by else None,
        granted_at=row.granted_at,
    )


async def replace_grants(
    tx: Tx,
    partner_id: UUID,
    page_id: UUID,
    new: Sequence[NewGrant],
    by: UUID,
    now: datetime,
) -> None:
    """Grant a partner exactly this of a page. Locks the partner until the end."""
    where = partners.c.id == partner_id
    await tx.execute(select(partners.c.id).where(where).with_for_update())
    await tx.execute(
        delete(partner_grants).where(
            partner_grants.c.partner_id == partner_id,
            partner_grants.c.page_id == page_id,
        )
    )
    rows = [
        {
            "id": new_id(),
            "partner_id": partner_id,
            "page_id": page_id,
            "component_id": one.component_id,
            "partner_updates": one.partner_updates,
            "expires_at": one.expires_at,
            "granted_by_id": by,
            "granted_at": now,
        }
        for one in new
    ]
    if rows:
        await tx.execute(insert(partner_grants), rows)
