"""Every statement on people and groups that an identity provider puts here."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, and_, delete, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import IntegrityError

from pagefree.infra.db import Tx
from pagefree.infra.ids import new_id
from pagefree.tables.accounts import users
from pagefree.tables.sign_in import (
    provisioned_group_members,
    provisioned_groups,
    provisioned_users,
)


@dataclass(frozen=True, slots=True)
class StoredUser:
    """A person, and what the provider knows of them; nothing: it has yet to adopt them."""

    id: UUID
    email: str
    name: str
    time_zone: str
    deactivated_at: datetime | None
    created_at: datetime
    attributes: Mapping[str, object] | None
    changed_at: datetime | None


@dataclass(frozen=True, slots=True)
class StoredGroup:
    """A group with the people in it."""

    id: UUID
    name: str
    external_id: str | None
    created_at: datetime
    changed_at: datetime
    members: Sequence[UUID] = ()


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What is known of those who are looked for, so that not everybody is read."""

    id: UUID | None = None
    user_name: str | None = None
    external_id: str | None = None
    display_name: str | None = None


@dataclass(frozen=True, slots=True)
class Provisioned:
    """What is kept of a person for the provider."""

    user_id: UUID
    provider_id: UUID
    user_name: str
    external_id: str | None
    attributes: Mapping[str, object] = field(repr=False)


EVERYBODY = Narrowing()


async def list_users(
    tx: Tx, provider_id: UUID, narrowing: Narrowing = EVERYBODY
) -> list[StoredUser]:
    """Those whom the provider has put here, and active ones whom no provider has."""
    query = _visible(provider_id).order_by(users.c.id)
    if narrowing.id is not None:
        query = query.where(users.c.id == narrowing.id)
    if narrowing.user_name is not None:
        name = func.lower(narrowing.user_name)
        query = query.where(
            or_(
                func.lower(provisioned_users.c.user_name) == name, users.c.email == name
            )
        )
    if narrowing.external_id is not None:
        query = query.where(provisioned_users.c.external_id == narrowing.external_id)
    return [StoredUser(**row) for row in (await tx.execute(query)).mappings()]


async def hidden_user_of_email(tx: Tx, email: str) -> UUID | None:
    """Somebody deactivated whom no provider knows any more: they may come back."""
    known = select(provisioned_users.c.user_id).where(
        provisioned_users.c.user_id == users.c.id
    )
    query = select(users.c.id).where(
        users.c.email == email,
        users.c.deactivated_at.is_not(None),
        ~users.c.platform_admin,  # those come back by hand
        ~users.c.service_account,
        ~known.exists(),
    )
    user_id: UUID | None = await tx.scalar(query)
    return user_id


async def admin_by_provider(tx: Tx, user_id: UUID) -> bool:
    """Whether groups of a provider made them a platform admin, and nobody by hand."""
    query = select(users.c.id).where(
        users.c.id == user_id, users.c.admin_by_provider_id.is_not(None)
    )
    return await tx.scalar(query) is not None


async def save_provisioned(tx: Tx, one: Provisioned, now: datetime) -> bool:
    """False if the provider has given the user name to somebody else."""
    values = {
        "provider_id": one.provider_id,
        "user_name": one.user_name,
        "external_id": one.external_id,
        "attributes": dict(one.attributes),
        "changed_at": now,
    }
    query = upsert(provisioned_users).values(
        user_id=one.user_id, created_at=now, **values
    )
    query = query.on_conflict_do_update(index_elements=["user_id"], set_=values)
    try:
        async with tx.begin_nested():
            await tx.execute(query)
    except IntegrityError:  # the only constraint that it can break
        return False
    return True


async def delete_provisioned(tx: Tx, user_id: UUID) -> None:
    """The provider knows the person no more, and no group of it has them."""
    members = provisioned_group_members
    await tx.execute(delete(members).where(members.c.user_id == user_id))
    known = provisioned_users.c.user_id == user_id
    await tx.execute(delete(provisioned_users).where(known))


