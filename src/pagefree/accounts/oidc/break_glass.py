"""Passwords while people sign in through identity providers only."""

from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from pagefree.accounts import service as accounts
from pagefree.accounts.oidc import queries
from pagefree.audit import service as audit
from pagefree.audit.service import Note
from pagefree.core.errors import Forbidden
from pagefree.infra.db import transaction

log = structlog.get_logger()


async def require_password_counts(
    engine: AsyncEngine, user_id: UUID, now: datetime
) -> None:
    """Raise Forbidden if this person has to sign in through a provider.

    Platform admins never have to: providers break, too. That they did not is noted loudly.
    """
    async with transaction(engine) as tx:
        if not await queries.only_providers(tx):
            return
        user = await accounts.require_user(tx, user_id)
        if not user.platform_admin:
            raise Forbidden("sign in through your identity provider instead")
        what = Note(
            "sign_in.break_glass",
            "user",
            user.id,
            user.name,
            by=user.id,
            by_name=user.name,
        )
        await audit.note(tx, what, now)
    log.warning("sign_in.break_glass", user_id=str(user.id), name=user.name)
