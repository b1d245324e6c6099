"""Telling people outside: status incidents, their updates, corrections with a trace."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from pagefree.core.access import Actor
from pagefree.core.errors import Conflict, Invalid, NotFound
from pagefree.core.status_pages import OVER, Impact, Stage, State
from pagefree.core.status_views import ToldTo
from pagefree.infra.db import Tx
from pagefree.status_pages import (
    incident_queries,
    message_queries,
    queries,
    service,
    update_queries,
)
from pagefree.status_pages.incident_queries import StatusIncident
from pagefree.status_pages.queries import Page
from pagefree.status_pages.update_queries import Update
from pagefree.timeline import service as timeline


@dataclass(frozen=True, slots=True)
class NewUpdate:
    """Something to tell."""

    status: str
    body: str
    told_to: ToldTo = ToldTo.EVERYONE
    quiet: bool = False  # on the page only: no mail, no message
    components: Mapping[UUID, State] | None = None  # none: as they were
    publish_at: datetime | None = None  # none: at once
    display_at: datetime | None = None  # the time shown with it, if it is another


@dataclass(frozen=True, slots=True)
class NewIncident:
    """An incident to tell about, with the first thing to tell."""

    name: str
    update: NewUpdate
    impact: Impact | None = None
    incident_id: UUID | None = None  # ours, of which it tells
    components: Mapping[UUID, State] = field(default_factory=dict)
    started_at: datetime | None = None


# -- incidents ------------------------------------------------------------------------


async def list_incidents(
    tx: Tx, page_id: UUID, before: UUID | None, limit: int
) -> list[StatusIncident]:
    """What was told on a page, newest first."""
    await service.get_page(tx, page_id)
    return await incident_queries.list_incidents(tx, page_id, before, limit)


async def list_about(tx: Tx, incident_id: UUID) -> list[StatusIncident]:
    """What is told about an incident of ours, on all pages."""
    return await incident_queries.list_about(tx, incident_id)


async def get_incident(tx: Tx, status_incident_id: UUID) -> StatusIncident:
    """One status incident. Raises NotFound."""
    found = await incident_queries.get_incident(tx, status_incident_id)
    if found is None:
        raise NotFound(f"no status incident {status_incident_id}")
    return found


async def open_incident(
    tx: Tx, page_id: UUID, new: NewIncident, actor: Actor, now: datetime
) -> StatusIncident:
    """Tell about something new, at once or later. Raises Forbidden, Invalid."""
    await service.publishable(tx, page_id, actor)
    await _check_components(tx, page_id, new.components)
    first = new.update
    started = new.started_at or first.display_at or first.publish_at or now
    incident_id = await queries.insert_row(
        tx,
        queries.INCIDENT,
        {
            "page_id": page_id,
            "incident_id": new.incident_id,
            "name": new.name,
            "impact": new.impact,
            "status": Stage(first.status),
            "started_at": started,
            "created_by_id": actor.user_id,
            "created_at": now,
            "updated_at": now,
        },
    )
    await incident_queries.set_incident_components(tx, incident_id, new.components)
    return await add_update(tx, incident_id, first, actor, now)


async def change_incident(
    tx: Tx,
    status_incident_id: UUID,
    changes: Mapping[str, object],
    components: Mapping[UUID, State] | None,
    actor: Actor,
    now: datetime,
) -> StatusIncident:
    """Rename it, choose its impact, link the postmortem, say what it touches."""
    incident = await get_incident(tx, status_incident_id)
    page = await service.publishable(tx, incident.page_id, actor)
    service.check_link(changes.get("postmortem_url"))
    values = {**changes, "updated_at": now}
    await queries.update_row(tx, queries.INCIDENT, incident.id, values)
    if components is not None:
        await _check_components(tx, page.id, components)
        await incident_queries.set_incident_components(tx, incident.id, components)
    await _tell(tx, page, "status_incident.changed", incident, timeline.by(actor), now)
    return await get_incident(tx, incident.id)


async def delete_incident(
    tx: Tx, status_incident_id: UUID, actor: Actor, now: datetime
) -> None:
    """Take it off the page with all that was told about it. Raises Forbidden."""
    incident = await get_incident(tx, status_incident_id)
    page = await service.editable(tx, incident.page_id, actor)
    await _tell(tx, page, "status_incident.removed", incident, timeline.by(actor), now)
    await queries.delete_row(tx, queries.INCIDENT, incident.id)


async def _check_components(
    tx: Tx, page_id: UUID, states: Mapping[UUID, State]
) -> None:
    known = await incident_queries.known_components(tx, page_id)
    if not set(states) <= set(known):
        raise Invalid("the page has no such component")


# -- updates --------------------------------------------------------------------------


async def add_update(
    tx: Tx, status_incident_id: UUID, new: NewUpdate, actor: Actor, now: datetime
) -> StatusIncident:
    """Tell more, at once or at `publish_at`. Raises Forbidden, Invalid."""
    incident = await get_incident(tx, status_incident_id)
    page = await service.publishable(tx, incident.page_id, actor)
    components = new.components
    if components is None:
        components = {one.component_id: one.state for one in incident.components}
    await _check_components(tx, page.id, components)
    row = update_row(new, components, actor, now) | {"status": Stage(new.status)}
    update_id = await queries.insert_row(
        tx, queries.UPDATE, {**row, "status_incident_id": incident.id}
    )
    if new.publish_at is None or new.publish_at <= now:
        await publish(tx, update_id, timeline.by(actor), now)
    return await get_incident(tx, incident.id)


def update_row(
    new: NewUpdate, components: Mapping[UUID, State], actor: Actor, now: datetime
) -> dict[str, object]:
    """The columns of an update, whatever it is about. Raises Invalid."""
    publish_at = max(new.publish_at or now, now)
    display_at = new.display_at or publish_at
    if display_at > publish_at:
        raise Invalid("what is told cannot be dated later than it is told")
    return {
        "status": new.status,
        "body": new.body,
        "audience": new.told_to,
        "quiet": new.quiet,
        "components": {str(one): state for one, state in components.items()},
        "display_at": display_at,
        "publish_at": publish_at,
        "created_by_id": actor.user_id,
        "created_at": now,
        "updated_at": now,
    }


async def publish_due(tx: Tx, now: datetime) -> int:
    """Tell what was written for now; returns how many."""
    due = await update_queries.claim_due_updates(tx, now)
    for update_id in due:
        await publish(tx, update_id, timeline.SYSTEM, now)
    return len(due)


async def publish(
    tx: Tx, update_id: UUID, cause: timeline.Cause, now: datetime
) -> None:
    """Show an update on the page from now on, and let it speak for its incident."""
    update, about_incident = await _update(tx, update_id)
    values = {"published_at": now, "updated_at": now}
    await queries.update_row(tx, queries.UPDATE, update_id, values)
    # what is for partners only is never mailed to everyone who follows the page
    if update.told_to is ToldTo.EVERYONE and not update.quiet:
        page_id = await _page_of(tx, update, about_incident=about_incident)
        await message_queries.tell_of_update(tx, page_id, update_id, now)
    if not about_incident:
        return
    # what a component was like stays on record once it is over; and how it is, everyone
    # can see, so it is not changed by what only partners are told
    public = update.told_to is ToldTo.EVERYONE
    if public and update.components and update.status not in OVER:
        known = await incident_queries.known_components(
            tx, (await get_incident(tx, update.about_id)).page_id
        )
        states = {
            one: state for one, state in update.components.items() if one in known
        }
        await incident_queries.set_incident_components(tx, update.about_id, states)
    incident = await _follow(tx, update.about_id, now)
    page = await service.get_page(tx, incident.page_id)
    await _tell(tx, page, "status_incident.published", incident, cause, now)


async def _follow(tx: Tx, status_incident_id: UUID, now: datetime) -> StatusIncident:
    """Have the incident say what its newest update says."""
    incident = await get_incident(tx, status_incident_id)
    newest = next((one for one in incident.updates if one.published_at), None)
    if newest is None:
        return incident
    over = None
    for told in incident.updates:
        if told.published_at and told.status not in OVER:
            break
        over = told.display_at if told.published_at else over
    await queries.update_row(
        tx,
        queries.INCIDENT,
        incident.id,
        {"status": newest.status, "resolved_at": over, "updated_at": now},
    )
    return await get_incident(tx, incident.id)


async def correct_update(
    tx: Tx,
    update_id: UUID,
    changes: Mapping[str, object],
    reason: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Change `body`, `status` or `display_at`; what was published before stays on record.

    What is not told yet can be told at another `publish_at`. Raises Forbidden, Invalid,
    and Conflict if it has been told.
    """
    update, about_incident = await _update(tx, update_id)
    page_id = await _page_of(tx, update, about_incident=about_incident)
    page = await service.publishable(tx, page_id, actor)
    if about_incident and "status" in changes:
        changes = {**changes, "status": Stage(str(changes["status"]))}
    if update.published_at:
        await _keep(tx, update, reason, actor, now)
    values = {**changes, **_times(update, changes, now), "updated_at": now}
    await queries.update_row(tx, queries.UPDATE, update_id, values)
    if about_incident:
        incident = await _follow(tx, update.about_id, now)
        kind = "status_incident.corrected"
        await _tell(tx, page, kind, incident, timeline.by(actor), now)
    else:
        await queries.make_due(tx, [page.id], now)


