"""Runs as people see and steer them: started by hand, paused, cancelled, answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from pagefree.core.access import Actor, Can, require
from pagefree.core.errors import Conflict, Forbidden, Invalid, NotFound
from pagefree.core.workflows import ENDED, RunStatus, StepStatus
from pagefree.infra.crypto import Vault, token_hash
from pagefree.infra.db import Channel, Tx, notify
from pagefree.timeline.service import Cause, CauseKind, by, record
from pagefree.workflows import (
    fact_queries,
    queries,
    run_queries,
    settling,
    statistic_queries,
)
from pagefree.workflows.content import WorkflowContent, runnable_text
from pagefree.workflows.facts import kept, trimmed
from pagefree.workflows.preparing import CALLBACK_DIGITS
from pagefree.workflows.queries import Startable
from pagefree.workflows.run_queries import Run, StepRow
from pagefree.workflows.running import cancel as cancel_runs
from pagefree.workflows.running import told
from pagefree.workflows.settling import APPROVAL, CALLBACK
from pagefree.workflows.starting import Start, start

MONTH = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class RunDetail:
    """A run with its steps and the graph that it follows."""

    run: Run
    steps: Sequence[StepRow]
    content: WorkflowContent


@dataclass(frozen=True, slots=True)
class Statistics:
    """How the runs of a workflow went in the last 30 days."""

    by_status: Mapping[str, int]
    median_s: float | None
    failing: Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class _About:
    """Who or what starts a run, and with what."""

    cause: Cause
    incident_id: UUID | None = None
    incident: Mapping[str, Any] = field(default_factory=dict)
    request: Mapping[str, Any] | None = None
    chain: Sequence[UUID] = ()


def require_runner(actor: Actor, team_id: UUID | None) -> None:
    """Raise Forbidden unless the actor may start and steer runs of this team's workflows."""
    if team_id is None:
        require(actor, Can.ADMINISTER)
    else:
        require(actor, Can.RESPOND, team_id)


async def list_runs(
    tx: Tx,
    actor: Actor,
    where: Mapping[str, object],
    before: UUID | None,
    limit: int,
) -> list[Run]:
    """Newest first."""
    require(actor, Can.SEE)
    return await run_queries.list_runs(tx, where, before, limit)


async def detail(tx: Tx, actor: Actor, run_id: UUID) -> RunDetail:
    """One run with all its steps. Raises NotFound."""
    require(actor, Can.SEE)
    run = await _get(tx, run_id)
    steps = await run_queries.list_steps(tx, [run_id])
    text = (await queries.contents(tx, [run.version_id]))[run.version_id]
    content = WorkflowContent.model_validate_json(text)
    return RunDetail(run, steps[run_id], content)


async def _get(tx: Tx, run_id: UUID) -> Run:
    run = (await run_queries.get_runs(tx, [run_id])).get(run_id)
    if run is None:
        raise NotFound("there is no such run")
    return run


async def statistics(
    tx: Tx, actor: Actor, workflow_id: UUID, now: datetime
) -> Statistics:
    """How its runs went in the last 30 days."""
    require(actor, Can.SEE)
    since = now - MONTH
    by_status, median_s = await statistic_queries.statistics(tx, workflow_id, since)
    failing = await statistic_queries.failing_nodes(tx, workflow_id, since)
    return Statistics(by_status, median_s, failing)


async def summaries(
    tx: Tx, actor: Actor, now: datetime
) -> list[statistic_queries.Summary]:
    """How the workflows that have run in the last 30 days are doing."""
    require(actor, Can.SEE)
    return await statistic_queries.summaries(tx, now - MONTH)


# -- starting -------------------------------------------------------------------------


async def start_by_hand(
    tx: Tx, actor: Actor, workflow_id: UUID, incident_id: UUID | None, now: datetime
) -> UUID:
    """Start it for an incident, or for none. Raises Conflict where it must not start."""
    workflow = await queries.get_startable(tx, workflow_id)
    if workflow is None:
        raise NotFound("there is no such workflow")
    incident: Mapping[str, Any] = {}
    if incident_id is not None:
        incident = await _incident(tx, incident_id, workflow.team_id)
    team_id = UUID(incident["team"]["id"]) if incident else workflow.team_id
    require_runner(actor, team_id)
    about = _About(by(actor), incident_id, incident)
    return await _start(tx, workflow, "manual", about, now)


async def start_by_hook(
    tx: Tx, key: str, body: object, sender: UUID | None, now: datetime
) -> UUID:
    """Start the workflow of this key, with what was posted; `sender` is a run that has.

    Raises NotFound, and Conflict where the workflow would start itself again.
    """
    workflow_id = await queries.use_hook(tx, token_hash(key), now)
    found = await queries.list_startable_by_id(tx, [workflow_id] if workflow_id else [])
    if workflow_id is None or workflow_id not in found:
        raise NotFound("nothing is started by this key")
    cause = Cause(CauseKind.SYSTEM, None, "a webhook")
    chains = await run_queries.chains(tx, [sender] if sender else [])
    chain = chains.get(sender, ()) if sender else ()
    about = _About(cause, request={"body": trimmed(body)}, chain=chain)
    return await _start(tx, found[workflow_id], "webhook", about, now)


async def _start(
    tx: Tx,
    workflow: Startable,
    kind: str,
    about: _About,
    now: datetime,
) -> UUID:
    triggers = runnable_text(workflow.content).triggers(kind)
    if not triggers:
        raise Conflict(f"nothing in this workflow is started by {kind}")
    one = Start(
        workflow,
        triggers[0],
        about.cause,
        about.incident_id,
        about.incident,
        request=about.request,
        chain=about.chain,
    )
    run_id = (await start(tx, [one], now))[0]
    if run_id is None:
        raise Conflict("it must not start now: it runs already, or has run too often")
    return run_id


