"""What people write: declaring an incident, changing what it says, adding notes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pagefree.core.access import Actor, Can, require
from pagefree.core.alerts import Severity
from pagefree.core.errors import Conflict
from pagefree.core.escalation import NO_POLICY, Policy
from pagefree.core.routing import Urgency, importance, suppressed
from pagefree.escalation import service as escalation
from pagefree.incidents import queries
from pagefree.incidents.changes import lock_one
from pagefree.incidents.service import Opening, open_many
from pagefree.infra.db import Tx, driver
from pagefree.infra.ids import new_id
from pagefree.services import service as services
from pagefree.timeline import service as timeline
from pagefree.timeline.queries import Event
from pagefree.timeline.service import Entry, by, record


@dataclass(frozen=True, slots=True)
class Declaration:
    """An incident that a person reports."""

    service_id: UUID
    title: str
    body: str = ""
    severity: Severity = Severity.ERROR
    priority: str | None = None  # none: what the severity says
    urgency: Urgency | None = None  # none: what the severity says
    policy: Policy | None = None  # whom to page; none: whom the service says


async def declare(tx: Tx, declared: Declaration, actor: Actor, now: datetime) -> UUID:
    """Open an incident without an alert; it escalates at once. Returns its id."""
    service = await services.get_service(tx, declared.service_id)
    require(actor, Can.DECLARE, service.team.id)
    if suppressed(service.lifecycle):
        raise Conflict("the service is archived: nobody is paged for it")
    own, policy = service.escalation_policy, declared.policy
    if policy is None:
        policy = await escalation.policy(tx, own.id) if own else NO_POLICY
    usual = importance(declared.severity)
    opening = Opening(
        incident_id=new_id(),
        service_id=service.id,
        team_id=service.team.id,
        policy=policy,
        title=declared.title,
        severity=declared.severity,
        priority=declared.priority or usual.priority,
        urgency=declared.urgency or usual.urgency,
        group_key=None,
        alert_count=0,
        cause=by(actor),
        data={"declared": True, "title": declared.title, "body": declared.body},
    )
    await open_many(await driver(tx), [opening], now)
    return opening.incident_id


async def edit(
    tx: Tx,
    incident_id: UUID,
    changes: Mapping[str, str | None],
    actor: Actor,
    now: datetime,
) -> None:
    """Change title, severity, priority or urgency; saying the same again changes nothing."""
    incident = await lock_one(tx, incident_id, actor)
    if not changes:
        return
    before = await queries.get_columns(tx, incident_id, changes)
    different = {
        name: {"from": before[name], "to": value}
        for name, value in changes.items()
        if before[name] != value
    }
    if not different:
        return
    await queries.update_incident(tx, incident_id, dict(changes))
    entry = Entry(
        "incident.updated",
        by(actor),
        incident_id,
        incident.team_id,
        {"changes": different},
    )
    await record(tx, [entry], now)


async def add_note(
    tx: Tx, incident_id: UUID, text: str, actor: Actor, now: datetime
) -> Event:
    """Write into the incident's timeline."""
    incident = await lock_one(tx, incident_id, actor)
    entry = Entry(
        "incident.note", by(actor), incident_id, incident.team_id, {"text": text}
    )
    await record(tx, [entry], now)
    return (await timeline.list_of_incident(tx, incident_id, None, 1))[0]
