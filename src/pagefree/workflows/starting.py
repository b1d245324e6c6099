"""What starts workflows: events of the timeline, and who asks for a run."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog

from pagefree.core.errors import Invalid
from pagefree.core.workflows import RunStatus
from pagefree.infra import cel
from pagefree.infra.db import Tx
from pagefree.infra.ids import new_id
from pagefree.infra.templates import fill_in
from pagefree.timeline.listening import Event
from pagefree.timeline.service import Cause, CauseKind, Entry, record
from pagefree.workflows import fact_queries, queries, run_queries, timer_queries
from pagefree.workflows.content import Runnable, WorkflowNode, runnable_text
from pagefree.workflows.facts import CONDITIONS, facts_of_condition, trimmed
from pagefree.workflows.guarding import Asked, entry_of, guards_of, tell_capped
from pagefree.workflows.queries import Startable
from pagefree.workflows.running import go_on, told

OPEN_FOR = "open_for"
KINDS: Mapping[str, str] = {
    "incident.triggered": "incident_opened",
    "incident.acknowledged": "acknowledged",
    "escalation.paged": "escalated",
    "incident.resolved": "resolved",
    "incident.reopened": "reopened",
    "incident.updated": "priority_changed",
    "incident.note": "note_added",
}
BEGINS = frozenset({"incident.triggered", "incident.reopened"})  # to be open

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Start:
    """A run that is asked for."""

    workflow: Startable
    trigger: WorkflowNode
    cause: Cause
    incident_id: UUID | None = None
    incident: Mapping[str, Any] = field(default_factory=dict)  # as it is now
    event: Event | None = None
    request: Mapping[str, Any] | None = None
    chain: Sequence[UUID] = ()  # the workflows that have led here

    @property
    def ready(self) -> Runnable:
        """The version that is run."""
        return runnable_text(self.workflow.content)


async def on_events(tx: Tx, events: Sequence[Event], now: datetime) -> None:
    """Start the workflows that these events start, and set timers for "open for"."""
    about = [event for event in events if event.incident_id and _triggers(event)]
    if not about:
        return
    over = {e.incident_id for e in about if e.kind == "incident.resolved"}
    await timer_queries.delete_of_incidents(tx, [one for one in over if one])
    wanted = {kind for event in about for kind in _triggers(event)}
    workflows = await queries.list_startable(tx, wanted)
    if not workflows:
        return
    ids = {event.incident_id for event in about if event.incident_id}
    incidents = await fact_queries.incident_facts(tx, ids, "")
    chains = await _chains(tx, about)
    starts = [
        start
        for event in about
        for workflow in workflows
        for start in _starts_of(event, workflow, incidents, chains)
    ]
    await _set_timers(tx, [s for s in starts if s.trigger.type == OPEN_FOR], now)
    await start(tx, [s for s in starts if s.trigger.type != OPEN_FOR], now)


def _triggers(event: Event) -> tuple[str, ...]:
    kind = KINDS.get(event.kind)
    if kind is None:
        return ()
    changes = event.data.get("changes")
    if kind == "priority_changed" and "priority" not in (changes or {}):  # type: ignore[operator]
        return ()
    if kind == "escalated" and event.data.get("step") in {None, 1}:
        return ()
    return (kind, OPEN_FOR) if event.kind in BEGINS else (kind,)


async def _chains(tx: Tx, events: Sequence[Event]) -> dict[int, Sequence[UUID]]:
    """The workflows that have led to each event that a run has caused."""
    runs = {
        event.id: event.actor_id
        for event in events
        if event.actor_kind == CauseKind.SYSTEM.value and event.actor_id
    }
    if not runs:
        return {}
    found = await run_queries.chains(tx, set(runs.values()))
    return {event: found[run] for event, run in runs.items() if run in found}


def _starts_of(
    event: Event,
    workflow: Startable,
    incidents: Mapping[UUID, Mapping[str, Any]],
    chains: Mapping[int, Sequence[UUID]],
) -> Iterable[Start]:
    incident_id = event.incident_id
    if incident_id is None or incident_id not in incidents:
        return
    if workflow.team_id not in {None, event.team_id}:
        return
    ready = runnable_text(workflow.content)
    cause = Cause(CauseKind(event.actor_kind), event.actor_id, event.actor_name)
    for kind in _triggers(event):
        for trigger in ready.triggers(kind):
            one = Start(
                workflow,
                trigger,
                cause,
                incident_id,
                incidents[incident_id],
                event,
                chain=chains.get(event.id, ()),
            )
            if kind == OPEN_FOR or fits(one):
                yield one


def fits(start: Start) -> bool:
    """Whether the trigger's own conditions hold; one that cannot be worked out does not."""
    services = start.trigger.config.get("service_ids")
    if isinstance(services, list) and services:
        service = start.incident.get("service", {}).get("id")
        if service not in services:
            return False
    text = start.trigger.config.get("condition")
    if not isinstance(text, str) or not text.strip():
        return True
    try:
        condition = cel.compiled(text, CONDITIONS)
        facts = facts_of_condition(_seen(start))
        return condition.holds(cel.context_of(facts, [condition]))
    except (Invalid, cel.Unclear) as e:
        log.warning("workflow.unclear", workflow=start.workflow.name, why=str(e))
        return False


