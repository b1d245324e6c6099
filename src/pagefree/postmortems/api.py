"""Routes of postmortems: the list, one of them, its life."""

from dataclasses import replace
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from pagefree.accounts import service as accounts
from pagefree.core.access import Actor, Can, allowed, require
from pagefree.core.postmortems import PostmortemMove, PostmortemState, live
from pagefree.infra import curtain
from pagefree.infra.db import Tx
from pagefree.infra.web import (
    BaseUrl,
    CurrentActor,
    Cursor,
    Limit,
    Now,
    Page,
    RequestTx,
    decode_cursor,
    next_cursor,
)
from pagefree.postmortems import contents, queries, service, templates
from pagefree.postmortems.editing import lock_of
from pagefree.postmortems.queries import LinkedIncident, Postmortem, Wanted
from pagefree.postmortems.shapes import (
    PostmortemDetail,
    PostmortemIn,
    PostmortemIncident,
    PostmortemLock,
    PostmortemRef,
    PostmortemSummary,
)

router = APIRouter(prefix="/v1", tags=["postmortems"])
ONE = "/postmortems/{postmortem_id}"
MOST_TAGS = 100
Word = Annotated[str, Query(max_length=200)]


def _wanted(
    q: Word = "",
    team_id: UUID | None = None,
    service_id: UUID | None = None,
    incident_id: UUID | None = None,
    state: PostmortemState | None = None,
    tag: Annotated[str | None, Query(max_length=40)] = None,
) -> Wanted:
    state_name = state.value if state else None
    return Wanted(q, team_id, service_id, incident_id, state_name, tag)


def _within(
    wanted: Annotated[Wanted, Depends(_wanted)],
    since: Annotated[datetime | None, Query(description="it began then")] = None,
    until: Annotated[datetime | None, Query(description="it began before")] = None,
) -> Wanted:
    return replace(wanted, since=since, until=until)


TheWanted = Annotated[Wanted, Depends(_within)]


