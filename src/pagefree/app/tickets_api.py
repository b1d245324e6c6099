"""Routes of tickets: where a team makes them, and making one of an action item."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Request

from pagefree.actions import all_actions
from pagefree.app import tickets
from pagefree.app.tickets import TEXTS, Means
from pagefree.core.access import Can, require
from pagefree.infra.web import BaseUrl, CurrentActor, Now, RequestTx, SecretVault, Shape
from pagefree.postmortems import items
from pagefree.postmortems.item_api import ITEM, out
from pagefree.postmortems.shapes import ActionItemOut
from pagefree.postmortems.tracker_queries import Tracker

router = APIRouter(prefix="/v1", tags=["postmortems"])
TRACKER = "/teams/{team_id}/ticket-tracker"


class TicketTrackerKind(Shape):
    """A kind of tracker; its form is JSON Schema."""

    kind: str
    title: str
    config_schema: dict[str, Any]


class TicketTracker(Shape):
    """Where a team's tickets are made; tokens are secrets of workflows, by their names."""

    kind: Literal["jira_create", "linear_create"]
    config: dict[str, Any]


class TicketTrackerOut(Shape):
    """Where a team's tickets are made; null: nowhere yet."""

    tracker: TicketTracker | None


def _means(request: Request, vault: SecretVault, base_url: BaseUrl) -> Means:
    return Means(request.app.state.transports.http, vault, base_url)


TheMeans = Annotated[Means, Depends(_means)]


@router.get("/ticket-tracker-kinds")
async def list_ticket_tracker_kinds(actor: CurrentActor) -> list[TicketTrackerKind]:
    """Where tickets can be made, and what has to be known for that."""
    require(actor, Can.SEE)
    return [
        TicketTrackerKind(
            kind=kind,
            title=all_actions()[kind].title,
            config_schema=tickets.schema_of(kind),
        )
        for kind in TEXTS
    ]


@router.get(TRACKER)
async def get_ticket_tracker(
    team_id: UUID, actor: CurrentActor, tx: RequestTx
) -> TicketTrackerOut:
    """Where the team's tickets are made."""
    found = await tickets.get_tracker(tx, team_id, actor)
    return TicketTrackerOut(
        tracker=TicketTracker.model_validate(found) if found else None
    )


@router.put(TRACKER)
async def put_ticket_tracker(
    team_id: UUID, body: TicketTracker, actor: CurrentActor, tx: RequestTx, now: Now
) -> TicketTrackerOut:
    """Say where the team's tickets are made."""
    tracker = Tracker(body.kind, body.config)
    await tickets.put_tracker(tx, team_id, tracker, actor, now)
    return TicketTrackerOut(tracker=body)


@router.delete(TRACKER, status_code=204)
async def delete_ticket_tracker(
    team_id: UUID, actor: CurrentActor, tx: RequestTx
) -> None:
    """Make no more tickets there; those that were made stay linked."""
    await tickets.delete_tracker(tx, team_id, actor)


@router.post(ITEM + "/ticket", status_code=201)
async def create_action_item_ticket(
    postmortem_id: UUID,
    item_id: UUID,
    means: TheMeans,
    actor: CurrentActor,
    tx: RequestTx,
    now: Now,
) -> ActionItemOut:
    """Make a ticket of it where the team makes its tickets, once, and link it."""
    await tickets.make(tx, means, (postmortem_id, item_id), actor, now)
    _, item = await items.get_item(tx, postmortem_id, item_id, actor)
    return out(item)
