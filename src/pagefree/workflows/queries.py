"""Statements on workflows, their versions and the addresses that start them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, Text, cast, delete, func, select, update

from pagefree.core.access import Role
from pagefree.infra.db import Tx
from pagefree.infra.ids import new_id
from pagefree.tables.accounts import memberships, teams, users
from pagefree.tables.workflows import (
    workflow_hooks,
    workflow_versions,
    workflows,
)


@dataclass(frozen=True, slots=True)
class Workflow:
    """A workflow as it stands in a list."""

    id: UUID
    team_id: UUID | None
    team_name: str | None
    name: str
    description: str
    enabled: bool
    version_id: UUID | None
    version_number: int | None
    triggers: Sequence[str]
    most_per_hour: int
    capped_at: datetime | None  # when it was last told that it is held back
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Version:
    """One version, without its graph."""

    id: UUID
    workflow_id: UUID
    number: int
    note: str
    author_id: UUID | None
    author_name: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Startable:
    """The version that new runs of a workflow take; `content` is JSON."""

    id: UUID
    team_id: UUID | None
    name: str
    version_id: UUID
    version_number: int
    content: str
    most_per_hour: int
    capped_at: datetime | None
    created_by_id: UUID | None


@dataclass(frozen=True, slots=True)
class Hook:
    """An address that starts a workflow."""

    id: UUID
    workflow_id: UUID
    prefix: str
    created_at: datetime
    used_at: datetime | None


def _listed() -> Select[tuple[object, ...]]:
    w, v = workflows.c, workflow_versions.c
    return (
        select(
            w.id,
            w.team_id,
            teams.c.name.label("team_name"),
            w.name,
            w.description,
            w.enabled,
            w.version_id,
            v.number.label("version_number"),
            w.triggers,
            w.most_per_hour,
            w.capped_at,
            w.created_at,
            w.updated_at,
        )
        .outerjoin(workflow_versions, v.id == w.version_id)
        .outerjoin(teams, teams.c.id == w.team_id)
        .where(w.archived_at.is_(None))
    )


async def list_workflows(
    tx: Tx, team_id: UUID | None, before: UUID | None, limit: int
) -> list[Workflow]:
    """Newest first; `team_id`: only that team's."""
    query = _listed()
    if team_id is not None:
        query = query.where(workflows.c.team_id == team_id)
    if before is not None:
        query = query.where(workflows.c.id < before)
    rows = await tx.execute(query.order_by(workflows.c.id.desc()).limit(limit))
    return [Workflow(**row) for row in rows.mappings()]


async def get(tx: Tx, workflow_id: UUID) -> Workflow | None:
    """One workflow that has not been archived."""
    rows = await tx.execute(_listed().where(workflows.c.id == workflow_id))
    row = rows.mappings().one_or_none()
    return Workflow(**row) if row else None


async def insert_workflow(
    tx: Tx, values: Mapping[str, object], author_id: UUID, now: datetime
) -> UUID:
    """A new workflow without a version; returns its id."""
    workflow_id = new_id()
    await tx.execute(
        workflows.insert().values(
            id=workflow_id,
            created_by_id=author_id,
            created_at=now,
            updated_at=now,
            **values,
        )
    )
    return workflow_id


async def update_workflow(
    tx: Tx, workflow_id: UUID, values: Mapping[str, object], now: datetime
) -> None:
    """Store the named columns."""
    await tx.execute(
        update(workflows)
        .where(workflows.c.id == workflow_id)
        .values(updated_at=now, **values)
    )


async def set_capped(tx: Tx, workflow_ids: Collection[UUID], now: datetime) -> None:
    """People are told of these workflows that they are held back."""
    mine = workflows.c.id.in_(workflow_ids)
    await tx.execute(update(workflows).where(mine).values(capped_at=now))


async def list_keepers(tx: Tx, workflow: Startable) -> list[UUID]:
    """Who made a workflow and who answers for it: its team's admins, or the platform's."""
    m = memberships.c
    admins = select(m.user_id).where(
        m.team_id == workflow.team_id, m.role == Role.TEAM_ADMIN.value
    )
    if workflow.team_id is None:
        admins = select(users.c.id).where(users.c.platform_admin)
    found = set((await tx.execute(admins)).scalars())
    if workflow.created_by_id is not None:
        found.add(workflow.created_by_id)
    return sorted(found)


async def lock(tx: Tx, workflow_id: UUID) -> None:
    """Nobody else saves a version of this workflow until the transaction ends."""
    query = select(workflows.c.id).where(workflows.c.id == workflow_id)
    await tx.execute(query.with_for_update())


# -- versions -----------------------------------------------------------------------


async def insert_version(
    tx: Tx,
    workflow_id: UUID,
    content: Mapping[str, object],
    note: str,
    author_id: UUID,
    now: datetime,
) -> tuple[UUID, int]:
    """The next version of a locked workflow; its id and number."""
    v = workflow_versions.c
    newest = select(func.coalesce(func.max(v.number), 0)).where(
        v.workflow_id == workflow_id
    )
    number: int = (await tx.scalar(newest) or 0) + 1
    version_id = new_id()
    await tx.execute(
        workflow_versions.insert().values(
            id=version_id,
            workflow_id=workflow_id,
            number=number,
            content=dict(content),
            note=note,
            author_id=author_id,
            created_at=now,
        )
    )
    return version_id, number


