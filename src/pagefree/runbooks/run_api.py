"""Routes of runs, of runners that call back, and of the audit."""

import json
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Query, Response
from fastapi.responses import JSONResponse

from pagefree.core.access import Can, require
from pagefree.core.runbook_runs import RunState
from pagefree.core.runbooks import RunClass
from pagefree.infra.web import (
    CurrentActor,
    Cursor,
    Limit,
    Now,
    Page,
    RequestTx,
    decode_cursor,
    next_cursor,
    problem,
)
from pagefree.runbooks import callbacks, recording, run_queries, service
from pagefree.runbooks.callbacks import Callback, Verdict
from pagefree.runbooks.run_queries import Run, Wanted
from pagefree.runbooks.service import RunAsk
from pagefree.runbooks.shapes import (
    AuditOut,
    CallbackIn,
    CallbackOut,
    RunbookRef,
    RunFormOut,
    RunIn,
    RunLine,
    RunLines,
    RunOut,
)

router = APIRouter(prefix="/v1", tags=["runbooks"])
MOST_EXPORTED = 10_000
BEARER = "bearer "


def _wanted(
    incident_id: UUID | None = None,
    runbook_id: UUID | None = None,
    state: RunState | None = None,
) -> Wanted:
    return Wanted(incident_id, runbook_id, state.value if state else None)


TheWanted = Annotated[Wanted, Depends(_wanted)]


@router.get("/runbooks/{runbook_id}/form")
async def get_runbook_form(
    runbook_id: UUID,
    tx: RequestTx,
    actor: CurrentActor,
    now: Now,
    incident_id: UUID | None = None,
    version: int | None = None,
) -> RunFormOut:
    """What to show before a run, with parameters filled in from the incident."""
    require(actor, Can.SEE)
    form = await service.form(tx, runbook_id, version, incident_id, actor, now)
    content = form.content
    return RunFormOut(
        runbook_id=runbook_id,
        version=form.version.number,
        name=content.name,
        description=content.description,
        run_class=content.run_class,
        target=content.target,
        parameters=content.parameters,
        values=dict(form.values),
        connections=[RunbookRef(id=one.id, name=one.name) for one in form.connections],
        confirmation=content.name
        if content.run_class is RunClass.DESTRUCTIVE
        else None,
        may_run=form.may_run,
        why_not=form.why_not,
    )


@router.post("/runbooks/{runbook_id}/runs", status_code=201)
async def start_runbook(
    runbook_id: UUID, body: RunIn, tx: RequestTx, actor: CurrentActor, now: Now
) -> RunOut:
    """Start an approved version; the answer is a run that is queued."""
    ask = RunAsk(
        runbook_id,
        actor,
        body.parameters,
        body.version,
        body.incident_id,
        body.connection_id,
        body.confirmation,
    )
    run_id = await service.start(tx, ask, now)
    return _out(await service.get_run(tx, run_id))


@router.get("/runbook-runs")
async def list_runbook_runs(
    tx: RequestTx,
    actor: CurrentActor,
    wanted: TheWanted,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[RunOut]:
    """Runs, newest first; of one incident or runbook, or all."""
    require(actor, Can.SEE)
    rows = await run_queries.list_runs(tx, wanted, decode_cursor(cursor), limit)
    return Page[RunOut](
        items=[_out(row) for row in rows],
        next_cursor=next_cursor(rows, limit, lambda row: row.id),
    )


@router.get("/runbook-runs/{run_id}")
async def get_runbook_run(run_id: UUID, tx: RequestTx, actor: CurrentActor) -> RunOut:
    """One run."""
    require(actor, Can.SEE)
    return _out(await service.get_run(tx, run_id))


@router.get("/runbook-runs/{run_id}/lines")
async def list_runbook_run_lines(
    run_id: UUID,
    tx: RequestTx,
    actor: CurrentActor,
    after: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
) -> RunLines:
    """Its output after the line of that number."""
    require(actor, Can.SEE)
    run = await service.get_run(tx, run_id)
    lines = await run_queries.list_lines(tx, run_id, after, limit)
    return RunLines(
        items=[RunLine.model_validate(one) for one in lines], state=RunState(run.state)
    )


@router.put("/runbook-runs/{run_id}/cancellation")
async def cancel_runbook_run(
    run_id: UUID, tx: RequestTx, actor: CurrentActor, now: Now
) -> RunOut:
    """Ask for its end; it is over once the target says so."""
    await service.cancel(tx, run_id, actor, now)
    return _out(await service.get_run(tx, run_id))


@router.post("/runbook-runs/{run_id}/callback", response_model=CallbackOut)
async def call_back(
    run_id: UUID,
    body: CallbackIn,
    tx: RequestTx,
    now: Now,
    authorization: Annotated[str, Header()] = "",
) -> CallbackOut | JSONResponse:
    """Progress and the result, by the run's own token; 403 and 409 are recorded, too."""
    known = authorization[: len(BEARER)].lower() == BEARER
    said = Callback(
        token=authorization[len(BEARER) :].strip() if known else "",
        event_id=body.id,
        state=RunState(body.state) if body.state else None,
        outcome=body.outcome,
        lines=body.lines,
        result=body.result,
        body=json.dumps(body.model_dump(mode="json", exclude_defaults=True)),
    )
    verdict = await callbacks.receive(tx, run_id, said, now)
    if verdict is Verdict.FORGED:
        return problem(403, "forbidden", "the token is not this run's")
    if verdict is Verdict.LATE:
        return problem(409, "conflict", "the run is over: this changes nothing")
    return CallbackOut(verdict=verdict.value)


@router.get("/runbook-audit")
async def list_runbook_audit(
    tx: RequestTx,
    actor: CurrentActor,
    after: Annotated[int, Query(ge=0)] = 0,
    runbook_id: UUID | None = None,
    limit: Limit = 50,
) -> list[AuditOut]:
    """The audit, oldest first, after the entry of that id."""
    require(actor, Can.ADMINISTER)
    found = await recording.entries(tx, after, runbook_id, limit)
    return [AuditOut.model_validate(one) for one in found]


@router.get("/runbook-audit/export", response_class=Response)
async def export_runbook_audit(
    tx: RequestTx,
    actor: CurrentActor,
    after: Annotated[int, Query(ge=0)] = 0,
    runbook_id: UUID | None = None,
) -> Response:
    """The audit as lines of JSON, at most 10,000; each hash covers the line before."""
    require(actor, Can.ADMINISTER)
    found = await recording.entries(tx, after, runbook_id, MOST_EXPORTED)
    body = b"".join(recording.line_of(one) for one in found)
    return Response(
        body,
        media_type="application/x-ndjson",
        headers={"Content-Disposition": 'attachment; filename="runbook-audit.ndjson"'},
    )


def _out(run: Run) -> RunOut:
    same = set(RunOut.model_fields) & set(Run.__slots__)
    return RunOut(
        **{name: getattr(run, name) for name in same},
        name=run.runbook_name,
        started_by=run.cause_name,
        started_by_id=run.cause_id,
        cancelling=run.cancelled_at is not None and run.finished_at is None,
    )
