"""Every statement on the library: runbooks, versions, approvals, comments, approvers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, insert, or_, select, true, update

from pagefree.infra.db import Tx
from pagefree.infra.ids import new_id
from pagefree.tables.accounts import teams, users
from pagefree.tables.runbooks import (
    runbook_approvals,
    runbook_comments,
    runbook_runs,
    runbook_versions,
    runbooks,
)

OF_RUNBOOK = runbook_versions.c.runbook_id == runbooks.c.id
_V = runbook_versions.c
_NEWEST = (
    select(_V.number, _V.state, _V.content)
    .where(OF_RUNBOOK)
    .order_by(_V.number.desc())
    .limit(1)
    .lateral("newest")
)
_APPROVED = (
    select(_V.number, _V.content)
    .where(OF_RUNBOOK, _V.state == "approved")
    .order_by(_V.number.desc())
    .limit(1)
    .lateral("approved")
)
_LAST_RUN = (
    select(runbook_runs.c.id, runbook_runs.c.state, runbook_runs.c.created_at)
    .where(runbook_runs.c.runbook_id == runbooks.c.id)
    .order_by(runbook_runs.c.created_at.desc())
    .limit(1)
    .lateral("last_run")
)
_CONTENT = func.coalesce(_APPROVED.c.content, _NEWEST.c.content)


@dataclass(frozen=True, slots=True)
class Runbook:
    """A runbook, and which of its versions are the newest."""

    id: UUID
    team_id: UUID | None  # none: the installation's
    team_name: str | None
    name: str
    created_at: datetime
    stopped_at: datetime | None
    stopped_reason: str | None
    archived_at: datetime | None
    latest: int  # number of the newest version
    latest_state: str
    approved: int | None  # number of the newest one that is approved
    content: Mapping[str, Any]  # of the approved one, else the newest
    last_run_id: UUID | None
    last_run_state: str | None
    last_run_at: datetime | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which runbooks to list; nothing set: all."""

    team_id: UUID | None = None  # what this team may run
    words: str = ""
    run_class: str | None = None
    state: str | None = (
        None  # a version of it is approved, or the newest is in this state
    )


@dataclass(frozen=True, slots=True)
class StoredVersion:
    """One version as it is kept."""

    id: UUID
    runbook_id: UUID
    number: int
    content: Mapping[str, Any]
    content_hash: str
    state: str
    note: str
    author_id: UUID
    author_name: str
    writer_ids: tuple[UUID, ...]
    created_at: datetime
    submitted_at: datetime | None
    deprecated_at: datetime | None


