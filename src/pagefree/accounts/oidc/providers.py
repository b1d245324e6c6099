"""Identity providers, as platform admins set them up."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from pagefree.accounts import service as accounts
from pagefree.accounts.oidc import queries
from pagefree.accounts.oidc.memberships import follow_all
from pagefree.accounts.oidc.queries import Provider
from pagefree.accounts.oidc.signing_in import secret_purpose
from pagefree.core.access import Actor, Can, require
from pagefree.core.errors import Conflict, Invalid, NotFound
from pagefree.core.group_mappings import GroupMapping
from pagefree.infra.crypto import Vault
from pagefree.infra.db import Tx

NAME_TAKEN = "another identity provider has this name"


async def list_providers(tx: Tx, actor: Actor) -> list[Provider]:
    """All by name."""
    require(actor, Can.ADMINISTER)
    return await queries.list_providers(tx)


async def get_provider(tx: Tx, actor: Actor, provider_id: UUID) -> Provider:
    """One. Raises NotFound."""
    require(actor, Can.ADMINISTER)
    provider = await queries.get_provider(tx, provider_id)
    if provider is None:
        raise NotFound("there is no such identity provider")
    return provider


async def add_provider(
    tx: Tx, actor: Actor, columns: Mapping[str, object], now: datetime
) -> Provider:
    """A new one, through which nobody signs in before it knows our client."""
    require(actor, Can.ADMINISTER)
    provider_id = await queries.insert_provider(tx, columns, now)
    if provider_id is None:
        raise Conflict(NAME_TAKEN)
    return await get_provider(tx, actor, provider_id)


async def change_provider(
    tx: Tx,
    actor: Actor,
    provider_id: UUID,
    columns: Mapping[str, object],
    mappings: Sequence[GroupMapping] | None,
) -> Provider:
    """Change any of it. New mappings count at once for everybody it knows."""
    before = await get_provider(tx, actor, provider_id)
    client_id = columns.get("client_id", before.client_id)
    if columns.get("enabled", before.enabled) and not client_id:
        raise Invalid("it needs a client id before anybody signs in through it")
    if columns.get("enabled") is False:
        await _require_a_way_in(tx, provider_id)
    if columns.get("issuer", before.issuer) != before.issuer:
        columns = {**columns, "client_secret": None}  # it was for the other one
    if columns and not await queries.update_provider(tx, provider_id, columns):
        raise Conflict(NAME_TAKEN)
    if mappings is not None:
        for team_id in {one.team_id for one in mappings}:
            await accounts.require_team(tx, team_id)
        await queries.replace_mappings(tx, provider_id, mappings)
    after = await get_provider(tx, actor, provider_id)
    if (after.mappings, after.admin_groups) != (before.mappings, before.admin_groups):
        await follow_all(tx, after)
    return after


async def set_secret(
    tx: Tx, vault: Vault, actor: Actor, provider_id: UUID, secret: str | None
) -> Provider:
    """Another client secret, or none; it is never shown again."""
    await get_provider(tx, actor, provider_id)
    sealed = (
        vault.seal(secret.encode(), secret_purpose(provider_id)) if secret else None
    )
    await queries.update_provider(tx, provider_id, {"client_secret": sealed})
    return await get_provider(tx, actor, provider_id)


async def remove_provider(tx: Tx, actor: Actor, provider_id: UUID) -> None:
    """Nobody signs in through it any more; who came through it keeps what they are."""
    await get_provider(tx, actor, provider_id)
    await _require_a_way_in(tx, provider_id)
    await queries.delete_provider(tx, provider_id)


async def only_providers(tx: Tx, actor: Actor) -> bool:
    """Whether passwords are for platform admins alone."""
    require(actor, Can.ADMINISTER)
    return await queries.only_providers(tx)


async def set_only_providers(
    tx: Tx, actor: Actor, now: datetime, *, only: bool
) -> None:
    """Let passwords count for all, or for platform admins alone. Raises Conflict."""
    require(actor, Can.ADMINISTER)
    if only:
        if not await queries.list_providers(tx, only_enabled=True):
            raise Conflict("nobody could sign in: no identity provider is switched on")
        if not await queries.any_admin_with_password(tx):
            raise Conflict(
                "no platform admin has a password: if the provider were away,"
                " nobody could get in"
            )
    await queries.save_only_providers(tx, now, only=only)


async def _require_a_way_in(tx: Tx, without: UUID) -> None:
    """While passwords count for admins alone, one provider has to stay."""
    if not await queries.only_providers(tx):
        return
    enabled = await queries.list_providers(tx, only_enabled=True)
    if {one.id for one in enabled} == {without}:
        raise Conflict("people could not sign in: first let passwords count for all")
