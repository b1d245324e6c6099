"""Routes of the rooms of teams: chats that escalation steps post to."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, status
from pydantic import Field, StringConstraints

from pagefree.accounts import proofs
from pagefree.accounts import service as accounts
from pagefree.accounts.queries import TeamRef
from pagefree.channels import all_channels
from pagefree.core.access import Actor, Can, allowed, require
from pagefree.infra.db import Tx
from pagefree.infra.ids import new_id
from pagefree.infra.web import CurrentActor, Now, RequestTx, SecretVault, Shape
from pagefree.notifications import room_queries, rooms
from pagefree.notifications.api import TestSent
from pagefree.notifications.proof_api import CodeChecked, CodeIn, CodeSent

router = APIRouter(prefix="/v1/rooms", tags=["notifications"])

Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)
]
Address = Annotated[
    dict[str, object], Field(description="As the channel's `room_schema` says.")
]


class Room(Shape):
    """Where a team reads together; escalation steps can post there."""

    id: UUID
    team: TeamRef
    channel: str
    name: str
    recipient: str  # the address in one line, without what is secret in it
    address: dict[str, Any] | None  # for whoever may change it
    created_at: datetime
    disabled_at: datetime | None
    disabled_reason: str | None
    unverified_since: datetime | None  # that it is the team's has yet to be proven
    proven_at: datetime | None  # something is known to have arrived there


class NewRoom(Room):
    """A new room; `secret` signs what is sent and is never shown again."""

    secret: str | None


class RoomIn(Shape):
    """Another room of a team."""

    team_id: UUID
    channel: Annotated[str, StringConstraints(max_length=50)]
    name: Name
    address: Address


class RoomChanges(Shape):
    """What changes about a room; what is left out stays."""

    name: Name | None = None
    address: Address | None = None
    disabled: bool | None = None


@router.get("")
async def list_rooms(
    actor: CurrentActor, tx: RequestTx, team_id: UUID | None = None
) -> list[Room]:
    """The rooms of one team, or of all, by name."""
    require(actor, Can.SEE)
    return await _shown(tx, actor, await rooms.listed(tx, team_id))


@router.post("", status_code=status.HTTP_201_CREATED)
async def create_room(
    body: RoomIn, actor: CurrentActor, tx: RequestTx, vault: SecretVault, now: Now
) -> NewRoom:
    """Add a room; most have to be proven by a code that is posted there."""
    asked = room_queries.NewRoom(
        new_id(), body.team_id, body.channel, body.name, body.address
    )
    made, secret = await rooms.add(tx, actor, asked, vault, now)
    [shown] = await _shown(tx, actor, [made])
    return NewRoom(**dict(shown), secret=secret)


@router.get("/{room_id}")
async def get_room(room_id: UUID, actor: CurrentActor, tx: RequestTx) -> Room:
    """One room."""
    require(actor, Can.SEE)
    [shown] = await _shown(tx, actor, [await rooms.get(tx, room_id)])
    return shown


@router.patch("/{room_id}")
async def update_room(
    room_id: UUID, body: RoomChanges, actor: CurrentActor, tx: RequestTx, now: Now
) -> Room:
    """Change its name or address, or switch it off or on; another address is proven anew."""
    changes = body.model_dump(exclude_none=True)
    after = await rooms.change(tx, actor, room_id, changes, now)
    [shown] = await _shown(tx, actor, [after])
    return shown


@router.delete("/{room_id}", status_code=status.HTTP_204_NO_CONTENT)
async def delete_room(
    room_id: UUID, actor: CurrentActor, tx: RequestTx, now: Now
) -> None:
    """Forget a room; 409 naming the escalation policies that post to it."""
    await rooms.remove(tx, actor, room_id, now)


@router.post("/{room_id}/test", status_code=status.HTTP_202_ACCEPTED)
async def test_room(
    room_id: UUID, actor: CurrentActor, tx: RequestTx, now: Now
) -> TestSent:
    """Post a test there."""
    return TestSent(notification_id=await rooms.test(tx, actor, room_id, now))


@router.post("/{room_id}/verification", status_code=status.HTTP_202_ACCEPTED)
async def send_room_verification(
    room_id: UUID, actor: CurrentActor, tx: RequestTx, now: Now
) -> CodeSent:
    """Post a code there, which whoever reads it can give back."""
    made = await rooms.send_code(tx, actor, room_id, now)
    return CodeSent(notification_id=made, expires_at=now + proofs.CODE_LIFE)


@router.put("/{room_id}/verification")
async def put_room_verification(
    room_id: UUID,
    body: CodeIn,
    actor: CurrentActor,
    tx: RequestTx,
    vault: SecretVault,
    now: Now,
) -> CodeChecked:
    """Give the code back: escalation steps can then post there."""
    right = await rooms.confirm(tx, actor, room_id, body.code.strip(), vault, now)
    return CodeChecked(verified=right)


async def _shown(tx: Tx, actor: Actor, found: list[room_queries.Room]) -> list[Room]:
    teams = await accounts.team_refs(tx, {room.team_id for room in found})
    return [_room(actor, room, teams[room.team_id]) for room in found]


def _room(actor: Actor, room: room_queries.Room, team: TeamRef) -> Room:
    """What is in an address is often enough to write there: few see it."""
    editor = allowed(actor, Can.EDIT_TEAM, room.team_id)
    return Room(
        team=team,
        recipient=_recipient(room),
        address=room.address if editor else None,
        **{
            name: getattr(room, name)
            for name in Room.model_fields
            if name not in {"team", "recipient", "address"}
        },
    )


def _recipient(room: room_queries.Room) -> str:
    channel = all_channels().get(room.channel)
    if channel is None:
        return ""
    return channel.recipient(channel.form(room=True).model_validate(room.address))