@dataclass(frozen=True, slots=True)
class StoredApproval:
    """Somebody's yes."""

    id: UUID
    version_id: UUID
    content_hash: str
    connections: Mapping[str, str]
    approver_id: UUID
    approver_name: str
    comment: str
    at: datetime
    expires_at: datetime
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody said about a version."""

    id: UUID
    author_id: UUID
    author_name: str
    text: str
    at: datetime


def _runbooks() -> Select[Any]:
    return (
        select(
            runbooks,
            teams.c.name.label("team_name"),
            _NEWEST.c.number.label("latest"),
            _NEWEST.c.state.label("latest_state"),
            _APPROVED.c.number.label("approved"),
            _CONTENT.label("content"),
            _LAST_RUN.c.id.label("last_run_id"),
            _LAST_RUN.c.state.label("last_run_state"),
            _LAST_RUN.c.created_at.label("last_run_at"),
        )
        .outerjoin(teams, teams.c.id == runbooks.c.team_id)
        .join(_NEWEST, true())
        .outerjoin(_APPROVED, true())
        .outerjoin(_LAST_RUN, true())
    )


def _runbook(row: Row[Any]) -> Runbook:
    return Runbook(**{name: getattr(row, name) for name in Runbook.__slots__})


async def list_runbooks(
    tx: Tx, wanted: Wanted, before: UUID | None, limit: int
) -> list[Runbook]:
    """Newest first, without those that are archived; of one team and all, or of everybody."""
    query = _runbooks().where(runbooks.c.archived_at.is_(None))
    if wanted.team_id is not None:
        query = query.where(
            or_(runbooks.c.team_id == wanted.team_id, runbooks.c.team_id.is_(None))
        )
    if wanted.words:
        query = query.where(runbooks.c.name.icontains(wanted.words, autoescape=True))
    if wanted.run_class:
        query = query.where(_CONTENT["run_class"].astext == wanted.run_class)
    if wanted.state == "approved":
        query = query.where(_APPROVED.c.number.is_not(None))
    elif wanted.state:
        query = query.where(_NEWEST.c.state == wanted.state)
    if before is not None:
        query = query.where(runbooks.c.id < before)
    rows = await tx.execute(query.order_by(runbooks.c.id.desc()).limit(limit))
    return [_runbook(row) for row in rows]


async def get_runbook(tx: Tx, runbook_id: UUID) -> Runbook | None:
    """One runbook."""
    row = (await tx.execute(_runbooks().where(runbooks.c.id == runbook_id))).first()
    return None if row is None else _runbook(row)


async def lock_runbook(tx: Tx, runbook_id: UUID) -> bool:
    """Keep others from changing or starting it until the transaction ends."""
    query = select(runbooks.c.id).where(runbooks.c.id == runbook_id).with_for_update()
    return await tx.scalar(query) is not None


async def insert_runbook(tx: Tx, values: Mapping[str, object]) -> None:
    """Add a runbook; `values` by column."""
    await tx.execute(insert(runbooks).values(**values))


async def update_runbook(
    tx: Tx, runbook_id: UUID, values: Mapping[str, object]
) -> None:
    """Change the columns in `values`."""
    await tx.execute(
        update(runbooks).where(runbooks.c.id == runbook_id).values(**values)
    )


# -- versions -----------------------------------------------------------------------


def _versions() -> Select[Any]:
    return select(runbook_versions, users.c.name.label("author_name")).outerjoin(
        users, users.c.id == runbook_versions.c.author_id
    )


def _version(row: Row[Any]) -> StoredVersion:
    values = {name: getattr(row, name) for name in StoredVersion.__slots__}
    return StoredVersion(
        **{
            **values,
            "writer_ids": tuple(row.writer_ids),
            "author_name": row.author_name or "somebody",
        }
    )


async def list_versions(tx: Tx, runbook_id: UUID) -> list[StoredVersion]:
    """All of them, newest first."""
    mine = runbook_versions.c.runbook_id == runbook_id
    order = runbook_versions.c.number.desc()
    rows = await tx.execute(_versions().where(mine).order_by(order))
    return [_version(row) for row in rows]


async def get_version(tx: Tx, runbook_id: UUID, number: int) -> StoredVersion | None:
    """One of them by its number."""
    c = runbook_versions.c
    query = _versions().where(c.runbook_id == runbook_id, c.number == number)
    row = (await tx.execute(query)).first()
    return None if row is None else _version(row)


async def get_version_by_id(tx: Tx, version_id: UUID) -> StoredVersion | None:
    """One of them."""
    query = _versions().where(runbook_versions.c.id == version_id)
    row = (await tx.execute(query)).first()
    return None if row is None else _version(row)


async def newest_approved(tx: Tx, runbook_id: UUID) -> StoredVersion | None:
    """The newest version that is approved."""
    c = runbook_versions.c
    query = _versions().where(c.runbook_id == runbook_id, c.state == "approved")
    row = (await tx.execute(query.order_by(c.number.desc()).limit(1))).first()
    return None if row is None else _version(row)


async def insert_version(tx: Tx, values: Mapping[str, object]) -> None:
    """Add a version; `values` by column. Nothing changes its content again."""
    await tx.execute(insert(runbook_versions).values(**values))


async def update_version(
    tx: Tx, version_id: UUID, values: Mapping[str, object]
) -> None:
    """Change its state, and when."""
    mine = runbook_versions.c.id == version_id
    await tx.execute(update(runbook_versions).where(mine).values(**values))


# -- approvals and comments ---------------------------------------------------------


async def list_approvals(tx: Tx, version_id: UUID) -> list[StoredApproval]:
    """Oldest first."""
    a = runbook_approvals.c
    rows = await tx.execute(
        select(runbook_approvals, users.c.name.label("approver_name"))
        .outerjoin(users, users.c.id == a.approver_id)
        .where(a.version_id == version_id)
        .order_by(a.id)
    )
    return [
        StoredApproval(
            row.id,
            row.version_id,
            row.content_hash,
            row.connections,
            row.approver_id,
            row.approver_name or "somebody",
            row.comment,
            row.at,
            row.expires_at,
            row.revoked_at,
        )
        for row in rows
    ]


async def insert_approval(tx: Tx, values: Mapping[str, object]) -> None:
    """Add somebody's yes; `values` by column."""
    await tx.execute(insert(runbook_approvals).values(id=new_id(), **values))


async def revoke_approvals(tx: Tx, version_id: UUID, now: datetime) -> None:
    """None of them counts any more."""
    mine = runbook_approvals.c.version_id == version_id
    open_ = runbook_approvals.c.revoked_at.is_(None)
    await tx.execute(
        update(runbook_approvals).where(mine, open_).values(revoked_at=now)
    )


async def list_comments(tx: Tx, version_id: UUID) -> list[Comment]:
    """Oldest first."""
    c = runbook_comments.c
    rows = await tx.execute(
        select(c.id, c.author_id, users.c.name, c.text, c.at)
        .outerjoin(users, users.c.id == c.author_id)
        .where(c.version_id == version_id)
        .order_by(c.id)
    )
    return [
        Comment(row.id, row.author_id, row.name or "somebody", row.text, row.at)
        for row in rows
    ]


async def insert_comment(
    tx: Tx, version_id: UUID, author_id: UUID, text: str, now: datetime
) -> None:
    """Add what somebody says."""
    values = {"version_id": version_id, "author_id": author_id, "text": text, "at": now}
    await tx.execute(insert(runbook_comments).values(id=new_id(), **values))
