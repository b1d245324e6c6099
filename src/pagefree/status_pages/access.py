"""What opens private pages: tokens that can be revoked one by one, and a password."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pagefree.core.access import Actor
from pagefree.core.errors import Invalid, NotFound
from pagefree.infra.crypto import new_token, token_hash
from pagefree.infra.db import Tx
from pagefree.status_pages import access_queries, queries, service
from pagefree.status_pages.access_queries import Token

PREFIX = "pfs_"
SHOWN = 10  # characters, to tell tokens apart
MOST_TOKENS = 200


@dataclass(frozen=True, slots=True)
class AskedToken:
    """The token that somebody wants."""

    name: str
    expires_at: datetime | None


async def list_tokens(tx: Tx, page_id: UUID, actor: Actor) -> list[Token]:
    """The tokens of a page, newest first, without their secrets."""
    await service.editable(tx, page_id, actor)
    return await access_queries.list_tokens(tx, page_id)


async def create_token(
    tx: Tx, page_id: UUID, asked: AskedToken, actor: Actor, now: datetime
) -> tuple[Token, str]:
    """A new token and its secret, which is shown once. Raises Forbidden, Invalid."""
    page = await service.editable(tx, page_id, actor)
    if asked.expires_at is not None and asked.expires_at <= now:
        raise Invalid("the token would have expired already")
    if len(await access_queries.list_tokens(tx, page_id)) >= MOST_TOKENS:
        raise Invalid(f"a page has at most {MOST_TOKENS} tokens")
    secret = new_token(PREFIX)
    token_id = await queries.insert_row(
        tx,
        queries.TOKEN,
        {
            "page_id": page_id,
            "name": asked.name,
            "prefix": secret[:SHOWN],
            "token_hash": token_hash(secret),
            "created_by_id": actor.user_id,
            "created_at": now,
            "expires_at": asked.expires_at,
        },
    )
    await service.page_changed(tx, page, "status_page.token_added", actor, now)
    kept = await access_queries.list_tokens(tx, page_id)
    return next(one for one in kept if one.id == token_id), secret


async def delete_token(
    tx: Tx, page_id: UUID, token_id: UUID, actor: Actor, now: datetime
) -> None:
    """Revoke a token, and every cookie that it was exchanged for."""
    page = await service.editable(tx, page_id, actor)
    kept = await access_queries.list_tokens(tx, page_id)
    if token_id not in {one.id for one in kept}:
        raise NotFound(f"the page has no token {token_id}")
    await queries.delete_row(tx, queries.TOKEN, token_id)
    await service.page_changed(tx, page, "status_page.token_removed", actor, now)
