"""Every statement on what groups of identity providers make of people."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import any_, delete, func, literal, select, union_all, update

from pagefree.core.access import Role
from pagefree.core.group_mappings import Held
from pagefree.infra.db import Tx
from pagefree.tables.accounts import memberships, users
from pagefree.tables.sign_in import (
    identities,
    provisioned_group_members,
    provisioned_groups,
    provisioned_users,
)


async def list_groups(tx: Tx, provider_id: UUID, user_id: UUID) -> set[str]:
    """Told at the latest sign-in, and pushed by provisioning."""
    told = select(func.unnest(identities.c.groups).label("name")).where(
        identities.c.provider_id == provider_id, identities.c.user_id == user_id
    )
    members = provisioned_group_members
    pushed = (
        select(provisioned_groups.c.name)
        .join(members, members.c.group_id == provisioned_groups.c.id)
        .where(
            provisioned_groups.c.provider_id == provider_id,
            members.c.user_id == user_id,
        )
    )
    return set(await tx.scalars(union_all(told, pushed)))


async def forget_told(
    tx: Tx, provider_id: UUID, group: str, user_ids: Collection[UUID] | None = None
) -> set[UUID]:
    """A group that sign-ins told of is gone, for these people or all; whom that concerns."""
    c = identities.c
    where = [c.provider_id == provider_id, literal(group) == any_(c.groups)]
    if user_ids is not None:
        where.append(c.user_id.in_(user_ids))
    query = (
        update(identities)
        .where(*where)
        .values(groups=func.array_remove(c.groups, group))
        .returning(c.user_id)
    )
    return set(await tx.scalars(query))


async def list_people(tx: Tx, provider_id: UUID) -> set[UUID]:
    """Everybody whom the provider knows, or has given something."""
    query = union_all(
        select(identities.c.user_id).where(identities.c.provider_id == provider_id),
        select(provisioned_users.c.user_id).where(
            provisioned_users.c.provider_id == provider_id
        ),
        select(provisioned_group_members.c.user_id)
        .join(
            provisioned_groups,
            provisioned_groups.c.id == provisioned_group_members.c.group_id,
        )
        .where(provisioned_groups.c.provider_id == provider_id),
        select(memberships.c.user_id).where(memberships.c.provider_id == provider_id),
        select(users.c.id).where(users.c.admin_by_provider_id == provider_id),
    )
    return set(await tx.scalars(query))


async def lock_held(tx: Tx, provider_id: UUID, user_id: UUID) -> dict[UUID, Held]:
    """What the person is, by team; nobody else changes the person until the end."""
    await tx.execute(select(users.c.id).where(users.c.id == user_id).with_for_update())
    query = select(
        memberships.c.team_id, memberships.c.role, memberships.c.provider_id
    ).where(memberships.c.user_id == user_id)
    return {
        row.team_id: Held(Role(row.role), row.provider_id == provider_id)
        for row in await tx.execute(query)
    }


async def delete_memberships(
    tx: Tx, provider_id: UUID, user_id: UUID, team_ids: Collection[UUID]
) -> None:
    """Those that the provider gave in these teams."""
    await tx.execute(
        delete(memberships).where(
            memberships.c.provider_id == provider_id,
            memberships.c.user_id == user_id,
            memberships.c.team_id.in_(team_ids),
        )
    )


async def make_admin(tx: Tx, provider_id: UUID, user_id: UUID) -> None:
    """A platform admin by the provider; one by hand stays one by hand."""
    await tx.execute(
        update(users)
        .where(users.c.id == user_id, ~users.c.platform_admin)
        .values(platform_admin=True, admin_by_provider_id=provider_id)
    )


async def admin_by(tx: Tx, provider_id: UUID, user_id: UUID) -> bool:
    """Whether it is this provider that made them a platform admin."""
    query = select(users.c.id).where(
        users.c.id == user_id,
        users.c.platform_admin,
        users.c.admin_by_provider_id == provider_id,
    )
    return await tx.scalar(query) is not None