async def _incident(
    tx: Tx, incident_id: UUID, team_id: UUID | None
) -> Mapping[str, Any]:
    facts = await fact_queries.incident_facts(tx, [incident_id], "")
    if incident_id not in facts:
        raise NotFound("there is no such incident")
    incident = facts[incident_id]
    if team_id is not None and incident["team"]["id"] != str(team_id):
        raise Invalid("the workflow is for incidents of another team")
    return incident


# -- steering ---------------------------------------------------------------------------


async def _lock(tx: Tx, actor: Actor, run_id: UUID) -> Run:
    require(actor, Can.SEE)
    run = (await run_queries.lock_runs(tx, [run_id])).get(run_id)
    if run is None:
        raise NotFound("there is no such run")
    require_runner(actor, await _team(tx, run))
    return run


async def _team(tx: Tx, run: Run) -> UUID | None:
    if run.incident_id is None:
        return run.team_id
    facts = await fact_queries.incident_facts(tx, [run.incident_id], "")
    found = facts.get(run.incident_id)
    return UUID(found["team"]["id"]) if found else run.team_id


async def cancel(tx: Tx, actor: Actor, run_id: UUID, now: datetime) -> None:
    """Do nothing more in it; what is being done at this moment is finished, and ignored."""
    run = await _lock(tx, actor, run_id)
    await cancel_runs(tx, [run], by(actor), now)


async def pause(tx: Tx, actor: Actor, run_id: UUID) -> None:
    """Begin no further step until it goes on."""
    run = await _lock(tx, actor, run_id)
    if run.status in ENDED or run.status is RunStatus.QUEUED:
        raise Conflict("the run is not going on")
    await run_queries.update_runs(tx, [run_id], {"status": RunStatus.PAUSED.value})


async def resume(tx: Tx, actor: Actor, run_id: UUID) -> None:
    """Go on where it was paused."""
    run = await _lock(tx, actor, run_id)
    if run.status not in {RunStatus.PAUSED, RunStatus.RUNNING}:
        raise Conflict("the run is not paused")
    await run_queries.update_runs(tx, [run_id], {"status": RunStatus.RUNNING.value})
    await notify(tx, Channel.STEPS)


# -- answers ------------------------------------------------------------------------------


async def answer(
    tx: Tx,
    actor: Actor,
    waiting: tuple[UUID, UUID],
    said: tuple[bool, str],
    now: datetime,
) -> None:
    """Say yes or no to (run, step), with a comment. The first answer counts."""
    run_id, step_id = waiting
    approved, comment = said
    require(actor, Can.DECLARE)  # a key that may only read answers nothing
    run = (await run_queries.lock_runs(tx, [run_id])).get(run_id)
    steps = (await run_queries.list_steps(tx, [run_id]))[run_id] if run else []
    step = next((one for one in steps if one.id == step_id), None)
    if run is None or step is None:
        raise NotFound("there is no such question")
    content = (await queries.contents(tx, [run.version_id]))[run.version_id]
    await _require_asked(tx, actor, run, step)
    if step.status is not StepStatus.WAITING or run.status in ENDED:
        raise Conflict("it has been answered already, or nobody waits for it any more")
    node = WorkflowContent.model_validate_json(content)
    if not any(n.id == step.node and n.type == APPROVAL for n in node.nodes):
        raise Conflict("this step waits for something else than people")
    output = {**(step.output or {}), "answered_by": actor.name, "comment": comment}
    values = {
        "port": "approved" if approved else "rejected",
        "output": kept(output),
        "answered_by_id": actor.user_id,
    }
    entry = told(run, "answered", {"approved": approved, "comment": comment, **output})
    entry.cause = by(actor)
    await record(tx, [entry], now)
    await settling.answer(tx, run_id, step_id, values, now)


async def _require_asked(tx: Tx, actor: Actor, run: Run, step: StepRow) -> None:
    asked = step.output.get("asked", []) if isinstance(step.output, dict) else []
    if str(actor.user_id) in asked:
        return
    try:
        require_runner(actor, await _team(tx, run))
    except Forbidden as e:
        raise Forbidden("others were asked, and you may not respond here") from e
    if asked and not actor.platform_admin:
        raise Forbidden("others were asked")


async def call_back(
    tx: Tx, run_id: UUID, proof: str, body: object, vault: Vault, now: datetime
) -> None:
    """Something outside answers a run; before its step waits for it, that is kept."""
    made = vault.made_digits(f"workflow run {run_id}", proof)
    if len(proof) != CALLBACK_DIGITS or not made:
        raise NotFound("nothing waits at this address")
    run = (await run_queries.lock_runs(tx, [run_id])).get(run_id)
    if run is None or run.status in ENDED:
        raise NotFound("nothing waits at this address")
    kept_body = trimmed(body)
    text = (await queries.contents(tx, [run.version_id]))[run.version_id]
    types = {n.id: n.type for n in WorkflowContent.model_validate_json(text).nodes}
    steps = (await run_queries.list_steps(tx, [run_id]))[run_id]
    for step in steps:
        if step.status is StepStatus.WAITING and types.get(step.node) == CALLBACK:
            values = {"port": "out", "output": kept({"body": kept_body})}
            await settling.answer(tx, run_id, step.id, values, now)
            return
    await run_queries.update_runs(tx, [run_id], {"callback": kept_body})
