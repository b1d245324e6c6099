"""Routes of runs: looking at them, steering them, answering them."""

import json
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Request

from pagefree.core.errors import Invalid
from pagefree.core.workflows import RunStatus
from pagefree.infra.web import (
    CurrentActor,
    Cursor,
    Limit,
    Now,
    Page,
    RequestTx,
    SecretVault,
    Shape,
    decode_cursor,
    next_cursor,
)
from pagefree.workflows import runs
from pagefree.workflows.run_shapes import (
    WorkflowAnswerIn,
    WorkflowRunDetail,
    WorkflowRunIn,
    WorkflowRunOut,
    WorkflowRunStarted,
    WorkflowSummary,
)

router = APIRouter(prefix="/v1", tags=["workflows"])

MOST_POSTED = 64 * 1024
Key = Annotated[str, Path(max_length=200)]


class WorkflowRunFilter(Shape):
    """Which runs to list."""

    workflow_id: UUID | None = None
    incident_id: UUID | None = None
    status: RunStatus | None = None


@router.get("/workflow-runs")
async def list_workflow_runs(
    wanted: Annotated[WorkflowRunFilter, Depends()],
    tx: RequestTx,
    actor: CurrentActor,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[WorkflowRunOut]:
    """Runs, the newest first."""
    where = wanted.model_dump(exclude_none=True, mode="json")
    before = decode_cursor(cursor)
    found = await runs.list_runs(tx, actor, where, before, limit)
    items = [WorkflowRunOut.of(one) for one in found]
    return Page(items=items, next_cursor=next_cursor(found, limit, lambda one: one.id))


@router.get("/workflow-summaries")
async def list_workflow_summaries(
    tx: RequestTx, actor: CurrentActor, now: Now
) -> list[WorkflowSummary]:
    """How the workflows that have run in the last 30 days are doing."""
    found = await runs.summaries(tx, actor, now)
    return [WorkflowSummary.model_validate(one, from_attributes=True) for one in found]


@router.post("/workflows/{workflow_id}/runs", status_code=201)
async def start_workflow(
    workflow_id: UUID,
    body: WorkflowRunIn,
    tx: RequestTx,
    actor: CurrentActor,
    now: Now,
) -> WorkflowRunStarted:
    """Start it by hand, for an incident or for none."""
    run_id = await runs.start_by_hand(tx, actor, workflow_id, body.incident_id, now)
    return WorkflowRunStarted(id=run_id)


@router.get("/workflow-runs/{workflow_run_id}")
async def get_workflow_run(
    workflow_run_id: UUID, tx: RequestTx, actor: CurrentActor
) -> WorkflowRunDetail:
    """One run with its steps and the graph that it follows."""
    found = await runs.detail(tx, actor, workflow_run_id)
    return WorkflowRunDetail.with_steps(found.run, found.content, found.steps)


@router.put("/workflow-runs/{workflow_run_id}/cancellation", status_code=204)
async def cancel_workflow_run(
    workflow_run_id: UUID, tx: RequestTx, actor: CurrentActor, now: Now
) -> None:
    """Do nothing more in it."""
    await runs.cancel(tx, actor, workflow_run_id, now)


@router.put("/workflow-runs/{workflow_run_id}/pause", status_code=204)
async def pause_workflow_run(
    workflow_run_id: UUID, tx: RequestTx, actor: CurrentActor
) -> None:
    """Begin no further step until it goes on."""
    await runs.pause(tx, actor, workflow_run_id)


@router.delete("/workflow-runs/{workflow_run_id}/pause", status_code=204)
async def resume_workflow_run(
    workflow_run_id: UUID, tx: RequestTx, actor: CurrentActor
) -> None:
    """Go on where it was paused."""
    await runs.resume(tx, actor, workflow_run_id)


@router.put("/workflow-runs/{workflow_run_id}/steps/{step_id}/answer", status_code=204)
async def answer_workflow_step(
    workflow_run_id: UUID,
    step_id: UUID,
    body: WorkflowAnswerIn,
    tx: RequestTx,
    actor: CurrentActor,
    now: Now,
) -> None:
    """Say yes or no to a step that waits for approval; the first answer counts."""
    said = (body.approved, body.comment)
    await runs.answer(tx, actor, (workflow_run_id, step_id), said, now)


# -- other systems: the address is the secret -----------------------------------------


async def _posted(request: Request) -> object:
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MOST_POSTED:
            raise Invalid(f"at most {MOST_POSTED} bytes are read")
    if not body:
        return {}
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return body.decode(errors="replace")


Posted = Annotated[object, Depends(_posted)]


@router.post("/workflow-hooks/{key}", status_code=202)
async def start_workflow_by_hook(
    key: Key, body: Posted, request: Request, tx: RequestTx, now: Now
) -> WorkflowRunStarted:
    """Start the workflow of this address, with what is posted."""
    sender = _sender(request.headers.get("x-pagefree-run", ""))
    return WorkflowRunStarted(id=await runs.start_by_hook(tx, key, body, sender, now))


def _sender(text: str) -> UUID | None:
    """The run that a workflow's own request says it comes from."""
    try:
        return UUID(text)
    except ValueError:
        return None


@router.post("/workflow-callbacks/{workflow_run_id}/{proof}", status_code=202)
async def call_workflow_back(
    workflow_run_id: UUID,
    proof: Key,
    body: Posted,
    tx: RequestTx,
    vault: SecretVault,
    now: Now,
) -> None:
    """Answer a run that waits for a callback, with what is posted."""
    await runs.call_back(tx, workflow_run_id, proof, body, vault, now)
