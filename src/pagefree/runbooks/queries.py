"""Every statement on the library: runbooks, versions, approvals, comments, approvers."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, delete, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from pagefree.core.access import Role
from pagefree.infra.db import Tx
from pagefree.infra.ids import new_id
from pagefree.tables.accounts import memberships, teams, users
from pagefree.tables.runbooks import (
    runbook_approvals,
    runbook_approvers,
    runbook_comments,
    runbook_settings,
    runbook_versions,
    runbooks,
)

INSTALLATION = "installation"  # the one row of settings
OF_RUNBOOK = runbook_versions.c.runbook_id == runbooks.c.id


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


@dataclass(frozen=True, slots=True)
class Approver:
    """Somebody who may approve what is a team's without being its admin."""

    user_id: UUID
    name: str
    given_at: datetime


@dataclass(frozen=True, slots=True)
class RunbookSettings:
    """What holds for all runbooks."""

    approval_days: int
    stopped_at: datetime | None = None
    stopped_reason: str | None = None


def _runbooks() -> Select[Any]:
    v = runbook_versions.c
    newest = select(v.number, v.state, v.content).where(OF_RUNBOOK)
    newest_one = newest.order_by(v.number.desc()).limit(1).lateral("newest")
    approved = select(v.number, v.content).where(OF_RUNBOOK, v.state == "approved")
    approved_one = approved.order_by(v.number.desc()).limit(1).lateral("approved")
    return (
        select(
            runbooks,
            teams.c.name.label("team_name"),
            newest_one.c.number.label("latest"),
            newest_one.c.state.label("latest_state"),
            approved_one.c.number.label("approved"),
            func.coalesce(approved_one.c.content, newest_one.c.content).label(
                "content"
            ),
        )
        .outerjoin(teams, teams.c.id == runbooks.c.team_id)
        .join(newest_one, runbooks.c.id == runbooks.c.id)
        .outerjoin(approved_one, runbooks.c.id == runbooks.c.id)
    )


def _runbook(row: Row[Any]) -> Runbook:
    return Runbook(**{name: getattr(row, name) for name in Runbook.__slots__})


async def list_runbooks(
    tx: Tx, team_id: UUID | None, words: str, before: UUID | None, limit: int
) -> list[Runbook]:
    """Newest first, without those that are archived; of one team and all, or of everybody."""
    query = _runbooks().where(runbooks.c.archived_at.is_(None))
    if team_id is not None:
        query = query.where(
            or_(runbooks.c.team_id == team_id, runbooks.c.team_id.is_(None))
        )
    if words:
        query = query.where(runbooks.c.name.icontains(words, autoescape=True))
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


# -- who may approve ----------------------------------------------------------------


async def list_approvers(tx: Tx, team_id: UUID) -> list[Approver]:
    """Those whom the team has named, by name."""
    d = runbook_approvers.c
    rows = await tx.execute(
        select(d.user_id, users.c.name, d.given_at)
        .join(users, users.c.id == d.user_id)
        .where(d.team_id == team_id)
        .order_by(users.c.name, d.user_id)
    )
    return [Approver(row.user_id, row.name, row.given_at) for row in rows]


async def put_approver(
    tx: Tx, team_id: UUID, user_id: UUID, given_by_id: UUID, now: datetime
) -> None:
    """Name somebody; twice is not an error."""
    values = {
        "id": new_id(),
        "team_id": team_id,
        "user_id": user_id,
        "given_by_id": given_by_id,
        "given_at": now,
    }
    await tx.execute(
        upsert(runbook_approvers).values(**values).on_conflict_do_nothing()
    )


async def delete_approver(tx: Tx, team_id: UUID, user_id: UUID) -> None:
    """Take it back; twice is not an error."""
    d = runbook_approvers.c
    await tx.execute(
        delete(runbook_approvers).where(d.team_id == team_id, d.user_id == user_id)
    )


async def list_entitled(
    tx: Tx, team_id: UUID | None, user_ids: Collection[UUID]
) -> set[UUID]:
    """Those of `user_ids` who may approve now what is the team's, or the installation's."""
    admin = select(memberships.c.user_id).where(
        memberships.c.team_id == team_id, memberships.c.role == Role.TEAM_ADMIN.value
    )
    named = select(runbook_approvers.c.user_id).where(
        runbook_approvers.c.team_id == team_id
    )
    may = or_(users.c.platform_admin, users.c.id.in_(admin), users.c.id.in_(named))
    query = select(users.c.id).where(
        users.c.id.in_(user_ids), users.c.deactivated_at.is_(None), may
    )
    return set((await tx.execute(query)).scalars())


# -- settings -----------------------------------------------------------------------


async def get_settings(tx: Tx) -> RunbookSettings | None:
    """What an admin has set; none: nothing yet."""
    row = (await tx.execute(select(runbook_settings))).first()
    if row is None:
        return None
    return RunbookSettings(row.approval_days, row.stopped_at, row.stopped_reason)


async def put_settings(tx: Tx, values: Mapping[str, object]) -> None:
    """Set the columns in `values`, which are all."""
    row = upsert(runbook_settings).values(key=INSTALLATION, **values)
    await tx.execute(
        row.on_conflict_do_update(index_elements=["key"], set_=dict(values))
    )
