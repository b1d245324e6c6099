"""JSON as version 2 of Atlassian's Statuspage API has it, path for path.

https://metastatuspage.com/api describes it; dashboards and aggregators read it.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from pagefree.core import status_facts as facts
from pagefree.core.status_pages import State, WorkStatus, worst
from pagefree.core.status_views import (
    Affected,
    ComponentView,
    GroupView,
    IncidentView,
    PageView,
    UpdateView,
    WorkView,
)

MOST = 50  # incidents, works
Json = dict[str, object]
INDICATORS = {
    State.OPERATIONAL: ("none", "All Systems Operational"),
    State.UNDER_MAINTENANCE: ("maintenance", "Service Under Maintenance"),
    State.DEGRADED: ("minor", "Partially Degraded Service"),
    State.PARTIAL_OUTAGE: ("major", "Partial System Outage"),
    State.MAJOR_OUTAGE: ("critical", "Major System Outage"),
}


def documents(view: PageView) -> dict[str, bytes]:
    """Every document by its path, without its ending."""
    page: Json = {"page": _page(view)}
    status: Json = {"status": _status(view)}
    components: Json = {"components": _components(view)}
    open_ones = [one for one in view.incidents if facts.is_open(one)]
    planned, now = facts.upcoming(view), facts.under_way(view)
    works = [*now, *planned, *_held(facts.finished(view))]
    found: dict[str, Json] = {
        "status": page | status,
        "components": page | components,
        "incidents": page | {"incidents": _incidents(view, view.incidents)},
        "incidents/unresolved": page | {"incidents": _incidents(view, open_ones)},
        "scheduled-maintenances": page
        | {"scheduled_maintenances": _works(view, works)},
        "scheduled-maintenances/upcoming": page
        | {"scheduled_maintenances": _works(view, planned)},
        "scheduled-maintenances/active": page
        | {"scheduled_maintenances": _works(view, now)},
        "summary": page
        | status
        | components
        | {
            "incidents": _incidents(view, open_ones),
            "scheduled_maintenances": _works(view, [*now, *planned]),
        },
    }
    return {path: msgspec.json.encode(one) for path, one in found.items()}


def _held(works: Iterable[WorkView]) -> list[WorkView]:
    """Without what was called off: the API has no word for it."""
    return [work for work in works if work.status is not WorkStatus.CANCELLED]


def _page(view: PageView) -> Json:
    return {
        "id": str(view.id),
        "name": view.texts[0].name,
        "url": view.url,
        "time_zone": view.time_zone,
        "updated_at": _at(facts.page_updated_at(view)),
    }


def _status(view: PageView) -> Json:
    indicator, description = INDICATORS[facts.page_state(view)]
    return {"indicator": indicator, "description": description}


def _components(view: PageView) -> list[Json]:
    """Components and groups in one list: a group is a component that has some."""
    groups = [_group(view, group) for group in view.groups]
    return [*(_component(view, one) for one in view.components), *groups]


def _component(view: PageView, component: ComponentView) -> Json:
    started = component.started_on or component.created_at.date()
    return {
        "id": str(component.id),
        "name": component.name,
        "status": component.state,
        "created_at": _at(component.created_at),
        "updated_at": _at(component.updated_at),
        "position": component.position,
        "description": component.description or None,
        "showcase": component.showcase,
        "start_date": started.isoformat(),
        "group_id": _id(component.group_id),
        "page_id": str(view.id),
        "group": False,
        "only_show_if_degraded": component.only_show_if_degraded,
    }


def _group(view: PageView, group: GroupView) -> Json:
    inside = [one for one in view.components if one.group_id == group.id]
    return {
        "id": str(group.id),
        "name": group.name,
        "status": worst(one.state for one in inside),
        "created_at": _at(group.created_at),
        "updated_at": _at(group.updated_at),
        "position": group.position,
        "description": group.description or None,
        "showcase": False,
        "start_date": None,
        "group_id": None,
        "page_id": str(view.id),
        "group": True,
        "only_show_if_degraded": False,
        "components": [str(one.id) for one in inside],
    }


def _incidents(view: PageView, incidents: Sequence[IncidentView]) -> list[Json]:
    return [_incident(view, one) for one in incidents[:MOST]]


def _incident(view: PageView, incident: IncidentView) -> Json:
    return {
        "id": str(incident.id),
        "name": incident.name,
        "status": facts.stage(incident),
        "created_at": _at(incident.created_at),
        "updated_at": _at(facts.incident_updated_at(incident)),
        "monitoring_at": _at(facts.monitoring_at(incident)),
        "resolved_at": _at(facts.resolved_at(incident)),
        "impact": facts.impact(incident),
        "shortlink": f"{view.url}/incidents/{incident.id}",
        "started_at": _at(incident.started_at),
        "page_id": str(view.id),
        "incident_updates": [_update(one, incident.id) for one in incident.updates],
        "components": _touched(view, incident.affected),
    }


def _works(view: PageView, works: Sequence[WorkView]) -> list[Json]:
    return [_work(view, one) for one in works[:MOST]]


def _work(view: PageView, work: WorkView) -> Json:
    return {
        "id": str(work.id),
        "name": work.name,
        "status": work.status,
        "created_at": _at(work.created_at),
        "updated_at": _at(facts.work_updated_at(work)),
        "monitoring_at": None,
        "resolved_at": _at(work.completed_at),
        "impact": "maintenance",
        "shortlink": f"{view.url}/maintenance/{work.id}",
        "started_at": _at(work.started_at or work.scheduled_for),
        "page_id": str(view.id),
        "incident_updates": [
            *(_update(one, work.id) for one in work.updates),
            _announcement(work),
        ],
        "components": _touched(view, work.affected),
        "scheduled_for": _at(work.scheduled_for),
        "scheduled_until": _at(work.scheduled_until),
    }


def _update(update: UpdateView, about: UUID) -> Json:
    return {
        "id": str(update.id),
        "status": update.status,
        "body": update.body,
        "incident_id": str(about),
        "created_at": _at(update.created_at),
        "updated_at": _at(update.updated_at),
        "display_at": _at(update.display_at),
        "affected_components": [
            {"code": str(one.component_id), "name": one.name, "new_status": one.state}
            for one in update.affected
        ],
        "deliver_notifications": not update.quiet,
        "custom_tweet": None,
        "tweet_id": None,
    }


def _announcement(work: WorkView) -> Json:
    """What was said when the work was planned, as the first update."""
    return {
        "id": str(work.id),
        "status": WorkStatus.SCHEDULED,
        "body": work.body,
        "incident_id": str(work.id),
        "created_at": _at(work.created_at),
        "updated_at": _at(work.created_at),
        "display_at": _at(work.created_at),
        "affected_components": [
            {"code": str(one.component_id), "name": one.name, "new_status": one.state}
            for one in work.affected
        ],
        "deliver_notifications": True,
        "custom_tweet": None,
        "tweet_id": None,
    }


def _touched(view: PageView, affected: Sequence[Affected]) -> list[Json]:
    ids = {one.component_id for one in affected}
    return [_component(view, one) for one in view.components if one.id in ids]


def _at(at: datetime | None) -> str | None:
    """As Statuspage writes it: milliseconds, and Z."""
    if at is None:
        return None
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}Z"


def _id(one: UUID | None) -> str | None:
    return None if one is None else str(one)
