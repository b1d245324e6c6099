"""Loading what claimed steps need: their runs, what they see, the secrets they name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pagefree.actions.base import Situation, Transports
from pagefree.core.workflows import StepStatus
from pagefree.infra.crypto import Vault
from pagefree.infra.db import Tx
from pagefree.timeline.service import Cause
from pagefree.workflows import fact_queries, run_queries, secrets
from pagefree.workflows.content import Runnable, WorkflowNode, action_of
from pagefree.workflows.facts import trimmed
from pagefree.workflows.filling import MASK, secrets_of
from pagefree.workflows.people import NOBODY, People, people_of
from pagefree.workflows.run_queries import Claimed, Run, StepRow
from pagefree.workflows.running import cause_of, runnables

LEASE = timedelta(seconds=120)  # longer than any attempt takes
CALLBACK_DIGITS = 40  # 132 bits


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What steps run with."""

    transports: Transports
    vault: Vault
    base_url: str


@dataclass(frozen=True, slots=True)
class Work:
    """A claimed step with all that is needed to do it."""

    step: Claimed
    run: Run
    node: WorkflowNode
    ready: Runnable
    facts: Mapping[str, Any]
    secrets: Mapping[str, str]
    base_url: str
    people: People = NOBODY

    def situation(self, now: datetime, *, hidden: bool = False) -> Situation:
        """Where it runs; `hidden`: with nothing in place of the secrets, to be shown."""
        shown = dict.fromkeys(self.secrets, MASK) if hidden else self.secrets
        return Situation(
            key=self.step.id,
            attempt=self.step.attempts,
            run_id=self.run.id,
            workflow=self.run.workflow_name,
            secrets=shown,
            now=now,
            cause=self.cause,
            team_id=self.run.team_id,
            incident_id=self.run.incident_id,
            incident=self.facts.get("incident", {}),
            base_url=self.base_url,
            author=self.people.author,
            approved_by=self.people.approved_by,
        )

    @property
    def cause(self) -> Cause:
        """The run, as the cause of what it does."""
        return cause_of(self.run)

    def visible(self, *, hidden: bool = False) -> dict[str, Any]:
        """What templates see."""
        shown = dict.fromkeys(self.secrets, MASK) if hidden else dict(self.secrets)
        return {**self.facts, "secrets": shown}


async def prepare(
    tx: Tx, claimed: Sequence[Claimed], around: Surroundings
) -> list[Work]:
    """What claimed steps need, in a constant number of statements."""
    runs = await run_queries.get_runs(tx, {step.run_id for step in claimed})
    ready = await runnables(tx, runs.values())
    steps = await run_queries.list_steps(tx, list(runs))
    ids = {run.incident_id for run in runs.values() if run.incident_id}
    incidents = await fact_queries.incident_facts(tx, ids, around.base_url)
    nodes = {s.id: _node(ready[runs[s.run_id].version_id], s) for s in claimed}
    wanted = {name for node in nodes.values() for name in secrets_of(node)}
    opened = await secrets.opened(tx, wanted, around.vault)
    work = []
    for step in claimed:
        run, node = runs[step.run_id], nodes[step.id]
        incident = incidents.get(run.incident_id) if run.incident_id else None
        work.append(
            Work(
                step,
                run,
                node,
                ready[run.version_id],
                _seen(step, run, steps[run.id], incident, around),
                secrets.usable(opened, run.team_id, secrets_of(node)),
                around.base_url,
                await _people(tx, run, ready[run.version_id], node, steps[run.id]),
            )
        )
    return work


async def _people(
    tx: Tx, run: Run, ready: Runnable, node: WorkflowNode, steps: Sequence[StepRow]
) -> People:
    action = action_of(node)
    if action is None or not action.needs_people:
        return NOBODY
    return await people_of(tx, run, ready.graph, node.id, steps)


def _node(ready: Runnable, step: Claimed) -> WorkflowNode:
    return ready.nodes[step.node]


def _seen(
    step: Claimed,
    run: Run,
    steps: Sequence[StepRow],
    incident: Mapping[str, Any] | None,
    around: Surroundings,
) -> dict[str, Any]:
    facts = {
        **run.input,
        **facts_of_run(run, around),
        "steps": _outputs(step, steps),
    }
    if incident is not None:
        facts["incident"] = incident
    looping = [row for row in steps if row.status is StepStatus.LOOPING]
    for row in looping:
        items = row.output.get("items", []) if isinstance(row.output, dict) else []
        if step.turn < len(items):
            facts |= {"item": items[step.turn], "index": step.turn}
    cut: dict[str, Any] = trimmed(facts)
    return cut


def facts_of_run(run: Run, around: Surroundings) -> dict[str, object]:
    """The run and its workflow, as templates see them."""
    proof = around.vault.digits(f"workflow run {run.id}", CALLBACK_DIGITS)
    return {
        "workflow": {
            "id": str(run.workflow_id),
            "name": run.workflow_name,
            "version": run.version_number,
        },
        "run": {
            "id": str(run.id),
            "url": f"{around.base_url}/workflow-runs/{run.id}",
            "callback_url": f"{around.base_url}/v1/workflow-callbacks/{run.id}/{proof}",
        },
    }


def _outputs(step: Claimed, steps: Sequence[StepRow]) -> dict[str, object]:
    """What earlier steps put out; in a loop, what they did in this turn."""
    found: dict[str, object] = {}
    for row in steps:
        settled = row.status in {StepStatus.SUCCEEDED, StepStatus.FAILED}
        shown = settled or row.status is StepStatus.LOOPING
        if shown and row.turn in {0, step.turn}:
            output = row.output if isinstance(row.output, dict) else {}
            found[row.node] = {**output, "error": row.error or ""}
    return found
