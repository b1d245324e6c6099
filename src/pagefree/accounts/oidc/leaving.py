"""Signing out here and at the provider (OpenID Connect RP-Initiated Logout 1.0)."""

from datetime import datetime
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from pagefree.accounts import credentials
from pagefree.accounts.oidc import attempt_queries, queries
from pagefree.accounts.oidc.discovery import Misconfigured
from pagefree.accounts.oidc.signing_in import Way
from pagefree.infra.crypto import Unsealable, Vault, token_hash
from pagefree.infra.db import transaction
from pagefree.infra.http import Unreachable


def sealed(vault: Vault, provider_id: UUID, id_token: str) -> bytes:
    """An identity token, to be kept with the session that came of it."""
    return vault.seal(id_token.encode(), _purpose(provider_id))


async def leave(way: Way, token: str, now: datetime) -> str | None:
    """End the session; where the provider ends its own, or none if it does not."""
    async with transaction(way.engine) as tx:
        kept = await attempt_queries.get_provider_session(tx, token_hash(token))
        provider = await queries.get_provider(tx, kept.provider_id) if kept else None
        await credentials.end_session_of_token(tx, token)
    if kept is None or provider is None:
        return None
    try:
        configuration = await way.discovery.find(provider.issuer, now)
        hint = way.vault.open(kept.id_token, _purpose(provider.id)).decode()
    except (Unreachable, Misconfigured, Unsealable):
        return None  # here they are signed out, whatever becomes of the rest
    address = configuration.end_session_endpoint
    if address is None:
        return None
    query = {
        "id_token_hint": hint,
        "client_id": provider.client_id,
        "post_logout_redirect_uri": f"{way.base_url}/sign-in",
    }
    return address + ("&" if urlsplit(address).query else "?") + urlencode(query)


def _purpose(provider_id: UUID) -> str:
    return f"identity token of {provider_id}"