async def list_groups(
    tx: Tx, provider_id: UUID, narrowing: Narrowing = EVERYBODY
) -> list[StoredGroup]:
    """A provider's, oldest first."""
    groups = provisioned_groups
    query = (
        select(
            groups.c.id,
            groups.c.name,
            groups.c.external_id,
            groups.c.created_at,
            groups.c.changed_at,
        )
        .where(groups.c.provider_id == provider_id)
        .order_by(groups.c.id)
    )
    if narrowing.id is not None:
        query = query.where(groups.c.id == narrowing.id)
    if narrowing.display_name is not None:
        lowered = func.lower(narrowing.display_name)
        query = query.where(func.lower(groups.c.name) == lowered)
    if narrowing.external_id is not None:
        query = query.where(groups.c.external_id == narrowing.external_id)
    rows = (await tx.execute(query)).mappings().all()
    members = await _members(tx, [row["id"] for row in rows])
    return [StoredGroup(**row, members=members.get(row["id"], ())) for row in rows]


async def list_groups_of(
    tx: Tx, provider_id: UUID, user_ids: Collection[UUID]
) -> dict[UUID, list[tuple[UUID, str]]]:
    """By user: id and name of the provider's groups that they are in."""
    members = provisioned_group_members
    query = (
        select(members.c.user_id, provisioned_groups.c.id, provisioned_groups.c.name)
        .join(provisioned_groups, provisioned_groups.c.id == members.c.group_id)
        .where(
            members.c.user_id.in_(user_ids),
            provisioned_groups.c.provider_id == provider_id,
        )
        .order_by(provisioned_groups.c.name)
    )
    found: dict[UUID, list[tuple[UUID, str]]] = {}
    for row in await tx.execute(query):
        found.setdefault(row.user_id, []).append((row.id, row.name))
    return found


async def insert_group(
    tx: Tx, provider_id: UUID, columns: Mapping[str, object], now: datetime
) -> UUID | None:
    """The id of the new group; none if the name is taken."""
    query = (
        upsert(provisioned_groups)
        .values(
            id=new_id(),
            provider_id=provider_id,
            created_at=now,
            changed_at=now,
            **columns,
        )
        .on_conflict_do_nothing(index_elements=["provider_id", "name"])
        .returning(provisioned_groups.c.id)
    )
    group_id: UUID | None = await tx.scalar(query)
    return group_id


async def update_group(
    tx: Tx, group_id: UUID, columns: Mapping[str, object], now: datetime
) -> bool:
    """False if the new name is taken."""
    query = update(provisioned_groups).where(provisioned_groups.c.id == group_id)
    try:
        async with tx.begin_nested():
            await tx.execute(query.values(changed_at=now, **columns))
    except IntegrityError:
        return False
    return True


async def delete_group(tx: Tx, group_id: UUID) -> None:
    """Nobody is in it any more."""
    mine = provisioned_groups.c.id == group_id
    await tx.execute(delete(provisioned_groups).where(mine))


async def set_members(tx: Tx, group_id: UUID, user_ids: Collection[UUID]) -> set[UUID]:
    """Exactly these are in it from now on; returns whom that concerns."""
    members = provisioned_group_members
    query = select(members.c.user_id).where(members.c.group_id == group_id)
    before, after = set(await tx.scalars(query)), set(user_ids)
    gone = members.c.user_id.in_(before - after)
    await tx.execute(delete(members).where(members.c.group_id == group_id, gone))
    rows = [{"group_id": group_id, "user_id": one} for one in sorted(after - before)]
    if rows:
        await tx.execute(insert(members), rows)
    return before ^ after


async def lock(tx: Tx, provider_id: UUID) -> None:
    """One change of a provider's people after the other, until the end of `tx`."""
    key = int.from_bytes(provider_id.bytes[:8], signed=True)
    await tx.execute(select(func.pg_advisory_xact_lock(key)))


def _visible(provider_id: UUID) -> Select[tuple[object, ...]]:
    known = provisioned_users
    return (
        select(
            users.c.id,
            users.c.email,
            users.c.name,
            users.c.time_zone,
            users.c.deactivated_at,
            users.c.created_at,
            known.c.attributes,
            known.c.changed_at,
        )
        .outerjoin(known, known.c.user_id == users.c.id)
        .where(
            ~users.c.service_account,
            or_(
                known.c.provider_id == provider_id,
                and_(known.c.provider_id.is_(None), users.c.deactivated_at.is_(None)),
            ),
        )
    )


async def _members(tx: Tx, group_ids: Collection[UUID]) -> dict[UUID, list[UUID]]:
    members = provisioned_group_members
    query = (
        select(members.c.group_id, members.c.user_id)
        .where(members.c.group_id.in_(group_ids))
        .order_by(members.c.user_id)
    )
    found: dict[UUID, list[UUID]] = {}
    for row in await tx.execute(query):
        found.setdefault(row.group_id, []).append(row.user_id)
    return found
