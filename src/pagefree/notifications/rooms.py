"""The rooms of a team: kept, proven and tested by the team, posted to by escalation steps."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from pagefree.accounts import channel_configs, contacts, proofs
from pagefree.accounts import service as accounts
from pagefree.accounts.proof_queries import NewCode
from pagefree.channels import all_channels, needs_config, needs_proof
from pagefree.core.access import Actor, Can, require
from pagefree.core.errors import Conflict, Invalid, NotFound
from pagefree.core.notifications import Kind, Method, Planned
from pagefree.infra import curtain
from pagefree.infra.crypto import Vault
from pagefree.infra.db import Tx, driver
from pagefree.infra.ids import new_id
from pagefree.notifications import queries, readiness_queries
from pagefree.notifications import room_queries as own
from pagefree.notifications.posting import BROKEN
from pagefree.notifications.queries import NewNotification
from pagefree.notifications.room_queries import NewRoom, Room, RoomRef
from pagefree.timeline.service import Entry, by, record

TEST_PRIORITY = 2
SWITCHED_OFF = "switched off"
CHATS = "incident_chats"  # says what else is wanted, not where the room is


async def listed(tx: Tx, team_id: UUID | None) -> list[Room]:
    """The rooms of a team, or all, by name."""
    return await own.list_rooms(tx, team_id=team_id)


async def get(tx: Tx, room_id: UUID) -> Room:
    """One room. Raises NotFound."""
    found = await own.list_rooms(tx, [room_id])
    if not found:
        raise NotFound("there is no such room")
    return found[0]


async def usable(tx: Tx, ids: Collection[UUID]) -> dict[UUID, RoomRef]:
    """Those of these rooms that can be posted to now."""
    return await own.list_usable(tx, ids) if ids else {}


async def names(tx: Tx, ids: Collection[UUID]) -> dict[UUID, str]:
    """What these rooms are called, of those that there are."""
    return await own.list_names(tx, ids) if ids else {}


async def add(
    tx: Tx, actor: Actor, asked: NewRoom, vault: Vault, now: datetime
) -> tuple[Room, str | None]:
    """Another room of a team, and the secret it is signed with, where it is."""
    await accounts.require_team(tx, asked.team_id)
    require(actor, Can.EDIT_TEAM, asked.team_id)
    channel = all_channels().get(asked.channel)
    if channel is None or not channel.team_target:
        raise Invalid(
            f"there is no channel {asked.channel!r} in which teams have rooms"
        )
    if needs_config(asked.channel):
        stored = await channel_configs.standing(tx)
        if asked.channel not in stored:
            raise Conflict("this channel is not set up: ask an admin")
    address = contacts.read_address(asked.channel, asked.address, room=True)
    secret = contacts.new_secret() if channel.signed else None
    purpose = contacts.secret_purpose(asked.id)
    sealed = vault.seal(secret.encode(), purpose) if secret else None
    proven = not needs_proof(asked.channel)
    new = replace(asked, address=address, secret=sealed, verified=proven)
    await own.insert_room(tx, new, now)
    made = await get(tx, asked.id)
    await _record(tx, "room.created", made, actor, now)
    return made, secret


async def change(
    tx: Tx, actor: Actor, room_id: UUID, changes: Mapping[str, object], now: datetime
) -> Room:
    """Give it another name or address, or switch it off or on."""
    before = await _editable(tx, actor, room_id)
    columns: dict[str, object] = {}
    if "name" in changes:
        columns["label"] = changes["name"]
    if isinstance(wanted := changes.get("address"), Mapping):
        columns |= _moved(before, wanted, now)
    if changes.get("disabled") is True and before.disabled_at is None:
        columns |= {"disabled_at": now, "disabled_reason": SWITCHED_OFF}
    elif changes.get("disabled") is False:
        columns |= {"disabled_at": None, "disabled_reason": None}
    if columns:
        await own.update_room(tx, before, columns)
        await _forget_finding(tx, room_id, now)
    after = await get(tx, room_id)
    await _record(tx, "room.changed", after, actor, now)
    return after


def _moved(
    before: Room, wanted: Mapping[str, object], now: datetime
) -> dict[str, object]:
    """Another place has to be proven anew; what else is asked of the room is not a place."""
    address = contacts.read_address(before.channel, wanted, room=True)
    if _place(address) == _place(before.address) or not needs_proof(before.channel):
        return {"address": address}
    return {"address": address, "unverified_since": now, "proven_at": None}


def _place(address: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in address.items() if key != CHATS}


async def remove(tx: Tx, actor: Actor, room_id: UUID, now: datetime) -> None:
    """Forget it. Raises Conflict naming the policies that post to it.

    Incidents that escalate by an older copy of a policy pass it over.
    """
    room = await _editable(tx, actor, room_id)
    if used := await own.lock_room(tx, room_id):
        async with curtain.drawn(tx, actor):
            seen = await own.list_policies_naming(tx, room_id)
        names = curtain.and_others(seen, len(used))
        raise Conflict(f"escalation policies post to it: {names}")
    await own.delete_room(tx, room_id)
    await _forget_finding(tx, room_id, now)
    await _record(tx, "room.removed", room, actor, now)


async def test(tx: Tx, actor: Actor, room_id: UUID, now: datetime) -> UUID:
    """Post a test there; returns the notification's id."""
    room = await _editable(tx, actor, room_id)
    if room_id not in await own.list_usable(tx, [room_id]):
        raise Conflict(_unusable(room))
    cause = f"test by {actor.name}"
    return await _send(tx, room, Kind.TEST, cause, new_id(), now)


