"""Whose address it is: codes sent there, codes sent from there, and who has opted out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from pagefree.accounts import contact_queries, contacts, proof_queries
from pagefree.accounts.contact_queries import ContactMethod, NewContactMethod
from pagefree.accounts.proof_queries import Code, NewCode
from pagefree.channels import all_channels
from pagefree.core.access import Actor, Can
from pagefree.core.errors import Conflict, Invalid, NotFound, TooManyRequests
from pagefree.infra.crypto import Vault, new_token, token_hash
from pagefree.infra.db import Tx
from pagefree.infra.ids import new_id

CODE_LIFE = timedelta(minutes=10)
DIGITS = 6
MOST_TRIES = 5
MOST_AN_HOUR = 10  # codes that one person may ask for
HOUR = timedelta(hours=1)
OPTED_OUT = "its owner has sent STOP; START switches it on again"
NO_CODE = "ask for a code first"


@dataclass(frozen=True, slots=True)
class LinkCode:
    """What to send from a chat to say whose it is."""

    code: str
    expires_at: datetime


def code_of(vault: Vault, code_id: UUID) -> str:
    """The digits of a code: nowhere kept, made from its id whenever they are needed."""
    return vault.digits(_purpose(code_id), DIGITS)


def _purpose(code_id: UUID) -> str:
    return f"contact code {code_id}"


async def ask_code(
    tx: Tx, actor: Actor, user_id: UUID, method_id: UUID, code_id: UUID, now: datetime
) -> ContactMethod:
    """A contact method that may be sent a code now. Raises NotFound, Conflict, TooManyRequests."""
    await contacts.require_contacts_of(tx, actor, Can.EDIT_CONTACTS, user_id)
    method = await contact_queries.get_contact_method(tx, user_id, method_id)
    if method is None:
        raise NotFound("there is no such contact method")
    if all_channels()[method.channel].verify != "code":
        raise Conflict("this address is not proven by a code")
    if method.unverified_since is None:
        raise Conflict("this address is proven already")
    await keep_code(
        tx,
        NewCode(code_id, user_id, method_id, method.channel, b"", now + CODE_LIFE),
        now,
    )
    return method


async def confirm(
    tx: Tx,
    actor: Actor,
    method: tuple[UUID, UUID],  # of whom, which
    code: str,
    vault: Vault,
    now: datetime,
) -> bool:
    """Whether the code is right: then the address is proven. A wrong try counts.

    Raises NotFound, and Conflict when there is no code to compare with any more.
    """
    user_id, method_id = method
    await contacts.require_contacts_of(tx, actor, Can.EDIT_CONTACTS, user_id)
    kept = await proof_queries.lock_code(tx, method_id)
    if kept is None or kept.user_id != user_id:
        raise Conflict(NO_CODE)
    return await _is_right(tx, kept, method_id, code, vault, now)


async def confirm_room(
    tx: Tx, room_id: UUID, code: str, vault: Vault, now: datetime
) -> bool:
    """The same for a room, whoever of its team has asked for the code."""
    kept = await proof_queries.lock_code(tx, room_id)
    if kept is None:
        raise Conflict(NO_CODE)
    return await _is_right(tx, kept, room_id, code, vault, now)


async def _is_right(
    tx: Tx, kept: Code, method_id: UUID, code: str, vault: Vault, now: datetime
) -> bool:
    if now >= kept.expires_at or kept.tries >= MOST_TRIES:
        raise Conflict("this code counts no longer: ask for another one")
    if len(code) != DIGITS or not vault.made_digits(_purpose(kept.id), code):
        await proof_queries.update_code(tx, kept.id, {"tries": kept.tries + 1})
        return False
    await proof_queries.update_code(tx, kept.id, {"used_at": now})
    proven = {"unverified_since": None, "proven_at": now}
    await contact_queries.update_contact_method(tx, method_id, proven)
    return True


async def ask_link(
    tx: Tx, actor: Actor, user_id: UUID, channel: str, now: datetime
) -> LinkCode:
    """A code to send from a chat, which then is a contact method of this person."""
    await contacts.require_contacts_of(tx, actor, Can.EDIT_CONTACTS, user_id)
    found = all_channels().get(channel)
    if found is None or found.verify != "handshake" or found.receive is None:
        raise Invalid("this channel is not linked by a code")
    code = new_token(random_bytes=12)
    expires_at = now + CODE_LIFE
    await keep_code(
        tx,
        NewCode(new_id(), user_id, None, channel, token_hash(code), expires_at),
        now,
    )
    return LinkCode(code, expires_at)


async def link(
    tx: Tx,
    channel: str,
    code: str,
    address: Mapping[str, object],
    label: str,
    now: datetime,
) -> bool:
    """The bearer of a code owns this address: false if the code does not count."""
    kept = await proof_queries.lock_link(tx, channel, token_hash(code.strip()))
    if kept is None or now >= kept.expires_at:
        return False
    await proof_queries.update_code(tx, kept.id, {"used_at": now})
    await _own(tx, kept, channel, contacts.read_address(channel, address), label, now)
    return True


async def _own(
    tx: Tx,
    kept: Code,
    channel: str,
    address: dict[str, object],
    label: str,
    now: datetime,
) -> None:
    identity = contacts.identity_of(channel, address)
    for method in await contact_queries.list_contact_methods(tx, kept.user_id):
        if method.channel == channel and method.address == address:
            values = {
                "unverified_since": None,
                "proven_at": now,
                "disabled_at": None,
                "disabled_reason": None,
                "identity": identity,
            }
            await contact_queries.update_contact_method(tx, method.id, values)
            return
    new = NewContactMethod(
        new_id(),
        kept.user_id,
        channel,
        label or all_channels()[channel].title,
        address,
        identity=identity,
    )
    await contact_queries.insert_contact_methods(tx, [new], now)


async def owner(tx: Tx, channel: str, sender: str) -> UUID | None:
    """Whose address this sender is; none if nobody's, or if several claim it."""
    owners = await proof_queries.list_owners(tx, channel, sender)
    return owners[0] if len(owners) == 1 else None


async def opt(
    tx: Tx, channel: str, sender: str, now: datetime, *, stopped: bool
) -> int:
    """Honour STOP and START; returns how many contact methods that changes."""
    at = now if stopped else None
    return await proof_queries.update_opted(tx, channel, sender, OPTED_OUT, at)


async def keep_code(tx: Tx, code: NewCode, now: datetime) -> None:
    """Let a code count from now on. Raises TooManyRequests."""
    asked = await proof_queries.count_codes(tx, code.user_id, now - HOUR)
    if asked >= MOST_AN_HOUR:
        raise TooManyRequests(
            "too many codes: wait an hour", retry_after_s=int(HOUR.total_seconds())
        )
    await proof_queries.insert_code(tx, code, now)
