"""Tokens of provisioning, for platform admins."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from fastapi import APIRouter

from pagefree.accounts.scim import tokens
from pagefree.accounts.scim.token_queries import ScimToken
from pagefree.accounts.shapes import Line
from pagefree.accounts.stepping_up import CONFIRMED_OR_KEY
from pagefree.infra.web import CurrentActor, Now, RequestTx, Shape

router = APIRouter()


class ScimTokenIn(Shape):
    """The token that is wanted."""

    name: Line


class ScimTokenOut(Shape):
    """A token of provisioning, without the token itself."""

    id: UUID
    name: str
    prefix: str
    created_at: datetime
    used_at: datetime | None


class NewScimTokenOut(ScimTokenOut):
    """A new token of provisioning; `token` is never shown again."""

    token: str


@router.get(
    "/identity-providers/{provider_id}/scim-tokens", response_model=list[ScimTokenOut]
)
async def list_scim_tokens(
    provider_id: UUID, actor: CurrentActor, tx: RequestTx
) -> Sequence[ScimToken]:
    """Those by which this provider may put people here, newest first."""
    return await tokens.list_tokens(tx, actor, provider_id)


@router.post(
    "/identity-providers/{provider_id}/scim-tokens",
    status_code=201,
    dependencies=[CONFIRMED_OR_KEY],
)
async def create_scim_token(
    provider_id: UUID, body: ScimTokenIn, actor: CurrentActor, tx: RequestTx, now: Now
) -> NewScimTokenOut:
    """A new token; the answer is the only time that it is shown."""
    made, token = await tokens.create_token(tx, actor, provider_id, body.name, now)
    shown = ScimTokenOut.model_validate(made)
    return NewScimTokenOut(**shown.model_dump(), token=token)


@router.delete(
    "/identity-providers/{provider_id}/scim-tokens/{token_id}", status_code=204
)
async def revoke_scim_token(
    provider_id: UUID, token_id: UUID, actor: CurrentActor, tx: RequestTx, now: Now
) -> None:
    """The token counts no more."""
    await tokens.revoke_token(tx, actor, provider_id, token_id, now)
