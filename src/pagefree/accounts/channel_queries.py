"""Statements on the credentials of channels."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import distinct_on, insert

from pagefree.infra.db import Tx
from pagefree.tables.channels import channel_configs


class Source(StrEnum):
    """Who has given the credentials of a channel; the operator's win."""

    OPERATOR = "operator"  # by the settings
    ADMIN = "admin"  # in the web app


@dataclass(frozen=True, slots=True)
class StoredConfig:
    """The credentials of a channel."""

    source: Source
    sealed: bytes | None = field(repr=False)  # none: demo mode, nothing is sent
    updated_at: datetime


async def list_configs(tx: Tx) -> dict[str, StoredConfig]:
    """The credentials that count, by channel."""
    c = channel_configs.c
    query = (
        select(c.channel, c.source, c.sealed, c.updated_at)
        .ext(distinct_on(c.channel))
        .order_by(c.channel, c.source.desc())
    )
    return {
        row.channel: StoredConfig(Source(row.source), row.sealed, row.updated_at)
        for row in await tx.execute(query)
    }


async def put_config(
    tx: Tx, channel: str, sealed: bytes, by: UUID, now: datetime
) -> None:
    """Keep what an admin has given, instead of what one gave before."""
    columns = {"sealed": sealed, "updated_at": now, "updated_by_id": by}
    query = insert(channel_configs).values(
        channel=channel, source=Source.ADMIN.value, **columns
    )
    await tx.execute(
        query.on_conflict_do_update(index_elements=["channel", "source"], set_=columns)
    )


async def delete_config(tx: Tx, channel: str) -> None:
    """Forget what an admin has given."""
    c = channel_configs.c
    await tx.execute(
        delete(channel_configs).where(
            c.channel == channel, c.source == Source.ADMIN.value
        )
    )


async def replace_operator_configs(
    tx: Tx, given: Mapping[str, bytes | None], now: datetime
) -> None:
    """The operator has given these, and no others."""
    c = channel_configs.c
    operator = Source.OPERATOR.value
    await tx.execute(
        delete(channel_configs).where(
            c.source == operator, c.channel.not_in(list(given))
        )
    )
    for channel, sealed in given.items():
        query = insert(channel_configs).values(
            channel=channel, source=operator, sealed=sealed, updated_at=now
        )
        await tx.execute(
            query.on_conflict_do_update(
                index_elements=["channel", "source"],
                set_={"sealed": sealed, "updated_at": now},
            )
        )
