"""Inviting people into a team, and accepting."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import Field

from pagefree.accounts import authentication, entering, invitations
from pagefree.accounts.credential_queries import PasswordHolder, Proof
from pagefree.accounts.invitation_jobs import url_of
from pagefree.accounts.invitation_queries import Invitation
from pagefree.accounts.invitations import Asked, Newcomer
from pagefree.accounts.passwords import Passwords
from pagefree.accounts.shapes import (
    Email,
    Line,
    Me,
    NewPassword,
    TeamRefOut,
    TimeZone,
    UserRefOut,
)
from pagefree.core.access import Role
from pagefree.core.sign_in import SignInWay
from pagefree.infra.db import transaction
from pagefree.infra.web import BaseUrl, CurrentActor, Now, RequestTx, SecretVault, Shape

router = APIRouter()
Token = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[\x21-\x7e]+$")]


class InvitationIn(Shape):
    """Who is to be what."""

    email: Email
    team_id: UUID
    role: Role = Role.RESPONDER


class InvitationOut(Shape):
    """Somebody who may join a team."""

    id: UUID
    email: str
    team: TeamRefOut
    role: Role
    invited_by: UserRefOut | None
    created_at: datetime
    expires_at: datetime
    sent_at: datetime | None
    error: str | None  # why the mail has not been sent


class NewInvitationOut(InvitationOut):
    """A new link, also to be handed over in another way than by mail; shown this once."""

    link: str


class InvitationToken(Shape):
    """What the link of an invitation ends in."""

    token: Token


class InvitationShown(Shape):
    """What somebody is invited to."""

    email: str
    team: str
    role: Role
    invited_by: str | None
    expires_at: datetime


class Acceptance(InvitationToken):
    """Somebody new, who will sign in with this password."""

    name: Line
    password: NewPassword
    time_zone: TimeZone = "UTC"


@router.get("/teams/{team_id}/invitations", response_model=list[InvitationOut])
async def list_invitations(
    team_id: UUID, actor: CurrentActor, tx: RequestTx
) -> list[Invitation]:
    """Those of a team that nobody has accepted yet, newest first."""
    return await invitations.list_open(tx, actor, team_id)


@router.post("/invitations", status_code=201)
async def create_invitation(
    body: InvitationIn,
    actor: CurrentActor,
    tx: RequestTx,
    vault: SecretVault,
    base_url: BaseUrl,
    now: Now,
) -> NewInvitationOut:
    """Invite somebody into a team by mail; the link counts for a week, once."""
    asked = Asked(body.email, body.team_id, body.role)
    made = await invitations.invite(tx, actor, asked, vault, now)
    return _with_link(*made, base_url)


@router.post("/invitations/{invitation_id}/sending")
async def send_invitation_again(
    invitation_id: UUID,
    actor: CurrentActor,
    tx: RequestTx,
    vault: SecretVault,
    base_url: BaseUrl,
    now: Now,
) -> NewInvitationOut:
    """Send another link, for another week; the one before works no more."""
    made = await invitations.send_again(tx, actor, invitation_id, vault, now)
    return _with_link(*made, base_url)


@router.delete("/invitations/{invitation_id}", status_code=204)
async def revoke_invitation(
    invitation_id: UUID, actor: CurrentActor, tx: RequestTx, now: Now
) -> None:
    """Take it back."""
    await invitations.revoke(tx, actor, invitation_id, now)


@router.post("/invitation/look")
async def look_at_invitation(
    body: InvitationToken, tx: RequestTx, now: Now
) -> InvitationShown:
    """What one is invited to. Nobody has to be signed in; 404 once it is over."""
    found = await invitations.look(tx, body.token, now)
    return InvitationShown(
        email=found.email,
        team=found.team.name,
        role=found.role,
        invited_by=found.invited_by.name if found.invited_by else None,
        expires_at=found.expires_at,
    )


@router.post("/invitation/acceptance")
async def accept_invitation(
    body: Acceptance, request: Request, response: Response, now: Now
) -> Me:
    """Join as somebody new, who is signed in with that."""
    authentication.require_same_origin(request)
    engine = request.app.state.engine
    async with transaction(engine) as tx:
        await invitations.look(tx, body.token, now)  # before the hash, which is slow
    passwords: Passwords = request.app.state.passwords
    hashed = await passwords.hash(body.password)
    newcomer = Newcomer(body.name, body.time_zone, hashed)
    async with transaction(engine) as tx:
        user = await invitations.accept_new(tx, body.token, newcomer, now)
        arrival = (PasswordHolder(user.id, hashed), Proof(SignInWay.PASSWORD))
        return await entering.enter(tx, request, response, arrival, now)


@router.post("/invitation/joining")
async def join_by_invitation(
    body: InvitationToken,
    request: Request,
    actor: CurrentActor,
    tx: RequestTx,
    now: Now,
) -> Me:
    """Join as who one is, e.g. after signing in through an identity provider."""
    user = await invitations.accept_as(tx, actor, body.token, now)
    return await entering.me_of(tx, user, request)


def _with_link(made: Invitation, token: str, base_url: str) -> NewInvitationOut:
    shown = InvitationOut.model_validate(made)
    return NewInvitationOut(**shown.model_dump(), link=url_of(base_url, token))
