"""Dry runs: what a graph would do for an incident of the past, with nothing sent."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from pagefree.actions.base import ActionError, Situation
from pagefree.core.access import Actor, Can, require
from pagefree.core.errors import Invalid, NotFound, PageFreeError
from pagefree.core.workflow_graphs import FAILED, OUT, NodeKind
from pagefree.core.workflows import Key, Step, StepStatus, advance
from pagefree.infra.cel import Unclear
from pagefree.infra.db import Tx
from pagefree.infra.ids import new_id
from pagefree.timeline.service import SYSTEM
from pagefree.workflows import fact_queries, secrets
from pagefree.workflows.checking import require_sound
from pagefree.workflows.content import (
    Runnable,
    WorkflowContent,
    WorkflowNode,
    action_of,
    is_trigger,
    runnable,
)
from pagefree.workflows.facts import found_at, trimmed
from pagefree.workflows.filling import MASK, secrets_of
from pagefree.workflows.performing import preview_in, verdict

MOST_STEPS = 500


@dataclass(frozen=True, slots=True)
class Trial:
    """What is tried: a graph, from one of its triggers, for an incident or none."""

    content: WorkflowContent
    team_id: UUID | None
    trigger: str | None = None
    incident_id: UUID | None = None
    # what steps are taken to put out, by node; and by which port they are left
    outputs: Mapping[str, Any] = field(default_factory=dict)
    ports: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TriedStep:
    """What a step would do."""

    node: str
    turn: int
    status: str  # would_run | skipped | failed
    port: str | None
    shown: Any
    error: str | None


@dataclass(slots=True)
class _Course:
    ready: Runnable
    facts: dict[str, Any]
    trial: Trial
    base_url: str
    now: datetime
    steps: dict[Key, Step] = field(default_factory=dict)
    items: dict[str, list[Any]] = field(default_factory=dict)
    told: list[TriedStep] = field(default_factory=list)


async def dry_run(
    tx: Tx, actor: Actor, trial: Trial, base_url: str, now: datetime
) -> list[TriedStep]:
    """Every step in order, with the request that it would send; delays are over at once.

    Actions succeed by their first way out unless the trial says otherwise, and put out
    what the trial gives, or a placeholder for each of their outputs.
    """
    require(actor, Can.SEE)
    require_sound(trial.content, await secrets.names(tx, trial.team_id))
    incidents = await fact_queries.incident_facts(
        tx, [trial.incident_id] if trial.incident_id else [], base_url
    )
    if trial.incident_id is not None and trial.incident_id not in incidents:
        raise NotFound("there is no such incident")
    incident = incidents.get(trial.incident_id) if trial.incident_id else None
    ready = runnable(trial.content)
    facts = _facts(incident or {}, base_url, now)
    course = _Course(ready, facts, trial, base_url, now)
    await asyncio.to_thread(_go, course, _trigger(course))
    return course.told


def _facts(incident: Mapping[str, Any], base_url: str, now: datetime) -> dict[str, Any]:
    run_id = str(UUID(int=0))
    return {
        "incident": dict(incident),
        "event": {
            "kind": "incident.triggered",
            "at": now.isoformat(),
            "actor": "a test",
            "text": "",
            "data": {},
        },
        "request": {"body": {}},
        "workflow": {"id": run_id, "name": "a test", "version": 0},
        "run": {
            "id": run_id,
            "url": f"{base_url}/workflow-runs/{run_id}",
            "callback_url": f"{base_url}/v1/workflow-callbacks/{run_id}/{MASK}",
        },
        "steps": {},
    }


def _trigger(course: _Course) -> str:
    wanted = course.trial.trigger
    for node in course.trial.content.nodes:
        if is_trigger(node) and wanted in {None, node.id}:
            return node.id
    raise Invalid(f"there is no trigger {wanted!r}")


def _go(course: _Course, trigger: str) -> None:
    while len(course.told) < MOST_STEPS:
        following = advance(course.ready.graph, trigger, course.steps)
        for loop in following.finished:
            turns = course.steps[loop].turns
            course.steps[loop] = Step(StepStatus.SUCCEEDED, "done", turns)
        for key in following.skipped:
            course.steps[key] = Step(StepStatus.SKIPPED)
            course.told.append(TriedStep(*key, "skipped", None, None, None))
        for key in following.started:
            _try(course, key)
        if following.ended or not (following.started or following.skipped):
            return


def _try(course: _Course, key: Key) -> None:
    node = course.ready.nodes[key[0]]
    facts = {**course.facts, **_item(course, key)}
    try:
        step, shown = _tried(course, node, facts)
    except (ActionError, PageFreeError, Unclear) as e:
        step, shown = Step(StepStatus.FAILED), None
        course.told.append(TriedStep(*key, "failed", FAILED, None, str(e)))
    else:
        course.told.append(TriedStep(*key, "would_run", step.port, shown, None))
    course.steps[key] = step


def _item(course: _Course, key: Key) -> dict[str, Any]:
    """The item of the loop's turn; loops do not contain each other."""
    for loop, items in course.items.items():
        step = course.steps.get((loop, 0))
        if step and step.status is StepStatus.LOOPING and key[1] < len(items):
            return {"item": items[key[1]], "index": key[1]}
    return {}


def _tried(
    course: _Course, node: WorkflowNode, facts: dict[str, Any]
) -> tuple[Step, object]:
    if node.kind is NodeKind.CONDITION:
        port = course.trial.ports.get(node.id) or verdict(node, facts)
        return Step(StepStatus.SUCCEEDED, port), {"goes": port}
    if node.kind is NodeKind.LOOP:
        return _looped(course, node, facts)
    if node.kind is not NodeKind.ACTION:
        return Step(StepStatus.SUCCEEDED, OUT), dict(node.config)
    return _acted(course, node, facts)


def _looped(
    course: _Course, node: WorkflowNode, facts: dict[str, Any]
) -> tuple[Step, object]:
    items = found_at(facts, str(node.config["items"]))
    most = node.config.get("most", 20)
    through = items[: int(str(most))] if isinstance(items, list) else []
    course.items[node.id] = through
    shown = {"items": through, "count": len(through)}
    course.facts["steps"][node.id] = shown
    return Step(StepStatus.LOOPING, None, len(through)), shown


def _acted(
    course: _Course, node: WorkflowNode, facts: dict[str, Any]
) -> tuple[Step, object]:
    action = action_of(node)
    if action is None:
        raise Invalid(f"there is no action {node.type}")
    named = dict.fromkeys(secrets_of(node), MASK)
    at = Situation(
        key=new_id(),
        attempt=1,
        run_id=UUID(int=0),
        workflow="a test",
        secrets=named,
        now=course.now,
        cause=SYSTEM,
        team_id=course.trial.team_id,
        incident_id=course.trial.incident_id,
        incident=facts.get("incident", {}),
        base_url=course.base_url,
    )
    shown = preview_in(action, node, {**facts, "secrets": named}, at)
    placeholders = {name: f"[{node.id}.{name}]" for name in action.outputs}
    given = course.trial.outputs.get(node.id)
    output = {**placeholders, **(given if isinstance(given, dict) else {})}
    course.facts["steps"][node.id] = trimmed(output)
    port = course.trial.ports.get(node.id, action.ports[0])
    if port == FAILED:
        return Step(StepStatus.FAILED), shown
    return Step(StepStatus.SUCCEEDED, port), shown