def _times(
    update: Update, changes: Mapping[str, object], now: datetime
) -> dict[str, datetime]:
    """When it is told, and how it is dated, after these changes. Raises Invalid, Conflict."""
    publish_at, display_at = update.publish_at, update.display_at
    moved, dated = changes.get("publish_at"), changes.get("display_at")
    if isinstance(moved, datetime):
        if update.published_at:
            raise Conflict("it has been told already")
        # it goes along, unless somebody has dated it back
        follows = display_at == publish_at
        publish_at = max(moved, now)
        display_at = publish_at if follows else display_at
    if isinstance(dated, datetime):
        display_at = dated
    if display_at > (now if update.published_at else publish_at):
        raise Invalid("what is told cannot be dated later than it is told")
    return {"publish_at": publish_at, "display_at": display_at}


async def _keep(
    tx: Tx, update: Update, reason: str, actor: Actor, now: datetime
) -> None:
    before = {
        "body": update.body,
        "status": update.status,
        "display_at": update.display_at.isoformat(),
    }
    await queries.insert_row(
        tx,
        queries.CORRECTION,
        {
            "update_id": update.id,
            "before": before,
            "reason": reason,
            "corrected_by_id": actor.user_id,
            "corrected_at": now,
        },
    )


async def call_off_update(tx: Tx, update_id: UUID, actor: Actor) -> None:
    """Not tell what is not told yet. Raises Conflict once it is."""
    update, about_incident = await _update(tx, update_id)
    page_id = await _page_of(tx, update, about_incident=about_incident)
    await service.publishable(tx, page_id, actor)
    if update.published_at:
        raise Conflict("it has been told already: correct it instead")
    await queries.delete_row(tx, queries.UPDATE, update_id)