async def _set_timers(tx: Tx, starts: Sequence[Start], now: datetime) -> None:
    timers = {
        (s.workflow.id, s.trigger.id, s.incident_id): (
            s.workflow.id,
            s.workflow.version_id,
            s.trigger.id,
            s.incident_id,
            now + timedelta(minutes=int(str(s.trigger.config.get("minutes", 15)))),
        )
        for s in starts
    }
    await timer_queries.put(tx, list(timers.values()))


# -- runs -------------------------------------------------------------------------------


async def start(tx: Tx, starts: Sequence[Start], now: datetime) -> list[UUID | None]:
    """Start runs, or let them wait for others; none where a guard keeps one from starting."""
    if not starts:
        return []
    asked = [_asked(one) for one in starts]
    guards = await guards_of(tx, asked, now)
    rows: list[dict[str, object]] = []
    refused: list[Entry] = []
    ids: list[UUID | None] = []
    for one, about in zip(starts, asked, strict=True):
        why = guards.why_not(about)
        if why is not None:
            data = {"reason": why}
            entry = entry_of(one.workflow, "held_back", data, one.incident_id)
            refused.append(entry)
            ids.append(None)
            continue
        rows.append(_row(one, about.key, now, queued=guards.is_busy(about)))
        guards.let_in(about)
        ids.append(rows[-1]["id"])  # type: ignore[arg-type]
    refused += await tell_capped(tx, guards.capped, now)
    await _begin(tx, rows, refused, now)
    return ids


def _asked(one: Start) -> Asked:
    skips = one.ready.content.when_busy == "skip"
    return Asked(one.workflow, one.incident_id, one.chain, _key(one), skips)


async def _begin(
    tx: Tx,
    rows: Sequence[Mapping[str, object]],
    refused: Sequence[Entry],
    now: datetime,
) -> None:
    await run_queries.insert_runs(tx, rows)
    running = [r["id"] for r in rows if r["status"] == RunStatus.RUNNING.value]
    runs = await run_queries.get_runs(tx, [r["id"] for r in rows])  # type: ignore[misc]
    told_of = [told(run, "started", {}) for run in runs.values()]
    await record(tx, [*told_of, *refused], now)
    await go_on(tx, {i: run for i, run in runs.items() if i in running}, now)


def _row(
    one: Start, key: str | None, now: datetime, *, queued: bool
) -> dict[str, object]:
    status = RunStatus.QUEUED if queued else RunStatus.RUNNING
    return {
        "id": new_id(),
        "workflow_id": one.workflow.id,
        "version_id": one.workflow.version_id,
        "team_id": one.workflow.team_id,
        "status": status.value,
        "trigger": one.trigger.id,
        "trigger_kind": one.trigger.type,
        "incident_id": one.incident_id,
        "event_id": one.event.id if one.event else None,
        "input": _seen(one),
        "concurrency_key": key,
        "chain": [*one.chain, one.workflow.id],
        "cause_kind": one.cause.kind.value,
        "cause_id": one.cause.id,
        "cause_name": one.cause.name,
        "created_at": now,
        "started_at": None if queued else now,
    }


def _seen(one: Start) -> dict[str, Any]:
    """What the run keeps of what started it."""
    seen: dict[str, Any] = {"incident": one.incident, "event": {}, "request": {}}
    if one.event is not None:
        seen["event"] = {
            "kind": one.event.kind,
            "at": one.event.at.isoformat(),
            "actor": one.event.actor_name,
            "text": str(one.event.data.get("text", "")),
            "data": one.event.data,
        }
    if one.request is not None:
        seen["request"] = one.request
    cut: dict[str, Any] = trimmed(seen)
    return cut


def _key(one: Start) -> str | None:
    template = one.ready.content.concurrency_key
    if not template.strip():
        return None
    names = {"id": str(one.workflow.id), "name": one.workflow.name}
    facts = {**_seen(one), "workflow": names}
    try:
        return fill_in(template, facts)[:500] or None
    except Invalid:
        return None