def _unusable(room: Room) -> str:
    if room.disabled_at is not None:
        return "the room is switched off"
    if room.unverified_since is not None:
        return "prove first that the room is yours: ask for a code"
    return "its channel is not set up"


async def send_code(tx: Tx, actor: Actor, room_id: UUID, now: datetime) -> UUID:
    """Post a code that whoever reads the room can type in; returns the notification's id.

    The code has that id too, and its digits are made from it: they are nowhere kept.
    """
    room = await _editable(tx, actor, room_id)
    if room.unverified_since is None:
        raise Conflict("this room is proven already")
    if room.disabled_at is not None:
        raise Conflict("the room is switched off")
    code_id, expires_at = new_id(), now + proofs.CODE_LIFE
    code = NewCode(code_id, actor.user_id, room.id, room.channel, b"", expires_at)
    await proofs.keep_code(tx, code, now)
    return await _send(tx, room, Kind.CODE, "a code", code_id, now)


async def confirm(
    tx: Tx, actor: Actor, room_id: UUID, code: str, vault: Vault, now: datetime
) -> bool:
    """Whether the code is right: then the room can be posted to. A wrong try counts."""
    room = await _editable(tx, actor, room_id)
    return await proofs.confirm_room(tx, room.id, code, vault, now)


async def _send(
    tx: Tx, room: Room, kind: Kind, cause: str, message_id: UUID, now: datetime
) -> UUID:
    planned = Planned(Method(room.id, room.channel), now)
    new = NewNotification(None, room.id, kind, cause, TEST_PRIORITY, planned)
    await queries.insert_notifications(await driver(tx), [new], now, ids=[message_id])
    return message_id


async def _editable(tx: Tx, actor: Actor, room_id: UUID) -> Room:
    room = await get(tx, room_id)
    require(actor, Can.EDIT_TEAM, room.team_id)
    return room


async def _forget_finding(tx: Tx, room_id: UUID, now: datetime) -> None:
    await readiness_queries.end_these(await driver(tx), BROKEN, [str(room_id)], now)


async def _record(tx: Tx, kind: str, room: Room, actor: Actor, now: datetime) -> None:
    data = {"room": {"id": str(room.id), "name": room.name}, "channel": room.channel}
    await record(tx, [Entry(kind, by(actor), team_id=room.team_id, data=data)], now)
