"""What happens to runbooks, said twice: as an event, and in the audit that nobody can bend."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from pagefree.core.runbooks import canonical, content_hash
from pagefree.infra.db import Tx
from pagefree.runbooks import audit_queries as queries
from pagefree.runbooks.audit_queries import AuditEntry
from pagefree.timeline import service as timeline
from pagefree.timeline.service import Cause


@dataclass(frozen=True, slots=True)
class About:
    """What something happened to."""

    runbook_id: UUID | None = None
    version_id: UUID | None = None
    run_id: UUID | None = None
    team_id: UUID | None = None
    incident_id: UUID | None = None
    shown: Mapping[str, object] = field(default_factory=dict)  # in the event
    kept: Mapping[str, object] = field(default_factory=dict)  # in the audit, besides


async def record(tx: Tx, kind: str, about: About, cause: Cause, now: datetime) -> None:
    """Append it to the timeline and to the audit."""
    ids = {
        name: str(found)
        for name in ("runbook_id", "version_id", "run_id")
        if (found := getattr(about, name)) is not None
    }
    entry = timeline.Entry(
        kind,
        cause,
        incident_id=about.incident_id,
        team_id=about.team_id,
        data={**ids, **about.shown},
    )
    await timeline.record(tx, [entry], now)
    await _audit(tx, kind, about, cause, now)


async def _audit(tx: Tx, kind: str, about: About, cause: Cause, now: datetime) -> None:
    values: dict[str, object] = {
        "at": now,
        "kind": kind,
        "runbook_id": about.runbook_id,
        "version_id": about.version_id,
        "run_id": about.run_id,
        "team_id": about.team_id,
        "actor_kind": cause.kind.value,
        "actor_id": cause.id,
        "actor_name": cause.name,
        "data": {**about.shown, **about.kept},
        "previous_hash": await queries.lock_end(tx),
    }
    await queries.append(tx, {**values, "hash": _hash(values)})


async def entries(
    tx: Tx, after: int, runbook_id: UUID | None, limit: int
) -> list[AuditEntry]:
    """The audit, oldest first, after the entry `after`."""
    return await queries.list_entries(tx, after, runbook_id, limit)


def breaks(found: list[AuditEntry], previous_hash: str) -> int | None:
    """The first of these entries that does not continue the chain; none: all do."""
    for entry in found:
        values = {name: getattr(entry, name) for name in _HASHED}
        if entry.previous_hash != previous_hash or entry.hash != _hash(values):
            return entry.id
        previous_hash = entry.hash
    return None


_HASHED = tuple(name for name in AuditEntry.__slots__ if name not in {"id", "hash"})


def _hash(values: Mapping[str, object]) -> str:
    """Over what is kept and the hash before: instants in UTC, ids as text."""
    return content_hash({name: _plain(values[name]) for name in _HASHED})


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return str(value) if isinstance(value, UUID) else value


def line_of(entry: AuditEntry) -> bytes:
    """One line of the export: the same form that is hashed, with its id and hash."""
    values = {name: _plain(getattr(entry, name)) for name in AuditEntry.__slots__}
    return canonical(values) + b"\n"
