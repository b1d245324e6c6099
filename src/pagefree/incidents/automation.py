"""What workflows do to an incident: the verbs of people, for a cause that is no person."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from uuid import UUID

from pagefree.core import incidents as core
from pagefree.core.errors import NotFound
from pagefree.core.incidents import Status
from pagefree.incidents import batch_queries, people, queries
from pagefree.incidents.batch_queries import Locked
from pagefree.incidents.changes import Change, apply_one
from pagefree.infra.db import Tx, driver
from pagefree.timeline.service import Cause, Entry, record


async def acknowledge(tx: Tx, incident_id: UUID, cause: Cause, now: datetime) -> bool:
    """Something has it: nobody is paged any more. Whether that changed anything."""
    incident = await _lock(tx, incident_id)
    if incident.life.status is not Status.TRIGGERED:
        return False
    decide = partial(core.acknowledge, user_id=None, now=now)
    return await apply_one(
        tx, incident, Change("incident.acknowledged", decide, cause), now
    )


async def resolve(
    tx: Tx, incident_id: UUID, note: str, cause: Cause, now: datetime
) -> bool:
    """It is over, and so are its open alerts. Whether that changed anything."""
    incident = await _lock(tx, incident_id, with_alerts=True)
    if incident.life.status is Status.RESOLVED:
        return False
    data = {"note": note} if note else {}
    decide = partial(core.resolve, user_id=None, now=now)
    change = Change("incident.resolved", decide, cause, data)
    changed = await apply_one(tx, incident, change, now)
    if changed:
        await batch_queries.close_alerts(await driver(tx), [incident_id], now)
    return changed


async def edit(
    tx: Tx,
    incident_id: UUID,
    changes: Mapping[str, str | None],
    cause: Cause,
    now: datetime,
) -> bool:
    """Change priority or urgency; whether that changed anything."""
    incident = await _lock(tx, incident_id)
    before = await queries.get_columns(tx, incident_id, changes)
    different = {
        name: {"from": before[name], "to": value}
        for name, value in changes.items()
        if before[name] != value
    }
    if different:
        await queries.update_incident(tx, incident_id, dict(changes))
        data = {"changes": different}
        entry = Entry("incident.updated", cause, incident_id, incident.team_id, data)
        await record(tx, [entry], now)
    return bool(different)


async def add_note(
    tx: Tx, incident_id: UUID, text: str, cause: Cause, now: datetime
) -> None:
    """Write into the incident's timeline."""
    incident = await _lock(tx, incident_id)
    data = {"text": text}
    entry = Entry("incident.note", cause, incident_id, incident.team_id, data)
    await record(tx, [entry], now)


async def call_in(
    tx: Tx, incident_id: UUID, user_id: UUID, cause: Cause, now: datetime
) -> None:
    """Ask this person for help: they are paged now, whoever has the incident."""
    await people.call_in(tx, await _lock(tx, incident_id), user_id, cause, now)


async def give_to_policy(
    tx: Tx, incident_id: UUID, policy_id: UUID, cause: Cause, now: datetime
) -> None:
    """Escalate by another policy, from its first step."""
    incident = await _lock(tx, incident_id)
    await people.give_to_policy(tx, incident, policy_id, cause, now)


async def _lock(tx: Tx, incident_id: UUID, *, with_alerts: bool = False) -> Locked:
    found = await batch_queries.lock_patiently(
        tx, [incident_id], with_alerts=with_alerts
    )
    if not found:
        raise NotFound("there is no such incident")
    return found[0]
