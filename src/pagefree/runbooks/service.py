"""Runs: what may start, start it, say how it is, cancel it. The lane does the rest."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from pagefree.core import parameters as core_parameters
from pagefree.core import runbook_runs as core_runs
from pagefree.core import runbooks as core
from pagefree.core.access import Actor, Can, allowed, require
from pagefree.core.errors import Conflict, Invalid, NotFound, PageFreeError
from pagefree.core.runbook_runs import OVER, RunState, Situation
from pagefree.infra import json_schema
from pagefree.infra.db import Channel, Tx, notify
from pagefree.infra.ids import new_id
from pagefree.runbooks import (
    connection_queries,
    contents,
    control_queries,
    controls,
    emergencies,
    library,
    queries,
    run_queries,
)
from pagefree.runbooks.connection_queries import StoredConnection
from pagefree.runbooks.contents import RunbookContent
from pagefree.runbooks.facts import Place, in_maintenance, place_of
from pagefree.runbooks.queries import Runbook, StoredVersion
from pagefree.runbooks.recording import About, record
from pagefree.runbooks.run_queries import Run
from pagefree.timeline.service import Cause, CauseKind, by

QUEUED_FOR = timedelta(minutes=15)  # at most, retries included


@dataclass(frozen=True, slots=True)
class Automation:
    """The run of a workflow that asks."""

    run_id: UUID
    name: str
    approved_by: Actor | None = None  # who answered "yes" when the workflow waited


@dataclass(frozen=True, slots=True)
class RunAsk:
    """A run that somebody wants: a person, or a workflow."""

    runbook_id: UUID
    cause: Actor | Automation
    parameters: Mapping[str, object] = field(default_factory=dict)
    version: int | None = None  # none: the newest that is approved
    incident_id: UUID | None = None
    connection_id: UUID | None = None  # none: the only one that is allowed
    confirmation: str | None = None  # the name, typed in: for what is destructive


@dataclass(frozen=True, slots=True)
class Form:
    """What somebody is shown before they start a run."""

    runbook: Runbook
    version: StoredVersion
    content: RunbookContent
    values: Mapping[str, object]  # from declared bindings and defaults
    connections: list[StoredConnection]
    may_run: bool
    why_not: str | None


@dataclass(frozen=True, slots=True)
class _Plan:
    runbook: Runbook
    version: StoredVersion
    content: RunbookContent
    connection: StoredConnection
    place: Place
    emergency_id: UUID | None = None  # what lets it run without an approval


async def start(tx: Tx, ask: RunAsk, now: datetime) -> UUID:
    """Queue a run; returns its id.

    Raises NotFound, Forbidden, Invalid (parameters, confirmation), Conflict (not
    approved, stopped, running already) and TooManyRequests.
    """
    if not await queries.lock_runbook(tx, ask.runbook_id):
        raise NotFound(f"no runbook {ask.runbook_id}")
    runbook = await library.get_runbook(tx, ask.runbook_id)
    place = await place_of(tx, ask.incident_id)
    _require_right(runbook, place, ask.cause)
    plan = await _plan(tx, ask, runbook, place)
    why = await why_not(tx, plan.runbook, plan.version, plan.connection, now)
    if why is not None and isinstance(ask.cause, Actor):
        plan = replace(plan, emergency_id=await _emergency(tx, plan, now))
    if why is not None and plan.emergency_id is None:
        raise Conflict(why)
    await _require_room(tx, plan, ask.cause, now)
    content = plan.content
    core_runs.require_confirmation(content.run_class, content.name, ask.confirmation)
    values = _values(content, plan.place, ask.parameters)
    json_schema.require(content.parameters, values)
    core_parameters.require_plain(values)
    return await _queue(tx, plan, values, ask.cause, now)


async def form(
    tx: Tx,
    runbook_id: UUID,
    number: int | None,
    incident_id: UUID | None,
    actor: Actor,
    now: datetime,
) -> Form:
    """What a run would do here, with the parameters filled in from the incident."""
    runbook = await library.get_runbook(tx, runbook_id)
    version = await _version(tx, runbook, number)
    content = contents.read(version.content)
    place = await place_of(tx, incident_id)
    found = await _connections(tx, runbook, content)
    why = None
    try:
        _require_right(runbook, place, actor)
        if not found:
            raise Conflict("none of its connections can be used")
        why = await why_not(tx, runbook, version, found[0], now)
        trial = _Plan(runbook, version, content, found[0], place)
        if why is not None and await _emergency(tx, trial, now) is not None:
            why = None
        await _require_room(tx, trial, actor, now)
    except PageFreeError as e:
        why = why or str(e)
    may_run = why is None
    values = _values(content, place, {})
    return Form(runbook, version, content, values, found, may_run, why)


async def run_state(tx: Tx, run_id: UUID) -> RunState:
    """How far a run is. Raises NotFound."""
    return RunState((await get_run(tx, run_id)).state)


async def get_run(tx: Tx, run_id: UUID) -> Run:
    """One run. Raises NotFound."""
    found = await run_queries.get_run(tx, run_id)
    if found is None:
        raise NotFound(f"no run {run_id}")
    return found


async def cancel(tx: Tx, run_id: UUID, actor: Actor, now: datetime) -> None:
    """Ask for its end; twice is not an error. Raises Conflict once it is over."""
    run = await run_queries.lock_run(tx, run_id)
    if run is None:
        raise NotFound(f"no run {run_id}")
    _require_team(actor, run.team_id)
    if RunState(run.state) in OVER:
        raise Conflict("the run is over")
    if run.cancelled_at is not None:
        return
    values: dict[str, object] = {
        "cancelled_at": now,
        "cancelled_by_id": actor.user_id,
    }
    if run.state == RunState.RUNNING or run.launching_at is None:
        values["due_at"] = now  # else somebody is just launching it
    await run_queries.update_run(tx, run_id, values)
    await record(tx, "runbook_run.cancelling", about(run), by(actor), now)
    await notify(tx, Channel.RUNS)


async def stop_for(tx: Tx, runbook: Runbook) -> str | None:
    """Why nothing of this runbook may run now, of all kill switches."""
    settings = await controls.settings(tx)
    if settings.stopped_at is not None:
        return settings.stopped_reason or "by an admin"
    if runbook.stopped_at is not None:
        return runbook.stopped_reason or "by its team"
    return None


async def why_not(
    tx: Tx,
    runbook: Runbook,
    version: StoredVersion,
    connection: StoredConnection,
    now: datetime,
) -> str | None:
    """Why this version may not run through this connection at `now`; none: it may.

    Asked when a run is queued and once more right before it is launched: in between the
    version may have been deprecated, an approver demoted, the connection changed.
    """
    approvals = await library.core_approvals(tx, version.id)
    people = {one.approver_id for one in approvals}
    entitled = await control_queries.list_entitled(tx, runbook.team_id, people)
    found = core.why_not(
        library.core_version(version),
        approvals,
        entitled,
        (str(connection.id), connection.fingerprint),
        now,
    )
    return found.value if found is not None else _barred(runbook, connection)


async def why_no_longer(
    tx: Tx,
    run: Run,
    runbook: Runbook,
    version: StoredVersion,
    connection: StoredConnection,
    now: datetime,
) -> str | None:
    """Why a run that is queued may not begin at `now`; none: it may."""
    if run.emergency_id is None:
        return await why_not(tx, runbook, version, connection, now)
    plan = _Plan(
        runbook,
        version,
        contents.read(version.content),
        connection,
        Place(run.incident_id),
    )
    found = await _emergency(tx, plan, now)
    return None if found is not None else "what two people let run may no longer run"


async def _emergency(tx: Tx, plan: _Plan, now: datetime) -> UUID | None:
    """What two people have confirmed that lets it run without an approval, if anything."""
    if _barred(plan.runbook, plan.connection) is not None:
        return None
    return await emergencies.find(
        tx,
        plan.runbook,
        plan.version,
        plan.connection,
        plan.place.incident_id,
        now,
    )


def _barred(runbook: Runbook, connection: StoredConnection) -> str | None:
    if runbook.archived_at is not None:
        return "the runbook is archived"
    usable = connection.usable_by(runbook.team_id)
    return None if usable else "its team may no longer use the connection"


def about(run: Run, **kept: object) -> About:
    """What an event or the audit says of a run."""
    return About(
        run.runbook_id,
        run.version_id,
        run.id,
        run.team_id,
        run.incident_id,
        {"name": run.runbook_name, "version": run.version},
        {"content_hash": run.content_hash, **kept},
    )


async def _plan(tx: Tx, ask: RunAsk, runbook: Runbook, place: Place) -> _Plan:
    version = await _version(tx, runbook, ask.version)
    content = contents.read(version.content)
    found = await _connections(tx, runbook, content)
    chosen = [c for c in found if ask.connection_id in {None, c.id}]
    if len(chosen) != 1:
        raise Invalid("name one of the connections that the runbook allows")
    return _Plan(runbook, version, content, chosen[0], place)


async def _version(tx: Tx, runbook: Runbook, number: int | None) -> StoredVersion:
    if number is not None:
        return await library.get_version(tx, runbook.id, number)
    found = await queries.newest_approved(tx, runbook.id)
    if found is None:
        raise Conflict(core.Why.NOT_APPROVED.value)
    return found


async def _connections(
    tx: Tx, runbook: Runbook, content: RunbookContent
) -> list[StoredConnection]:
    found = await connection_queries.list_by_id(tx, content.connection_ids)
    return [one for one in found if one.usable_by(runbook.team_id)]


def _require_right(runbook: Runbook, place: Place, cause: Actor | Automation) -> None:
    """Raise Forbidden unless whoever is behind it may run it here."""
    actor = cause.approved_by if isinstance(cause, Automation) else cause
    if actor is None:
        return  # what may start by itself is decided with the room for it
    if runbook.team_id is not None:
        _require_team(actor, runbook.team_id)
    if place.team_id is not None or runbook.team_id is None:
        _require_team(actor, place.team_id)


def _require_team(actor: Actor, team_id: UUID | None) -> None:
    """What is the installation's, and about no incident, any responder may run."""
    anywhere = any(allowed(actor, Can.RUN_RUNBOOKS, team) for team in actor.roles)
    if team_id is not None or not anywhere:
        require(actor, Can.RUN_RUNBOOKS, team_id)


