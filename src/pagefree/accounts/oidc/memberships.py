"""Teams and admin rights that follow the groups of an identity provider."""

from uuid import UUID

import structlog

from pagefree.accounts import queries as accounts
from pagefree.accounts.oidc import membership_queries as queries
from pagefree.accounts.oidc.queries import Provider
from pagefree.core.group_mappings import membership_changes, wanted_roles
from pagefree.infra.db import Tx

log = structlog.get_logger()


async def follow_groups(tx: Tx, provider: Provider, user_id: UUID) -> None:
    """Give the person what their groups mean, and take what they mean no longer."""
    held = await queries.lock_held(tx, provider.id, user_id)
    groups = await queries.list_groups(tx, provider.id, user_id)
    changes = membership_changes(held, wanted_roles(provider.mappings, groups))
    for team_id, role in changes.put.items():
        await accounts.save_membership(tx, team_id, user_id, role, provider.id)
    if changes.remove:
        await queries.delete_memberships(tx, provider.id, user_id, changes.remove)
    await _follow_admin(tx, provider, user_id, groups)


async def follow_all(tx: Tx, provider: Provider) -> None:
    """The same for everybody whom the provider knows: its mappings have changed."""
    for user_id in sorted(await queries.list_people(tx, provider.id)):
        await follow_groups(tx, provider, user_id)


async def _follow_admin(
    tx: Tx, provider: Provider, user_id: UUID, groups: set[str]
) -> None:
    if groups.intersection(provider.admin_groups):
        await queries.make_admin(tx, provider.id, user_id)
        return
    if not await queries.admin_by(tx, provider.id, user_id):
        return
    if set(await accounts.list_platform_admins(tx, lock=True)) == {user_id}:
        # an installation that nobody can administer is worse than one admin too many
        log.warning("sign_in.last_admin_kept", user_id=str(user_id))
        return
    columns = {"platform_admin": False, "admin_by_provider_id": None}
    await accounts.update_user(tx, user_id, columns)
