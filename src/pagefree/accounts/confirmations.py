"""Proving again, right before something grave, that it is still the person who signed in."""

from datetime import datetime

from pagefree.accounts import confirmation_queries as queries
from pagefree.infra.crypto import token_hash
from pagefree.infra.db import Tx


async def confirm(tx: Tx, token: str, now: datetime) -> None:
    """Note that whoever holds this session has just proven who they are."""
    await queries.set_confirmed(tx, token_hash(token), now)


async def confirmed_at(tx: Tx, token: str | None, now: datetime) -> datetime | None:
    """When the holder of this session last proved it; an API key has no session."""
    return await queries.get_confirmed(tx, token_hash(token), now) if token else None
