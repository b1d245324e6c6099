"""Planned work: list, plan, change, end early, and know what is under way."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from pagefree.accounts import service as accounts
from pagefree.core.access import Actor, Can, require
from pagefree.core.errors import Invalid, NotFound
from pagefree.core.intervals import Interval
from pagefree.core.maintenance import GREENWICH, Window, current_or_next
from pagefree.core.windows import zone_of
from pagefree.infra.db import Channel, Tx, notify
from pagefree.infra.ids import new_id
from pagefree.maintenance import queries
from pagefree.maintenance.queries import StoredWindow
from pagefree.timeline import service as timeline

LONGEST = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Draft:
    """Planned work as somebody wants it."""

    name: str
    start_at: datetime
    end_at: datetime
    service_ids: tuple[UUID, ...]
    labels: Mapping[str, str]
    repeat_days: int | None
    time_zone: str
    until_at: datetime | None


async def list_windows(
    tx: Tx, team_id: UUID | None, before: UUID | None, limit: int
) -> list[StoredWindow]:
    """Newest first; of one team, or all."""
    return await queries.list_windows(tx, team_id, before, limit)


async def get_window(tx: Tx, window_id: UUID) -> StoredWindow:
    """One window. Raises NotFound."""
    window = await queries.get_window(tx, window_id)
    if window is None:
        raise NotFound(f"no maintenance window {window_id}")
    return window


async def create_window(
    tx: Tx, team_id: UUID | None, draft: Draft, actor: Actor, now: datetime
) -> StoredWindow:
    """Plan work, or begin it now. Raises Forbidden, Invalid."""
    await _require(tx, team_id, actor)
    window_id = new_id()
    values = await _checked(tx, team_id, draft, now)
    made = {
        "id": window_id,
        "team_id": team_id,
        "created_by_id": actor.user_id,
        "created_at": now,
    }
    await queries.insert_window(tx, {**values, **made})
    window = await get_window(tx, window_id)
    await _changed(tx, "maintenance.planned", window, actor, now)
    return window


async def replace_window(
    tx: Tx, window_id: UUID, draft: Draft, actor: Actor, now: datetime
) -> StoredWindow:
    """Change planned work; what it has explained so far is looked at again."""
    window = await get_window(tx, window_id)
    team_id = window.team.id if window.team else None
    await _require(tx, team_id, actor)
    await queries.update_window(tx, window_id, await _checked(tx, team_id, draft, now))
    window = await get_window(tx, window_id)
    await _changed(tx, "maintenance.changed", window, actor, now)
    return window


async def delete_window(tx: Tx, window_id: UUID, actor: Actor, now: datetime) -> None:
    """Call the work off, or end it: what still fires is told to people at once."""
    window = await get_window(tx, window_id)
    await _require(tx, window.team.id if window.team else None, actor)
    await queries.delete_window(tx, window_id)
    await _changed(tx, "maintenance.ended", window, actor, now)


async def _require(tx: Tx, team_id: UUID | None, actor: Actor) -> None:
    if team_id is None:
        require(actor, Can.ADMINISTER)
    else:
        await accounts.require_team(tx, team_id)
        require(actor, Can.EDIT_TEAM, team_id)


async def _checked(
    tx: Tx, team_id: UUID | None, draft: Draft, now: datetime
) -> dict[str, object]:
    """The columns of planned work as somebody wants it. Raises Invalid."""
    length = draft.end_at - draft.start_at
    if not timedelta(0) < length <= LONGEST:
        raise Invalid("the work ends after it begins, at most 31 days later")
    if draft.repeat_days is None and draft.end_at <= now:
        raise Invalid("the work would be over already")
    if draft.repeat_days is not None and length > timedelta(days=draft.repeat_days):
        raise Invalid("the work takes longer than it is until the next time")
    if zone_of(draft.time_zone) is None:
        raise Invalid(f"there is no time zone {draft.time_zone!r}")
    owners = await queries.list_teams_of(tx, draft.service_ids)
    for service_id in draft.service_ids:
        if service_id not in owners or team_id not in {None, owners[service_id]}:
            raise Invalid("there is no such service, or it is another team's")
    return {
        "name": draft.name,
        "start_at": draft.start_at,
        "end_at": draft.end_at,
        "service_ids": list(draft.service_ids),
        "labels": dict(draft.labels),
        "repeat_days": draft.repeat_days,
        "time_zone": draft.time_zone,
        "until_at": draft.until_at,
    }


async def _changed(
    tx: Tx, kind: str, window: StoredWindow, actor: Actor, now: datetime
) -> None:
    await queries.make_due(tx, window.id, now)
    data = {"window_id": str(window.id), "name": window.name}
    team_id = window.team.id if window.team else None
    entry = timeline.Entry(kind, timeline.by(actor), team_id=team_id, data=data)
    await timeline.record(tx, [entry], now)
    await notify(tx, Channel.CONFIG)


# -- what is under way ------------------------------------------------------------


async def unfinished(tx: Tx, now: datetime) -> list[Window]:
    """Work that is under way at `now` or comes later."""
    return [core_window(kept) for kept in await queries.list_unfinished(tx, now)]


def core_window(kept: StoredWindow) -> Window:
    """Planned work in the words of the core."""
    return Window(
        id=kept.id,
        name=kept.name,
        start=kept.start_at,
        end=kept.end_at,
        team_id=kept.team.id if kept.team else None,
        service_ids=frozenset(kept.service_ids),
        labels=kept.labels,
        repeat_days=kept.repeat_days,
        tz=zone(kept.time_zone),
        until=kept.until_at,
    )


def zone(name: str) -> ZoneInfo:
    """The zone of this name; UTC where this machine does not know it."""
    return zone_of(name) or GREENWICH


def next_time(kept: StoredWindow, now: datetime) -> Interval | None:
    """When the work is under way at `now`, else when it is next; none: it is over."""
    return current_or_next(core_window(kept), now)
