"""Invitations into a team: by mail, for a week, once."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from pagefree.accounts import invitation_queries as queries
from pagefree.accounts import queries as people
from pagefree.accounts import service as accounts
from pagefree.accounts.invitation_queries import Invitation
from pagefree.accounts.oidc import queries as providers
from pagefree.accounts.queries import NewUser, User
from pagefree.core.access import Actor, Can, Person, Role, require, require_about
from pagefree.core.errors import Conflict, Forbidden, NotFound
from pagefree.infra.crypto import Vault, token_hash
from pagefree.infra.db import Tx
from pagefree.infra.ids import new_id

LIFE = timedelta(days=7)
OVER = "this invitation has been used, was taken back, or is too old: ask for another"


@dataclass(frozen=True, slots=True)
class Asked:
    """Who is to be what."""

    email: str
    team_id: UUID
    role: Role


@dataclass(frozen=True, slots=True)
class Newcomer:
    """What somebody new says of themselves."""

    name: str
    time_zone: str
    password_hash: str = field(repr=False)


def token_of(vault: Vault, invitation_id: UUID, round_: int) -> str:
    """The token in the link: nowhere kept, made whenever the link is sent."""
    return vault.link_token(f"invitation {invitation_id} {round_}")


async def list_open(tx: Tx, actor: Actor, team_id: UUID) -> list[Invitation]:
    """A team's that nobody has accepted yet, newest first."""
    require(actor, Can.EDIT_TEAM, team_id)
    return await queries.list_open(tx, team_id)


async def invite(
    tx: Tx, actor: Actor, asked: Asked, vault: Vault, now: datetime
) -> tuple[Invitation, str]:
    """A new invitation, whose mail is due, and its token. Raises Conflict."""
    require(actor, Can.EDIT_TEAM, asked.team_id)
    await accounts.require_team(tx, asked.team_id)
    if await providers.email_is_taken(tx, asked.email):
        raise Conflict("this person has an account: put them into the team")
    invitation_id = new_id()
    token = token_of(vault, invitation_id, 1)
    columns = {
        "id": invitation_id,
        "email": asked.email,
        "team_id": asked.team_id,
        "role": asked.role.value,
        "token_hash": token_hash(token),
        "invited_by_id": actor.user_id,
        "created_at": now,
        "expires_at": now + LIFE,
        "due_at": now,
    }
    if not await queries.insert_invitation(tx, columns):
        raise Conflict("this address is invited already: send the invitation again")
    return await _require(tx, invitation_id), token


async def send_again(
    tx: Tx, actor: Actor, invitation_id: UUID, vault: Vault, now: datetime
) -> tuple[Invitation, str]:
    """For another week, with another link: those sent before work no more."""
    before = await _require_own(tx, actor, invitation_id)
    token = token_of(vault, invitation_id, before.round + 1)
    columns = {
        "round": before.round + 1,
        "token_hash": token_hash(token),
        "expires_at": now + LIFE,
        "due_at": now,
        "tries": 0,
        "error": None,
        "sent_at": None,
    }
    await queries.update_invitation(tx, invitation_id, columns)
    return await _require(tx, invitation_id), token


async def revoke(tx: Tx, actor: Actor, invitation_id: UUID, now: datetime) -> None:
    """Nobody joins by it any more."""
    await _require_own(tx, actor, invitation_id)
    columns = {"revoked_at": now, "due_at": None}
    await queries.update_invitation(tx, invitation_id, columns)


async def look(tx: Tx, token: str, now: datetime) -> Invitation:
    """What the holder of this token may accept. Raises NotFound."""
    found = await queries.lock_by_token(tx, token_hash(token), now)
    if found is None:
        raise NotFound(OVER)
    return found


async def accept_new(tx: Tx, token: str, newcomer: Newcomer, now: datetime) -> User:
    """Somebody new joins with a password. Raises NotFound and Conflict."""
    found = await look(tx, token, now)
    if await providers.only_providers(tx):
        raise Conflict("sign in through the identity provider, then accept")
    new = NewUser(
        found.email,
        newcomer.name,
        password_hash=newcomer.password_hash,
        time_zone=newcomer.time_zone,
    )
    user = await accounts.create_user(tx, new, now)
    await _join(tx, found, user.id, now)
    return await accounts.require_user(tx, user.id)


async def accept_as(tx: Tx, actor: Actor, token: str, now: datetime) -> User:
    """Whoever is signed in joins; a role that they have already stays. Raises Forbidden."""
    require_about(actor, Can.OWN_ACCOUNT, Person(actor.user_id))
    if actor.kind != "user":
        raise Forbidden("people accept invitations")
    found = await look(tx, token, now)
    await _join(tx, found, actor.user_id, now)
    return await accounts.require_user(tx, actor.user_id)


async def _join(tx: Tx, found: Invitation, user_id: UUID, now: datetime) -> None:
    held = (await people.list_memberships(tx, [user_id])).get(user_id, ())
    if not any(one.team.id == found.team.id for one in held):
        await accounts.set_membership(tx, found.team.id, user_id, found.role)
    columns = {"accepted_at": now, "user_id": user_id, "due_at": None}
    await queries.update_invitation(tx, found.id, columns)


async def _require_own(tx: Tx, actor: Actor, invitation_id: UUID) -> Invitation:
    found = await _require(tx, invitation_id)
    require(actor, Can.EDIT_TEAM, found.team.id)
    return found


async def _require(tx: Tx, invitation_id: UUID) -> Invitation:
    found = await queries.get_open(tx, invitation_id)
    if found is None:
        raise NotFound("there is no such invitation, or it is over")
    return found
