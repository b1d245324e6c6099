"""Every statement on the audit's settings and on how far its stream is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from pagefree.infra.db import Tx
from pagefree.tables.audit import audit_settings as settings
from pagefree.tables.audit import audit_streams as streams


@dataclass(frozen=True, slots=True)
class Settings:
    """How long entries are kept, and where they are streamed to."""

    retention_days: int | None = None  # none: for ever
    stream_kind: str | None = None  # webhook | syslog
    stream_host: str = ""  # what is shown of the address
    stream_address: bytes | None = field(default=None, repr=False)  # sealed
    stream_secret: bytes | None = field(default=None, repr=False)  # sealed


@dataclass(frozen=True, slots=True)
class Stream:
    """How far the stream is."""

    seq: int = 0
    due_at: datetime | None = None
    tries: int = 0
    error: str | None = None
    sent_at: datetime | None = None


async def get_settings(tx: Tx) -> Settings:
    """What admins have set; nothing, if nobody has."""
    columns = [settings.c[name] for name in Settings.__slots__]
    row = (await tx.execute(select(*columns))).one_or_none()
    return Settings(**row._mapping) if row else Settings()  # noqa: SLF001


async def save_settings(tx: Tx, values: Mapping[str, object], now: datetime) -> None:
    """Change some of them."""
    await tx.execute(insert(settings).values(id=1).on_conflict_do_nothing())
    await tx.execute(update(settings).values(**values, updated_at=now))


async def get_stream(tx: Tx) -> Stream:
    """How far it is, whoever is about to send."""
    columns = [streams.c[name] for name in Stream.__slots__]
    row = (await tx.execute(select(*columns))).one_or_none()
    return Stream(**row._mapping) if row else Stream()  # noqa: SLF001


async def lease(tx: Tx, until: datetime, now: datetime) -> Stream | None:
    """The stream, for whoever sends next until then; none if it is not due."""
    await tx.execute(insert(streams).values(id=1).on_conflict_do_nothing())
    columns = [streams.c[name] for name in Stream.__slots__]
    query = (
        update(streams)
        .where((streams.c.due_at.is_(None)) | (streams.c.due_at <= now))
        .values(due_at=until)
        .returning(*columns)
    )
    row = (await tx.execute(query)).one_or_none()
    return Stream(**row._mapping) if row else None  # noqa: SLF001


async def save_stream(tx: Tx, values: Mapping[str, object]) -> None:
    """Say how far it is."""
    await tx.execute(insert(streams).values(id=1).on_conflict_do_nothing())
    await tx.execute(update(streams).values(**values))
