"""What people look at: lists, counts, one incident in detail, their saved views."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from pagefree.core.access import Actor, Can, allowed, require
from pagefree.core.errors import Conflict, NotFound
from pagefree.core.escalation import Target
from pagefree.escalation import service as escalation
from pagefree.escalation.queries import EscalationState
from pagefree.incidents import batch_queries, queries, saved_view_queries
from pagefree.incidents.changes import helps
from pagefree.incidents.queries import OPEN, Filter, Incident, IncidentRef
from pagefree.incidents.saved_view_queries import SavedView
from pagefree.infra.db import Tx, driver
from pagefree.timeline import service as timeline
from pagefree.timeline.queries import Event

NUMBER = re.compile(r"#?(\d{1,18})\Z")
MOST_WORDS = 8
MOST_SAVED_VIEWS = 100
STATUSES: Mapping[str, frozenset[str]] = {
    "open": OPEN,
    "triggered": frozenset({"triggered"}),
    "acknowledged": frozenset({"acknowledged"}),
    "resolved": frozenset({"resolved"}),
    "all": frozenset(),
}


@dataclass(frozen=True, slots=True)
class Detail:
    """One incident with all that its page shows at once."""

    incident: Incident
    can_respond: bool
    merged: list[IncidentRef]
    escalation: EscalationState | None
    target_names: Mapping[Target, str]


def searched(wanted: Filter, text: str) -> Filter:
    """`wanted`, narrowed to what was typed: "#12" or "12" is a number, all else words."""
    if found := NUMBER.match(text.strip()):
        return replace(wanted, number=int(found[1]))
    return replace(wanted, words=tuple(text.split()[:MOST_WORDS]))


async def list_incidents(
    tx: Tx, wanted: Filter, before: UUID | None, limit: int, actor: Actor
) -> list[Incident]:
    """Newest first, continuing before the incident `before`."""
    require(actor, Can.SEE)
    return await queries.list_incidents(tx, wanted, before, limit)


async def counts(tx: Tx, within: Filter, actor: Actor, now: datetime) -> dict[str, int]:
    """How many incidents there are of each kind, at most 1,001."""
    require(actor, Can.SEE)
    wanted = {
        name: replace(within, statuses=STATUSES[name])
        for name in ("triggered", "acknowledged", "open")
    }
    wanted["mine"] = replace(within, statuses=OPEN, mine=actor.user_id)
    return await queries.count(tx, wanted, within, now - timedelta(days=1))


async def find(tx: Tx, id_or_number: str) -> UUID:
    """The id of an incident that is named by its id or its number. Raises NotFound."""
    found = NUMBER.match(id_or_number)
    try:
        incident_id = (
            await queries.get_id(tx, int(found[1])) if found else UUID(id_or_number)
        )
    except ValueError:
        incident_id = None
    if incident_id is None:
        raise NotFound("there is no such incident")
    return incident_id


async def detail(tx: Tx, incident_id: UUID, actor: Actor) -> Detail:
    """One incident in detail. Raises NotFound."""
    require(actor, Can.SEE)
    incident = await get(tx, incident_id)
    state = (await escalation.progress(tx, [incident_id])).get(incident_id)
    steps = state.policy.steps if state else ()
    targets = {target for step in steps for target in step.targets}
    return Detail(
        incident=incident,
        can_respond=await _can_respond(tx, incident, actor),
        merged=await queries.list_merged(tx, incident_id),
        escalation=state,
        target_names=await escalation.target_names(tx, targets) if targets else {},
    )


async def get(tx: Tx, incident_id: UUID) -> Incident:
    """One incident. Raises NotFound."""
    incident = await queries.get(tx, incident_id)
    if incident is None:
        raise NotFound("there is no such incident")
    return incident


async def _can_respond(tx: Tx, incident: Incident, actor: Actor) -> bool:
    if allowed(actor, Can.RESPOND, incident.team.id):
        return True
    if not helps(actor, incident.team.id):
        return False
    connection = await driver(tx)
    called = await batch_queries.list_called(connection, actor.user_id, [incident.id])
    return incident.id in called


async def list_events(
    tx: Tx, incident_id: UUID, before: int | None, limit: int, actor: Actor
) -> list[Event]:
    """An incident's timeline, newest first. Raises NotFound."""
    require(actor, Can.SEE)
    await get(tx, incident_id)
    return await timeline.list_of_incident(tx, incident_id, before, limit)


async def list_saved_views(tx: Tx, actor: Actor) -> list[SavedView]:
    """The actor's own saved views, by name."""
    require(actor, Can.SEE)
    return await saved_view_queries.list_saved_views(tx, actor.user_id)


async def save_view(
    tx: Tx, name: str, query: str, actor: Actor, now: datetime
) -> SavedView:
    """Keep a filter under a name. Raises Conflict."""
    require(actor, Can.KEEP)
    if (
        len(await saved_view_queries.list_saved_views(tx, actor.user_id))
        >= MOST_SAVED_VIEWS
    ):
        raise Conflict(f"you have {MOST_SAVED_VIEWS} saved views: delete one first")
    view = await saved_view_queries.insert_saved_view(
        tx, actor.user_id, name, query, now
    )
    if view is None:
        raise Conflict(f"you already have a saved view named {name}")
    return view


async def delete_view(tx: Tx, view_id: UUID, actor: Actor) -> None:
    """Forget one of the actor's own saved views."""
    require(actor, Can.KEEP)
    await saved_view_queries.delete_saved_view(tx, actor.user_id, view_id)
