"""Statements on the key pair of web push and on who has subscribed with which."""

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert

from pagefree.accounts.channel_queries import Source
from pagefree.infra.db import Tx
from pagefree.tables.accounts import contact_methods, users
from pagefree.tables.channels import channel_configs


async def insert_config(tx: Tx, channel: str, sealed: bytes, now: datetime) -> bool:
    """Keep what was made, unless there is something; false: there is."""
    query = (
        insert(channel_configs)
        .values(
            channel=channel, source=Source.ADMIN.value, sealed=sealed, updated_at=now
        )
        .on_conflict_do_nothing(index_elements=["channel", "source"])
    )
    return (await tx.execute(query)).rowcount > 0


async def lock_config(tx: Tx, channel: str) -> bytes | None:
    """What was made or typed in, locked until the transaction ends."""
    c = channel_configs.c
    query = (
        select(c.sealed)
        .where(c.channel == channel, c.source == Source.ADMIN.value)
        .with_for_update()
    )
    return (await tx.execute(query)).scalar_one_or_none()


async def update_config(tx: Tx, channel: str, sealed: bytes, now: datetime) -> None:
    """Keep this instead."""
    c = channel_configs.c
    await tx.execute(
        update(channel_configs)
        .where(c.channel == channel, c.source == Source.ADMIN.value)
        .values(sealed=sealed, updated_at=now)
    )


async def count_by_key(tx: Tx, channel: str) -> dict[str, int]:
    """How many addresses have subscribed with each public key."""
    key = contact_methods.c.address["key"].as_string()
    query = (
        select(key, func.count())
        .where(contact_methods.c.channel == channel)
        .group_by(key)
    )
    return {row[0]: row[1] for row in await tx.execute(query)}


async def first_admin_email(tx: Tx) -> str | None:
    """Somebody who reads what a push service complains of."""
    query = (
        select(users.c.email)
        .where(users.c.platform_admin, users.c.deactivated_at.is_(None))
        .order_by(users.c.id)
        .limit(1)
    )
    return (await tx.execute(query)).scalar_one_or_none()
