"""The JSON has every field, of the kind, that readers of Statuspage's second API expect."""

import pytest

from pagefree.core.status_pages import Impact, Stage, State
from tests.status_pages.conftest import Scene

Fields = dict[str, type | tuple[type, ...]]
NULL = type(None)
PAGE: Fields = dict.fromkeys(("id", "name", "url", "time_zone", "updated_at"), str)
COMPONENT: Fields = {
    **dict.fromkeys(("id", "name", "status", "created_at", "updated_at"), str),
    **dict.fromkeys(("page_id",), str),
    "position": int,
    "description": (str, NULL),
    "group_id": (str, NULL),
    "start_date": (str, NULL),
    **dict.fromkeys(("showcase", "group", "only_show_if_degraded"), bool),
}
UPDATE: Fields = {
    **dict.fromkeys(("id", "status", "body", "incident_id"), str),
    **dict.fromkeys(("created_at", "updated_at", "display_at"), str),
    "affected_components": list,
    "deliver_notifications": bool,
}
INCIDENT: Fields = {
    **dict.fromkeys(("id", "name", "status", "impact", "shortlink", "page_id"), str),
    **dict.fromkeys(("created_at", "updated_at", "started_at"), str),
    **dict.fromkeys(("monitoring_at", "resolved_at"), (str, NULL)),
    **dict.fromkeys(("incident_updates", "components"), list),
}
WORK: Fields = {**INCIDENT, "scheduled_for": str, "scheduled_until": str}
INSIDE = {
    "page": PAGE,
    "components": COMPONENT,
    "incidents": INCIDENT,
    "scheduled_maintenances": WORK,
    "incident_updates": UPDATE,
}
PATHS = {
    "summary": {"page", "status", "components", "incidents", "scheduled_maintenances"},
    "status": {"page", "status"},
    "components": {"page", "components"},
    "incidents": {"page", "incidents"},
    "incidents/unresolved": {"page", "incidents"},
    "scheduled-maintenances": {"page", "scheduled_maintenances"},
    "scheduled-maintenances/upcoming": {"page", "scheduled_maintenances"},
    "scheduled-maintenances/active": {"page", "scheduled_maintenances"},
}


def check(found: object, fields: Fields) -> None:
    """Every field is there and of its kind, also inside."""
    assert isinstance(found, dict)
    for name, kind in fields.items():
        assert isinstance(found[name], kind), (name, found[name])
        for one in found[name] if isinstance(found[name], list) else ():
            if name in INSIDE:
                check(one, INSIDE[name])
    for name in ("created_at", "updated_at", "started_at", "scheduled_for"):
        assert str(found.get(name, "Z")).endswith("Z")


@pytest.mark.parametrize("path", sorted(PATHS))
async def test_every_document_has_its_fields(busy: Scene, path: str) -> None:
    document = (await busy.get(f"api/v2/{path}.json")).json()

    assert set(document) == PATHS[path]
    check(document["page"], PAGE)
    for name in PATHS[path] - {"page", "status"}:
        assert document[name]
        for one in document[name]:
            check(one, INSIDE[name])
            if name == "components":
                assert one["status"] in list(State)
            elif name == "incidents":
                assert one["status"] in list(Stage)
                assert one["impact"] in list(Impact)
            else:
                assert one["impact"] == "maintenance"


async def test_an_incident_says_since_when_it_is_watched(busy: Scene) -> None:
    (incident,) = (await busy.get("api/v2/incidents.json")).json()["incidents"]

    assert incident["status"] == "monitoring"
    assert incident["monitoring_at"] is not None
    assert incident["resolved_at"] is None
    assert [c["name"] for c in incident["components"]] == ["Search"]
