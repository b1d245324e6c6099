"""People and teams."""

import secrets
from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from pagefree.accounts import contacts, credential_queries, credentials, queries
from pagefree.accounts.passwords import Passwords
from pagefree.accounts.queries import (
    Colleague,
    Member,
    NewUser,
    Team,
    TeamRef,
    User,
    UserRef,
)
from pagefree.core.access import (
    Actor,
    Can,
    Person,
    Role,
    require,
    require_about,
)
from pagefree.core.errors import Conflict, Invalid, NotFound
from pagefree.infra.db import Tx

FIRST_ADMIN = "admin@localhost"
FIRST_PASSWORD_BYTES = 12


async def session_actor(tx: Tx, token: str, now: datetime) -> tuple[UUID, Actor] | None:
    """The session's id and whose it is; none once it has ended."""
    bearer = await credentials.session_bearer(tx, token, now)
    whole = bearer is not None and not bearer.enrolling
    return (bearer.id, bearer.actor) if bearer and whole else None


async def actor_of(tx: Tx, user_id: UUID) -> Actor | None:
    """Who acts where somebody is known by another proof than a session; none: inactive."""
    return await credential_queries.get_actor(tx, user_id)


async def live_sessions(tx: Tx, ids: Collection[UUID], now: datetime) -> set[UUID]:
    """Those of `ids` that have neither ended nor expired."""
    return await credentials.live_sessions(tx, ids, now)


async def user_refs(tx: Tx, ids: Collection[UUID]) -> dict[UUID, UserRef]:
    """By id; unknown ids are left out."""
    return await queries.user_refs(tx, ids) if ids else {}


async def team_refs(tx: Tx, ids: Collection[UUID]) -> dict[UUID, TeamRef]:
    """By id; unknown ids are left out."""
    return await queries.team_refs(tx, ids) if ids else {}


async def colleagues(tx: Tx, ids: Collection[UUID]) -> dict[UUID, Colleague]:
    """By id, in the order of their names; unknown ids are left out."""
    found = await queries.list_colleagues(tx, ids) if ids else []
    return {colleague.id: colleague for colleague in found}


async def require_user(tx: Tx, user_id: UUID) -> User:
    """The user. Raises NotFound."""
    user = await queries.get_user(tx, user_id)
    if user is None:
        raise NotFound("there is no such user")
    return user


async def require_team(tx: Tx, team_id: UUID) -> Team:
    """The team. Raises NotFound."""
    team = await queries.get_team(tx, team_id)
    if team is None:
        raise NotFound("there is no such team")
    return team


async def team_members(
    tx: Tx, team_ids: Collection[UUID]
) -> dict[UUID, tuple[UUID, ...]]:
    """Who responds in each team: its active team admins and responders."""
    found: dict[UUID, tuple[UUID, ...]] = dict.fromkeys(team_ids, ())
    if team_ids:
        for team_id, user_id in await queries.list_on_call_members(tx, team_ids):
            found[team_id] = (*found[team_id], user_id)
    return found


async def platform_admins(tx: Tx) -> tuple[UUID, ...]:
    """The active ones."""
    return tuple(await queries.list_platform_admins(tx))


async def active_users(tx: Tx, ids: Collection[UUID]) -> set[UUID]:
    """Those of `ids` that are users and not deactivated."""
    return await queries.list_active(tx, ids) if ids else set()


async def end_sessions(tx: Tx, user_id: UUID, except_token: str | None = None) -> None:
    """Sign a person out everywhere, or everywhere else."""
    await credentials.end_sessions(tx, user_id, except_token)


async def first_admin(
    tx: Tx, now: datetime, *, passwords: Passwords | None = None
) -> tuple[str, str] | None:
    """The address and password of a new platform admin; none if there is anybody already."""
    if await queries.any_user(tx):
        return None
    password = secrets.token_urlsafe(FIRST_PASSWORD_BYTES)
    new = NewUser(
        email=FIRST_ADMIN,
        name="Admin",
        password_hash=await (passwords or Passwords()).hash(password),
        platform_admin=True,
    )
    await create_user(tx, new, now)
    return FIRST_ADMIN, password


async def create_user(tx: Tx, new: NewUser, now: datetime) -> User:
    """A new person, reachable in the web app and at the address of the account."""
    user_id = await queries.insert_user(tx, new, now)
    if user_id is None:
        raise Conflict("another user has this e-mail address")
    await contacts.add_first(tx, user_id, new.email, now)
    return await require_user(tx, user_id)


async def create_team(tx: Tx, name: str, description: str, now: datetime) -> Team:
    """A new team, with nobody in it."""
    team_id = await queries.insert_team(tx, name, description, now)
    if team_id is None:
        raise Conflict("another team has this name")
    return await require_team(tx, team_id)


async def set_membership(tx: Tx, team_id: UUID, user_id: UUID, role: Role) -> None:
    """Put the person in the team, or change what they are in it."""
    await require_team(tx, team_id)
    await require_user(tx, user_id)
    await queries.save_membership(tx, team_id, user_id, role)


async def add_user(tx: Tx, actor: Actor, new: NewUser, now: datetime) -> User:
    """A new person, if the actor may add one."""
    require(actor, Can.ADMINISTER)
    return await create_user(tx, new, now)


async def list_users(
    tx: Tx, actor: Actor, text: str, after: UUID | None, limit: int
) -> list[User]:
    """People whose name or address contains `text`, by name."""
    require(actor, Can.SEE)
    return await queries.list_users(tx, text, after, limit)


