"""Every statement on identity providers and who people are there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, exists, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import IntegrityError

from pagefree.core.access import Role
from pagefree.core.group_mappings import GroupMapping
from pagefree.infra.db import Tx
from pagefree.infra.ids import new_id
from pagefree.tables.accounts import users
from pagefree.tables.sign_in import (
    group_mappings,
    identities,
    identity_providers,
    provisioned_users,
    sign_in_settings,
)


@dataclass(frozen=True, slots=True)
class Provider:
    """Where people of this installation may sign in."""

    id: UUID
    name: str
    issuer: str
    client_id: str
    client_secret: bytes | None = field(repr=False)  # sealed
    scopes: Sequence[str]
    group_claim: str
    admin_groups: Sequence[str]
    email_domains: Sequence[str]
    creates_users: bool
    links_by_email: bool
    enabled: bool
    created_at: datetime
    mappings: tuple[GroupMapping, ...] = ()


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is at an issuer."""

    id: UUID
    user_id: UUID
    email: str
    groups: Sequence[str]


@dataclass(frozen=True, slots=True)
class NewIdentity:
    """Somebody as an issuer knows them."""

    user_id: UUID
    provider_id: UUID
    issuer: str
    subject: str
    email: str


async def list_providers(tx: Tx, *, only_enabled: bool = False) -> list[Provider]:
    """By name."""
    query = select(identity_providers).order_by(func.lower(identity_providers.c.name))
    if only_enabled:
        query = query.where(identity_providers.c.enabled)
    rows = (await tx.execute(query)).mappings().all()
    of = await _mappings(tx, [row["id"] for row in rows])
    return [Provider(**row, mappings=of.get(row["id"], ())) for row in rows]


async def get_provider(tx: Tx, provider_id: UUID) -> Provider | None:
    """One with its mappings."""
    query = select(identity_providers).where(identity_providers.c.id == provider_id)
    row = (await tx.execute(query)).mappings().one_or_none()
    if row is None:
        return None
    of = await _mappings(tx, [provider_id])
    return Provider(**row, mappings=of.get(provider_id, ()))


async def insert_provider(
    tx: Tx, columns: Mapping[str, object], now: datetime
) -> UUID | None:
    """The id of a new one; none if the name is taken."""
    query = (
        upsert(identity_providers)
        .values(id=new_id(), created_at=now, **columns)
        .on_conflict_do_nothing(index_elements=["name"])
        .returning(identity_providers.c.id)
    )
    provider_id: UUID | None = await tx.scalar(query)
    return provider_id


async def update_provider(
    tx: Tx, provider_id: UUID, columns: Mapping[str, object]
) -> bool:
    """False if the new name is taken."""
    change = update(identity_providers).where(identity_providers.c.id == provider_id)
    try:
        async with tx.begin_nested():
            await tx.execute(change.values(**columns))
    except IntegrityError:  # the only constraint that such a change can break
        return False
    return True


async def delete_provider(tx: Tx, provider_id: UUID) -> None:
    """Whom it let in can sign in through it no more."""
    mine = identity_providers.c.id == provider_id
    await tx.execute(delete(identity_providers).where(mine))


async def replace_mappings(
    tx: Tx, provider_id: UUID, mappings: Sequence[GroupMapping]
) -> None:
    """All of a provider's at once."""
    mine = group_mappings.c.provider_id == provider_id
    await tx.execute(delete(group_mappings).where(mine))
    rows = [
        {
            "id": new_id(),
            "provider_id": provider_id,
            "group_name": one.group,
            "team_id": one.team_id,
            "role": one.role.value,
        }
        for one in mappings
    ]
    if rows:
        await tx.execute(insert(group_mappings), rows)


