"""A schedule as it is stored, and what it means to core."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from pagefree.core import layers as core_layers
from pagefree.core import restrictions as core_restrictions
from pagefree.core import schedules as core
from pagefree.core.restrictions import Holidays, Window
from pagefree.core.rotations import Rotation, Unit
from pagefree.core.shifts import Override
from pagefree.schedules import holidays


@dataclass(frozen=True, slots=True)
class HolidayCalendar:
    """Whose public holidays count, and what they mean."""

    country: str  # ISO 3166-1 alpha-2
    mode: Holidays
    subdivision: str | None = None


@dataclass(frozen=True, slots=True)
class Restriction:
    """The hours on which a layer is on call."""

    windows: tuple[Window, ...] = ()  # none: at all hours
    holidays: HolidayCalendar | None = None
    keep_turns: bool = True


@dataclass(frozen=True, slots=True)
class NewLayer:
    """People taking turns, as somebody wants them."""

    start_at: datetime  # first handoff
    user_ids: tuple[UUID, ...]  # in the order of their turns
    unit: Unit = Unit.DAY
    lengths: tuple[int, ...] = (1,)
    name: str = ""
    layer_id: UUID | None = None  # none: a layer that there was not yet
    end_at: datetime | None = None
    at_once: int = 1
    time_zone: str | None = None  # none: that of the schedule
    restriction: Restriction | None = None


@dataclass(frozen=True, slots=True)
class Layer:
    """People taking turns; `layer_id` is the same in every version."""

    layer_id: UUID
    new: NewLayer
    active: frozenset[UUID] = frozenset()  # of its users: the others have left


@dataclass(frozen=True, slots=True)
class Draft:
    """A schedule as somebody wants it."""

    name: str
    team_id: UUID
    time_zone: str
    layers: tuple[NewLayer, ...]
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """What a schedule is from an instant on."""

    id: UUID
    from_at: datetime
    time_zone: str  # IANA name
    layers: tuple[Layer, ...]  # the base first


@dataclass(frozen=True, slots=True)
class Gap:
    """Nobody is on call in [start, end), by design."""

    id: UUID
    start: datetime
    end: datetime
    reason: str | None
    created_by: UUID | None


@dataclass(frozen=True, slots=True)
class MadeOverride:
    """An override, why and by whom."""

    override: Override
    reason: str | None
    created_by: UUID | None


@dataclass(frozen=True, slots=True)
class Schedule:
    """Who is on call when, as far as it was asked for."""

    id: UUID
    name: str
    description: str | None
    team_id: UUID
    versions: tuple[Version, ...]  # in order of time, at least one
    overrides: tuple[MadeOverride, ...] = ()  # in the order in which they were made
    gaps: tuple[Gap, ...] = field(default=())

    def version(self, at: datetime) -> Version:
        """The version that holds at `at`; else the first one."""
        held = [version for version in self.versions if version.from_at <= at]
        return held[-1] if held else self.versions[0]


def plan(schedule: Schedule, until: datetime) -> core.Plan:
    """The schedule as core sees it, with the public holidays up to `until`.

    Raises ZoneInfoNotFoundError where a zone is not known any more.
    """
    return core.Plan(
        tuple(_version(version, until) for version in schedule.versions),
        tuple(made.override for made in schedule.overrides),
        tuple(core.Gap(gap.start, gap.end) for gap in schedule.gaps),
    )


def drafted(
    draft: Draft, ids: Sequence[UUID], from_at: datetime, active: frozenset[UUID]
) -> Version:
    """The version that a draft would be; `ids` are those of its layers."""
    layers = zip(ids, draft.layers, strict=True)
    return Version(
        id=ids[0],
        from_at=from_at,
        time_zone=draft.time_zone,
        layers=tuple(Layer(layer_id, new, active) for layer_id, new in layers),
    )


def _version(version: Version, until: datetime) -> core.Version:
    layers = (_layer(layer, version.time_zone, until) for layer in version.layers)
    return core.Version(version.from_at, tuple(layers))


def _layer(layer: Layer, time_zone: str, until: datetime) -> core_layers.Layer:
    """Somebody who has left leaves their turn empty, so that nobody else's moves."""
    new = layer.new
    rotation = Rotation(
        users=tuple(user if user in layer.active else None for user in new.user_ids),
        start=new.start_at,
        unit=new.unit,
        lengths=new.lengths,
        tz=ZoneInfo(new.time_zone or time_zone),
        at_once=new.at_once,
        end=new.end_at,
    )
    if new.restriction is None:
        return core_layers.Layer(layer.layer_id, rotation)
    cut = _restriction(new.restriction, new.start_at, until)
    return core_layers.Layer(layer.layer_id, rotation, cut)


def _restriction(
    restriction: Restriction, start: datetime, until: datetime
) -> core_restrictions.Restriction:
    of = restriction.holidays
    # a day of the local calendar may be in another year than in UTC
    years = (start.year - 1, until.year + 1)
    return core_restrictions.Restriction(
        windows=restriction.windows,
        holidays=of.mode if of else None,
        dates=holidays.dates(of.country, of.subdivision, *years) if of else frozenset(),
        keep_turns=restriction.keep_turns,
    )