async def get_user(tx: Tx, actor: Actor, user_id: UUID) -> User:
    """One person."""
    require(actor, Can.SEE)
    return await require_user(tx, user_id)


async def change_own_profile(
    tx: Tx, actor: Actor, changes: Mapping[str, object]
) -> User:
    """Another name or time zone for the actor."""
    require_about(actor, Can.OWN_ACCOUNT, Person(actor.user_id))
    return await _update(tx, actor.user_id, changes)


async def change_user(
    tx: Tx, actor: Actor, user_id: UUID, changes: Mapping[str, object]
) -> User:
    """Change any of a person's columns; a new password signs them out everywhere."""
    require(actor, Can.ADMINISTER)
    await require_user(tx, user_id)
    if changes.get("platform_admin") is False:
        await _require_another_admin(tx, user_id)
    if "platform_admin" in changes:  # by hand: no group changes it any more
        changes = {**changes, "admin_by_provider_id": None}
    user = await _update(tx, user_id, changes)
    if "password_hash" in changes:
        await credentials.end_sessions(tx, user_id)
    return user


async def deactivate(tx: Tx, actor: Actor, user_id: UUID, now: datetime) -> User:
    """Nobody signs in as this person any more, and what they were signed in with ends."""
    require(actor, Can.ADMINISTER)
    user = await require_user(tx, user_id)
    if user.deactivated_at is not None:
        return user
    await _require_another_admin(tx, user_id)
    # first: a sign-in that is just being checked waits for this row and is then refused
    user = await _update(tx, user_id, {"deactivated_at": now})
    await credentials.end_all_access(tx, user_id, now)
    return user


async def reactivate(tx: Tx, actor: Actor, user_id: UUID) -> User:
    """The person may sign in again; their keys stay revoked."""
    require(actor, Can.ADMINISTER)
    await require_user(tx, user_id)
    return await _update(tx, user_id, {"deactivated_at": None})


async def change_password(
    tx: Tx,
    actor: Actor,
    passwords: Passwords,
    change: tuple[str, str],
    token: str | None,
) -> None:
    """From one password to another; signs out every browser but the one with `token`."""
    require_about(actor, Can.OWN_ACCOUNT, Person(actor.user_id))
    current, new = change
    before = await credentials.password_hash(tx, actor.user_id)
    if not await passwords.matches(before, current):
        raise Invalid("the current password is wrong")
    await queries.update_user(
        tx, actor.user_id, {"password_hash": await passwords.hash(new)}
    )
    await credentials.end_sessions(tx, actor.user_id, token)


async def list_teams(tx: Tx, actor: Actor) -> list[Team]:
    """All teams by name."""
    require(actor, Can.SEE)
    return await queries.list_teams(tx)


async def get_team(tx: Tx, actor: Actor, team_id: UUID) -> Team:
    """One team."""
    require(actor, Can.SEE)
    return await require_team(tx, team_id)


async def add_team(
    tx: Tx, actor: Actor, name: str, description: str, now: datetime
) -> Team:
    """A new team, if the actor may add one."""
    require(actor, Can.ADMINISTER)
    return await create_team(tx, name, description, now)


async def change_team(
    tx: Tx, actor: Actor, team_id: UUID, changes: Mapping[str, object]
) -> Team:
    """Another name or description, or whether others see what it has."""
    require(actor, Can.EDIT_TEAM, team_id)
    await require_team(tx, team_id)
    if changes and not await queries.update_team(tx, team_id, changes):
        raise Conflict("another team has this name")
    return await require_team(tx, team_id)


async def remove_team(tx: Tx, actor: Actor, team_id: UUID) -> None:
    """The team is no more; 409 while it owns anything."""
    require(actor, Can.ADMINISTER)
    await require_team(tx, team_id)
    if not await queries.delete_team(tx, team_id):
        raise Conflict(
            "the team still owns services, schedules or escalation policies,"
            " or a policy pages it"
        )


async def list_members(tx: Tx, actor: Actor, team_id: UUID) -> list[Member]:
    """The active people of a team."""
    require(actor, Can.SEE)
    await require_team(tx, team_id)
    return await queries.list_members(tx, team_id)


async def put_member(
    tx: Tx, actor: Actor, team_id: UUID, user_id: UUID, role: Role
) -> Member:
    """Put the person in the team, or change what they are in it."""
    require(actor, Can.EDIT_TEAM, team_id)
    await set_membership(tx, team_id, user_id, role)
    user = await require_user(tx, user_id)
    return Member(UserRef(user.id, user.name), user.email, role)


async def remove_member(tx: Tx, actor: Actor, team_id: UUID, user_id: UUID) -> None:
    """Take the person out of the team. Doing so twice is not an error."""
    require(actor, Can.EDIT_TEAM, team_id)
    await require_team(tx, team_id)
    await queries.delete_membership(tx, team_id, user_id)


async def _update(tx: Tx, user_id: UUID, changes: Mapping[str, object]) -> User:
    if changes and not await queries.update_user(tx, user_id, changes):
        raise Conflict("another user has this e-mail address")
    return await require_user(tx, user_id)


async def _require_another_admin(tx: Tx, user_id: UUID) -> None:
    """Locked, so that two admins cannot remove each other at the same moment."""
    if set(await queries.list_platform_admins(tx, lock=True)) == {user_id}:
        raise Conflict("this is the last platform admin")
