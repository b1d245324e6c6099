"""Identity providers, for platform admins."""

from uuid import UUID

from fastapi import APIRouter

from pagefree.accounts.oidc import providers
from pagefree.accounts.oidc.api import TheWay
from pagefree.accounts.oidc.discovery import Misconfigured
from pagefree.accounts.oidc.queries import Provider
from pagefree.accounts.oidc.shapes import (
    CheckOut,
    MappingShape,
    ProviderChanges,
    ProviderIn,
    ProviderOut,
    SecretIn,
    SignInSettings,
)
from pagefree.accounts.oidc.signing_in import Way
from pagefree.accounts.stepping_up import CONFIRMED_OR_KEY
from pagefree.core.group_mappings import GroupMapping
from pagefree.infra.http import Unreachable
from pagefree.infra.web import CurrentActor, Now, RequestTx, SecretVault

SCOPES = ["openid", "email", "profile"]
AWAY = (
    "Nothing that could be read answers at this issuer's"
    " /.well-known/openid-configuration. Is the address right, and may this installation"
    " reach it? Private networks have to be allowed in the settings."
)

router = APIRouter()


@router.get("/sign-in/settings")
async def get_sign_in_settings(actor: CurrentActor, tx: RequestTx) -> SignInSettings:
    """Who may sign in with a password."""
    return SignInSettings(only_providers=await providers.only_providers(tx, actor))


@router.put("/sign-in/settings", dependencies=[CONFIRMED_OR_KEY])
async def put_sign_in_settings(
    body: SignInSettings, actor: CurrentActor, tx: RequestTx, now: Now
) -> SignInSettings:
    """Let passwords count for all, or for platform admins alone."""
    only = body.only_providers
    await providers.set_only_providers(tx, actor, now, only=only)
    return body


@router.get("/identity-providers")
async def list_identity_providers(
    actor: CurrentActor, tx: RequestTx, way: TheWay
) -> list[ProviderOut]:
    """All by name."""
    return [_shown(way, one) for one in await providers.list_providers(tx, actor)]


@router.post("/identity-providers", status_code=201, dependencies=[CONFIRMED_OR_KEY])
async def create_identity_provider(
    body: ProviderIn, actor: CurrentActor, tx: RequestTx, way: TheWay, now: Now
) -> ProviderOut:
    """Add one; it is switched on once it has a client id."""
    columns = {
        "name": body.name,
        "issuer": body.issuer,
        "client_id": "",
        "scopes": SCOPES,
        "enabled": False,
    }
    return _shown(way, await providers.add_provider(tx, actor, columns, now))


@router.get("/identity-providers/{provider_id}")
async def get_identity_provider(
    provider_id: UUID, actor: CurrentActor, tx: RequestTx, way: TheWay
) -> ProviderOut:
    """One."""
    return _shown(way, await providers.get_provider(tx, actor, provider_id))


@router.patch("/identity-providers/{provider_id}", dependencies=[CONFIRMED_OR_KEY])
async def update_identity_provider(
    provider_id: UUID,
    body: ProviderChanges,
    actor: CurrentActor,
    tx: RequestTx,
    way: TheWay,
) -> ProviderOut:
    """Change it; new mappings of groups count at once for everybody whom it knows."""
    columns = body.model_dump(exclude_none=True, exclude={"mappings"})
    mappings = (
        None
        if body.mappings is None
        else [GroupMapping(one.group, one.team_id, one.role) for one in body.mappings]
    )
    changed = await providers.change_provider(tx, actor, provider_id, columns, mappings)
    return _shown(way, changed)


@router.put("/identity-providers/{provider_id}/secret", dependencies=[CONFIRMED_OR_KEY])
async def put_identity_provider_secret(
    provider_id: UUID,
    body: SecretIn,
    actor: CurrentActor,
    tx: RequestTx,
    way: TheWay,
    vault: SecretVault,
) -> ProviderOut:
    """Another client secret; it is never shown again."""
    changed = await providers.set_secret(tx, vault, actor, provider_id, body.secret)
    return _shown(way, changed)


@router.delete(
    "/identity-providers/{provider_id}",
    status_code=204,
    dependencies=[CONFIRMED_OR_KEY],
)
async def delete_identity_provider(
    provider_id: UUID, actor: CurrentActor, tx: RequestTx
) -> None:
    """Nobody signs in through it any more; who came through it keeps what they are."""
    await providers.remove_provider(tx, actor, provider_id)


@router.post("/identity-providers/{provider_id}/check")
async def check_identity_provider(
    provider_id: UUID, actor: CurrentActor, tx: RequestTx, way: TheWay
) -> CheckOut:
    """Whether its configuration can be fetched and read."""
    provider = await providers.get_provider(tx, actor, provider_id)
    try:
        found = await way.discovery.look(provider.issuer)
    except Unreachable:
        return CheckOut(works=False, problem=AWAY, signs_out=False)
    except Misconfigured as e:
        return CheckOut(works=False, problem=str(e), signs_out=False)
    ends = found.end_session_endpoint is not None
    return CheckOut(works=True, problem=None, signs_out=ends)


def _shown(way: Way, provider: Provider) -> ProviderOut:
    return ProviderOut(
        id=provider.id,
        name=provider.name,
        issuer=provider.issuer,
        client_id=provider.client_id,
        has_secret=provider.client_secret is not None,
        scopes=list(provider.scopes),
        group_claim=provider.group_claim,
        admin_groups=list(provider.admin_groups),
        email_domains=list(provider.email_domains),
        creates_users=provider.creates_users,
        links_by_email=provider.links_by_email,
        enabled=provider.enabled,
        mappings=[
            MappingShape(group=one.group, team_id=one.team_id, role=one.role)
            for one in provider.mappings
        ],
        redirect_uri=way.redirect_uri(provider.id),
        created_at=provider.created_at,
    )
