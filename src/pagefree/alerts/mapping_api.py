"""The route that tries settings of an integration before they are saved."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from fastapi import APIRouter

from pagefree.alerts import previews
from pagefree.alerts.previews import Preview
from pagefree.core.alerts import Action, AlertEvent, ChangeEvent, Severity
from pagefree.infra.web import CurrentActor, Now, RequestTx, Shape


class PreviewedLink(Shape):
    """A page worth opening."""

    href: str
    text: str


class PreviewedEvent(Shape):
    """An event as it would have been read; of a change only some fields are there."""

    action: Literal[Action.TRIGGER, Action.ACKNOWLEDGE, Action.RESOLVE, "change"]
    dedup_key: str | None
    title: str
    severity: Severity | None
    body: str
    source_url: str | None
    labels: dict[str, object]
    links: list[PreviewedLink]
    group_key: str | None
    episode_at: datetime | None


class PreviewedRequest(Shape):
    """One of the last requests, as the settings read it."""

    request_id: UUID
    received_at: datetime
    events: list[PreviewedEvent]  # at most 20
    event_count: int
    ignored: str | None  # why it would be ignored
    errors: list[str]  # why it could not be read


class MappingIn(Shape):
    """Settings to try."""

    values: dict[str, object]


router = APIRouter(prefix="/v1", tags=["alerts"])


@router.post("/integrations/{integration_id}/mapping-preview")
async def preview_mapping(
    integration_id: UUID, body: MappingIn, tx: RequestTx, actor: CurrentActor, now: Now
) -> list[PreviewedRequest]:
    """The last 20 requests as these settings would read them; nothing is changed."""
    found = await previews.preview(tx, integration_id, body.values, actor, now)
    return [_request(one) for one in found]


def _request(preview: Preview) -> PreviewedRequest:
    return PreviewedRequest(
        request_id=preview.request_id,
        received_at=preview.received_at,
        events=[_event(event) for event in preview.events],
        event_count=preview.event_count,
        ignored=preview.ignored,
        errors=list(preview.errors),
    )


def _event(event: AlertEvent | ChangeEvent) -> PreviewedEvent:
    links = [PreviewedLink(href=link.href, text=link.text) for link in event.links]
    if isinstance(event, ChangeEvent):
        return PreviewedEvent(
            action="change",
            dedup_key=None,
            title=event.summary,
            severity=None,
            body=event.source,
            source_url=None,
            labels=dict(event.details),
            links=links,
            group_key=None,
            episode_at=None,
        )
    return PreviewedEvent(
        action=event.action,
        dedup_key=event.dedup_key,
        title=event.title,
        severity=event.severity,
        body=event.body,
        source_url=event.source_url,
        labels=dict(event.labels),
        links=links,
        group_key=event.group_key,
        episode_at=event.episode_at,
    )
