"""What tells machines how PageFree is: alive, ready, and figures for Prometheus."""

from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from pagefree import migrations
from pagefree.app import queries
from pagefree.canary import queries as canary_queries
from pagefree.core import canary
from pagefree.infra import metrics
from pagefree.infra.db import is_down, transaction

# Revisions are numbered, and one history is linear: the greatest number is the newest.
NEWEST = max(
    path.name.split("_")[0]
    for path in (Path(migrations.__file__).parent / "versions").glob("[0-9]*_*.py")
)

router = APIRouter(include_in_schema=False)


@router.get("/healthz")
async def healthz() -> JSONResponse:
    """The process is up; says nothing of the database on purpose."""
    return JSONResponse({"status": "ok"})


@router.get("/readyz")
async def readyz(request: Request) -> JSONResponse:
    """Whether requests can be served: the database answers and has the newest schema."""
    if request.app.state.leaving:
        return JSONResponse({"status": "unready", "why": "stopping"}, 503)
    try:
        async with transaction(request.app.state.engine) as tx:
            revision = await queries.revision(tx)
    except Exception as e:
        if not is_down(e):
            raise
        return JSONResponse({"status": "unready", "why": "no database"}, 503)
    if revision is None or revision < NEWEST:
        return JSONResponse({"status": "unready", "why": "not migrated"}, 503)
    return JSONResponse({"status": "ok"})


@router.get("/canaryz")
async def canaryz(request: Request) -> JSONResponse:
    """Whether the canary came back lately: what a watch elsewhere may ask."""
    state = request.app.state
    try:
        async with transaction(state.engine) as tx:
            runs = await canary_queries.list_runs(tx, 1)
    except Exception as e:
        if not is_down(e):
            raise
        return JSONResponse({"status": "silent", "why": "no database"}, 503)
    if not runs:
        return JSONResponse({"status": "silent", "why": "it has not flown yet"}, 503)
    (run,) = runs
    age = state.clock() - run.started_at
    seconds = round(run.took.total_seconds(), 3)
    known = {"age_seconds": round(age.total_seconds()), "seconds": seconds}
    if age > canary.STALE:
        return JSONResponse({"status": "silent", **known}, 503)
    return JSONResponse(
        {"status": "ok" if run.ok else "failed", **known}, 200 if run.ok else 503
    )


@router.get("/metrics")
async def figures(request: Request) -> Response:
    """Figures of this process and of the database."""
    state = request.app.state
    await state.figures.refresh(state.clock)
    return Response(metrics.exposition(), media_type=metrics.CONTENT_TYPE)
