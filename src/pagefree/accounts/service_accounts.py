"""Service accounts: programs that act in their own name, of a team or of the installation."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pagefree.accounts import credential_queries, credentials, service
from pagefree.accounts import service_account_queries as queries
from pagefree.accounts.credential_queries import ApiKey
from pagefree.accounts.credentials import AskedApiKey
from pagefree.accounts.service_account_queries import ServiceAccount
from pagefree.core.access import Actor, Can, Role, allowed, require
from pagefree.core.errors import Conflict, Forbidden, NotFound
from pagefree.infra.db import Tx

KEEP = Can.KEEP_SERVICE_ACCOUNTS


@dataclass(frozen=True, slots=True)
class NewServiceAccount:
    """In a team with a role there; without one it is the installation's."""

    name: str
    team_id: UUID | None
    role: Role = Role.RESPONDER
    platform_admin: bool = False  # only of the installation's; else it may only see


async def create(
    tx: Tx, actor: Actor, new: NewServiceAccount, now: datetime
) -> ServiceAccount:
    """A new one, without a key."""
    require(actor, KEEP if new.team_id else Can.ADMINISTER, new.team_id)
    admin = new.platform_admin and new.team_id is None
    account_id = await queries.insert_account(tx, new.name, now, platform_admin=admin)
    if new.team_id is not None:
        await service.set_membership(tx, new.team_id, account_id, new.role)
    return await keepable(tx, actor, account_id)


async def list_all(tx: Tx, actor: Actor) -> list[ServiceAccount]:
    """Those that the actor may change; of a team's admin those wholly in their teams."""
    if allowed(actor, KEEP):
        return await queries.list_accounts(tx, None)
    own = [team for team in actor.roles if allowed(actor, KEEP, team)]
    if not own:
        require(actor, KEEP)
    return [one for one in await queries.list_accounts(tx, own) if _may(actor, one)]


async def keepable(tx: Tx, actor: Actor, account_id: UUID) -> ServiceAccount:
    """One that the actor may change. Raises NotFound and Forbidden.

    Whoever makes a key for it can do all that it can: so it takes the right in each of its
    teams, and for one of the installation that of platform admins.
    """
    found = await queries.list_accounts(tx, None, account_id)
    if not found:
        raise NotFound("there is no such service account")
    if not _may(actor, found[0]):
        require(actor, Can.ADMINISTER)
    return found[0]


async def end(tx: Tx, actor: Actor, account_id: UUID, now: datetime) -> None:
    """It acts no more, and its keys are revoked. Doing so twice is not an error."""
    await keepable(tx, actor, account_id)
    await queries.deactivate(tx, account_id, now)
    await credentials.end_all_access(tx, account_id, now)


async def list_keys(tx: Tx, actor: Actor, account_id: UUID) -> list[ApiKey]:
    """Its keys, newest first."""
    await keepable(tx, actor, account_id)
    return await credential_queries.list_api_keys(tx, account_id)


async def add_key(
    tx: Tx, actor: Actor, account_id: UUID, asked: AskedApiKey, now: datetime
) -> tuple[ApiKey, str]:
    """A new key of it, shown only now."""
    account = await keepable(tx, actor, account_id)
    if actor.kind != "user" or (actor.credential and actor.credential.bound):
        raise Forbidden("a key of a program, or of some addresses only, makes no other")
    if account.deactivated_at is not None:
        raise Conflict("this service account has ended")
    return await credentials.add_api_key(tx, account_id, asked, now)


async def revoke_key(
    tx: Tx, actor: Actor, account_id: UUID, key_id: UUID, now: datetime
) -> None:
    """The key counts no more. Revoking twice is not an error."""
    await keepable(tx, actor, account_id)
    await credential_queries.revoke_api_keys(tx, account_id, now, key_id=key_id)


def _may(actor: Actor, account: ServiceAccount) -> bool:
    if account.platform_admin or not account.teams:
        return allowed(actor, Can.ADMINISTER)
    return all(allowed(actor, KEEP, one.team.id) for one in account.teams)
