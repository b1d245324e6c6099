"""Heartbeats as people set them up: create, change, pause, resume, delete."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from pagefree.core.access import Actor, Can, require
from pagefree.core.errors import Invalid, NotFound
from pagefree.core.heartbeats import (
    AT_ONCE,
    Hearing,
    Heartbeat,
    State,
    advance,
    due_at,
    pause,
    reschedule,
    resume,
)
from pagefree.heartbeats import batch_queries, queries, sweep, sweep_queries
from pagefree.heartbeats.expectations import Schedule, check, expected_by
from pagefree.heartbeats.queries import Filter, Stored, StoredPing
from pagefree.infra.db import Channel, Tx, driver, notify
from pagefree.infra.ids import new_id
from pagefree.services import service as services
from pagefree.timeline import service as timeline

KIND = "heartbeat"
INTEGRATION_NAME = "Heartbeats"
NOT_OF_A_SLUG = re.compile("[^a-z0-9_]+")
LONGEST_SLUG = 100
SCHEDULE = ("period", "cron", "time_zone")


@dataclass(frozen=True, slots=True)
class NewHeartbeat:
    """A heartbeat to set up."""

    service_id: UUID
    name: str
    schedule: Schedule
    grace: timedelta
    slug: str = ""  # made from the name
    tags: list[str] = field(default_factory=list)
    severity: str = "critical"
    post_only: bool = False
    manual_resume: bool = False


async def list_heartbeats(
    tx: Tx, wanted: Filter, before: UUID | None, limit: int
) -> list[Stored]:
    """Newest first."""
    return await queries.list_heartbeats(tx, wanted, before, limit)


async def get_heartbeat(tx: Tx, heartbeat_id: UUID) -> Stored:
    """One heartbeat. Raises NotFound."""
    found = await queries.get_heartbeat(tx, heartbeat_id)
    if found is None:
        raise NotFound(f"no heartbeat {heartbeat_id}")
    return found


async def list_pings(tx: Tx, heartbeat_id: UUID) -> list[StoredPing]:
    """Its last pings, newest first. Raises NotFound."""
    await get_heartbeat(tx, heartbeat_id)
    return await queries.list_pings(tx, heartbeat_id)


async def create_heartbeat(
    tx: Tx, new: NewHeartbeat, actor: Actor, now: datetime
) -> tuple[Stored, str | None]:
    """Add a heartbeat to a service; the ping key, if this is the first one there."""
    service = await services.get_service(tx, new.service_id)
    require(actor, Can.EDIT_TEAM, service.team.id)
    check(new.schedule, now)
    integration_id, key = await _integration(tx, new.service_id, actor, now)
    heartbeat_id = new_id()
    values: dict[str, object] = {
        "id": heartbeat_id,
        "integration_id": integration_id,
        "ping_id": uuid4(),
        "name": new.name,
        "slug": new.slug or slug_of(new.name),
        "tags": new.tags,
        "severity": new.severity,
        "period": new.schedule.period,
        "cron": new.schedule.cron,
        "time_zone": new.schedule.time_zone,
        "grace": new.grace,
        "post_only": new.post_only,
        "manual_resume": new.manual_resume,
        "state": State.NEW.value,
        "created_at": now,
    }
    await queries.insert_heartbeat(tx, values)
    stored = await get_heartbeat(tx, heartbeat_id)
    await _changed(tx, "heartbeat.created", stored, actor, now)
    return stored, key


async def _integration(
    tx: Tx, service_id: UUID, actor: Actor, now: datetime
) -> tuple[UUID, str | None]:
    """What the alerts of a service's heartbeats come from; made for the first one."""
    found = await queries.integration_of(tx, service_id, KIND)
    if found is not None:
        return found, None
    made, key = await services.create_integration(
        tx, service_id, KIND, INTEGRATION_NAME, actor, now
    )
    return made.id, key.routing_key


