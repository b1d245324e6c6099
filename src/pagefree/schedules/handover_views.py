"""Swaps and requests for cover as people see them."""

from collections.abc import Iterable
from datetime import datetime

from pagefree.accounts import service as accounts
from pagefree.infra.db import Tx
from pagefree.schedules import member_queries
from pagefree.schedules.cover_queries import Cover, CoverStatus
from pagefree.schedules.handover_shapes import CoverRequest, Span, Swap
from pagefree.schedules.shapes import ScheduleRef
from pagefree.schedules.swap_queries import Swap as SwapRow
from pagefree.schedules.swap_queries import SwapStatus


async def swaps(tx: Tx, found: Iterable[SwapRow], now: datetime) -> list[Swap]:
    """With names; what nobody has written down to have expired has expired all the same."""
    some = list(found)
    users = await accounts.user_refs(
        tx, {user for one in some for user in (one.from_id, one.new.to_id)}
    )
    names = await member_queries.names(tx, {one.schedule_id for one in some})
    return [
        Swap(
            id=one.id,
            schedule=ScheduleRef(id=one.schedule_id, name=names[one.schedule_id]),
            offered_by=users[one.from_id],
            offered_to=users[one.new.to_id],
            start=one.new.shift.start,
            end=one.new.shift.end,
            in_return=Span.model_validate(one.new.in_return)
            if one.new.in_return
            else None,
            reason=one.new.reason,
            status=SwapStatus.EXPIRED
            if one.status is SwapStatus.OPEN and one.expires_at <= now
            else one.status,
            created_at=one.created_at,
            expires_at=one.expires_at,
            decided_at=one.decided_at,
        )
        for one in some
    ]


async def covers(tx: Tx, found: Iterable[Cover], now: datetime) -> list[CoverRequest]:
    """With names; see `swaps`."""
    some = list(found)
    people = {user for one in some for user in (one.user_id, one.covered_by) if user}
    users = await accounts.user_refs(tx, people)
    names = await member_queries.names(tx, {one.schedule_id for one in some})
    return [
        CoverRequest(
            id=one.id,
            schedule=ScheduleRef(id=one.schedule_id, name=names[one.schedule_id]),
            user=users[one.user_id],
            start=one.new.shift.start,
            end=one.new.shift.end,
            reason=one.new.reason,
            from_time_off=one.new.from_time_off,
            status=CoverStatus.EXPIRED
            if one.status is CoverStatus.OPEN and one.new.shift.start <= now
            else one.status,
            covered_by=users[one.covered_by] if one.covered_by else None,
            created_at=one.created_at,
            decided_at=one.decided_at,
        )
        for one in some
    ]
