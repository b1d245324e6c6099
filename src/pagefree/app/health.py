"""What tells machines how PageFree is: alive, ready, and figures for Prometheus."""

from datetime import datetime
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from pagefree import migrations
from pagefree.app import queries
from pagefree.infra import metrics
from pagefree.infra.db import Tx, is_down, transaction

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


@router.get("/metrics")
async def figures(request: Request) -> Response:
    """Figures of this process and of the database."""
    state = request.app.state
    try:
        async with transaction(state.engine) as tx:
            await _measure(tx, state.clock())
    except Exception as e:
        if not is_down(e):
            raise  # without a database this process still has figures of its own
    return Response(metrics.exposition(), media_type=metrics.CONTENT_TYPE)


async def _measure(tx: Tx, now: datetime) -> None:
    for what, late in (await queries.overdue(tx, now)).items():
        metrics.OVERDUE_SECONDS.labels(what).set(late.total_seconds())
    for kind, at in (await queries.beats(tx)).items():
        metrics.BEAT_AGE_SECONDS.labels(kind).set((now - at).total_seconds())
