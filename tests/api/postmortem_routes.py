"""Routes of postmortems: who may ask, and a good request; for routes.py."""

from collections.abc import Awaitable, Callable

SEE, RESPOND, EDIT = "see", "respond", "edit"
Make = Callable[[str, object], Awaitable[dict[str, object]]]

POSTMORTEM = "/v1/postmortems/{postmortem_id}"
VERSION = POSTMORTEM + "/versions/{number}"
IMAGE = POSTMORTEM + "/images/{image_id}"
ITEM = POSTMORTEM + "/action-items/{item_id}"
TEMPLATE = "/v1/postmortem-templates/{postmortem_template_id}"
TRACKER = "/v1/teams/{team_id}/ticket-tracker"
ADD_IMAGE = f"POST {POSTMORTEM}/images"
UPLOADS = {ADD_IMAGE}  # refused: JSON is no image
# asked once more, they change nothing
SAID_TWICE = {
    f"PUT {POSTMORTEM}/lock",
    f"DELETE {POSTMORTEM}/lock",
    f"PATCH {ITEM}",
    f"PUT {TEMPLATE}",
    f"PUT {TRACKER}",
}
CONTENT = {
    "title": "The shop was down",
    "impact": {"started_at": "2026-03-02T08:00:00Z"},
}

POSTMORTEM_ROUTES: dict[str, tuple[str, object]] = {
    "GET /v1/postmortems": (SEE, None),
    "GET /v1/postmortem-tags": (SEE, None),
    "POST /v1/postmortems": (RESPOND, {"incident_ids": ["$incident_id"]}),
    f"GET {POSTMORTEM}": (SEE, None),
    f"DELETE {POSTMORTEM}": (EDIT, None),
    f"PUT {POSTMORTEM}/review": (RESPOND, None),
    f"DELETE {POSTMORTEM}/review": (RESPOND, None),
    # a draft cannot be: a conflict for whoever may
    f"PUT {POSTMORTEM}/publication": (RESPOND, None),
    f"DELETE {POSTMORTEM}/publication": (RESPOND, None),
    f"PUT {POSTMORTEM}/lock": (RESPOND, {"take_over": True}),
    f"DELETE {POSTMORTEM}/lock": (RESPOND, None),
    f"PUT {POSTMORTEM}/content": (RESPOND, {"based_on": 1, "content": CONTENT}),
    f"PUT {POSTMORTEM}/incidents/{{incident_id}}": (RESPOND, None),
    f"DELETE {POSTMORTEM}/incidents/{{incident_id}}": (RESPOND, None),
    f"POST {POSTMORTEM}/timeline": (RESPOND, None),
    f"GET {POSTMORTEM}/versions": (SEE, None),
    f"GET {VERSION}": (SEE, None),
    f"POST {VERSION}/restoration": (RESPOND, None),
    f"GET {POSTMORTEM}/images": (SEE, None),
    ADD_IMAGE: (RESPOND, {}),
    f"GET {IMAGE}": (SEE, None),
    f"DELETE {IMAGE}": (RESPOND, None),
    "GET /v1/action-items": (SEE, None),
    f"GET {POSTMORTEM}/action-items": (SEE, None),
    f"POST {POSTMORTEM}/action-items": (RESPOND, {"text": "Watch the disk"}),
    f"PATCH {ITEM}": (RESPOND, {"status": "done"}),
    # nobody has said where: a conflict for whoever may
    f"POST {ITEM}/ticket": (RESPOND, None),
    f"DELETE {ITEM}": (RESPOND, None),
    "GET /v1/ticket-tracker-kinds": (SEE, None),
    f"GET {TRACKER}": (SEE, None),
    f"PUT {TRACKER}": (
        EDIT,
        {
            "kind": "linear_create",
            "config": {"token": "LINEAR", "team_id": "$team_id"},
        },
    ),
    f"DELETE {TRACKER}": (EDIT, None),
    "GET /v1/postmortem-templates": (SEE, None),
    "POST /v1/postmortem-templates": (
        EDIT,
        {"team_id": "$team_id", "name": "Ours", "body": "## Why"},
    ),
    f"PUT {TEMPLATE}": (EDIT, {"name": "Ours, newer", "body": "## Why"}),
    f"DELETE {TEMPLATE}": (EDIT, None),
}


async def own_postmortem(make: Make, ids: dict[str, str]) -> None:
    """A draft of the team, with what hangs on it."""
    begun = await make("/v1/postmortems", {"incident_ids": ["$incident_id"]})
    ids["postmortem_id"] = ids["image_id"] = str(begun["id"])  # it has no image
    item = {"text": "Watch the disk"}
    made = await make(f"/v1/postmortems/{begun['id']}/action-items", item)
    ids["item_id"] = str(made["id"])
    template = {"team_id": "$team_id", "name": "First", "body": "## What"}
    ids["postmortem_template_id"] = str(
        (await make("/v1/postmortem-templates", template))["id"]
    )
