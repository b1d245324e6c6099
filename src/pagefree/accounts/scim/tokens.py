"""The bearer tokens by which an identity provider puts people here."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from pagefree.accounts.oidc.providers import get_provider
from pagefree.accounts.scim import token_queries as queries
from pagefree.accounts.scim.token_queries import NewScimToken, ScimToken
from pagefree.core.access import Actor, Credential
from pagefree.infra.crypto import new_token, token_hash
from pagefree.infra.db import Tx

PREFIX = "pfs_"
SHOWN_LETTERS = 6
NOTED_EVERY = timedelta(minutes=1)


async def list_tokens(tx: Tx, actor: Actor, provider_id: UUID) -> Sequence[ScimToken]:
    """A provider's, newest first."""
    await get_provider(tx, actor, provider_id)
    return await queries.list_tokens(tx, provider_id)


async def create_token(
    tx: Tx, actor: Actor, provider_id: UUID, name: str, now: datetime
) -> tuple[ScimToken, str]:
    """A new token and its description; it is never shown again."""
    await get_provider(tx, actor, provider_id)
    token = new_token(PREFIX)
    shown = token[: len(PREFIX) + SHOWN_LETTERS]
    new = NewScimToken(provider_id, name, shown, token_hash(token), actor.user_id)
    token_id = await queries.insert_token(tx, new, now)
    return ScimToken(token_id, provider_id, name, shown, now, None), token


async def revoke_token(
    tx: Tx, actor: Actor, provider_id: UUID, token_id: UUID, now: datetime
) -> None:
    """It counts no more. Doing so twice is not an error."""
    await get_provider(tx, actor, provider_id)
    await queries.revoke_token(tx, provider_id, token_id, now)


async def holder(tx: Tx, token: str, now: datetime) -> ScimToken | None:
    """The token, if it is one and counts."""
    if not token.startswith(PREFIX):
        return None
    found = await queries.get_token(tx, token_hash(token))
    if found and (found.used_at is None or now - found.used_at >= NOTED_EVERY):
        await queries.note_token(tx, found.id, now)
    return found


def actor_of(token: ScimToken) -> Actor:
    """Who acts by it: provisioning administers people, and no person does."""
    return Actor(
        token.id,
        f"Provisioning: {token.name}",
        platform_admin=True,
        credential=Credential("scim_token", token.id),
        kind="service_account",
    )
