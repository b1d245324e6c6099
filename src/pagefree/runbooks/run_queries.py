"""Every statement on runs: what is due, what was printed, who called back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, any_, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from pagefree.core.runbook_runs import OVER, Traffic
from pagefree.infra.db import Tx
from pagefree.infra.ids import new_id
from pagefree.tables.alerts import alerts
from pagefree.tables.runbooks import (
    runbook_callbacks,
    runbook_run_lines,
    runbook_runs,
    runbook_versions,
)

ENDED = [state.value for state in OVER]
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Run:
    """One run as it is kept."""

    id: UUID
    runbook_id: UUID
    runbook_name: str  # as the version calls it
    version_id: UUID
    version: int
    content_hash: str
    run_class: str
    connection_id: UUID
    team_id: UUID | None
    incident_id: UUID | None
    service_id: UUID | None
    state: str
    parameters: Mapping[str, Any]
    automatic: bool
    cause_kind: str
    cause_id: UUID | None
    cause_name: str
    confirmed_by_id: UUID | None
    emergency_id: UUID | None  # what let it run unapproved
    created_at: datetime
    due_at: datetime | None
    tries: int
    launching_at: datetime | None
    started_at: datetime | None
    ends_at: datetime
    finished_at: datetime | None
    cancelled_at: datetime | None
    external_id: str | None
    external_url: str | None
    external_revision: str | None
    outcome: str
    result: Mapping[str, Any] | None
    token_hash: bytes | None
    cursor: str | None
    line_count: int
    callback_count: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which runs to list; nothing set: all."""

    incident_id: UUID | None = None
    runbook_id: UUID | None = None
    state: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of output, hostile."""

    number: int
    source: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class FoundAlert:
    """The alert whose facts a run may use."""

    title: str
    severity: str
    dedup_key: str
    labels: Mapping[str, Any]


def _runs() -> Select[Any]:
    content = runbook_versions.c.content
    return select(
        runbook_runs,
        runbook_versions.c.number.label("version"),
        content["name"].astext.label("runbook_name"),
        content["run_class"].astext.label("run_class"),
    ).join(runbook_versions, runbook_versions.c.id == runbook_runs.c.version_id)


def _run(row: Row[Any]) -> Run:
    return Run(**{name: getattr(row, name) for name in Run.__slots__})


async def list_runs(
    tx: Tx, wanted: Wanted, before: UUID | None, limit: int
) -> list[Run]:
    """Newest first, continuing before the id `before`."""
    query = _runs().order_by(runbook_runs.c.id.desc()).limit(limit)
    for name in Wanted.__slots__:
        asked = getattr(wanted, name)
        if asked is not None:
            query = query.where(runbook_runs.c[name] == asked)
    if before is not None:
        query = query.where(runbook_runs.c.id < before)
    return [_run(row) for row in await tx.execute(query)]


async def get_run(tx: Tx, run_id: UUID) -> Run | None:
    """One run."""
    row = (await tx.execute(_runs().where(runbook_runs.c.id == run_id))).first()
    return None if row is None else _run(row)


async def lock_run(tx: Tx, run_id: UUID) -> Run | None:
    """One run, which nobody else changes until the transaction ends."""
    query = _runs().where(runbook_runs.c.id == run_id)
    row = (await tx.execute(query.with_for_update(of=runbook_runs))).first()
    return None if row is None else _run(row)


async def insert_run(tx: Tx, values: Mapping[str, object]) -> None:
    """Add a run; `values` by column."""
    await tx.execute(insert(runbook_runs).values(**values))


async def update_run(tx: Tx, run_id: UUID, values: Mapping[str, object]) -> None:
    """Change the columns in `values`."""
    mine = runbook_runs.c.id == run_id
    await tx.execute(update(runbook_runs).where(mine).values(**values))


async def claim_due(tx: Tx, now: datetime, lease: timedelta, limit: int) -> list[UUID]:
    """Lease up to `limit` runs that are due, most overdue first: nobody else looks meanwhile."""
    due = (
        select(runbook_runs.c.id)
        .where(runbook_runs.c.due_at <= now)
        .order_by(runbook_runs.c.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    claimed = await tx.execute(
        update(runbook_runs)
        .where(runbook_runs.c.id == any_(func.array(due.scalar_subquery())))
        .values(due_at=now + lease)
        .returning(runbook_runs.c.id)
    )
    return list(claimed.scalars())


async def next_due_at(tx: Tx) -> datetime | None:
    """When the next run is due; none: nothing is under way."""
    found: datetime | None = await tx.scalar(select(func.min(runbook_runs.c.due_at)))
    return found


async def traffic(
    tx: Tx, runbook_id: UUID, service_id: UUID | None, now: datetime
) -> Traffic:
    """What is going on with a runbook; the last runs are those on this service."""
    r = runbook_runs.c
    here = r.service_id.is_not_distinct_from(service_id)
    began = r.launching_at.is_not(None) | r.state.not_in(ENDED)
    row = (
        await tx.execute(
            select(
                func.count().filter(r.created_at > now - HOUR).label("hour"),
                func.count().filter(r.state.not_in(ENDED)).label("unfinished"),
                func.max(r.created_at).filter(here, began).label("last"),
                func.max(func.coalesce(r.finished_at, r.created_at))
                .filter(here, r.automatic)
                .label("automatic"),
            ).where(r.runbook_id == runbook_id)
        )
    ).one()
    return Traffic(row.hour, row.unfinished, row.last, row.automatic)


async def list_by_external_id(
    tx: Tx, connection_id: UUID, external_id: str
) -> list[UUID]:
    """The unfinished runs that the target calls so."""
    r = runbook_runs.c
    query = select(r.id).where(
        r.connection_id == connection_id,
        r.external_id == external_id,
        r.due_at.is_not(None),
    )
    return list((await tx.execute(query)).scalars())


async def hasten(tx: Tx, run_id: UUID, now: datetime) -> None:
    """Look at a run now, unless that is about to happen."""
    r = runbook_runs.c
    await tx.execute(
        update(runbook_runs)
        .where(r.id == run_id, r.state == "running", r.due_at > now)
        .values(due_at=now)
    )


async def insert_lines(
    tx: Tx,
    run_id: UUID,
    after: int,
    source: str,
    texts: Sequence[str],
    now: datetime,
) -> None:
    """Append to the output, whose last line had the number `after`."""
    if not texts:
        return
    rows = [
        {"run_id": run_id, "number": number, "source": source, "text": text, "at": now}
        for number, text in enumerate(texts, after + 1)
    ]
    await tx.execute(insert(runbook_run_lines), rows)
    await update_run(tx, run_id, {"line_count": after + len(texts)})


async def list_lines(tx: Tx, run_id: UUID, after: int, limit: int) -> list[Line]:
    """In their order, after the number `after`."""
    c = runbook_run_lines.c
    rows = await tx.execute(
        select(c.number, c.source, c.text, c.at)
        .where(c.run_id == run_id, c.number > after)
        .order_by(c.number)
        .limit(limit)
    )
    return [Line(row.number, row.source, row.text, row.at) for row in rows]


async def insert_callback(
    tx: Tx, run_id: UUID, values: Mapping[str, object], now: datetime
) -> bool:
    """Record who called back; false: one of this name was recorded before."""
    row = upsert(runbook_callbacks).values(id=new_id(), run_id=run_id, at=now, **values)
    made = await tx.execute(
        row.on_conflict_do_nothing().returning(runbook_callbacks.c.id)
    )
    return made.first() is not None


async def list_verdicts(tx: Tx, run_id: UUID) -> list[str]:
    """What came of all who called back, oldest first."""
    c = runbook_callbacks.c
    query = select(c.verdict).where(c.run_id == run_id).order_by(c.id)
    return list((await tx.execute(query)).scalars())


async def first_alert(tx: Tx, incident_id: UUID) -> FoundAlert | None:
    """The alert that an incident is about: an open one, the oldest."""
    c = alerts.c
    query = (
        select(c.title, c.severity, c.dedup_key, c.labels)
        .where(c.incident_id == incident_id)
        .order_by(c.status, c.id)  # open before resolved
        .limit(1)
    )
    row = (await tx.execute(query)).first()
    return None if row is None else FoundAlert(*row)
