"""Statements on people's notification rules and the contact methods that they name."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, insert, select

from pagefree.core.notifications import Rule
from pagefree.core.routing import Urgency
from pagefree.infra.db import Tx
from pagefree.infra.ids import new_id
from pagefree.tables.accounts import contact_methods
from pagefree.tables.notifications import notification_rules


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A notification rule as it is stored."""

    id: UUID
    urgency: Urgency
    delay: timedelta
    contact_method_id: UUID


async def list_rules(tx: Tx, user_id: UUID) -> list[RuleRow]:
    """A person's rules: high urgency first, then by delay."""
    c = notification_rules.c
    query = (
        select(c.id, c.urgency, c.delay, c.contact_method_id)
        .where(c.user_id == user_id)
        .order_by(c.urgency, c.delay, c.id)
    )
    return [
        RuleRow(row.id, Urgency(row.urgency), row.delay, row.contact_method_id)
        for row in await tx.execute(query)
    ]


async def replace_rules(tx: Tx, user_id: UUID, rules: Iterable[Rule]) -> None:
    """These rules instead of the ones the person has."""
    await tx.execute(
        delete(notification_rules).where(notification_rules.c.user_id == user_id)
    )
    rows = [
        {
            "id": new_id(),
            "user_id": user_id,
            "urgency": rule.urgency.value,
            "delay": rule.delay,
            "contact_method_id": rule.method_id,
        }
        for rule in rules
    ]
    if rows:
        await tx.execute(insert(notification_rules), rows)


async def list_methods(tx: Tx, user_id: UUID) -> set[UUID]:
    """The ids of a person's contact methods."""
    query = select(contact_methods.c.id).where(contact_methods.c.user_id == user_id)
    return set((await tx.execute(query)).scalars())