async def list_versions(
    tx: Tx, workflow_id: UUID, before: UUID | None, limit: int
) -> list[Version]:
    """Newest first."""
    v = workflow_versions.c
    query = (
        select(
            v.id,
            v.workflow_id,
            v.number,
            v.note,
            v.author_id,
            users.c.name.label("author_name"),
            v.created_at,
        )
        .outerjoin(users, users.c.id == v.author_id)
        .where(v.workflow_id == workflow_id)
    )
    if before is not None:
        query = query.where(v.id < before)
    rows = await tx.execute(query.order_by(v.id.desc()).limit(limit))
    return [Version(**row) for row in rows.mappings()]


async def get_content(tx: Tx, workflow_id: UUID, number: int) -> str | None:
    """The graph of one version, as JSON."""
    v = workflow_versions.c
    query = select(cast(v.content, Text)).where(
        v.workflow_id == workflow_id, v.number == number
    )
    found: str | None = await tx.scalar(query)
    return found


async def contents(tx: Tx, version_ids: Collection[UUID]) -> dict[UUID, str]:
    """The graphs of versions, as JSON."""
    v = workflow_versions.c
    query = select(v.id, cast(v.content, Text)).where(v.id.in_(version_ids))
    return {row[0]: row[1] for row in await tx.execute(query)}


async def authors(tx: Tx, version_ids: Collection[UUID]) -> dict[UUID, UUID | None]:
    """Who saved each of these versions."""
    v = workflow_versions.c
    query = select(v.id, v.author_id).where(v.id.in_(version_ids))
    return {row[0]: row[1] for row in await tx.execute(query)}


# -- what may start -------------------------------------------------------------------


def _startable() -> Select[tuple[object, ...]]:
    w, v = workflows.c, workflow_versions.c
    return (
        select(
            w.id,
            w.team_id,
            w.name,
            w.version_id,
            v.number.label("version_number"),
            cast(v.content, Text).label("content"),
            w.most_per_hour,
            w.capped_at,
            w.created_by_id,
        )
        .join(workflow_versions, v.id == w.version_id)
        .where(w.archived_at.is_(None))
    )


async def any_enabled(tx: Tx) -> bool:
    """Whether there is a workflow that events could start."""
    query = select(workflows.c.id).where(
        workflows.c.enabled, workflows.c.archived_at.is_(None)
    )
    return await tx.scalar(query.limit(1)) is not None


async def list_startable(tx: Tx, triggers: Collection[str]) -> list[Startable]:
    """The enabled workflows that one of these triggers starts, the oldest first."""
    query = _startable().where(
        workflows.c.enabled, workflows.c.triggers.overlap(list(triggers))
    )
    rows = await tx.execute(query.order_by(workflows.c.id))
    return [Startable(**row) for row in rows.mappings()]


async def get_startable(tx: Tx, workflow_id: UUID) -> Startable | None:
    """The version of one workflow that new runs take, enabled or not."""
    rows = await tx.execute(_startable().where(workflows.c.id == workflow_id))
    row = rows.mappings().one_or_none()
    return Startable(**row) if row else None


async def list_startable_by_id(tx: Tx, ids: Collection[UUID]) -> dict[UUID, Startable]:
    """The enabled ones of these workflows."""
    query = _startable().where(workflows.c.enabled, workflows.c.id.in_(ids))
    return {row["id"]: Startable(**row) for row in (await tx.execute(query)).mappings()}


# -- addresses that start them -----------------------------------------------------------


async def insert_hook(
    tx: Tx, workflow_id: UUID, prefix: str, key_hash: bytes, by: UUID, now: datetime
) -> Hook:
    """A new address; only the hash of its key is kept."""
    hook = Hook(new_id(), workflow_id, prefix, now, None)
    await tx.execute(
        workflow_hooks.insert().values(
            id=hook.id,
            workflow_id=workflow_id,
            prefix=prefix,
            key_hash=key_hash,
            created_by_id=by,
            created_at=now,
        )
    )
    return hook


async def list_hooks(tx: Tx, workflow_id: UUID) -> list[Hook]:
    """The addresses of a workflow, oldest first."""
    c = workflow_hooks.c
    query = select(c.id, c.workflow_id, c.prefix, c.created_at, c.used_at)
    rows = await tx.execute(query.where(c.workflow_id == workflow_id).order_by(c.id))
    return [Hook(**row) for row in rows.mappings()]


async def delete_hook(tx: Tx, workflow_id: UUID, hook_id: UUID) -> None:
    """The address starts nothing any more."""
    c = workflow_hooks.c
    await tx.execute(
        delete(workflow_hooks).where(c.workflow_id == workflow_id, c.id == hook_id)
    )


async def use_hook(tx: Tx, key_hash: bytes, now: datetime) -> UUID | None:
    """The workflow that the key starts; remembers that it was used."""
    query = (
        update(workflow_hooks)
        .where(workflow_hooks.c.key_hash == key_hash)
        .values(used_at=now)
        .returning(workflow_hooks.c.workflow_id)
    )
    found: UUID | None = await tx.scalar(query)
    return found