def slug_of(name: str) -> str:
    """A slug from a name, in the letters that addresses have."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    slug = NOT_OF_A_SLUG.sub("-", plain.lower()).strip("-")
    return slug[:LONGEST_SLUG] or "heartbeat"


async def change_heartbeat(
    tx: Tx,
    heartbeat_id: UUID,
    changes: Mapping[str, object],
    actor: Actor,
    now: datetime,
) -> Stored:
    """Change the named columns; another schedule counts from now on."""
    stored = await _editable(tx, heartbeat_id, actor)
    if not changes:
        return stored
    values = dict(changes)
    if not values.keys().isdisjoint((*SCHEDULE, "grace")):
        values |= await _rescheduled(tx, stored, values, now)
    await queries.update_heartbeat(tx, heartbeat_id, values)
    stored = await get_heartbeat(tx, heartbeat_id)
    await _changed(tx, "heartbeat.updated", stored, actor, now)
    return stored


async def _rescheduled(
    tx: Tx, stored: Stored, values: Mapping[str, object], now: datetime
) -> dict[str, object]:
    """The columns that follow from another schedule. Raises Invalid."""
    old = stored.schedule
    if values.get("period") is not None and "cron" not in values:
        old = replace(old, cron=None)
    if values.get("cron") is not None and "period" not in values:
        old = replace(old, period=None)
    told = {name: values[name] for name in SCHEDULE if name in values}
    schedule = Schedule(**{**_columns(old), **told})  # type: ignore[arg-type]
    check(schedule, now)
    grace = values.get("grace", stored.state.grace)
    if not isinstance(grace, timedelta):
        raise Invalid("the grace time cannot be taken away")
    kept = await _lock(tx, stored.id)
    after = reschedule(kept.state, grace, expected_by(schedule), now)
    return {**_columns(schedule), **_timing(after)}


def _columns(schedule: Schedule) -> dict[str, object]:
    return {name: getattr(schedule, name) for name in SCHEDULE}


def _timing(state: Heartbeat) -> dict[str, object]:
    return {
        "grace": state.grace,
        "state": state.state.value,
        "expected_at": state.expected_at,
        "due_at": due_at(state),
    }


async def pause_heartbeat(
    tx: Tx, heartbeat_id: UUID, actor: Actor, now: datetime
) -> Stored:
    """Expect nothing of it for a while; its open alert is over. Idempotent."""
    stored = await _editable(tx, heartbeat_id, actor)
    kept = await _lock(tx, heartbeat_id)
    if kept.state.state is State.PAUSED:
        return stored
    kept.state = pause(kept.state)
    return await _save(tx, kept, "heartbeat.paused", actor, now)


async def resume_heartbeat(
    tx: Tx, heartbeat_id: UUID, actor: Actor, now: datetime
) -> Stored:
    """End its pause: the next ping is due as if one had come now. Idempotent."""
    stored = await _editable(tx, heartbeat_id, actor)
    kept = await _lock(tx, heartbeat_id)
    if kept.state.state is not State.PAUSED:
        return stored
    kept.state = resume(kept.state, expected_by(kept.schedule), now)
    return await _save(tx, kept, "heartbeat.resumed", actor, now)


async def delete_heartbeat(
    tx: Tx, heartbeat_id: UUID, actor: Actor, now: datetime
) -> None:
    """Remove it with its pings; its open alert is over."""
    stored = await _editable(tx, heartbeat_id, actor)
    for due in await sweep_queries.hold(await driver(tx), [heartbeat_id]):
        before = due.kept.state
        after, actions = advance(pause(before), Hearing(AT_ONCE))
        signals = [sweep.Signal(due, before, after, action) for action in actions]
        await sweep.tell(tx, signals, now)
    await queries.delete_heartbeat(tx, heartbeat_id)
    await _changed(tx, "heartbeat.deleted", stored, actor, now)


async def _editable(tx: Tx, heartbeat_id: UUID, actor: Actor) -> Stored:
    stored = await get_heartbeat(tx, heartbeat_id)
    require(actor, Can.EDIT_TEAM, stored.team.id)
    return stored


async def _lock(tx: Tx, heartbeat_id: UUID) -> batch_queries.Kept:
    found = await batch_queries.lock(await driver(tx), [heartbeat_id])
    if heartbeat_id not in found:
        raise NotFound(f"no heartbeat {heartbeat_id}")
    return found[heartbeat_id]


async def _save(
    tx: Tx, kept: batch_queries.Kept, kind: str, actor: Actor, now: datetime
) -> Stored:
    await batch_queries.update(await driver(tx), [kept], AT_ONCE)
    await notify(tx, Channel.HEARTBEATS)
    stored = await get_heartbeat(tx, kept.id)
    await _changed(tx, kind, stored, actor, now)
    return stored


async def _changed(
    tx: Tx, kind: str, stored: Stored, actor: Actor, now: datetime
) -> None:
    data = {
        "heartbeat_id": str(stored.id),
        "service_id": str(stored.service.id),
        "name": stored.name,
    }
    cause = timeline.by(actor)
    entry = timeline.Entry(kind, cause, team_id=stored.team.id, data=data)
    await timeline.record(tx, [entry], now)
