"""Routes of one's own identities at providers."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter

from pagefree.accounts import events
from pagefree.accounts.events import Happening
from pagefree.accounts.factors import queries as factors
from pagefree.accounts.oidc import identity_queries as queries
from pagefree.accounts.oidc.identity_queries import OwnIdentity
from pagefree.accounts.oidc.memberships import follow_groups
from pagefree.accounts.oidc.queries import get_provider
from pagefree.accounts.stepping_up import CONFIRMED
from pagefree.core.access import Can, Person, require_about
from pagefree.core.errors import Conflict, NotFound
from pagefree.infra.db import Tx
from pagefree.infra.web import CurrentActor, Now, RequestTx, Shape

router = APIRouter()
ONLY_WAY = (
    "this is the only way in that you have: set a password or add a passkey first"
)


class IdentityOut(Shape):
    """Who one is at an identity provider."""

    id: UUID
    provider_id: UUID
    provider: str  # its name
    issuer: str
    email: str  # as the provider told it at the latest sign-in
    created_at: datetime
    used_at: datetime | None


@router.get("/me/identities", response_model=list[IdentityOut])
async def list_my_identities(actor: CurrentActor, tx: RequestTx) -> list[OwnIdentity]:
    """At which identity providers one is known as this person."""
    require_about(actor, Can.OWN_ACCOUNT, Person(actor.user_id))
    return await queries.list_own(tx, actor.user_id)


@router.delete(
    "/me/identities/{identity_id}", status_code=204, dependencies=[CONFIRMED]
)
async def unlink_my_identity(
    identity_id: UUID, actor: CurrentActor, tx: RequestTx, now: Now
) -> None:
    """Sign in by it no more, and be nothing by its groups; 409 if it is the only way in."""
    require_about(actor, Can.OWN_ACCOUNT, Person(actor.user_id))
    await factors.lock_person(tx, actor.user_id)
    own = {one.id: one for one in await queries.list_own(tx, actor.user_id)}
    if identity_id not in own:
        raise NotFound("you have no such identity")
    await queries.delete_identity(tx, actor.user_id, identity_id)
    provider = await get_provider(tx, own[identity_id].provider_id)
    if provider is not None:
        await follow_groups(tx, provider, actor.user_id)
    # asked last: whoever is no admin any more may not sign in with a password, either
    if not await _has_a_way(tx, actor.user_id):
        raise Conflict(ONLY_WAY)
    name = own[identity_id].provider
    what = Happening("identity.unlinked", actor.user_id, actor.name, {"what": name})
    await events.note(tx, what, now)
    await events.tell(
        tx, actor.user_id, lambda words: words.unlinked.format(name=name), now
    )


async def _has_a_way(tx: Tx, user_id: UUID) -> bool:
    if await queries.any_usable(tx, user_id):
        return True
    if (await factors.get_has(tx, user_id)).passkeys:
        return True
    return await queries.password_counts(tx, user_id)
