"""Routes of incidents: reading them and every verb on them."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from pagefree.core.access import Actor
from pagefree.core.alerts import Severity
from pagefree.core.errors import Invalid
from pagefree.core.routing import Urgency
from pagefree.incidents import merging, people, reading, service, writing
from pagefree.incidents.queries import Filter
from pagefree.incidents.shapes import (
    AssigneeIn,
    BulkIn,
    BulkOut,
    BulkResolutionIn,
    IncidentChanges,
    IncidentCounts,
    IncidentDetail,
    IncidentIn,
    IncidentOut,
    MergeIn,
    NoteIn,
    ResolutionIn,
    SavedViewIn,
    SavedViewOut,
    SnoozeIn,
    Storable,
    TimelineEvent,
)
from pagefree.incidents.writing import Declaration
from pagefree.infra import curtain
from pagefree.infra.web import (
    CurrentActor,
    Cursor,
    Limit,
    Now,
    Page,
    RequestTx,
    Shape,
    decode_cursor,
    next_cursor,
)

router = APIRouter(prefix="/v1", tags=["incidents"])

Listed = Literal["open", "triggered", "acknowledged", "resolved", "all"]
CURSOR_DIGITS = 9  # of a place in a timeline
MINE = "what you have, help with, or were paged for (your latest 1,000 pages)"


async def _incident_id(incident_id: str, tx: RequestTx, _: CurrentActor) -> UUID:
    return await reading.find(tx, incident_id)


# In the path: the id of an incident, or its number.
IncidentId = Annotated[UUID, Depends(_incident_id, scope="function")]


class ListQuery(Shape):
    """Which incidents to list."""

    status: Listed = "open"
    mine: bool = Field(False, description=MINE)
    team_id: UUID | None = None
    service_id: UUID | None = None
    urgency: Urgency | None = None
    severity: Severity | None = None
    query: Annotated[str, Storable] = Field(
        "", max_length=200, description='a number ("#12"), or words of the title'
    )
    cursor: str | None = Field(None, description="`next_cursor` of the page before")
    limit: int = Field(50, ge=1, le=100)

    def filter(self, actor: Actor) -> Filter:
        """What it asks for."""
        wanted = Filter(
            statuses=reading.STATUSES[self.status],
            mine=actor.user_id if self.mine else None,
            team_id=self.team_id,
            service_id=self.service_id,
            urgency=self.urgency,
            severity=self.severity,
        )
        return reading.searched(wanted, self.query)


# -- lists -------------------------------------------------------------------------


@router.get("/incidents")
async def list_incidents(
    wanted: Annotated[ListQuery, Query()], actor: CurrentActor, tx: RequestTx
) -> Page[IncidentOut]:
    """Incidents, newest first."""
    before = decode_cursor(wanted.cursor)
    rows = await reading.list_incidents(
        tx, wanted.filter(actor), before, wanted.limit, actor
    )
    return Page[IncidentOut](
        items=[IncidentOut.model_validate(row) for row in rows],
        next_cursor=next_cursor(rows, wanted.limit, lambda row: row.id),
    )


@router.get("/incidents/counts")
async def get_incident_counts(
    actor: CurrentActor,
    tx: RequestTx,
    now: Now,
    team_id: UUID | None = None,
    service_id: UUID | None = None,
) -> IncidentCounts:
    """How many incidents there are; 1,001 means more than a thousand."""
    within = Filter(team_id=team_id, service_id=service_id)
    return IncidentCounts(**await reading.counts(tx, within, actor, now))


@router.post("/incidents/bulk/acknowledgement")
async def acknowledge_incidents(
    bulk: BulkIn, actor: CurrentActor, tx: RequestTx, now: Now
) -> BulkOut:
    """Acknowledge up to 10,000 incidents; those that cannot be are named."""
    done = await service.acknowledge_bulk(tx, bulk.ids, actor, now)
    return BulkOut.model_validate(done)


@router.post("/incidents/bulk/resolution")
async def resolve_incidents(
    bulk: BulkResolutionIn, actor: CurrentActor, tx: RequestTx, now: Now
) -> BulkOut:
    """Resolve up to 10,000 incidents; those that cannot be are named."""
    done = await service.resolve_bulk(tx, bulk.ids, bulk.note, actor, now)
    return BulkOut.model_validate(done)


# -- one incident ------------------------------------------------------------------


@router.post("/incidents", status_code=201)
async def declare_incident(
    incident: IncidentIn, actor: CurrentActor, tx: RequestTx, now: Now
) -> IncidentDetail:
    """Open an incident by hand; it escalates at once."""
    declared = Declaration(**dict(incident))
    incident_id = await writing.declare(tx, declared, actor, now)
    return await _detail(tx, incident_id, actor)


@router.get("/incidents/{incident_id}")
async def get_incident(
    incident_id: IncidentId, actor: CurrentActor, tx: RequestTx
) -> IncidentDetail:
    """One incident, by its id or its number."""
    return await _detail(tx, incident_id, actor)


@router.patch("/incidents/{incident_id}")
async def change_incident(
    incident_id: IncidentId,
    changes: IncidentChanges,
    actor: CurrentActor,
    tx: RequestTx,
    now: Now,
) -> IncidentDetail:
    """Change title, severity, priority or urgency."""
    named = changes.model_dump(exclude_unset=True, mode="json")
    await writing.edit(tx, incident_id, named, actor, now)
    return await _detail(tx, incident_id, actor)


@router.put("/incidents/{incident_id}/acknowledgement")
async def put_acknowledgement(
    incident_id: IncidentId, actor: CurrentActor, tx: RequestTx, now: Now
) -> IncidentDetail:
    """Take the incident; the answer says who has it. 409 once it is resolved."""
    await service.acknowledge(tx, incident_id, actor, now)
    return await _detail(tx, incident_id, actor)


@router.delete("/incidents/{incident_id}/acknowledgement")
async def delete_acknowledgement(
    incident_id: IncidentId, actor: CurrentActor, tx: RequestTx, now: Now
) -> IncidentDetail:
    """Give it back: it escalates from the first step."""
    await service.unacknowledge(tx, incident_id, actor, now)
    return await _detail(tx, incident_id, actor)


@router.put("/incidents/{incident_id}/resolution")
async def put_resolution(
    incident_id: IncidentId,
    actor: CurrentActor,
    tx: RequestTx,
    now: Now,
    resolution: ResolutionIn | None = None,
) -> IncidentDetail:
    """It is over, and so are its open alerts."""
    note = resolution.note if resolution else None
    await service.resolve(tx, incident_id, note, actor, now)
    return await _detail(tx, incident_id, actor)


@router.delete("/incidents/{incident_id}/resolution")
async def delete_resolution(
    incident_id: IncidentId, actor: CurrentActor, tx: RequestTx, now: Now
) -> IncidentDetail:
    """Re-open it, for seven days after it was resolved."""
    await service.reopen(tx, incident_id, actor, now)
    return await _detail(tx, incident_id, actor)


@router.put("/incidents/{incident_id}/snooze")
async def put_snooze(
    incident_id: IncidentId,
    snooze: SnoozeIn,
    actor: CurrentActor,
    tx: RequestTx,
    now: Now,
) -> IncidentDetail:
    """Page nobody until then; at most 31 days."""
    await service.snooze(tx, incident_id, snooze.until, actor, now)
    return await _detail(tx, incident_id, actor)


@router.delete("/incidents/{incident_id}/snooze")
async def delete_snooze(
    incident_id: IncidentId, actor: CurrentActor, tx: RequestTx, now: Now
) -> IncidentDetail:
    """Wake it now: it escalates from the first step."""
    await service.wake(tx, incident_id, actor, now)
    return await _detail(tx, incident_id, actor)


@router.put("/incidents/{incident_id}/assignee")
async def put_assignee(
    incident_id: IncidentId,
    assignee: AssigneeIn,
    actor: CurrentActor,
    tx: RequestTx,
    now: Now,
) -> IncidentDetail:
    """Ask somebody else to take it: a person, or another escalation policy."""
    match assignee:
        case AssigneeIn(user_id=UUID() as user_id):
            await people.assign_user(tx, incident_id, user_id, actor, now)
        case AssigneeIn(policy_id=UUID() as policy_id):
            await people.assign_policy(tx, incident_id, policy_id, actor, now)
    return await _detail(tx, incident_id, actor)


@router.put("/incidents/{incident_id}/responders/{user_id}")
async def put_responder(
    incident_id: IncidentId,
    user_id: UUID,
    actor: CurrentActor,
    tx: RequestTx,
    now: Now,
) -> IncidentDetail:
    """Ask this person for help: they are paged now."""
    await people.add_responder(tx, incident_id, user_id, actor, now)
    return await _detail(tx, incident_id, actor)


@router.delete("/incidents/{incident_id}/responders/{user_id}")
async def delete_responder(
    incident_id: IncidentId,
    user_id: UUID,
    actor: CurrentActor,
    tx: RequestTx,
    now: Now,
) -> IncidentDetail:
    """This person is no longer asked for help."""
    await people.remove_responder(tx, incident_id, user_id, actor, now)
    return await _detail(tx, incident_id, actor)


@router.put("/incidents/{incident_id}/merge")
async def put_merge(
    incident_id: IncidentId,
    merge: MergeIn,
    actor: CurrentActor,
    tx: RequestTx,
    now: Now,
) -> IncidentDetail:
    """Make it part of another incident: its alerts move there, and it is over."""
    await merging.merge(tx, incident_id, merge.into_id, actor, now)
    return await _detail(tx, incident_id, actor)


@router.delete("/incidents/{incident_id}/merge")
async def delete_merge(
    incident_id: IncidentId, actor: CurrentActor, tx: RequestTx, now: Now
) -> IncidentDetail:
    """Make it an incident of its own again; its alerts come back."""
    await merging.unmerge(tx, incident_id, actor, now)
    return await _detail(tx, incident_id, actor)


@router.post("/incidents/{incident_id}/notes", status_code=201)
async def create_note(
    incident_id: IncidentId,
    note: NoteIn,
    actor: CurrentActor,
    tx: RequestTx,
    now: Now,
) -> TimelineEvent:
    """Write into the timeline."""
    event = await writing.add_note(tx, incident_id, note.text, actor, now)
    return TimelineEvent.of(event)


async def _detail(tx: RequestTx, incident_id: UUID, actor: Actor) -> IncidentDetail:
    async with curtain.drawn(tx, actor):
        return IncidentDetail.of(await reading.detail(tx, incident_id, actor))


# -- what belongs to an incident -----------------------------------------------------


@router.get("/incidents/{incident_id}/timeline")
async def list_incident_events(
    incident_id: IncidentId,
    actor: CurrentActor,
    tx: RequestTx,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[TimelineEvent]:
    """Everything that happened to it, newest first."""
    rows = await reading.list_events(tx, incident_id, _seq(cursor), limit, actor)
    more = len(rows) == limit and rows[-1].seq != 1
    return Page[TimelineEvent](
        items=[TimelineEvent.of(event) for event in rows],
        next_cursor=str(rows[-1].seq) if more else None,
    )


def _seq(cursor: str | None) -> int | None:
    """The place in a timeline that a cursor continues after. Raises Invalid."""
    if cursor is None:
        return None
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) <= CURSOR_DIGITS):
        raise Invalid("the cursor is not one that a page returned")
    return int(cursor)


# -- saved views -------------------------------------------------------------------


@router.get("/saved-views")
async def list_saved_views(actor: CurrentActor, tx: RequestTx) -> list[SavedViewOut]:
    """Your own saved views, by name."""
    views = await reading.list_saved_views(tx, actor)
    return [SavedViewOut.model_validate(view) for view in views]


@router.post("/saved-views", status_code=201)
async def create_saved_view(
    view: SavedViewIn, actor: CurrentActor, tx: RequestTx, now: Now
) -> SavedViewOut:
    """Keep a filter of the incident list under a name."""
    saved = await reading.save_view(tx, view.name, view.query, actor, now)
    return SavedViewOut.model_validate(saved)


@router.delete("/saved-views/{view_id}", status_code=204)
async def delete_saved_view(view_id: UUID, actor: CurrentActor, tx: RequestTx) -> None:
    """Forget one of your saved views."""
    await reading.delete_view(tx, view_id, actor)
