"""Signing in with nothing but a passkey."""

from datetime import datetime

from pagefree.accounts import credentials
from pagefree.accounts import service as accounts
from pagefree.accounts.credential_queries import PasswordHolder
from pagefree.accounts.factors import passkeys
from pagefree.accounts.factors.passkeys import Answer, Purpose, Site
from pagefree.accounts.oidc import queries as providers
from pagefree.infra.db import Tx


async def holder_of(
    tx: Tx, site: Site, answer: Answer, now: datetime
) -> PasswordHolder | None:
    """Whose passkey has signed what it was asked to; none: nobody's who may sign in."""
    passkey = await passkeys.accept(tx, site, Purpose.SIGN_IN, None, answer, now)
    if passkey is None:
        return None
    if await providers.only_providers(tx):
        user = await accounts.require_user(tx, passkey.user_id)
        if not user.platform_admin:
            return None
    return await credentials.holder_of(tx, passkey.user_id)
