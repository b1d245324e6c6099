"""Routes of maintenance windows."""

from datetime import UTC, datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import AwareDatetime, Field

from pagefree.core.access import Can, require
from pagefree.infra.web import (
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
from pagefree.maintenance import service
from pagefree.maintenance.queries import StoredWindow
from pagefree.maintenance.service import Draft

Word = Annotated[str, Field(min_length=1, max_length=200)]


class WindowRef(Shape):
    """A team or a person to link to."""

    id: UUID
    name: str


class MaintenanceChanges(Shape):
    """Planned work as a whole: on these services or all, where all the labels match."""

    name: Word
    start_at: AwareDatetime
    end_at: AwareDatetime
    service_ids: list[UUID] = Field(default_factory=list, max_length=500)
    labels: dict[Word, Word] = Field(default_factory=dict, max_length=20)
    repeat_days: Literal[1, 7] | None = None
    time_zone: str = Field("UTC", max_length=100)
    until_at: AwareDatetime | None = None


class MaintenanceIn(MaintenanceChanges):
    """Work to plan; without a team it is the whole installation's."""

    team_id: UUID | None = None


class MaintenanceWindow(MaintenanceChanges):
    """Planned work, and when it is under way or next; `state` is over when it never is again."""

    id: UUID
    team: WindowRef | None
    created_by: WindowRef | None
    created_at: datetime
    state: Literal["planned", "active", "over"]
    next_start_at: datetime | None
    next_end_at: datetime | None


router = APIRouter(prefix="/v1/maintenance-windows", tags=["maintenance"])


@router.get("")
async def list_maintenance_windows(
    tx: RequestTx,
    actor: CurrentActor,
    now: Now,
    team_id: UUID | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[MaintenanceWindow]:
    """Planned work, newest first; what is over too."""
    require(actor, Can.SEE)
    rows = await service.list_windows(tx, team_id, decode_cursor(cursor), limit)
    return Page[MaintenanceWindow](
        items=[_out(row, now) for row in rows],
        next_cursor=next_cursor(rows, limit, lambda row: row.id),
    )


@router.post("", status_code=201)
async def create_maintenance_window(
    body: MaintenanceIn, tx: RequestTx, actor: CurrentActor, now: Now
) -> MaintenanceWindow:
    """Plan work, or begin it now; the whole installation's is the platform admins'."""
    draft = _draft(body)
    row = await service.create_window(tx, body.team_id, draft, actor, now)
    return _out(row, now)


@router.get("/{window_id}")
async def get_maintenance_window(
    window_id: UUID, tx: RequestTx, actor: CurrentActor, now: Now
) -> MaintenanceWindow:
    """One window."""
    require(actor, Can.SEE)
    return _out(await service.get_window(tx, window_id), now)


@router.put("/{window_id}")
async def put_maintenance_window(
    window_id: UUID,
    body: MaintenanceChanges,
    tx: RequestTx,
    actor: CurrentActor,
    now: Now,
) -> MaintenanceWindow:
    """Change planned work; what it has explained so far is looked at again."""
    row = await service.replace_window(tx, window_id, _draft(body), actor, now)
    return _out(row, now)


@router.delete("/{window_id}", status_code=204)
async def delete_maintenance_window(
    window_id: UUID, tx: RequestTx, actor: CurrentActor, now: Now
) -> None:
    """Call the work off, or end it now: what still fires is told to people."""
    await service.delete_window(tx, window_id, actor, now)


def _draft(body: MaintenanceChanges) -> Draft:
    return Draft(
        name=body.name,
        start_at=body.start_at.astimezone(UTC),
        end_at=body.end_at.astimezone(UTC),
        service_ids=tuple(dict.fromkeys(body.service_ids)),
        labels=body.labels,
        repeat_days=body.repeat_days,
        time_zone=body.time_zone,
        until_at=body.until_at,
    )


def _out(row: StoredWindow, now: datetime) -> MaintenanceWindow:
    found = service.next_time(row, now)
    state: Literal["planned", "active", "over"] = "over"
    if found:
        state = "planned" if now < found.start else "active"
    return MaintenanceWindow(
        id=row.id,
        name=row.name,
        team=WindowRef.model_validate(row.team) if row.team else None,
        start_at=row.start_at,
        end_at=row.end_at,
        service_ids=list(row.service_ids),
        labels=dict(row.labels),
        repeat_days=_repeat(row.repeat_days),
        time_zone=row.time_zone,
        until_at=row.until_at,
        created_by=WindowRef.model_validate(row.created_by) if row.created_by else None,
        created_at=row.created_at,
        state=state,
        next_start_at=found.start if found else None,
        next_end_at=found.end if found else None,
    )


def _repeat(days: int | None) -> Literal[1, 7] | None:
    if days is None:
        return None
    return 1 if days == 1 else 7
