"""How far the copies of a status page are: in a bucket, and in a folder of another host."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Request

from pagefree.infra.web import CurrentActor, RequestTx, Shape
from pagefree.status_pages import push_queries, service
from pagefree.status_pages.memory import Memory

router = APIRouter(prefix="/v1", tags=["status-pages"])


class StatusPageCopy(Shape):
    """One copy: whether it has what the page shows, and what went wrong at last."""

    current: bool
    copied_at: datetime | None
    error: str | None


class StatusPageCopies(Shape):
    """Where the page lies besides here; null: nowhere, or it was not tried yet."""

    bucket: StatusPageCopy | None
    folder: StatusPageCopy | None


@router.get("/status-pages/{page_id}/copies")
async def get_status_page_copies(
    page_id: UUID, request: Request, tx: RequestTx, actor: CurrentActor
) -> StatusPageCopies:
    """The copies that outlive this installation, for those who set the page up."""
    await service.editable(tx, page_id, actor)
    push = await push_queries.get(tx, page_id)
    memory: Memory | None = request.app.state.status_memory
    export = memory.exports.get(page_id) if memory else None
    return StatusPageCopies(
        bucket=None
        if push is None
        else StatusPageCopy(
            current=push.current, copied_at=push.pushed_at, error=push.error
        ),
        folder=None
        if export is None
        else StatusPageCopy(
            current=export.error is None,
            copied_at=export.made_at,
            error=export.error,
        ),
    )