async def _require_room(
    tx: Tx, plan: _Plan, cause: Actor | Automation, now: datetime
) -> None:
    place, content = plan.place, plan.content
    traffic = await run_queries.traffic(tx, plan.runbook.id, place.service_id, now)
    if isinstance(cause, Automation) and cause.approved_by is None:
        core_runs.require_automatic(
            content.run_class,
            traffic.last_automatic_at,
            now,
            auto_safe=content.auto_safe,
        )
    team_id = place.team_id or plan.runbook.team_id
    planned = await in_maintenance(tx, team_id, place.service_id, now)
    stopped = await stop_for(tx, plan.runbook)
    situation = Situation(stopped, planned, traffic)
    core_runs.require_room(content.bounds, content.calendar, situation, now)


def _values(
    content: RunbookContent, place: Place, given: Mapping[str, object]
) -> dict[str, object]:
    """What was given, over what bindings say, over the defaults."""
    properties = content.parameters.get("properties", {})
    defaults = {
        name: described["default"]
        for name, described in properties.items()
        if "default" in described
    }
    bound = core_runs.filled(content.bindings, place.facts, properties)
    return {**defaults, **bound, **given}


async def _queue(
    tx: Tx,
    plan: _Plan,
    values: Mapping[str, object],
    cause: Actor | Automation,
    now: datetime,
) -> UUID:
    run_id = new_id()
    behind = _cause(cause)
    automation = cause if isinstance(cause, Automation) else None
    confirmed_by = automation.approved_by if automation else None
    await run_queries.insert_run(
        tx,
        {
            "id": run_id,
            "runbook_id": plan.runbook.id,
            "version_id": plan.version.id,
            "content_hash": plan.version.content_hash,
            "connection_id": plan.connection.id,
            "team_id": plan.runbook.team_id,
            "incident_id": plan.place.incident_id,
            "service_id": plan.place.service_id,
            "state": RunState.QUEUED.value,
            "parameters": dict(values),
            "automatic": automation is not None and confirmed_by is None,
            "cause_kind": behind.kind.value,
            "cause_id": behind.id,
            "cause_name": behind.name,
            "confirmed_by_id": confirmed_by.user_id if confirmed_by else None,
            "emergency_id": plan.emergency_id,
            "created_at": now,
            "due_at": now,
            "ends_at": now + QUEUED_FOR,
        },
    )
    run = await get_run(tx, run_id)
    confirmed = confirmed_by.name if confirmed_by else None
    kept = {
        "parameters": dict(values),
        "connection_id": str(plan.connection.id),
        "connection": plan.connection.name,
        "confirmed_by": confirmed,
        "emergency_id": str(plan.emergency_id) if plan.emergency_id else None,
    }
    await record(tx, "runbook_run.queued", about(run, **kept), behind, now)
    await notify(tx, Channel.RUNS)
    return run_id


def _cause(cause: Actor | Automation) -> Cause:
    if isinstance(cause, Automation):
        return Cause(CauseKind.SYSTEM, cause.run_id, cause.name)
    return by(cause)
