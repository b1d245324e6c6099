"""Groups of a provider, which open teams by its mappings."""

from collections.abc import Collection
from uuid import UUID

from scim2_models import (
    Context,
    InvalidValueException,
    NotFoundException,
    PatchOp,
    UniquenessException,
)

from pagefree.accounts.oidc import membership_queries
from pagefree.accounts.scim import queries
from pagefree.accounts.scim.models import TOLERANT, Group
from pagefree.accounts.scim.queries import EVERYBODY, Narrowing
from pagefree.accounts.scim.resources import group_resource
from pagefree.accounts.scim.users import Desk, follow_all

TAKEN = "another group has this name"


async def find(desk: Desk, narrowing: Narrowing = EVERYBODY) -> list[Group]:
    """All of the provider's."""
    stored = await queries.list_groups(desk.tx, desk.provider.id, narrowing)
    return [group_resource(one, desk.base) for one in stored]


async def get(desk: Desk, group_id: UUID) -> Group:
    """One. Raises NotFoundException."""
    found = await find(desk, Narrowing(id=group_id))
    if not found:
        raise NotFoundException(detail="there is no such group")
    return found[0]


async def create(desk: Desk, body: object) -> Group:
    """A new one."""
    group = Group.model_validate(
        body, scim_ctx=Context.RESOURCE_CREATION_REQUEST, scim_policy=TOLERANT
    )
    group_id = await queries.insert_group(
        desk.tx, desk.provider.id, _columns(group), desk.now
    )
    if group_id is None:
        raise UniquenessException(detail=TAKEN)
    return await _save(desk, group_id, group)


async def replace(desk: Desk, group_id: UUID, body: object) -> Group:
    """All of it anew."""
    before = await get(desk, group_id)
    group = Group.model_validate(
        body, scim_ctx=Context.RESOURCE_REPLACEMENT_REQUEST, scim_policy=TOLERANT
    )
    group.replace(before)
    return await _save(desk, group_id, group)


async def patch(desk: Desk, group_id: UUID, body: object) -> Group:
    """Some of it: mostly who joined and who left."""
    group = await get(desk, group_id)
    changes = PatchOp[Group].model_validate(
        body, scim_ctx=Context.RESOURCE_PATCH_REQUEST, scim_policy=TOLERANT
    )
    changes.patch(group, scim_policy=TOLERANT)
    return await _save(desk, group_id, group)


async def delete(desk: Desk, group_id: UUID) -> None:
    """What it opened is closed to whoever was in it."""
    group = await get(desk, group_id)
    concerned = await queries.set_members(desk.tx, group_id, ())
    await queries.delete_group(desk.tx, group_id)
    concerned |= await _forget(desk, group)
    await follow_all(desk, sorted(concerned))


async def _save(desk: Desk, group_id: UUID, group: Group) -> Group:
    members = await _people(desk, group)
    before = await get(desk, group_id)
    if not await queries.update_group(desk.tx, group_id, _columns(group), desk.now):
        raise UniquenessException(detail=TAKEN)
    concerned = await queries.set_members(desk.tx, group_id, members)
    await _forget(desk, before, concerned - set(members))
    if before.display_name != group.display_name:
        concerned |= set(members)  # another name may open other teams
        concerned |= await _forget(desk, before)
    await follow_all(desk, sorted(concerned))
    return await get(desk, group_id)


async def _people(desk: Desk, group: Group) -> Collection[UUID]:
    """Who is in it. Raises InvalidValueException if that is nobody whom we know."""
    wanted = {one.value for one in group.members or [] if one.value}
    if not wanted:
        return set()
    known = await queries.list_users(desk.tx, desk.provider.id)
    ids = {str(one.id): one.id for one in known}
    if unknown := wanted - set(ids):
        raise InvalidValueException(
            detail=f"{len(unknown)} members are no users of this provider"
        )
    return {ids[one] for one in wanted}


async def _forget(
    desk: Desk, group: Group, user_ids: Collection[UUID] | None = None
) -> set[UUID]:
    """What sign-ins told of it counts no more: else it would open teams until the next."""
    name, provider_id = str(group.display_name), desk.provider.id
    return await membership_queries.forget_told(desk.tx, provider_id, name, user_ids)


def _columns(group: Group) -> dict[str, object]:
    return {"name": group.display_name, "external_id": group.external_id}