@router.get("/postmortems")
async def list_postmortems(
    wanted: TheWanted,
    actor: CurrentActor,
    tx: RequestTx,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[PostmortemSummary]:
    """Postmortems, those begun last come first; `q` is looked for in all that is written."""
    before = decode_cursor(cursor)
    rows = await service.list_postmortems(tx, wanted, before, limit, actor)
    linked = await queries.list_linked(tx, [row.id for row in rows])
    return Page[PostmortemSummary](
        items=[_summary(row, linked[row.id]) for row in rows],
        next_cursor=next_cursor(rows, limit, lambda row: row.id),
    )


@router.get("/postmortem-tags")
async def list_postmortem_tags(actor: CurrentActor, tx: RequestTx) -> list[str]:
    """The tags in use, those used most come first."""
    require(actor, Can.SEE)
    return await queries.list_tags(tx, MOST_TAGS)


@router.post("/postmortems", status_code=201)
async def create_postmortem(
    body: PostmortemIn, actor: CurrentActor, tx: RequestTx, base_url: BaseUrl, now: Now
) -> PostmortemDetail:
    """Begin a draft about one or more incidents, filled in with what is known of them."""
    text = await templates.body_of(tx, body.template)
    made = await service.create(tx, body.incident_ids, text, actor, now)
    return await detail(tx, made, actor, base_url, now)


@router.get(ONE)
async def get_postmortem(
    postmortem_id: UUID, actor: CurrentActor, tx: RequestTx, base_url: BaseUrl, now: Now
) -> PostmortemDetail:
    """One postmortem with all that is in it."""
    return await detail(tx, postmortem_id, actor, base_url, now)


@router.delete(ONE, status_code=204)
async def remove_postmortem(
    postmortem_id: UUID, actor: CurrentActor, tx: RequestTx, now: Now
) -> None:
    """Take it out of the list; nobody is reminded of its action items any more."""
    await service.remove(tx, postmortem_id, actor, now)


@router.put(ONE + "/review")
async def submit_postmortem(
    postmortem_id: UUID, actor: CurrentActor, tx: RequestTx, base_url: BaseUrl, now: Now
) -> PostmortemDetail:
    """Send a draft to review."""
    await service.move(tx, postmortem_id, PostmortemMove.SUBMIT, actor, now)
    return await detail(tx, postmortem_id, actor, base_url, now)


@router.delete(ONE + "/review")
async def return_postmortem(
    postmortem_id: UUID, actor: CurrentActor, tx: RequestTx, base_url: BaseUrl, now: Now
) -> PostmortemDetail:
    """Take it back from review: it is a draft again."""
    await service.move(tx, postmortem_id, PostmortemMove.RETURN, actor, now)
    return await detail(tx, postmortem_id, actor, base_url, now)


@router.put(ONE + "/publication")
async def publish_postmortem(
    postmortem_id: UUID, actor: CurrentActor, tx: RequestTx, base_url: BaseUrl, now: Now
) -> PostmortemDetail:
    """Publish it: an admin of the team, or a responder who has not sent it to review."""
    await service.move(tx, postmortem_id, PostmortemMove.PUBLISH, actor, now)
    return await detail(tx, postmortem_id, actor, base_url, now)


@router.delete(ONE + "/publication")
async def reopen_postmortem(
    postmortem_id: UUID, actor: CurrentActor, tx: RequestTx, base_url: BaseUrl, now: Now
) -> PostmortemDetail:
    """Make a draft of it again; for admins of the team."""
    await service.move(tx, postmortem_id, PostmortemMove.REOPEN, actor, now)
    return await detail(tx, postmortem_id, actor, base_url, now)


# -- shaping ----------------------------------------------------------------------------


def _summary(row: Postmortem, linked: list[LinkedIncident]) -> PostmortemSummary:
    impact = contents.read(row.content).impact
    return PostmortemSummary(
        id=row.id,
        title=row.title,
        summary=row.summary,
        state=PostmortemState(row.state),
        team=PostmortemRef(id=row.team_id, name=row.team_name or "a former team"),
        tags=list(row.tags),
        incidents=[
            PostmortemIncident(id=one.id, number=one.number, title=one.title)
            for one in linked
        ],
        started_at=row.started_at,
        resolved_at=impact.resolved_at,
        updated_at=row.updated_at,
        published_at=row.published_at
        if row.state == PostmortemState.PUBLISHED
        else None,
        item_count=row.item_count,
        open_item_count=row.open_item_count,
    )


async def detail(
    tx: Tx, postmortem_id: UUID, actor: Actor, base_url: str, now: datetime
) -> PostmortemDetail:
    """All of one postmortem, as this actor may see it."""
    async with curtain.drawn(tx, actor):
        row = await service.get(tx, postmortem_id, actor)
        linked = (await queries.list_linked(tx, [row.id]))[row.id]
    lock = live(lock_of(row), now)
    people = await _people(tx, row)
    return PostmortemDetail(
        **dict(_summary(row, linked)),
        version=row.version,
        content=contents.read(row.content),
        url=f"{base_url}/postmortems/{row.id}",
        created_at=row.created_at,
        created_by=people[row.created_by_id],
        updated_by=people[row.updated_by_id],
        submitted_at=row.submitted_at,
        submitted_by=people[row.submitted_by_id] if row.submitted_by_id else None,
        published_by=people[row.published_by_id] if row.published_by_id else None,
        lock=PostmortemLock(holder=people[lock.holder_id], until=lock.until)
        if lock
        else None,
        can_write=allowed(actor, Can.WRITE_POSTMORTEMS, row.team_id),
        can_remove=allowed(actor, Can.DECIDE_POSTMORTEMS, row.team_id),
        moves=service.moves(row, actor),
    )


async def _people(tx: Tx, row: Postmortem) -> dict[UUID, PostmortemRef]:
    ids = (
        row.created_by_id,
        row.updated_by_id,
        row.submitted_by_id,
        row.published_by_id,
        row.lock_holder_id,
    )
    asked = {one for one in ids if one is not None}
    refs = await accounts.user_refs(tx, asked)
    names = {one: refs[one].name if one in refs else "somebody" for one in asked}
    return {one: PostmortemRef(id=one, name=name) for one, name in names.items()}
