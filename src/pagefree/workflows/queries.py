"""Statements on workflows, their versions, the addresses that start them, and secrets."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, Text, and_, cast, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.sql import ColumnElement

from pagefree.infra.db import Tx
from pagefree.infra.ids import new_id
from pagefree.tables.accounts import teams, users
from pagefree.tables.workflows import (
    workflow_hooks,
    workflow_secrets,
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


@dataclass(frozen=True, slots=True)
class Hook:
    """An address that starts a workflow."""

    id: UUID
    workflow_id: UUID
    prefix: str
    created_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret, as far as it is shown."""

    id: UUID
    team_id: UUID | None
    name: str
    updated_at: datetime


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


# -- secrets ------------------------------------------------------------------------


def _in_scope(team_id: UUID | None) -> ColumnElement[bool]:
    """Those that a workflow of this team may use: the team's own and everybody's."""
    c = workflow_secrets.c
    return or_(c.team_id.is_(None), c.team_id == team_id)


async def list_secrets(tx: Tx, team_id: UUID | None) -> list[Secret]:
    """The secrets of a team and of the installation, by name."""
    c = workflow_secrets.c
    query = select(c.id, c.team_id, c.name, c.updated_at).where(_in_scope(team_id))
    rows = await tx.execute(query.order_by(c.name, c.id))
    return [Secret(**row) for row in rows.mappings()]


async def sealed_secrets(
    tx: Tx, names: Collection[str]
) -> list[tuple[UUID | None, str, bytes]]:
    """The sealed secrets of these names of all teams, with whose they are."""
    c = workflow_secrets.c
    query = select(c.team_id, c.name, c.sealed).where(c.name.in_(names))
    return [(row[0], row[1], row[2]) for row in await tx.execute(query)]


async def put_secret(
    tx: Tx, team_id: UUID | None, name: str, sealed: bytes, by: UUID, now: datetime
) -> None:
    """Keep the secret instead of the one of that name."""
    row = insert(workflow_secrets).values(
        id=new_id(),
        team_id=team_id,
        name=name,
        sealed=sealed,
        updated_by_id=by,
        updated_at=now,
    )
    await tx.execute(
        row.on_conflict_do_update(
            index_elements=["team_id", "name"],
            set_={
                "sealed": row.excluded.sealed,
                "updated_by_id": row.excluded.updated_by_id,
                "updated_at": row.excluded.updated_at,
            },
        )
    )


async def delete_secret(tx: Tx, team_id: UUID | None, name: str) -> None:
    """Forget it."""
    c = workflow_secrets.c
    own = c.team_id.is_(None) if team_id is None else c.team_id == team_id
    await tx.execute(delete(workflow_secrets).where(and_(own, c.name == name)))
