"""Routes of those who follow a status page: list, add, remove, import, export."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import Field

from pagefree.core.subscriptions import Way
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
from pagefree.status_pages import followers
from pagefree.status_pages.followers import NewFollower
from pagefree.status_pages.shapes import StatusPageRef
from pagefree.status_pages.subscriber_queries import Subscriber
from pagefree.status_pages.subscribing import Wish

router = APIRouter(prefix="/v1", tags=["status-pages"])
OF_PAGE = "/status-pages/{page_id}/subscribers"
FILE_NAME = "subscribers.csv"


class StatusSubscriber(Shape):
    """Somebody who follows a page, or has asked to and not confirmed yet."""

    id: UUID
    way: Way
    address: str
    language: str
    incidents: bool
    maintenances: bool
    components: list[StatusPageRef]  # none: every one
    confirmed_at: datetime | None
    stopped_at: datetime | None  # too much did not arrive: nothing more is sent
    bounces: int
    created_at: datetime


class StatusSubscriberIn(Shape):
    """Somebody to add, who has agreed to it elsewhere: they are not asked again."""

    way: Way = Way.EMAIL
    address: str = Field(min_length=3, max_length=500)
    language: str | None = Field(None, max_length=10)
    incidents: bool = True
    maintenances: bool = True
    component_ids: Annotated[list[UUID], Field(max_length=500)] | None = None


class StatusSubscriberCounts(Shape):
    """How many follow a page, and how many messages to them wait to leave."""

    confirmed: int
    unconfirmed: int
    stopped: int
    waiting: int


class StatusSubscriberImport(Shape):
    """Subscribers as CSV: way, address, language, incidents, maintenances, components."""

    csv: str = Field(max_length=2_000_000)


class StatusSubscriberPassedOver(Shape):
    """A line that was not imported."""

    line: int
    why: str


class StatusSubscribersImported(Shape):
    """What came of an import."""

    added: int
    passed_over: list[StatusSubscriberPassedOver]


@router.get(OF_PAGE)
async def list_status_subscribers(
    page_id: UUID,
    tx: RequestTx,
    actor: CurrentActor,
    query: Annotated[str, Query(max_length=200)] = "",
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[StatusSubscriber]:
    """Who follows the page, newest first; `query`: in the address."""
    before = decode_cursor(cursor)
    rows = await followers.list_followers(tx, page_id, query, before, limit, actor)
    return Page[StatusSubscriber](
        items=[_shape(row) for row in rows],
        next_cursor=next_cursor(rows, limit, lambda row: row.id),
    )


@router.get(OF_PAGE + "/counts")
async def count_status_subscribers(
    page_id: UUID, tx: RequestTx, actor: CurrentActor
) -> StatusSubscriberCounts:
    """How many follow the page."""
    found = await followers.count(tx, page_id, actor)
    return StatusSubscriberCounts(
        confirmed=found.confirmed,
        unconfirmed=found.unconfirmed,
        stopped=found.stopped,
        waiting=found.waiting,
    )


@router.get(OF_PAGE + "/export", response_class=Response)
async def export_status_subscribers(
    page_id: UUID, tx: RequestTx, actor: CurrentActor
) -> Response:
    """Who follows the page, as CSV that spreadsheets take for text."""
    content = await followers.export(tx, page_id, actor)
    headers = {"Content-Disposition": f'attachment; filename="{FILE_NAME}"'}
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)


@router.post(OF_PAGE, status_code=201)
async def add_status_subscriber(
    page_id: UUID,
    body: StatusSubscriberIn,
    tx: RequestTx,
    actor: CurrentActor,
    vault: SecretVault,
    now: Now,
) -> StatusSubscriber:
    """Add somebody who has agreed to it elsewhere."""
    chosen = None if body.component_ids is None else frozenset(body.component_ids)
    wish = Wish(body.incidents, body.maintenances, chosen or None)
    new = NewFollower(body.way, body.address, body.language, wish)
    return _shape(await followers.add(tx, page_id, new, vault, actor, now))


@router.post(OF_PAGE + "/import")
async def import_status_subscribers(
    page_id: UUID,
    body: StatusSubscriberImport,
    tx: RequestTx,
    actor: CurrentActor,
    vault: SecretVault,
    now: Now,
) -> StatusSubscribersImported:
    """Add everybody in a CSV; lines that cannot be read are passed over and told of."""
    done = await followers.import_followers(tx, page_id, body.csv, vault, actor, now)
    passed = [
        StatusSubscriberPassedOver(line=one.line, why=one.why)
        for one in done.passed_over
    ]
    return StatusSubscribersImported(added=done.added, passed_over=passed)


@router.put(OF_PAGE + "/{subscriber_id}/delivery")
async def resume_status_subscriber(
    page_id: UUID, subscriber_id: UUID, tx: RequestTx, actor: CurrentActor
) -> StatusSubscriber:
    """Send to an address again to which too much did not arrive."""
    return _shape(await followers.resume(tx, page_id, subscriber_id, actor))


@router.delete(OF_PAGE + "/{subscriber_id}", status_code=204)
async def remove_status_subscriber(
    page_id: UUID, subscriber_id: UUID, tx: RequestTx, actor: CurrentActor, now: Now
) -> None:
    """Forget somebody who follows the page."""
    await followers.remove(tx, page_id, subscriber_id, actor, now)


def _shape(one: Subscriber) -> StatusSubscriber:
    return StatusSubscriber(
        id=one.id,
        way=one.way,
        address=one.address,
        language=one.language,
        incidents=one.incidents,
        maintenances=one.maintenances,
        components=[StatusPageRef(id=ref.id, name=ref.name) for ref in one.components],
        confirmed_at=one.confirmed_at,
        stopped_at=one.stopped_at,
        bounces=one.bounces,
        created_at=one.created_at,
    )
