"""Routes of service accounts and their keys."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Request

from pagefree.accounts import service_accounts
from pagefree.accounts.credential_queries import ApiKey
from pagefree.accounts.credentials import AskedApiKey
from pagefree.accounts.service_account_queries import ServiceAccount
from pagefree.accounts.service_accounts import NewServiceAccount
from pagefree.accounts.shapes import (
    ApiKeyIn,
    ApiKeyOut,
    Line,
    MembershipOut,
    NewApiKeyOut,
)
from pagefree.accounts.stepping_up import require_confirmed
from pagefree.core.access import Role, Scope
from pagefree.infra.web import CurrentActor, Now, RequestTx, Shape

router = APIRouter(prefix="/service-accounts")


class ServiceAccountIn(Shape):
    """The service account that is wanted: of a team with a role, or of the installation."""

    name: Line
    team_id: UUID | None = None
    role: Role = Role.RESPONDER
    platform_admin: bool = False


class ServiceAccountOut(Shape):
    """A program that acts in its own name."""

    id: UUID
    name: str
    platform_admin: bool
    created_at: datetime
    deactivated_at: datetime | None
    teams: list[MembershipOut]
    key_count: int


@router.get("", response_model=list[ServiceAccountOut])
async def list_service_accounts(
    actor: CurrentActor, tx: RequestTx
) -> list[ServiceAccount]:
    """Those that one may change, by name."""
    return await service_accounts.list_all(tx, actor)


@router.post("", status_code=201, response_model=ServiceAccountOut)
async def create_service_account(
    body: ServiceAccountIn,
    request: Request,
    actor: CurrentActor,
    tx: RequestTx,
    now: Now,
) -> ServiceAccount:
    """A new one, without a key."""
    if body.platform_admin:
        await require_confirmed(tx, request, now)
    new = NewServiceAccount(**body.model_dump())
    return await service_accounts.create(tx, actor, new, now)


@router.put("/{account_id}/deactivation", status_code=204)
async def end_service_account(
    account_id: UUID, actor: CurrentActor, tx: RequestTx, now: Now
) -> None:
    """It acts no more; its keys are revoked."""
    await service_accounts.end(tx, actor, account_id, now)


@router.get("/{account_id}/api-keys", response_model=list[ApiKeyOut])
async def list_service_account_keys(
    account_id: UUID, actor: CurrentActor, tx: RequestTx
) -> list[ApiKey]:
    """Its API keys."""
    return await service_accounts.list_keys(tx, actor, account_id)


@router.post("/{account_id}/api-keys", status_code=201)
async def create_service_account_key(
    account_id: UUID,
    body: ApiKeyIn,
    request: Request,
    actor: CurrentActor,
    tx: RequestTx,
    now: Now,
) -> NewApiKeyOut:
    """A new API key of it; the answer is the only time that it is shown."""
    if Scope.ADMIN in body.scopes:
        await require_confirmed(tx, request, now)
    asked = AskedApiKey(
        body.name, frozenset(body.scopes), body.expires_at, body.networks
    )
    key, token = await service_accounts.add_key(tx, actor, account_id, asked, now)
    shown = ApiKeyOut.model_validate(key)
    return NewApiKeyOut(**shown.model_dump(), token=token)


@router.delete("/{account_id}/api-keys/{key_id}", status_code=204)
async def revoke_service_account_key(
    account_id: UUID, key_id: UUID, actor: CurrentActor, tx: RequestTx, now: Now
) -> None:
    """The key counts no more."""
    await service_accounts.revoke_key(tx, actor, account_id, key_id, now)
