"""What follows from a view of a page: states, times, and what comes next."""

from collections.abc import Collection, Iterable
from datetime import datetime

from pagefree.core.status_pages import (
    FINISHED,
    OVER,
    STATE_OF,
    UNDER_WAY,
    Impact,
    Stage,
    State,
    WorkStatus,
    impact_of,
    worst,
)
from pagefree.core.status_views import IncidentView, PageView, WorkView


def stage(incident: IncidentView) -> Stage:
    """How far the incident is: what the newest update says."""
    return Stage(incident.updates[0].status)


def is_open(incident: IncidentView) -> bool:
    """Whether it is not over."""
    return stage(incident) not in OVER


def impact(incident: IncidentView) -> Impact:
    """How bad it is, or was: as chosen, else by the components that it touches."""
    if incident.chosen_impact is not None:
        return incident.chosen_impact
    return impact_of(one.state for one in incident.affected)


def first_told_at(incident: IncidentView, stages: Collection[Stage]) -> datetime | None:
    """When it came to one of these stages to stay, or to go on from there; none: it has not."""
    found = None
    for update in incident.updates:  # newest first
        if update.status not in stages:
            break
        found = update.display_at
    return found


def resolved_at(incident: IncidentView) -> datetime | None:
    """When it was told to be over; none: it is open."""
    return first_told_at(incident, OVER)


def monitoring_at(incident: IncidentView) -> datetime | None:
    """When a mended state began to be watched; none: it never was."""
    times = [u.display_at for u in incident.updates if u.status == Stage.MONITORING]
    return times[0] if times else None


def incident_updated_at(incident: IncidentView) -> datetime:
    """When something about it was last told or corrected."""
    return max(update.updated_at for update in incident.updates)


def work_updated_at(work: WorkView) -> datetime:
    """When something about it was last told or changed."""
    return max([work.updated_at, *(update.updated_at for update in work.updates)])


def page_updated_at(view: PageView) -> datetime:
    """When something in this view last changed."""
    return max(
        [
            view.changed_at,
            *(component.updated_at for component in view.components),
            *(incident_updated_at(incident) for incident in view.incidents),
            *(work_updated_at(work) for work in view.works),
        ]
    )


def page_state(view: PageView) -> State:
    """The worst of what is in the view: components, open incidents, work under way."""
    return worst(
        [
            *(component.state for component in view.components),
            *(STATE_OF[impact(one)] for one in view.incidents if is_open(one)),
            *(State.UNDER_MAINTENANCE for one in view.works if one.status in UNDER_WAY),
        ]
    )


def upcoming(view: PageView) -> list[WorkView]:
    """Planned work that has not begun, the next first."""
    return _by_time(w for w in view.works if w.status is WorkStatus.SCHEDULED)


def under_way(view: PageView) -> list[WorkView]:
    """Planned work that has begun and is not over, oldest first."""
    return _by_time(work for work in view.works if work.status in UNDER_WAY)


def finished(view: PageView) -> list[WorkView]:
    """Planned work that is over or was called off, newest first."""
    return _by_time(w for w in view.works if w.status in FINISHED)[::-1]


def _by_time(works: Iterable[WorkView]) -> list[WorkView]:
    return sorted(works, key=lambda work: (work.scheduled_for, work.id))
