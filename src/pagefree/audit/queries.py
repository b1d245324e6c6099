"""Writing entries of the audit."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert

from pagefree.infra.acting import Who
from pagefree.infra.db import Tx
from pagefree.tables.audit import audit_entries as entries


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
