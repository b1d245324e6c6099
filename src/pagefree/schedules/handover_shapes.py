"""What the routes of swaps, cover, time off and handoffs take and answer."""

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from pydantic import Field

from pagefree.accounts.queries import UserRef
from pagefree.core.handovers import Wishes
from pagefree.core.intervals import Interval
from pagefree.infra.web import Shape
from pagefree.schedules.cover_queries import CoverStatus, NewCover
from pagefree.schedules.shapes import Instant, Reason, ScheduleRef
from pagefree.schedules.swap_queries import NewSwap, SwapStatus

WEEK_S = 7 * 24 * 3600


class SpanIn(Shape):
    """Some time of somebody's shifts: from `start` until just before `end`."""

    start: Instant
    end: Instant

    def interval(self) -> Interval:
        """The same, as core knows it."""
        return Interval(self.start, self.end)


class SwapIn(SpanIn):
    """Take this shift of mine, and give me one of yours, or nothing, for it."""

    user_id: UUID = Field(description="To whom it is offered.")
    in_return: SpanIn | None = None
    reason: Reason = None

    def new(self) -> NewSwap:
        """The same, as it is stored."""
        wanted = self.in_return.interval() if self.in_return else None
        return NewSwap(self.interval(), self.user_id, wanted, self.reason)


class CoverRequestIn(SpanIn):
    """Whoever can: take this shift of mine."""

    reason: Reason = None

    def new(self) -> NewCover:
        """The same, as it is stored."""
        return NewCover(self.interval(), self.reason)


class Span(Shape):
    """From `start` until just before `end`."""

    start: datetime
    end: datetime


class Swap(Shape):
    """An offer to swap shifts, and what became of it."""

    id: UUID
    schedule: ScheduleRef
    offered_by: UserRef
    offered_to: UserRef
    start: datetime
    end: datetime
    in_return: Span | None
    reason: str | None
    status: SwapStatus
    created_at: datetime
    expires_at: datetime
    decided_at: datetime | None


class CoverRequest(Shape):
    """A request for cover, and who has taken the shift."""

    id: UUID
    schedule: ScheduleRef
    user: UserRef
    start: datetime
    end: datetime
    reason: str | None
    from_time_off: bool
    status: CoverStatus
    covered_by: UserRef | None
    created_at: datetime
    decided_at: datetime | None


class TimeOffCalendarIn(Shape):
    """The address of a calendar that says when you are away, in iCalendar format."""

    url: str = Field(min_length=1, max_length=2000)


class TimeOffCalendar(Shape):
    """A calendar that says when you are away, and what it said when it was last read."""

    id: UUID
    host: str
    created_at: datetime
    read_at: datetime | None  # null: never yet
    error: str | None  # why the last reading failed; `away` is from before
    away: list[Span]


class HandoffNotices(Shape):
    """Which handoffs of yours you are told of, through your own channels."""

    before_s: Annotated[int, Field(ge=60, le=WEEK_S)] | None = Field(
        None, description="So long before a shift of yours starts; null: not at all."
    )
    started: bool = False
    ended: bool = False

    def wishes(self) -> Wishes:
        """The same, as core knows it."""
        before = None
        if self.before_s is not None:
            before = timedelta(seconds=self.before_s)
        return Wishes(before, self.started, self.ended)