async def get_identity(tx: Tx, issuer: str, subject: str) -> Identity | None:
    """Who this is here; none if nobody yet."""
    query = select(
        identities.c.id, identities.c.user_id, identities.c.email, identities.c.groups
    ).where(identities.c.issuer == issuer, identities.c.subject == subject)
    row = (await tx.execute(query)).mappings().one_or_none()
    return Identity(**row) if row else None


async def insert_identity(tx: Tx, new: NewIdentity, now: datetime) -> None:
    """From now on they are this person; does nothing if they are somebody already."""
    query = upsert(identities).values(
        id=new_id(),
        user_id=new.user_id,
        provider_id=new.provider_id,
        issuer=new.issuer,
        subject=new.subject,
        email=new.email,
        created_at=now,
    )
    await tx.execute(query.on_conflict_do_nothing(index_elements=["issuer", "subject"]))


async def update_identity(
    tx: Tx, identity_id: UUID, columns: Mapping[str, object]
) -> None:
    """Note what the provider says of them now."""
    mine = identities.c.id == identity_id
    await tx.execute(update(identities).where(mine).values(**columns))


async def active_user_of_email(tx: Tx, email: str) -> UUID | None:
    """Whose account has this address; none: nobody's who may sign in."""
    query = select(users.c.id).where(
        users.c.email == email, users.c.deactivated_at.is_(None)
    )
    user_id: UUID | None = await tx.scalar(query)
    return user_id


async def email_is_taken(tx: Tx, email: str) -> bool:
    """Whether anybody, also somebody deactivated, has this address."""
    return bool(await tx.scalar(select(exists().where(users.c.email == email))))


async def provisioned_user(
    tx: Tx, provider_id: UUID, external_ids: Sequence[str]
) -> UUID | None:
    """Whom the provider itself has put here under one of these ids."""
    of_user = users.c.id == provisioned_users.c.user_id
    query = (
        select(provisioned_users.c.user_id)
        .join(users, of_user)
        .where(
            provisioned_users.c.provider_id == provider_id,
            provisioned_users.c.external_id.in_(external_ids),
            # who is an admin by hand is nobody whom a provider may hand on
            or_(~users.c.platform_admin, users.c.admin_by_provider_id == provider_id),
        )
    )
    found = list(await tx.scalars(query.limit(2)))
    return found[0] if len(found) == 1 else None


async def is_active(tx: Tx, user_id: UUID) -> bool:
    """Whether the person may sign in at all."""
    query = exists().where(users.c.id == user_id, users.c.deactivated_at.is_(None))
    return bool(await tx.scalar(select(query)))


async def only_providers(tx: Tx) -> bool:
    """Whether passwords are for platform admins alone."""
    return bool(await tx.scalar(select(sign_in_settings.c.only_providers)))


async def save_only_providers(tx: Tx, now: datetime, *, only: bool) -> None:
    """Let passwords count for all, or for platform admins alone."""
    query = upsert(sign_in_settings).values(id=1, only_providers=only, changed_at=now)
    changes = {"only_providers": only, "changed_at": now}
    await tx.execute(query.on_conflict_do_update(index_elements=["id"], set_=changes))


async def any_admin_with_password(tx: Tx) -> bool:
    """Whether somebody could still get in if every provider were away."""
    query = exists().where(
        users.c.platform_admin,
        users.c.password_hash.is_not(None),
        users.c.deactivated_at.is_(None),
    )
    return bool(await tx.scalar(select(query)))


async def _mappings(
    tx: Tx, provider_ids: Sequence[UUID]
) -> dict[UUID, tuple[GroupMapping, ...]]:
    query = (
        select(group_mappings)
        .where(group_mappings.c.provider_id.in_(provider_ids))
        .order_by(group_mappings.c.group_name, group_mappings.c.id)
    )
    found: dict[UUID, tuple[GroupMapping, ...]] = {}
    for row in await tx.execute(query):
        one = GroupMapping(row.group_name, row.team_id, Role(row.role))
        found[row.provider_id] = (*found.get(row.provider_id, ()), one)
    return found
