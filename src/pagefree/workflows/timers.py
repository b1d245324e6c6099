"""Starting what was to start later: incidents that have been open for long, schedules."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from pagefree.infra.db import Tx
from pagefree.timeline.service import SYSTEM
from pagefree.workflows import fact_queries, queries, timer_queries
from pagefree.workflows.content import WorkflowNode, runnable_text
from pagefree.workflows.queries import Startable
from pagefree.workflows.starting import OPEN_FOR, Start, fits, start
from pagefree.workflows.timer_queries import Timer

AT_ONCE = 200
TOO_LATE = timedelta(minutes=10)  # a schedule missed for longer is left out
SCHEDULE = "schedule"


async def set_schedules(tx: Tx, workflow_id: UUID, now: datetime) -> None:
    """Let the schedules of an enabled workflow come up, and nothing else of it."""
    await timer_queries.delete_of_workflow(tx, workflow_id)
    found = await queries.list_startable_by_id(tx, [workflow_id])
    for workflow in found.values():
        triggers = runnable_text(workflow.content).triggers(SCHEDULE)
        timers = [
            (workflow.id, workflow.version_id, trigger.id, None, due)
            for trigger in triggers
            if (due := next_at(trigger, now)) is not None
        ]
        await timer_queries.put(tx, timers)


def next_at(trigger: WorkflowNode, now: datetime) -> datetime | None:
    """When the schedule comes up next, in its own time zone; none: never."""
    zone = ZoneInfo(str(trigger.config.get("time_zone", "UTC")))
    try:
        due: datetime = next(CronSim(str(trigger.config["cron"]), now.astimezone(zone)))
    except (CronSimError, StopIteration):
        return None
    return due.astimezone(UTC)


async def start_due(tx: Tx, now: datetime) -> int:
    """Start what is due; returns how many timers were."""
    due = await timer_queries.claim(tx, AT_ONCE, now)
    if not due:
        return 0
    workflows = await queries.list_startable_by_id(tx, {t.workflow_id for t in due})
    ids = {timer.incident_id for timer in due if timer.incident_id}
    incidents = await fact_queries.incident_facts(tx, ids, "")
    starts = [
        one
        for timer in due
        if (one := _start(timer, workflows.get(timer.workflow_id), incidents, now))
    ]
    await start(tx, starts, now)
    await _set_next(tx, due, workflows, now)
    return len(due)


def _start(
    timer: Timer,
    workflow: Startable | None,
    incidents: Mapping[UUID, Mapping[str, Any]],
    now: datetime,
) -> Start | None:
    """The run, unless the workflow is off or has changed, or the incident is over."""
    trigger = _trigger(timer, workflow)
    if workflow is None or trigger is None:
        return None
    if timer.incident_id is None:
        late = now - timer.due_at > TOO_LATE
        return None if late else Start(workflow, trigger, SYSTEM)
    incident = incidents.get(timer.incident_id)
    if incident is None or incident["status"] == "resolved":
        return None
    patient = trigger.config.get("unless_acknowledged", True)
    if patient and incident["status"] == "acknowledged":
        return None
    one = Start(workflow, trigger, SYSTEM, timer.incident_id, incident)
    return one if fits(one) else None


def _trigger(timer: Timer, workflow: Startable | None) -> WorkflowNode | None:
    """The trigger of the version that runs now."""
    if workflow is None:
        return None
    node = runnable_text(workflow.content).nodes.get(timer.node)
    return node if node and node.type in {OPEN_FOR, SCHEDULE} else None


async def _set_next(
    tx: Tx,
    due: Sequence[Timer],
    workflows: Mapping[UUID, Startable],
    now: datetime,
) -> None:
    over = []
    for timer in due:
        trigger = _trigger(timer, workflows.get(timer.workflow_id))
        following = None
        if trigger is not None and timer.incident_id is None:
            following = next_at(trigger, now)
        if following is None:
            over.append(timer.id)
        else:
            await timer_queries.set_due(tx, timer.id, following)
    await timer_queries.delete_timers(tx, over)
