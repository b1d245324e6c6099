"""Every statement on postmortems and the incidents that they are about."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    delete,
    exists,
    func,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from pagefree.infra.db import Tx
from pagefree.tables.accounts import teams
from pagefree.tables.incidents import incidents
from pagefree.tables.postmortems import (
    action_items,
    postmortem_incidents,
    postmortems,
)

LANGUAGE = "english"  # as in the generated column
_ITEMS = (
    select(
        func.count().label("item_count"),
        func.count().filter(action_items.c.status == "open").label("open_item_count"),
    )
    .where(action_items.c.postmortem_id == postmortems.c.id)
    .lateral("items")
)


@dataclass(frozen=True, slots=True)
class Postmortem:
    """A postmortem as it is now."""

    id: UUID
    team_id: UUID
    team_name: str | None  # none: the team is gone
    state: str
    version: int
    title: str
    summary: str
    body: str
    impact: Mapping[str, Any]
    timeline: Sequence[Mapping[str, Any]]
    tags: Sequence[str]
    started_at: datetime
    created_by_id: UUID
    created_at: datetime
    updated_by_id: UUID
    updated_at: datetime
    submitted_by_id: UUID | None
    submitted_at: datetime | None
    published_by_id: UUID | None
    published_at: datetime | None
    lock_holder_id: UUID | None
    lock_until: datetime | None
    item_count: int
    open_item_count: int

    @property
    def content(self) -> dict[str, object]:
        """What its newest version holds."""
        names = ("title", "summary", "body", "impact", "timeline", "tags")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which postmortems to list; nothing set: all."""

    words: str = ""
    team_id: UUID | None = None
    service_id: UUID | None = None
    incident_id: UUID | None = None
    state: str | None = None
    tag: str | None = None
    since: datetime | None = None  # when the trouble began
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class LinkedIncident:
    """An incident that a postmortem is about."""

    postmortem_id: UUID
    id: UUID
    number: int
    title: str
    team_id: UUID


def _postmortems() -> Select[Any]:
    columns = [column for column in postmortems.c if column.name != "search"]
    return (
        select(*columns, teams.c.name.label("team_name"), _ITEMS)
        .outerjoin(teams, teams.c.id == postmortems.c.team_id)
        .join(_ITEMS, true())
        .where(postmortems.c.deleted_at.is_(None))
    )


def _postmortem(row: Row[Any]) -> Postmortem:
    return Postmortem(**{name: getattr(row, name) for name in Postmortem.__slots__})


def _where(wanted: Wanted) -> list[ColumnElement[bool]]:
    c = postmortems.c
    found: list[ColumnElement[bool]] = []
    if wanted.words:
        asked = func.websearch_to_tsquery(LANGUAGE, wanted.words)
        found.append(c.search.bool_op("@@")(asked))
    if wanted.team_id is not None:
        found.append(c.team_id == wanted.team_id)
    if wanted.state is not None:
        found.append(c.state == wanted.state)
    if wanted.tag is not None:
        found.append(c.tags.contains([wanted.tag]))
    if wanted.since is not None:
        found.append(c.started_at >= wanted.since)
    if wanted.until is not None:
        found.append(c.started_at < wanted.until)
    if wanted.service_id is not None or wanted.incident_id is not None:
        found.append(_about(wanted))
    return found


def _about(wanted: Wanted) -> ColumnElement[bool]:
    link = postmortem_incidents.c
    query = (
        select(link.incident_id)
        .join(incidents, incidents.c.id == link.incident_id)
        .where(link.postmortem_id == postmortems.c.id)
    )
    if wanted.service_id is not None:
        query = query.where(incidents.c.service_id == wanted.service_id)
    if wanted.incident_id is not None:
        query = query.where(incidents.c.id == wanted.incident_id)
    return exists(query)


async def list_postmortems(
    tx: Tx, wanted: Wanted, before: UUID | None, limit: int
) -> list[Postmortem]:
    """Those begun last come first, continuing before the postmortem `before`."""
    query = _postmortems().where(*_where(wanted))
    if before is not None:
        query = query.where(postmortems.c.id < before)
    rows = await tx.execute(query.order_by(postmortems.c.id.desc()).limit(limit))
    return [_postmortem(row) for row in rows]


async def list_tags(tx: Tx, limit: int) -> list[str]:
    """The tags that are used, those used most come first."""
    tag = func.unnest(postmortems.c.tags).label("tag")
    each = select(tag).where(postmortems.c.deleted_at.is_(None)).subquery()
    query = select(each.c.tag).group_by(each.c.tag)
    ordered = query.order_by(func.count().desc(), each.c.tag).limit(limit)
    return list(await tx.scalars(ordered))


async def get_postmortem(tx: Tx, postmortem_id: UUID) -> Postmortem | None:
    """One postmortem that has not been removed."""
    query = _postmortems().where(postmortems.c.id == postmortem_id)
    row = (await tx.execute(query)).first()
    return None if row is None else _postmortem(row)


async def lock_postmortem(tx: Tx, postmortem_id: UUID) -> None:
    """Keep others from changing it until the transaction ends."""
    mine = postmortems.c.id == postmortem_id
    await tx.execute(select(postmortems.c.id).where(mine).with_for_update())


async def insert_postmortem(tx: Tx, values: Mapping[str, object]) -> None:
    """Add a postmortem; `values` by column."""
    await tx.execute(insert(postmortems).values(**values))


async def update_postmortem(
    tx: Tx, postmortem_id: UUID, values: Mapping[str, object]
) -> None:
    """Change the columns in `values`."""
    mine = postmortems.c.id == postmortem_id
    await tx.execute(update(postmortems).where(mine).values(**values))


# -- the incidents it is about --------------------------------------------------------


async def link_incidents(
    tx: Tx, postmortem_id: UUID, incident_ids: Collection[UUID]
) -> None:
    """It is about these, too."""
    rows = [
        {"postmortem_id": postmortem_id, "incident_id": incident_id}
        for incident_id in incident_ids
    ]
    await tx.execute(insert(postmortem_incidents).values(rows).on_conflict_do_nothing())


async def unlink_incident(tx: Tx, postmortem_id: UUID, incident_id: UUID) -> None:
    """It is not about this one."""
    link = postmortem_incidents.c
    mine = link.postmortem_id == postmortem_id, link.incident_id == incident_id
    await tx.execute(delete(postmortem_incidents).where(*mine))


async def list_linked(
    tx: Tx, postmortem_ids: Collection[UUID]
) -> dict[UUID, list[LinkedIncident]]:
    """The incidents that each of them is about, oldest first."""
    link, i = postmortem_incidents.c, incidents.c
    rows = await tx.execute(
        select(link.postmortem_id, i.id, i.number, i.title, i.team_id)
        .join(incidents, i.id == link.incident_id)
        .where(link.postmortem_id.in_(postmortem_ids))
        .order_by(i.id)
    )
    found: dict[UUID, list[LinkedIncident]] = {one: [] for one in postmortem_ids}
    for row in rows:
        found[row.postmortem_id].append(LinkedIncident(*row))
    return found