async def get_update(tx: Tx, update_id: UUID) -> Update:
    """One update. Raises NotFound."""
    return (await _update(tx, update_id))[0]


async def _update(tx: Tx, update_id: UUID) -> tuple[Update, bool]:
    found = await update_queries.get_update(tx, update_id)
    if found is None:
        raise NotFound(f"no status update {update_id}")
    return found


async def _page_of(tx: Tx, update: Update, *, about_incident: bool) -> UUID:
    table = queries.INCIDENT if about_incident else queries.WORK
    page_id = await queries.page_id_of(tx, table, update.about_id)
    if page_id is None:
        raise NotFound(f"no status update {update.id}")
    return page_id


async def _tell(
    tx: Tx,
    page: Page,
    kind: str,
    incident: StatusIncident,
    cause: timeline.Cause,
    now: datetime,
) -> None:
    """Record it, in the history of our incident too, and have the page rendered anew."""
    data = {
        "page_id": str(page.id),
        "page": page.name,
        "status_incident_id": str(incident.id),
        "name": incident.name,
        "status": incident.status,
    }
    entry = timeline.Entry(
        kind,
        cause,
        incident_id=incident.incident.id if incident.incident else None,
        team_id=page.team.id if page.team else None,
        data=data,
    )
    await timeline.record(tx, [entry], now)
    await queries.make_due(tx, [page.id], now)
