"""Routes of heartbeats; pings themselves are taken by heartbeats/front.py."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field

from pagefree.core.access import Can, require
from pagefree.core.alerts import Severity
from pagefree.core.errors import Invalid, NotFound
from pagefree.core.heartbeats import PingKind, Reason, State, down_at
from pagefree.heartbeats import service
from pagefree.heartbeats.expectations import Schedule, upcoming
from pagefree.heartbeats.queries import Filter, Stored, StoredPing
from pagefree.heartbeats.service import NewHeartbeat
from pagefree.infra.web import (
    BaseUrl,
    CurrentActor,
    Cursor,
    Limit,
    Now,
    Page,
    RequestTx,
    Shape,
    decode_cursor,
    next_cursor,
)

MINUTE, YEAR = 60, 365 * 24 * 3600
SHOWN_TIMES = 5
SHOWN_BODY = 1000  # characters in the list of pings

Name = Annotated[str, Field(min_length=1, max_length=200)]
Slug = Annotated[str, Field(max_length=100, pattern="^[a-z0-9_-]*$")]
Tags = Annotated[
    list[Annotated[str, Field(min_length=1, max_length=50)]], Field(max_length=20)
]
Seconds = Annotated[int, Field(ge=MINUTE, le=YEAR)]
Cron = Annotated[str, Field(min_length=1, max_length=100)]
TimeZone = Annotated[str, Field(max_length=100)]


class HeartbeatRef(Shape):
    """A service or a team to link to."""

    id: UUID
    name: str


class Heartbeat(Shape):
    """Something that pings when it has done its work, and how it is."""

    id: UUID
    name: str
    slug: str
    tags: list[str]
    service: HeartbeatRef
    team: HeartbeatRef
    integration_id: UUID  # its routing key is the ping key
    severity: Severity  # of its alerts
    period_s: int | None  # either this or `cron`
    cron: str | None
    time_zone: str
    grace_s: int
    post_only: bool
    manual_resume: bool
    ping_url: str
    state: State
    started_at: datetime | None  # a run that has not ended yet
    last_ping_at: datetime | None
    last_duration_s: float | None
    expected_at: datetime | None  # the next ping
    down_at: datetime | None  # if none comes before
    failures: int  # in a row
    reason: Reason | None  # why it is down
    incident_id: UUID | None  # of its open alert
    ping_count: int
    created_at: datetime


class NewHeartbeatOut(Heartbeat):
    """A heartbeat, with the ping key of its service when this is the first one there."""

    ping_key: str | None  # shown this once


class HeartbeatIn(Shape):
    """A heartbeat to set up: either `period_s` or `cron` says when it pings."""

    service_id: UUID
    name: Name
    slug: Slug = ""  # made from the name
    tags: Tags = Field(default_factory=list)
    severity: Severity = Severity.CRITICAL
    period_s: Seconds | None = None
    cron: Cron | None = None
    time_zone: TimeZone = "UTC"
    grace_s: Seconds = 3600
    post_only: bool = False
    manual_resume: bool = False


class HeartbeatChanges(Shape):
    """What to change; what is left out stays. `period_s` replaces `cron`, and back."""

    name: Name | None = None
    slug: Slug | None = None
    tags: Tags | None = None
    severity: Severity | None = None
    period_s: Seconds | None = None
    cron: Cron | None = None
    time_zone: TimeZone | None = None
    grace_s: Seconds | None = None
    post_only: bool | None = None
    manual_resume: bool | None = None


class HeartbeatPing(Shape):
    """One of the last hundred pings of a heartbeat."""

    number: int  # from 1
    at: datetime
    kind: PingKind
    exit_status: int | None
    method: str
    remote_address: str
    user_agent: str
    body: str  # its beginning
    body_size: int  # of what was kept
    run_id: UUID | None
    duration_s: float | None  # of the run that it ended


class HeartbeatTimes(Shape):
    """When pings would come by a schedule."""

    times: list[datetime]


router = APIRouter(prefix="/v1", tags=["heartbeats"])


@router.get("/heartbeats")
async def list_heartbeats(  # noqa: PLR0913 - each is a filter of its own
    address: BaseUrl,
    tx: RequestTx,
    actor: CurrentActor,
    *,
    query: str = "",
    service_id: UUID | None = None,
    team_id: UUID | None = None,
    state: Annotated[list[State] | None, Query()] = None,
    tag: str | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[Heartbeat]:
    """Heartbeats, newest first."""
    require(actor, Can.SEE)
    states = [one.value for one in state or ()]
    wanted = Filter(query, service_id, team_id, states, tag)
    rows = await service.list_heartbeats(tx, wanted, decode_cursor(cursor), limit)
    return Page[Heartbeat](
        items=[_out(address, row) for row in rows],
        next_cursor=next_cursor(rows, limit, lambda row: row.id),
    )


@router.post("/heartbeats", status_code=201)
async def create_heartbeat(
    body: HeartbeatIn, address: BaseUrl, tx: RequestTx, actor: CurrentActor, now: Now
) -> NewHeartbeatOut:
    """Set up a heartbeat; the ping key of its service is shown with the first one only."""
    new = NewHeartbeat(
        service_id=body.service_id,
        name=body.name,
        slug=body.slug,
        tags=list(dict.fromkeys(body.tags)),
        severity=body.severity.value,
        schedule=_schedule(body.period_s, body.cron, body.time_zone),
        grace=timedelta(seconds=body.grace_s),
        post_only=body.post_only,
        manual_resume=body.manual_resume,
    )
    stored, key = await service.create_heartbeat(tx, new, actor, now)
    return NewHeartbeatOut(**_out(address, stored).model_dump(), ping_key=key)


@router.get("/heartbeat-times")
async def list_heartbeat_times(
    actor: CurrentActor,
    now: Now,
    period_s: Annotated[int | None, Query(ge=MINUTE, le=YEAR)] = None,
    cron: str | None = None,
    time_zone: str = "UTC",
) -> HeartbeatTimes:
    """When the next pings would be due by a schedule; 422 says what is wrong with it."""
    require(actor, Can.SEE)
    schedule = _schedule(period_s, cron, time_zone)
    return HeartbeatTimes(times=upcoming(schedule, now, SHOWN_TIMES))


@router.get("/heartbeats/{heartbeat_id}")
async def get_heartbeat(
    heartbeat_id: UUID, address: BaseUrl, tx: RequestTx, actor: CurrentActor
) -> Heartbeat:
    """One heartbeat."""
    require(actor, Can.SEE)
    return _out(address, await service.get_heartbeat(tx, heartbeat_id))


@router.patch("/heartbeats/{heartbeat_id}")
async def patch_heartbeat(
    heartbeat_id: UUID,
    body: HeartbeatChanges,
    address: BaseUrl,
    tx: RequestTx,
    actor: CurrentActor,
    now: Now,
) -> Heartbeat:
    """Change a heartbeat; another schedule counts from now on."""
    columns = _columns(body.model_dump(exclude_unset=True))
    stored = await service.change_heartbeat(tx, heartbeat_id, columns, actor, now)
    return _out(address, stored)


@router.delete("/heartbeats/{heartbeat_id}", status_code=204)
async def delete_heartbeat(
    heartbeat_id: UUID, tx: RequestTx, actor: CurrentActor, now: Now
) -> None:
    """Remove a heartbeat with its pings; its open alert resolves."""
    await service.delete_heartbeat(tx, heartbeat_id, actor, now)


@router.put("/heartbeats/{heartbeat_id}/pause")
async def put_heartbeat_pause(
    heartbeat_id: UUID, address: BaseUrl, tx: RequestTx, actor: CurrentActor, now: Now
) -> Heartbeat:
    """Expect nothing of it for a while; its open alert resolves. Idempotent."""
    return _out(address, await service.pause_heartbeat(tx, heartbeat_id, actor, now))


@router.delete("/heartbeats/{heartbeat_id}/pause")
async def delete_heartbeat_pause(
    heartbeat_id: UUID, address: BaseUrl, tx: RequestTx, actor: CurrentActor, now: Now
) -> Heartbeat:
    """Resume: its next ping is due as if one had come now. Idempotent."""
    return _out(address, await service.resume_heartbeat(tx, heartbeat_id, actor, now))


@router.get("/heartbeats/{heartbeat_id}/pings")
async def list_heartbeat_pings(
    heartbeat_id: UUID, tx: RequestTx, actor: CurrentActor
) -> list[HeartbeatPing]:
    """The last hundred pings, newest first, with the beginning of what they said."""
    require(actor, Can.SEE)
    rows = await service.list_pings(tx, heartbeat_id)
    return [_ping(row, SHOWN_BODY) for row in rows]


@router.get("/heartbeats/{heartbeat_id}/pings/{number}")
async def get_heartbeat_ping(
    heartbeat_id: UUID, number: int, tx: RequestTx, actor: CurrentActor
) -> HeartbeatPing:
    """One ping with all that was kept of what it said."""
    require(actor, Can.SEE)
    for row in await service.list_pings(tx, heartbeat_id):
        if row.number == number:
            return _ping(row, None)
    raise NotFound(f"ping {number} is not kept")


def _schedule(period_s: int | None, cron: str | None, time_zone: str) -> Schedule:
    period = None if period_s is None else timedelta(seconds=period_s)
    return Schedule(period, cron, time_zone)


def _seconds(value: int) -> timedelta:
    return timedelta(seconds=value)


RENAMED: dict[str, tuple[str, Callable[[int], timedelta]]] = {
    "period_s": ("period", _seconds),
    "grace_s": ("grace", _seconds),
}
MAY_BE_NULL = {"period_s", "cron"}


def _columns(changes: dict[str, object]) -> dict[str, object]:
    """The columns that `changes` are about. Raises Invalid."""
    columns: dict[str, object] = {}
    for name, value in changes.items():
        if value is None and name not in MAY_BE_NULL:
            raise Invalid(f"{name} may be left out but not null")
        if name in RENAMED:
            column, made = RENAMED[name]
            columns[column] = made(value) if isinstance(value, int) else None
        elif name != "slug" or value:
            columns[name] = value
    return columns


def _out(address: str, row: Stored) -> Heartbeat:
    state, schedule = row.state, row.schedule
    took = state.last_duration
    return Heartbeat(
        id=row.id,
        name=row.name,
        slug=row.slug,
        tags=list(row.tags),
        service=HeartbeatRef.model_validate(row.service),
        team=HeartbeatRef.model_validate(row.team),
        integration_id=row.integration_id,
        severity=Severity(row.severity),
        period_s=int(schedule.period.total_seconds()) if schedule.period else None,
        cron=schedule.cron,
        time_zone=schedule.time_zone,
        grace_s=int(state.grace.total_seconds()),
        post_only=row.post_only,
        manual_resume=state.manual_resume,
        ping_url=f"{address}/ping/{row.ping_id}",
        state=state.state,
        started_at=state.started_at,
        last_ping_at=state.last_ping_at,
        last_duration_s=took.total_seconds() if took is not None else None,
        expected_at=state.expected_at,
        down_at=down_at(state),
        failures=state.failures,
        reason=state.reason,
        incident_id=row.incident_id,
        ping_count=row.ping_count,
        created_at=row.created_at,
    )


def _ping(row: StoredPing, most: int | None) -> HeartbeatPing:
    text = row.body.decode("utf-8", "replace")
    return HeartbeatPing(
        number=row.number,
        at=row.at,
        kind=PingKind(row.kind),
        exit_status=row.exit_status,
        method=row.method,
        remote_address=row.remote_address,
        user_agent=row.user_agent,
        body=text[:most],
        body_size=len(row.body),
        run_id=row.run_id,
        duration_s=None if row.duration is None else row.duration.total_seconds(),
    )
