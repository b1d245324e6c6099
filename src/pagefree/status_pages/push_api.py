"""How far the copy of a status page is that lies in a bucket."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter

from pagefree.infra.web import CurrentActor, RequestTx, Shape
from pagefree.status_pages import push_queries, service

router = APIRouter(prefix="/v1", tags=["status-pages"])


class StatusPageCopy(Shape):
    """Whether the bucket has what the page shows; nothing of it where there is no bucket."""

    current: bool
    pushed_at: datetime | None
    error: str | None


@router.get("/status-pages/{page_id}/copy")
async def get_status_page_copy(
    page_id: UUID, tx: RequestTx, actor: CurrentActor
) -> StatusPageCopy | None:
    """The copy in the bucket; null where none was ever made or tried."""
    await service.editable(tx, page_id, actor)
    found = await push_queries.get(tx, page_id)
    if found is None:
        return None
    return StatusPageCopy(
        current=found.current, pushed_at=found.pushed_at, error=found.error
    )
