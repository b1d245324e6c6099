"""Every statement on service accounts: users who are no people."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, insert, select, update

from pagefree.accounts.queries import Membership, list_memberships
from pagefree.core import canary
from pagefree.infra.db import Tx
from pagefree.infra.ids import new_id
from pagefree.tables.accounts import api_keys, memberships, users

NOWHERE = "service-account.invalid"  # RFC 6761 6.4: no mail ever gets there


@dataclass(frozen=True, slots=True)
class ServiceAccount:
    """A program that acts in its own name, through keys that others make for it."""

    id: UUID
    name: str
    platform_admin: bool
    created_at: datetime
    deactivated_at: datetime | None
    teams: tuple[Membership, ...]
    key_count: int


async def insert_account(
    tx: Tx, name: str, now: datetime, *, platform_admin: bool
) -> UUID:
    """The id of a new one, in no team yet."""
    account_id = new_id()
    await tx.execute(
        insert(users).values(
            id=account_id,
            email=f"{account_id}@{NOWHERE}",
            name=name,
            platform_admin=platform_admin,
            service_account=True,
            created_at=now,
        )
    )
    return account_id


async def list_accounts(
    tx: Tx, team_ids: Collection[UUID] | None, account_id: UUID | None = None
) -> list[ServiceAccount]:
    """By name; all, those in some teams, or one."""
    keys = (
        select(func.count())
        .where(api_keys.c.user_id == users.c.id, api_keys.c.revoked_at.is_(None))
        .scalar_subquery()
    )
    columns = (users.c.id, users.c.name, users.c.platform_admin, users.c.created_at)
    query = (
        select(*columns, users.c.deactivated_at, keys.label("key_count"))
        .where(users.c.service_account, users.c.id != canary.USER_ID)
        .order_by(func.lower(users.c.name), users.c.id)
    )
    if team_ids is not None:
        inside = select(memberships.c.user_id).where(
            memberships.c.team_id.in_(team_ids)
        )
        query = query.where(users.c.id.in_(inside))
    if account_id is not None:
        query = query.where(users.c.id == account_id)
    rows = (await tx.execute(query)).all()
    teams = await list_memberships(tx, [row.id for row in rows])
    return [
        ServiceAccount(
            row.id,
            row.name,
            row.platform_admin,
            row.created_at,
            row.deactivated_at,
            teams.get(row.id, ()),
            row.key_count,
        )
        for row in rows
    ]


async def deactivate(tx: Tx, account_id: UUID, now: datetime) -> None:
    """Its keys count no more."""
    await tx.execute(
        update(users)
        .where(users.c.id == account_id, users.c.deactivated_at.is_(None))
        .values(deactivated_at=now)
    )
