"""Putting people here, changing them, and ending all they can do here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from scim2_models import (
    ConflictException,
    Context,
    MutabilityException,
    NotFoundException,
    PatchOp,
    UniquenessException,
)

from pagefree.accounts import contacts
from pagefree.accounts import queries as people
from pagefree.accounts import service as accounts
from pagefree.accounts.oidc.memberships import follow_groups
from pagefree.accounts.oidc.queries import Provider
from pagefree.accounts.queries import NewUser
from pagefree.accounts.queries import User as StoredPerson
from pagefree.accounts.scim import queries
from pagefree.accounts.scim.models import TOLERANT, User
from pagefree.accounts.scim.queries import EVERYBODY, Narrowing, Provisioned
from pagefree.accounts.scim.resources import Person, kept, person, user_resource
from pagefree.core.access import Actor
from pagefree.core.errors import Conflict
from pagefree.infra.db import Tx

BY_HAND = "a platform admin whom no group made one is changed by platform admins only"
TAKEN = "another user has this user name or e-mail address"


@dataclass(frozen=True, slots=True)
class Desk:
    """A provider's request: who asks, in which transaction, and where answers point."""

    tx: Tx
    actor: Actor
    provider: Provider
    base: str
    now: datetime


async def find(desk: Desk, narrowing: Narrowing = EVERYBODY) -> list[User]:
    """Those whom the provider may know of."""
    stored = await queries.list_users(desk.tx, desk.provider.id, narrowing)
    ids = [one.id for one in stored]
    groups = await queries.list_groups_of(desk.tx, desk.provider.id, ids)
    return [user_resource(one, groups.get(one.id, ()), desk.base) for one in stored]


async def get(desk: Desk, user_id: UUID) -> User:
    """One. Raises NotFoundException."""
    found = await find(desk, Narrowing(id=user_id))
    if not found:
        raise NotFoundException(detail="there is no such user")
    return found[0]


async def create(desk: Desk, body: object) -> User:
    """Somebody new, or somebody who was deleted and comes back."""
    user = User.model_validate(
        body, scim_ctx=Context.RESOURCE_CREATION_REQUEST, scim_policy=TOLERANT
    )
    known = Narrowing(user_name=user.user_name)
    if await queries.list_users(desk.tx, desk.provider.id, known):
        raise UniquenessException(detail=TAKEN)
    if user.active is None:
        user.active = True
    wanted = person(user)
    user_id = await queries.hidden_user_of_email(desk.tx, wanted.email)
    if user_id is None:
        new = NewUser(wanted.email, wanted.name, time_zone=wanted.time_zone or "UTC")
        try:
            user_id = (await accounts.create_user(desk.tx, new, desk.now)).id
        except Conflict as e:
            raise UniquenessException(detail=TAKEN) from e
    return await _save(desk, user_id, user)


async def replace(desk: Desk, user_id: UUID, body: object) -> User:
    """All of it anew."""
    before = await get(desk, user_id)
    user = User.model_validate(
        body, scim_ctx=Context.RESOURCE_REPLACEMENT_REQUEST, scim_policy=TOLERANT
    )
    if user.active is None:
        user.active = before.active
    user.replace(before)
    return await _save(desk, user_id, user)


async def patch(desk: Desk, user_id: UUID, body: object) -> User:
    """Some of it."""
    user = await get(desk, user_id)
    changes = PatchOp[User].model_validate(
        body, scim_ctx=Context.RESOURCE_PATCH_REQUEST, scim_policy=TOLERANT
    )
    changes.patch(user, scim_policy=TOLERANT)
    return await _save(desk, user_id, user)


async def delete(desk: Desk, user_id: UUID) -> None:
    """The provider knows them no more; here they are deactivated: their history stays."""
    await get(desk, user_id)
    before = await accounts.require_user(desk.tx, user_id)
    if before.deactivated_at is None:
        await _require_ours(desk, before, None)
    await _deactivate(desk, user_id)
    await queries.delete_provisioned(desk.tx, user_id)
    await follow_groups(desk.tx, desk.provider, user_id)


async def follow_all(desk: Desk, user_ids: Sequence[UUID]) -> None:
    """Let the teams of these people follow their groups."""
    for user_id in user_ids:
        await follow_groups(desk.tx, desk.provider, user_id)


async def _save(desk: Desk, user_id: UUID, user: User) -> User:
    wanted = person(user)
    before = await accounts.require_user(desk.tx, user_id)
    await _require_ours(desk, before, wanted)
    columns: dict[str, object] = {"email": wanted.email, "name": wanted.name}
    if wanted.time_zone:
        columns["time_zone"] = wanted.time_zone
    provisioned = Provisioned(
        user_id, desk.provider.id, str(user.user_name), user.external_id, kept(user)
    )
    changed = await people.update_user(desk.tx, user_id, columns)
    if not changed or not await queries.save_provisioned(
        desk.tx, provisioned, desk.now
    ):
        raise UniquenessException(detail=TAKEN)
    await contacts.follow_account(desk.tx, user_id, before.email, wanted.email)
    if wanted.active:
        await accounts.reactivate(desk.tx, desk.actor, user_id)
    else:
        await _deactivate(desk, user_id)
    await follow_groups(desk.tx, desk.provider, user_id)
    return await get(desk, user_id)


async def _require_ours(
    desk: Desk, before: StoredPerson, wanted: Person | None
) -> None:
    """Raise MutabilityException for what an admin by hand is, and how they sign in.

    A provider that could change that could become that admin, or lock everybody out.
    `wanted`: as they are to be; none: deleted.
    """
    if not before.platform_admin or await queries.admin_by_provider(desk.tx, before.id):
        return
    active = before.deactivated_at is None
    if wanted is None or (wanted.email, wanted.active) != (before.email, active):
        raise MutabilityException(detail=BY_HAND)


async def _deactivate(desk: Desk, user_id: UUID) -> None:
    """Sessions, sockets and keys end with the transaction."""
    try:
        await accounts.deactivate(desk.tx, desk.actor, user_id, desk.now)
    except Conflict as e:  # the last platform admin
        raise ConflictException(detail=str(e)) from e
