"""Which person here it is that a provider describes."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID
from zoneinfo import available_timezones

from pagefree.accounts import service as accounts
from pagefree.accounts.invitation_queries import any_open
from pagefree.accounts.oidc import queries
from pagefree.accounts.oidc.claims import Profile, in_domains
from pagefree.accounts.oidc.memberships import follow_groups
from pagefree.accounts.oidc.queries import Identity, NewIdentity, Provider
from pagefree.accounts.queries import NewUser
from pagefree.core.errors import Conflict
from pagefree.infra.db import Tx


class Problem(StrEnum):
    """Why somebody was not signed in; public, so none is ever renamed."""

    EXPIRED = "expired"  # took too long, was here already, or began elsewhere
    CANCELLED = "cancelled"  # the provider says that they may not, or would not
    UNREACHABLE = "unreachable"  # the provider does not answer
    UNTRUSTED = "untrusted"  # what it answers proves nothing
    NO_ACCOUNT = "no_account"  # unknown here, and the provider creates nobody
    NO_EMAIL = "no_email"  # an account needs an address
    WRONG_DOMAIN = "wrong_domain"
    UNVERIFIED = "unverified"  # the provider says that the address may not be theirs
    EMAIL_TAKEN = "email_taken"  # by an account that is not linked
    DEACTIVATED = "deactivated"


class Refused(Exception):
    """Nobody is signed in. `why` is for whoever runs the installation."""

    def __init__(self, problem: Problem, why: str = "") -> None:
        super().__init__(why or problem.value)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Known:
    """Who signs in, and whether they are here for the first time."""

    user_id: UUID
    created: bool


async def sign_in_as(
    tx: Tx, provider: Provider, profile: Profile, now: datetime
) -> Known:
    """The person of this profile, up to date. Raises Refused.

    Whoever was here before is known by issuer and subject alone: an address may have
    gone to somebody else.
    """
    _require_domain(provider, profile)
    identity = await queries.get_identity(tx, provider.issuer, profile.subject)
    created = False
    if identity is None:
        user_id, created = await _first_time(tx, provider, profile, now)
        identity = await _link(tx, provider, profile, user_id, now)
    if not await queries.is_active(tx, identity.user_id):
        raise Refused(Problem.DEACTIVATED)
    columns: dict[str, object] = {
        "provider_id": provider.id,
        "email": profile.email,
        "used_at": now,
    }
    if profile.groups is not None:
        columns["groups"] = list(profile.groups)
    await queries.update_identity(tx, identity.id, columns)
    await follow_groups(tx, provider, identity.user_id)
    return Known(identity.user_id, created)


def _require_domain(provider: Provider, profile: Profile) -> None:
    if not provider.email_domains:
        return
    if profile.verified is False:
        raise Refused(Problem.UNVERIFIED)
    if not in_domains(profile.email, provider.email_domains):
        raise Refused(Problem.WRONG_DOMAIN)


async def _first_time(
    tx: Tx, provider: Provider, profile: Profile, now: datetime
) -> tuple[UUID, bool]:
    """Whose account it is, and whether it is a new one."""
    known = await queries.provisioned_user(tx, provider.id, profile.external_ids)
    if known is not None:
        return known, False
    if provider.links_by_email and profile.verified:
        same = await queries.active_user_of_email(tx, profile.email)
        if same is not None:
            return same, False
    invited = bool(profile.verified) and await any_open(tx, profile.email, now)
    if not provider.creates_users and not invited:
        raise Refused(Problem.NO_ACCOUNT)
    return await _create(tx, profile, now), True


async def _create(tx: Tx, profile: Profile, now: datetime) -> UUID:
    if not profile.email:
        raise Refused(Problem.NO_EMAIL)
    if profile.verified is False:
        raise Refused(Problem.UNVERIFIED)
    if await queries.email_is_taken(tx, profile.email):
        raise Refused(Problem.EMAIL_TAKEN)
    zone = profile.zone if profile.zone in available_timezones() else "UTC"
    new = NewUser(profile.email, profile.name, time_zone=zone)
    try:
        return (await accounts.create_user(tx, new, now)).id
    except Conflict as e:  # at the same moment in another browser: there next time
        raise Refused(Problem.EMAIL_TAKEN) from e


async def _link(
    tx: Tx, provider: Provider, profile: Profile, user_id: UUID, now: datetime
) -> Identity:
    new = NewIdentity(
        user_id, provider.id, provider.issuer, profile.subject, profile.email
    )
    await queries.insert_identity(tx, new, now)
    identity = await queries.get_identity(tx, provider.issuer, profile.subject)
    if identity is None:
        raise Refused(Problem.EXPIRED, "the identity was removed meanwhile")
    return identity
