"""Users, teams and who is what in them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request

from pagefree.accounts import service
from pagefree.accounts.passwords import Passwords
from pagefree.accounts.queries import Member, NewUser, Team, User
from pagefree.accounts.session_api import ThePasswords
from pagefree.accounts.shapes import (
    MemberIn,
    MemberOut,
    TeamChanges,
    TeamIn,
    TeamOut,
    UserChanges,
    UserIn,
    UserOut,
)
from pagefree.accounts.stepping_up import require_confirmed
from pagefree.core.access import Can, require
from pagefree.infra.web import (
    CurrentActor,
    Cursor,
    Limit,
    Now,
    Page,
    RequestTx,
    decode_cursor,
    next_cursor,
)

router = APIRouter()
Words = Annotated[str, Query(max_length=200, pattern=r"^[^\x00]*$")]


@router.get("/users")
async def list_users(
    actor: CurrentActor,
    tx: RequestTx,
    query: Words = "",
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[UserOut]:
    """People by name, also those who are deactivated."""
    after = decode_cursor(cursor)
    found = await service.list_users(tx, actor, query.strip(), after, limit)
    return Page(
        items=[UserOut.model_validate(user) for user in found],
        next_cursor=next_cursor(found, limit, lambda user: user.id),
    )


@router.post("/users", status_code=201, response_model=UserOut)
async def create_user(
    body: UserIn,
    request: Request,
    actor: CurrentActor,
    tx: RequestTx,
    passwords: ThePasswords,
    now: Now,
) -> User:
    """Add a person; they are reachable in the web app and by e-mail at once."""
    require(actor, Can.ADMINISTER)  # before the hash, whose cost is felt by all
    if body.platform_admin:
        await require_confirmed(tx, request, now)
    new = NewUser(
        email=body.email,
        name=body.name,
        password_hash=await passwords.hash(body.password) if body.password else None,
        platform_admin=body.platform_admin,
        time_zone=body.time_zone,
    )
    return await service.add_user(tx, actor, new, now)


@router.get("/users/{user_id}", response_model=UserOut)
async def get_user(user_id: UUID, actor: CurrentActor, tx: RequestTx) -> User:
    """One person."""
    return await service.get_user(tx, actor, user_id)


@router.patch("/users/{user_id}", response_model=UserOut)
async def update_user(
    user_id: UUID,
    body: UserChanges,
    request: Request,
    actor: CurrentActor,
    tx: RequestTx,
    now: Now,
) -> User:
    """Change a person; a new password signs them out everywhere.

    What lets somebody else into the account takes a fresh proof.
    """
    require(actor, Can.ADMINISTER)  # before the hash, whose cost is felt by all
    user = await service.get_user(tx, actor, user_id)
    moved = body.email is not None and body.email != user.email
    if moved or body.password or (body.platform_admin and not user.platform_admin):
        await require_confirmed(tx, request, now)
    columns = body.model_dump(exclude_none=True, exclude={"password"})
    if body.password:
        passwords: Passwords = request.app.state.passwords
        columns["password_hash"] = await passwords.hash(body.password)
    return await service.change_user(tx, actor, user_id, columns)


@router.put("/users/{user_id}/deactivation", response_model=UserOut)
async def deactivate_user(
    user_id: UUID, actor: CurrentActor, tx: RequestTx, now: Now
) -> User:
    """End the person's sessions and keys, and let them sign in no more."""
    return await service.deactivate(tx, actor, user_id, now)


@router.delete("/users/{user_id}/deactivation", response_model=UserOut)
async def reactivate_user(user_id: UUID, actor: CurrentActor, tx: RequestTx) -> User:
    """Let the person sign in again."""
    return await service.reactivate(tx, actor, user_id)


@router.get("/teams", response_model=list[TeamOut])
async def list_teams(actor: CurrentActor, tx: RequestTx) -> list[Team]:
    """All teams by name."""
    return await service.list_teams(tx, actor)


@router.post("/teams", status_code=201, response_model=TeamOut)
async def create_team(
    body: TeamIn, actor: CurrentActor, tx: RequestTx, now: Now
) -> Team:
    """Add a team."""
    return await service.add_team(tx, actor, body.name, body.description, now)


@router.get("/teams/{team_id}", response_model=TeamOut)
async def get_team(team_id: UUID, actor: CurrentActor, tx: RequestTx) -> Team:
    """One team."""
    return await service.get_team(tx, actor, team_id)


@router.patch("/teams/{team_id}", response_model=TeamOut)
async def update_team(
    team_id: UUID, body: TeamChanges, actor: CurrentActor, tx: RequestTx
) -> Team:
    """Change a team's name or description, or hide what it has from others."""
    columns = body.model_dump(exclude_none=True)
    return await service.change_team(tx, actor, team_id, columns)


@router.delete("/teams/{team_id}", status_code=204)
async def delete_team(team_id: UUID, actor: CurrentActor, tx: RequestTx) -> None:
    """Remove a team; 409 while it owns anything."""
    await service.remove_team(tx, actor, team_id)


@router.get("/teams/{team_id}/members", response_model=list[MemberOut])
async def list_members(
    team_id: UUID, actor: CurrentActor, tx: RequestTx
) -> list[Member]:
    """The active people of a team, by name."""
    return await service.list_members(tx, actor, team_id)


@router.put("/teams/{team_id}/members/{user_id}", response_model=MemberOut)
async def put_member(
    team_id: UUID, user_id: UUID, body: MemberIn, actor: CurrentActor, tx: RequestTx
) -> Member:
    """Put a person in the team, or change what they are in it."""
    return await service.put_member(tx, actor, team_id, user_id, body.role)


@router.delete("/teams/{team_id}/members/{user_id}", status_code=204)
async def delete_member(
    team_id: UUID, user_id: UUID, actor: CurrentActor, tx: RequestTx
) -> None:
    """Take a person out of the team."""
    await service.remove_member(tx, actor, team_id, user_id)
