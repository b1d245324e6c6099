"""What is published of a page, and what of it an audience sees.

A view holds published fields only: internal text never enters. `visible` is the one
projection: pages, JSON, feeds, badges, calendars and mails are all rendered from what it
returns, so what is not granted is in none of them.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from pagefree.core.status_pages import Impact, State, WorkStatus
from pagefree.core.uptime import Day


class ToldTo(StrEnum):
    """Who may read an update."""

    EVERYONE = "everyone"
    PARTNERS = "partners"


@dataclass(frozen=True, slots=True)
class Audience:
    """Who looks."""

    component_ids: frozenset[UUID] | None = None  # none: all of the page
    partner: bool = False  # reads what is told to partners


PUBLIC = Audience()


@dataclass(frozen=True, slots=True)
class Texts:
    """A page's own texts in one language."""

    language: str
    name: str
    description: str = ""
    footer: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """How a page looks."""

    colour: str = "#4c6ef5"
    theme: str = "auto"  # auto | light | dark
    has_logo: bool = False
    has_favicon: bool = False


@dataclass(frozen=True, slots=True)
class GroupView:
    """A heading over components."""

    id: UUID
    name: str
    description: str
    position: int
    collapsed: bool
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class ComponentView:
    """A line of the page."""

    id: UUID
    group_id: UUID | None
    name: str
    description: str
    position: int
    state: State
    showcase: bool
    only_show_if_degraded: bool
    started_on: date | None
    created_at: datetime
    updated_at: datetime
    days: tuple[Day, ...] = ()  # the last 90, oldest first; none: uptime is not shown


@dataclass(frozen=True, slots=True)
class Affected:
    """What an incident, an update or planned work does to a component."""

    component_id: UUID
    name: str
    state: State


@dataclass(frozen=True, slots=True)
class UpdateView:
    """One thing that was told."""

    id: UUID
    status: str  # a Stage of an incident, a WorkStatus of work
    body: str
    told_to: ToldTo
    quiet: bool
    affected: tuple[Affected, ...]
    created_at: datetime
    updated_at: datetime
    display_at: datetime


@dataclass(frozen=True, slots=True)
class IncidentView:
    """What is told about an incident; updates newest first, at least one."""

    id: UUID
    name: str
    chosen_impact: Impact | None  # none: what its components say
    postmortem_url: str | None
    affected: tuple[Affected, ...]
    updates: tuple[UpdateView, ...]
    started_at: datetime
    created_at: datetime


@dataclass(frozen=True, slots=True)
class WorkView:
    """Planned work; updates newest first."""

    id: UUID
    name: str
    body: str
    status: WorkStatus
    affected: tuple[Affected, ...]
    updates: tuple[UpdateView, ...]
    scheduled_for: datetime
    scheduled_until: datetime
    started_at: datetime | None
    completed_at: datetime | None
    sequence: int
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class PageView:
    """A page with all that is published on it; incidents and work newest first."""

    id: UUID
    url: str  # without a slash at its end
    texts: tuple[Texts, ...]  # the first in its own language
    time_zone: str
    look: Look
    support_url: str | None
    changed_at: datetime  # its settings
    rendered_at: datetime
    groups: tuple[GroupView, ...] = ()
    components: tuple[ComponentView, ...] = ()
    incidents: tuple[IncidentView, ...] = ()
    works: tuple[WorkView, ...] = ()
    ways: tuple[str, ...] = ()  # how whoever looks may be told of what happens


def visible(view: PageView, audience: Audience) -> PageView:
    """`view` as this audience may know it: what is not granted does not exist in it.

    Of an audience with granted components: what touches none of them is left out, also
    what is told about the page as a whole; positions are counted anew, so that no gap
    tells of what is missing; an impact chosen for all components is not passed on.
    """
    granted = audience.component_ids
    components = [c for c in view.components if granted is None or c.id in granted]
    known = {component.id for component in components}
    groups = [g for g in view.groups if any(c.group_id == g.id for c in components)]
    incidents = (_incident(one, known, audience) for one in view.incidents)
    works = (_work(one, known, audience) for one in view.works)
    return replace(
        view,
        components=tuple(replace(c, position=n) for n, c in enumerate(components, 1)),
        groups=tuple(replace(g, position=n) for n, g in enumerate(groups, 1)),
        incidents=tuple(one for one in incidents if one),
        # partners cannot subscribe, nor who sees a part of the page only
        ways=() if audience.partner or granted is not None else view.ways,
        works=tuple(one for one in works if one),
    )


def _incident(
    incident: IncidentView, known: AbstractSet[UUID], audience: Audience
) -> IncidentView | None:
    affected = _known(incident.affected, known)
    updates = _updates(incident.updates, known, audience)
    if not updates or (audience.component_ids is not None and not affected):
        return None
    chosen = incident.chosen_impact if audience.component_ids is None else None
    return replace(incident, affected=affected, updates=updates, chosen_impact=chosen)


def _work(
    work: WorkView, known: AbstractSet[UUID], audience: Audience
) -> WorkView | None:
    affected = _known(work.affected, known)
    if audience.component_ids is not None and not affected:
        return None
    return replace(
        work, affected=affected, updates=_updates(work.updates, known, audience)
    )


def _updates(
    updates: Sequence[UpdateView], known: AbstractSet[UUID], audience: Audience
) -> tuple[UpdateView, ...]:
    return tuple(
        replace(update, affected=_known(update.affected, known))
        for update in updates
        if audience.partner or update.told_to is ToldTo.EVERYONE
    )


def _known(
    affected: Sequence[Affected], known: AbstractSet[UUID]
) -> tuple[Affected, ...]:
    return tuple(one for one in affected if one.component_id in known)
