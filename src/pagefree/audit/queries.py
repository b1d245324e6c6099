"""Every statement that writes or lists entries of the audit."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, func, insert, literal_column, select

from pagefree.infra.acting import Who
from pagefree.infra.db import Tx
from pagefree.tables import metadata
from pagefree.tables.audit import audit_entries as entries
from pagefree.tables.audited import AUDITED

COLUMNS = tuple(entries.columns)


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody did; never with a secret in it."""

    kind: str  # "sign_in.refused", "read.contact_methods"
    object_kind: str  # "user"
    object_id: UUID | str = ""
    object_name: str = ""
    team_id: UUID | None = None  # whose admins may read of it; none: the installation's
    data: Mapping[str, object] = field(default_factory=dict)  # plain JSON
    # where the request does not say it, e.g. while somebody signs in
    by: UUID | None = None
    by_name: str = ""


async def insert_note(tx: Tx, note: Note, who: Who, now: datetime) -> None:
    """One entry, not sealed yet."""
    await tx.execute(
        insert(entries).values(
            at=now,
            kind=note.kind,
            object_kind=note.object_kind,
            object_id=str(note.object_id),
            object_name=note.object_name,
            team_id=note.team_id,
            actor_kind=who.actor_kind,
            actor_id=who.actor_id,
            actor_name=who.actor_name,
            credential_kind=who.credential_kind,
            credential_id=who.credential_id,
            address=who.address,
            request_id=who.request_id,
            route=who.route,
            data=dict(note.data),
        )
    )


@dataclass(frozen=True, slots=True)
class Entry:
    """Who did what to what, from where, with what in hand."""

    id: int
    at: datetime
    kind: str
    object_kind: str
    object_id: str
    object_name: str
    team_id: UUID | None
    actor_kind: str
    actor_id: UUID | None
    actor_name: str
    credential_kind: str | None
    credential_id: UUID | None
    address: str
    request_id: str
    route: str
    before: Mapping[str, object] | None
    after: Mapping[str, object] | None
    data: Mapping[str, object] | None
    seq: int | None
    hash: bytes | None

    def content(self) -> dict[str, object]:
        """What is sealed of it: all it says, as plain JSON."""
        return {
            "id": self.id,
            "at": self.at.isoformat(),
            "kind": self.kind,
            "object_kind": self.object_kind,
            "object_id": self.object_id,
            "object_name": self.object_name,
            "team_id": _text(self.team_id),
            "actor_kind": self.actor_kind,
            "actor_id": _text(self.actor_id),
            "actor_name": self.actor_name,
            "credential_kind": self.credential_kind,
            "credential_id": _text(self.credential_id),
            "address": self.address,
            "request_id": self.request_id,
            "route": self.route,
            "before": self.before,
            "after": self.after,
            "data": self.data,
        }


def entry_of(row: Row[tuple[object, ...]]) -> Entry:
    """The entry in a row of all columns."""
    return Entry(**row._mapping)  # noqa: SLF001 -- public, in spite of its name


def _text(id_: UUID | None) -> str | None:
    return str(id_) if id_ else None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries; `until` is not included. No teams: of the whole installation."""

    team_ids: frozenset[UUID] | None = None
    actor_id: UUID | None = None
    object_kind: str | None = None
    object_id: str | None = None
    kind: str | None = None  # whole, or a family that ends with a point
    request_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None


async def list_entries(
    tx: Tx, wanted: Wanted, before: int | None, limit: int
) -> list[Entry]:
    """Newest first, those with smaller ids than `before`."""
    query = select(*COLUMNS).order_by(entries.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(entries.c.id < before)
    if wanted.team_ids is not None:
        query = query.where(entries.c.team_id.in_(wanted.team_ids))
    for name in ("actor_id", "object_kind", "object_id", "request_id"):
        if (asked := getattr(wanted, name)) is not None:
            query = query.where(entries.c[name] == asked)
    if wanted.kind is not None:
        family = wanted.kind.endswith(".")
        column = entries.c.kind
        query = query.where(
            column.startswith(wanted.kind, autoescape=True)
            if family
            else column == wanted.kind
        )
    if wanted.since is not None:
        query = query.where(entries.c.at >= wanted.since)
    if wanted.until is not None:
        query = query.where(entries.c.at < wanted.until)
    return [entry_of(row) for row in await tx.execute(query)]


async def get(tx: Tx, entry_id: int) -> Entry | None:
    """One entry, if it has not been cut off."""
    query = select(*COLUMNS).where(entries.c.id == entry_id)
    row = (await tx.execute(query)).one_or_none()
    return entry_of(row) if row else None


async def lock_object(tx: Tx, kind: str, object_id: str) -> Mapping[str, object] | None:
    """The row of an object as the trigger would see it, for the rest of the transaction."""
    name = next(name for name, one in AUDITED.items() if one.kind == kind)
    table = metadata.tables[name]
    row = func.to_jsonb(literal_column(name))
    query = select(row).select_from(table).where(table.c.id == UUID(object_id))
    found: Mapping[str, object] | None = await tx.scalar(query.with_for_update())
    return found
