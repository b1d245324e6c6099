"""How a person is reached."""

import base64
import secrets
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from pydantic import ValidationError

from pagefree.accounts import channel_configs, contact_queries
from pagefree.accounts import queries as people_queries
from pagefree.accounts.contact_queries import ContactMethod, NewContactMethod
from pagefree.accounts.queries import IN_APP, User
from pagefree.audit.service import Note, note
from pagefree.channels import all_channels, needs_config, needs_proof
from pagefree.core.access import Actor, Can, Person, require_about
from pagefree.core.errors import Conflict, Invalid, NotFound
from pagefree.infra.crypto import Vault
from pagefree.infra.db import Tx
from pagefree.infra.ids import new_id

EMAIL = "email"
SECRET_BYTES = 32  # Standard Webhooks asks for 24 to 64
SWITCHED_OFF = "switched off"


def secret_purpose(method_id: UUID) -> str:
    """What the signing secret of a contact method is sealed for."""
    return f"contact method {method_id}"


async def require_contacts_of(tx: Tx, actor: Actor, can: Can, user_id: UUID) -> User:
    """The person, if they exist and `actor` may do this with how they are reached."""
    user = await people_queries.get_user(tx, user_id)
    if user is None:
        raise NotFound("there is no such user")
    teams = frozenset(membership.team.id for membership in user.teams)
    require_about(actor, can, Person(user_id, teams, user.platform_admin))
    return user


async def list_of(
    tx: Tx, actor: Actor, user_id: UUID, now: datetime
) -> list[ContactMethod]:
    """The ways to reach a person; that somebody else looked is noted."""
    user = await require_contacts_of(tx, actor, Can.SEE_CONTACTS, user_id)
    if actor.user_id != user_id:
        await note(tx, Note("read.contact_methods", "user", user_id, user.name), now)
    return await contact_queries.list_contact_methods(tx, user_id)


async def add_first(tx: Tx, user_id: UUID, email: str, now: datetime) -> None:
    """The ways to reach a new user, all used at once whatever the urgency.

    An address that cannot be mailed, as in a closed network without a domain, is left out.
    """
    methods = [_new(user_id, IN_APP, "Web app", {})]
    with suppress(Invalid):
        address = read_address(EMAIL, {"email": email})
        methods.append(_new(user_id, EMAIL, "E-mail", address))
    await contact_queries.insert_contact_methods(tx, methods, now)
    await contact_queries.insert_immediate_rules(
        tx, user_id, [method.id for method in methods]
    )


async def follow_account(tx: Tx, user_id: UUID, before: str, after: str) -> None:
    """Write to the new address of the account where mails went to the old one."""
    if before == after:
        return
    with suppress(Invalid):
        address = read_address(EMAIL, {"email": after})
        made = _new(user_id, EMAIL, "E-mail", address)
        columns = {"address": dict(made.address), "identity": made.identity}
        await contact_queries.move_mail(tx, user_id, before, columns)


async def add(
    tx: Tx, actor: Actor, asked: NewContactMethod, vault: Vault, now: datetime
) -> tuple[ContactMethod, str | None]:
    """Another way to reach a person, and the secret it is signed with, where it is."""
    await require_contacts_of(tx, actor, Can.EDIT_CONTACTS, asked.user_id)
    channel = all_channels().get(asked.channel)
    if channel is None or not channel.user_addable:
        raise Invalid(f"there is no channel {asked.channel!r} that can be added")
    if needs_config(asked.channel):
        stored = await channel_configs.standing(tx)
        if asked.channel not in stored:
            raise Conflict("this channel is not set up: ask an admin")
    address = read_address(asked.channel, asked.address)
    secret = new_secret() if channel.signed else None
    sealed = vault.seal(secret.encode(), secret_purpose(asked.id)) if secret else None
    method = NewContactMethod(
        asked.id,
        asked.user_id,
        asked.channel,
        asked.label,
        address,
        sealed,
        identity=identity_of(asked.channel, address),
        verified=channel.verify is None,
    )
    await contact_queries.insert_contact_methods(tx, [method], now)
    return await _get(tx, asked.user_id, asked.id), secret


async def change(
    tx: Tx,
    actor: Actor,
    method: tuple[UUID, UUID],  # of whom, which
    changes: Mapping[str, object],
    now: datetime,
) -> ContactMethod:
    """Give it another label or address, or switch it off or on."""
    user_id, method_id = method
    await require_contacts_of(tx, actor, Can.EDIT_CONTACTS, user_id)
    before = await _get(tx, user_id, method_id)
    columns = {key: value for key, value in changes.items() if key != "disabled"}
    if isinstance(address := columns.get("address"), Mapping):
        columns |= _moved(before, read_address(before.channel, address), now)
    if changes.get("disabled") is True and before.disabled_at is None:
        columns |= {"disabled_at": now, "disabled_reason": SWITCHED_OFF}
    elif changes.get("disabled") is False:
        columns |= {"disabled_at": None, "disabled_reason": None}
    if columns:
        await contact_queries.update_contact_method(tx, method_id, columns)
    return await _get(tx, user_id, method_id)


def _moved(
    before: ContactMethod, address: dict[str, object], now: datetime
) -> dict[str, object]:
    """Another address has to be proven anew."""
    columns: dict[str, object] = {
        "address": address,
        "identity": identity_of(before.channel, address),
    }
    if address != before.address and needs_proof(before.channel):
        columns |= {"unverified_since": now, "proven_at": None}
    return columns


async def remove(tx: Tx, actor: Actor, user_id: UUID, method_id: UUID) -> None:
    """Forget it, and the rules that use it. Removing twice is not an error."""
    await require_contacts_of(tx, actor, Can.EDIT_CONTACTS, user_id)
    method = await contact_queries.get_contact_method(tx, user_id, method_id)
    if method and not all_channels()[method.channel].user_addable:
        raise Conflict("this one can be switched off, but not removed")
    await contact_queries.delete_contact_method(tx, user_id, method_id)


async def _get(tx: Tx, user_id: UUID, method_id: UUID) -> ContactMethod:
    method = await contact_queries.get_contact_method(tx, user_id, method_id)
    if method is None:
        raise NotFound("there is no such contact method")
    return method


def _new(
    user_id: UUID, channel: str, label: str, address: Mapping[str, object]
) -> NewContactMethod:
    identity = identity_of(channel, address)
    return NewContactMethod(
        new_id(), user_id, channel, label, address, identity=identity
    )


def identity_of(channel: str, address: Mapping[str, object]) -> str | None:
    """Whom replies from this address come from, where any can."""
    found = all_channels()[channel]
    if found.identity is None:
        return None
    return found.identity(found.Address.model_validate(address))


def new_secret() -> str:
    """What signs messages, in the form of Standard Webhooks: https://www.standardwebhooks.com."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def read_address(
    channel: str, address: Mapping[str, object], *, room: bool = False
) -> dict[str, object]:
    """The address as its channel understands it. Raises Invalid."""
    try:
        read = all_channels()[channel].form(room=room).model_validate(address)
    except ValidationError as e:
        problems = (
            f"{'.'.join(map(str, error['loc']))}: {error['msg']}"
            for error in e.errors()
        )
        raise Invalid("; ".join(problems)) from e
    return read.model_dump(mode="json")
