"""What the last requests would have been read as, with settings that are not saved yet."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ValidationError

from pagefree.alerts import preview_queries as queries
from pagefree.alerts import reading
from pagefree.alerts.requests import Stored
from pagefree.core.access import Actor
from pagefree.core.alerts import AlertEvent, ChangeEvent
from pagefree.core.errors import Invalid
from pagefree.infra.db import Tx
from pagefree.integrations import all_kinds
from pagefree.integrations.base import Ignored, Kind, Unreadable
from pagefree.services import service as services

REQUESTS = 20
LONGEST = 64 * 1024  # bytes of a body
MOST_EVENTS = 20  # shown of one request


@dataclass(frozen=True, slots=True)
class Preview:
    """One stored request as the settings read it."""

    request_id: UUID
    received_at: datetime
    events: Sequence[AlertEvent | ChangeEvent] = ()  # at most MOST_EVENTS
    event_count: int = 0
    ignored: str | None = None  # why
    errors: Sequence[str] = ()  # why it cannot be read


async def preview(
    tx: Tx,
    integration_id: UUID,
    values: Mapping[str, object],
    actor: Actor,
    now: datetime,
) -> list[Preview]:
    """The last requests, newest first, as `values` read them. Raises Invalid."""
    integration = await services.editable(tx, integration_id, actor, now)
    kind = all_kinds().get(integration.kind)
    if kind is None or kind.integration.Settings is None:
        raise Invalid("there is nothing to set")
    try:
        settings = kind.settings(values)
    except ValidationError as e:
        first = e.errors()[0]
        raise Invalid(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from e
    stored = await queries.list_last(tx, integration_id, REQUESTS, LONGEST)
    # somebody's templates over many events take a while: others are served meanwhile
    return await asyncio.to_thread(_all_read, kind, settings, stored)


def _all_read(
    kind: Kind, settings: BaseModel | None, stored: Sequence[tuple[UUID, Stored]]
) -> list[Preview]:
    return [_read(kind, settings, *one) for one in stored]


def _read(
    kind: Kind, settings: BaseModel | None, request_id: UUID, request: Stored
) -> Preview:
    read = Preview(request_id, request.received_at)
    try:
        parsed = reading.again(kind, request, settings)
    except Unreadable as e:
        return replace(read, errors=e.errors)
    except Ignored as e:
        return replace(read, ignored=e.reason)
    shown = parsed.events[:MOST_EVENTS]
    return replace(read, events=shown, event_count=len(parsed.events))
