"""Routes of calendars to subscribe to: making their secret addresses, and what is there."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Response, status

from pagefree.core.access import Actor
from pagefree.infra.db import Tx
from pagefree.infra.web import BaseUrl, CurrentActor, Now, RequestTx, Shape
from pagefree.schedules import feeds, ical
from pagefree.schedules.feed_queries import Subject

SUFFIX = ".ics"
MAX_AGE_S = 300  # a program that asks more often than it was told learns nothing new

router = APIRouter(prefix="/v1", tags=["schedules"])
public = APIRouter(include_in_schema=False)


class CalendarFeed(Shape):
    """Whether you have a secret address for this calendar, and when it was last read."""

    exists: bool
    created_at: datetime | None
    read_at: datetime | None  # to the hour; null: never


class NewCalendarFeed(Shape):
    """The secret address of a calendar: shown this once."""

    url: str
    webcal_url: str  # the same, for programs that open it to subscribe
    created_at: datetime


@router.get("/me/calendar-feed")
async def get_my_calendar_feed(actor: CurrentActor, tx: RequestTx) -> CalendarFeed:
    """The calendar of your own shifts, in all schedules."""
    return await _found(tx, Subject(actor.user_id), actor)


@router.post("/me/calendar-feed", status_code=status.HTTP_201_CREATED)
async def create_my_calendar_feed(
    actor: CurrentActor, tx: RequestTx, base_url: BaseUrl, now: Now
) -> NewCalendarFeed:
    """Give it a new secret address; the old one is dead."""
    token = await feeds.rotate(tx, Subject(actor.user_id), actor, now)
    return _made(token, base_url, now)


@router.delete("/me/calendar-feed", status_code=status.HTTP_204_NO_CONTENT)
async def delete_my_calendar_feed(actor: CurrentActor, tx: RequestTx) -> None:
    """Let it have no address."""
    await feeds.remove(tx, Subject(actor.user_id), actor)


@router.get("/schedules/{schedule_id}/calendar-feed")
async def get_schedule_calendar_feed(
    schedule_id: UUID, actor: CurrentActor, tx: RequestTx
) -> CalendarFeed:
    """The calendar of everybody in the schedule, at an address of your own."""
    subject = Subject(actor.user_id, schedule_id=schedule_id)
    return await _found(tx, subject, actor)


@router.post(
    "/schedules/{schedule_id}/calendar-feed", status_code=status.HTTP_201_CREATED
)
async def create_schedule_calendar_feed(
    schedule_id: UUID, actor: CurrentActor, tx: RequestTx, base_url: BaseUrl, now: Now
) -> NewCalendarFeed:
    """Give it a new secret address of yours; your old one is dead."""
    subject = Subject(actor.user_id, schedule_id=schedule_id)
    return _made(await feeds.rotate(tx, subject, actor, now), base_url, now)


@router.delete(
    "/schedules/{schedule_id}/calendar-feed", status_code=status.HTTP_204_NO_CONTENT
)
async def delete_schedule_calendar_feed(
    schedule_id: UUID, actor: CurrentActor, tx: RequestTx
) -> None:
    """Let it have no address of yours."""
    await feeds.remove(tx, Subject(actor.user_id, schedule_id=schedule_id), actor)


@router.get("/teams/{team_id}/calendar-feed")
async def get_team_calendar_feed(
    team_id: UUID, actor: CurrentActor, tx: RequestTx
) -> CalendarFeed:
    """The calendar of all schedules of the team, at an address of your own."""
    return await _found(tx, Subject(actor.user_id, team_id=team_id), actor)


@router.post("/teams/{team_id}/calendar-feed", status_code=status.HTTP_201_CREATED)
async def create_team_calendar_feed(
    team_id: UUID, actor: CurrentActor, tx: RequestTx, base_url: BaseUrl, now: Now
) -> NewCalendarFeed:
    """Give it a new secret address of yours; your old one is dead."""
    subject = Subject(actor.user_id, team_id=team_id)
    return _made(await feeds.rotate(tx, subject, actor, now), base_url, now)


@router.delete("/teams/{team_id}/calendar-feed", status_code=status.HTTP_204_NO_CONTENT)
async def delete_team_calendar_feed(
    team_id: UUID, actor: CurrentActor, tx: RequestTx
) -> None:
    """Let it have no address of yours."""
    await feeds.remove(tx, Subject(actor.user_id, team_id=team_id), actor)


# `{file}` and not `{token}.ics`: what a path holds is kept out of logs part by part
@public.api_route("/calendars/{file}", methods=["GET", "HEAD"])
async def read_calendar(
    file: str,
    tx: RequestTx,
    base_url: BaseUrl,
    now: Now,
    if_none_match: Annotated[str, Header()] = "",
) -> Response:
    """The calendar itself; whoever knows the address may read it."""
    feed = await feeds.read(tx, file.removesuffix(SUFFIX), base_url, now)
    headers = {
        "Cache-Control": f"private, max-age={MAX_AGE_S}",
        "ETag": feed.etag,
        "X-Robots-Tag": "noindex",
    }
    if feed.etag in {tag.strip() for tag in if_none_match.split(",")}:
        return Response(status_code=status.HTTP_304_NOT_MODIFIED, headers=headers)
    headers["Content-Disposition"] = 'inline; filename="on-call.ics"'
    body = ical.written(feed.name, feed.shifts, now)
    return Response(body, headers=headers, media_type="text/calendar")


async def _found(tx: Tx, subject: Subject, actor: Actor) -> CalendarFeed:
    found = await feeds.find(tx, subject, actor)
    return CalendarFeed(
        exists=found is not None,
        created_at=found.created_at if found else None,
        read_at=found.read_at if found else None,
    )


def _made(token: str, base_url: str, now: datetime) -> NewCalendarFeed:
    url = f"{base_url}/calendars/{token}{SUFFIX}"
    _, _, rest = url.partition(":")
    return NewCalendarFeed(url=url, webcal_url=f"webcal:{rest}", created_at=now)
