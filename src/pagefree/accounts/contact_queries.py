"""Every statement on contact methods, and the rules that a new user starts with."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, delete, func, insert, select, update

from pagefree.core.routing import Urgency
from pagefree.infra.db import Tx
from pagefree.infra.ids import new_id
from pagefree.tables.accounts import contact_methods
from pagefree.tables.notifications import notification_rules


@dataclass(frozen=True, slots=True)
class NewContactMethod:
    """One way to reach a person; `id` is made first because the secret is sealed for it."""

    id: UUID
    user_id: UUID
    channel: str
    label: str
    address: Mapping[str, object]
    secret: bytes | None = field(default=None, repr=False)  # sealed
    identity: str | None = None  # the sender of replies from there
    verified: bool = True  # or there is nothing to prove


@dataclass(frozen=True, slots=True)
class ContactMethod:
    """One way to reach a person."""

    id: UUID
    user_id: UUID
    channel: str
    label: str
    address: dict[str, object]
    created_at: datetime
    disabled_at: datetime | None
    disabled_reason: str | None
    unverified_since: datetime | None  # whose address it is has yet to be proven
    proven_at: datetime | None  # something is known to have arrived there


async def list_contact_methods(tx: Tx, user_id: UUID) -> list[ContactMethod]:
    """A person's, oldest first."""
    query = (
        _methods()
        .where(contact_methods.c.user_id == user_id)
        .order_by(contact_methods.c.id)
    )
    return [ContactMethod(**row) for row in (await tx.execute(query)).mappings()]


async def get_contact_method(
    tx: Tx, user_id: UUID, method_id: UUID
) -> ContactMethod | None:
    """One of the person's."""
    query = _methods().where(
        contact_methods.c.user_id == user_id, contact_methods.c.id == method_id
    )
    row = (await tx.execute(query)).mappings().one_or_none()
    return ContactMethod(**row) if row else None


async def insert_contact_methods(
    tx: Tx, new: Iterable[NewContactMethod], now: datetime
) -> None:
    """Store them in this order."""
    await tx.execute(
        insert(contact_methods),
        [
            {
                "id": method.id,
                "user_id": method.user_id,
                "channel": method.channel,
                "label": method.label,
                "address": dict(method.address),
                "secret": method.secret,
                "identity": method.identity,
                "unverified_since": None if method.verified else now,
                "created_at": now,
            }
            for method in new
        ],
    )


async def insert_immediate_rules(
    tx: Tx, user_id: UUID, method_ids: Iterable[UUID]
) -> None:
    """Use each of these methods at once, whatever the urgency."""
    await tx.execute(
        insert(notification_rules),
        [
            {
                "id": new_id(),
                "user_id": user_id,
                "urgency": urgency.value,
                "delay": timedelta(0),
                "contact_method_id": method_id,
            }
            for urgency in Urgency
            for method_id in method_ids
        ],
    )


async def update_contact_method(
    tx: Tx, method_id: UUID, changes: Mapping[str, object]
) -> None:
    """Set these columns."""
    await tx.execute(
        update(contact_methods)
        .where(contact_methods.c.id == method_id)
        .values(**changes)
    )


async def move_mail(
    tx: Tx, user_id: UUID, before: str, changes: Mapping[str, object]
) -> None:
    """Set these columns where the person is mailed at `before` and that was proven."""
    c = contact_methods.c
    mine = (c.user_id == user_id, c.channel == "email", c.unverified_since.is_(None))
    at = func.lower(c.address["email"].astext) == before
    await tx.execute(update(contact_methods).where(*mine, at).values(**changes))


async def delete_contact_method(tx: Tx, user_id: UUID, method_id: UUID) -> bool:
    """With the rules that use it; false if the person has no such method."""
    query = delete(contact_methods).where(
        contact_methods.c.user_id == user_id, contact_methods.c.id == method_id
    )
    return (await tx.execute(query)).rowcount > 0


def _methods() -> Select[tuple[object, ...]]:
    return select(
        contact_methods.c.id,
        contact_methods.c.user_id,
        contact_methods.c.channel,
        contact_methods.c.label,
        contact_methods.c.address,
        contact_methods.c.created_at,
        contact_methods.c.disabled_at,
        contact_methods.c.disabled_reason,
        contact_methods.c.unverified_since,
        contact_methods.c.proven_at,
    )
