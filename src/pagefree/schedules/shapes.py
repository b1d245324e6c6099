"""What the routes of schedules take and answer."""

from datetime import UTC, datetime, time
from typing import Annotated, Self
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, AwareDatetime, Field, model_validator

from pagefree.accounts.queries import TeamRef, UserRef
from pagefree.core.restrictions import Holidays, Window
from pagefree.core.rotations import SECONDS, Unit
from pagefree.core.schedule_health import Code, Severity
from pagefree.infra.web import Shape
from pagefree.schedules import plans
from pagefree.schedules.override_queries import NewGap, NewOverride

LONGEST_TURN_S = 366 * 24 * 3600


def _known(zone: str) -> str:
    try:
        ZoneInfo(zone)
    except (LookupError, ValueError, OSError) as e:
        raise ValueError("not a time zone of the IANA database") from e
    return zone


def _whole_second(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(microsecond=0)


TimeZone = Annotated[str, Field(min_length=1, max_length=64), AfterValidator(_known)]
# Far from the ends of what a date can be, so that no handoff falls off them.
Instant = Annotated[
    AwareDatetime,
    Field(ge=datetime(1990, 1, 1, tzinfo=UTC), le=datetime(2200, 1, 1, tzinfo=UTC)),
    AfterValidator(_whole_second),
]
TimeOfDay = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Reason = Annotated[str | None, Field(max_length=500)]


class WindowIn(Shape):
    """The same hours of some weekdays; an end that is not after the start is on the next day."""

    weekdays: list[Annotated[int, Field(ge=0, le=6)]] = Field(
        min_length=1, max_length=7, description="On which it begins; 0 is Monday."
    )
    start: TimeOfDay
    end: TimeOfDay


class HolidaysIn(Shape):
    """Whose public holidays count: a layer is on call on them alone, or not on them."""

    country: str = Field(
        pattern=r"^[A-Z]{2}$",
        description="ISO 3166-1, such as DE: one of /v1/holidays.",
    )
    subdivision: str | None = Field(None, min_length=1, max_length=40)
    mode: Holidays


class RestrictionIn(Shape):
    """The hours on which a layer is on call."""

    windows: list[WindowIn] = Field(
        [], max_length=50, description="None: at all hours."
    )
    holidays: HolidaysIn | None = None
    keep_turns: bool = Field(
        True,
        description="Pass over turns that are wholly outside, so that nobody loses theirs.",
    )

    def draft(self) -> plans.Restriction:
        """The same, as it is stored."""
        of = self.holidays
        return plans.Restriction(
            windows=tuple(
                Window(
                    frozenset(window.weekdays),
                    time.fromisoformat(window.start),
                    time.fromisoformat(window.end),
                )
                for window in self.windows
            ),
            holidays=plans.HolidayCalendar(of.country, of.mode, of.subdivision)
            if of
            else None,
            keep_turns=self.keep_turns,
        )


class LayerIn(Shape):
    """People taking turns; `start_at` is the first handoff, and the time of day of all."""

    id: UUID | None = Field(None, description="Of a layer that is kept.")
    name: str = Field("", max_length=100)
    unit: Unit
    lengths: list[Annotated[int, Field(ge=1)]] = Field(
        min_length=1,
        max_length=31,
        description="Of the turns, one after the other and then again: [4, 3].",
    )
    start_at: Instant
    end_at: Instant | None = None
    at_once: int = Field(
        1, ge=1, le=10, description="How many people are on call together."
    )
    user_ids: list[UUID] = Field(min_length=1, max_length=100)
    restriction: RestrictionIn | None = None
    time_zone: TimeZone | None = Field(None, description="None: that of the schedule.")

    @model_validator(mode="after")
    def _turns_end(self) -> Self:
        if max(self.lengths) * SECONDS[self.unit] > LONGEST_TURN_S:
            raise ValueError("a turn lasts a year at most")
        return self

    def draft(self) -> plans.NewLayer:
        """The same, as it is stored."""
        return plans.NewLayer(
            start_at=self.start_at,
            user_ids=tuple(self.user_ids),
            unit=self.unit,
            lengths=tuple(self.lengths),
            name=self.name,
            layer_id=self.id,
            end_at=self.end_at,
            at_once=self.at_once,
            time_zone=self.time_zone,
            restriction=self.restriction.draft() if self.restriction else None,
        )


class ScheduleIn(Shape):
    """A whole schedule: layers of which a later one wins where it has somebody."""

    name: str = Field(min_length=1, max_length=100)
    team_id: UUID
    time_zone: TimeZone
    description: str | None = Field(None, max_length=2000)
    layers: list[LayerIn] = Field(min_length=1, max_length=20)
    from_at: Instant | None = Field(
        None, description="From when on this holds; null: now. Never for the past."
    )

    def draft(self) -> plans.Draft:
        """The same, as it is stored."""
        layers = tuple(layer.draft() for layer in self.layers)
        return plans.Draft(
            self.name, self.team_id, self.time_zone, layers, self.description
        )


class PreviewIn(ScheduleIn):
    """A schedule that is being edited, and the window to show of it."""

    start: Instant
    end: Instant


class OverrideIn(Shape):
    """Somebody covers [start, end); `replaces` is whom, null: whoever is on call."""

    start: Instant
    end: Instant
    user_id: UUID
    replaces: UUID | None = None
    layer_id: UUID | None = Field(
        None, description="In this layer only; null: in the result of all."
    )
    reason: Reason = None

    def new(self) -> NewOverride:
        """The same, as it is stored."""
        return NewOverride(
            self.start,
            self.end,
            self.user_id,
            self.replaces,
            self.layer_id,
            self.reason,
        )


class OverridesIn(Shape):
    """Overrides that are all made, or none."""

    overrides: list[OverrideIn] = Field(min_length=1, max_length=100)


class GapIn(Shape):
    """Nobody is on call in [start, end), by design."""

    start: Instant
    end: Instant
    reason: Reason = None

    def new(self) -> NewGap:
        """The same, as it is stored."""
        return NewGap(self.start, self.end, self.reason)


class Restriction(Shape):
    """The hours on which a layer is on call."""

    windows: list[WindowIn]
    holidays: HolidaysIn | None
    keep_turns: bool


class Layer(Shape):
    """People taking turns."""

    id: UUID
    name: str
    unit: Unit
    lengths: list[int]
    start_at: datetime
    end_at: datetime | None
    at_once: int
    users: list[UserRef]
    restriction: Restriction | None
    time_zone: str | None


class VersionAhead(Shape):
    """What the schedule will be from an instant on."""

    id: UUID
    from_at: datetime
    time_zone: str
    layers: list[Layer]


class GapNow(Shape):
    """Nobody is on call at this moment: by design, or although nobody said so."""

    intended: bool
    reason: str | None


class Schedule(Shape):
    """A schedule, who has it now, until when, and who is next; `gap`: why nobody has it."""

    id: UUID
    name: str
    description: str | None
    team: TeamRef
    time_zone: str
    layers: list[Layer]
    versions_ahead: list[VersionAhead]
    on_call: list[UserRef]
    until: datetime | None
    next: list[UserRef]
    next_at: datetime | None
    gap: GapNow | None


class ScheduleRef(Shape):
    """A schedule by name."""

    id: UUID
    name: str


class OnCall(Shape):
    """Who is on call for a schedule: the first, and shadows; `until` null: for ever.

    `gap`: why nobody is. `next` may begin after a gap: at `next_at`.
    """

    schedule: ScheduleRef
    team: TeamRef
    users: list[UserRef]
    until: datetime | None
    next: list[UserRef]
    next_at: datetime | None
    gap: GapNow | None
    away: list[
        UserRef
    ]  # those of `users` who say that they are, or whose calendar does


class Shift(Shape):
    """One person's interval on call, [start, end); who is on call together follow each other."""

    user: UserRef
    start: datetime
    end: datetime
    layer_id: UUID | None
    override_id: UUID | None


class OwnShift(Shape):
    """When you are on call for a schedule."""

    schedule: ScheduleRef
    start: datetime
    end: datetime


class LayerTimeline(Shape):
    """The shifts of one layer, whatever the others say."""

    id: UUID
    name: str
    shifts: list[Shift]


class Override(Shape):
    """Somebody covers [start, end)."""

    id: UUID
    user: UserRef
    start: datetime
    end: datetime
    replaces: UserRef | None
    layer_id: UUID | None
    reason: str | None
    created_by: UserRef | None


class Gap(Shape):
    """Nobody is on call in [start, end): by design, or because nobody saw it (id null)."""

    id: UUID | None
    start: datetime
    end: datetime
    intended: bool
    reason: str | None


class Timeline(Shape):
    """Who is on call from when until when, and why."""

    time_zone: str
    layers: list[LayerTimeline]
    final: list[Shift]
    overrides: list[Override]
    gaps: list[Gap]
    handoffs: list[datetime]


class Finding(Shape):
    """One thing that is wrong with a schedule in the next 12 weeks."""

    code: Code
    severity: Severity
    detail: str
    start: datetime | None
    end: datetime | None
    user: UserRef | None
    layer_id: UUID | None


class Preview(Shape):
    """What a draft would be."""

    timeline: Timeline
    findings: list[Finding]


class PersonalLoad(Shape):
    """The hours of one person, nights (22:00 to 7:00) and weekends by their own clock."""

    user: UserRef
    hours: float
    night_hours: float
    weekend_hours: float


class Balance(Shape):
    """How the load is spread over the people."""

    start: datetime
    end: datetime
    people: list[PersonalLoad]


class HolidayCountry(Shape):
    """A country whose public holidays are known, and its regions with some of their own."""

    country: str
    subdivisions: list[str]
