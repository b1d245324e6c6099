"""Routes of workflows: who may ask, and a good request; for routes.py."""

from collections.abc import Awaitable, Callable
from uuid import uuid4

from tests.workflows.graphs import action, edge, graph, trigger

SEE, RESPOND, EDIT, ADMINISTER = "see", "respond", "edit", "administer"
PEOPLE, ANYBODY = "people", "anybody"
Make = Callable[[str, object], Awaitable[dict[str, object]]]

WORKFLOW = "/v1/workflows/{workflow_id}"
RUN = "/v1/workflow-runs/{workflow_run_id}"
SECRET = "/v1/workflow-secrets/{secret_name}"
SUBSCRIPTIONS = "/v1/event-subscriptions"
SUBSCRIPTION = SUBSCRIPTIONS + "/{subscription_id}"
RECEIVER = {"team_id": "$team_id", "name": "Bot", "url": "https://example.org/hook"}
GRAPH = graph(
    [
        trigger("begin", "manual"),
        trigger("posted", "webhook"),
        action("ask", "wait_for_approval", question="Go on?"),
    ],
    [edge("begin", "ask"), edge("posted", "ask")],
)
FILE = "name: Ask\nworkflow: {}\n"

WORKFLOW_ROUTES: dict[str, tuple[str, object, dict[str, str]]] = {
    "GET /v1/workflows": (SEE, None, {}),
    "POST /v1/workflows": (
        EDIT,
        {"team_id": "$team_id", "name": "Other", "content": GRAPH},
        {},
    ),
    f"GET {WORKFLOW}": (SEE, None, {}),
    f"PATCH {WORKFLOW}": (EDIT, {"enabled": True}, {}),
    f"DELETE {WORKFLOW}": (EDIT, None, {}),
    f"GET {WORKFLOW}/versions": (SEE, None, {}),
    f"POST {WORKFLOW}/versions": (EDIT, {"content": GRAPH}, {}),
    f"GET {WORKFLOW}/versions/{{number}}": (SEE, None, {}),
    f"GET {WORKFLOW}/comparison": (SEE, None, {"before": "1", "after": "1"}),
    f"GET {WORKFLOW}/statistics": (SEE, None, {}),
    f"GET {WORKFLOW}/file": (SEE, None, {}),
    f"GET {WORKFLOW}/hooks": (EDIT, None, {}),
    f"POST {WORKFLOW}/hooks": (EDIT, None, {}),
    f"DELETE {WORKFLOW}/hooks/{{hook_id}}": (EDIT, None, {}),
    f"POST {WORKFLOW}/runs": (RESPOND, {"incident_id": "$incident_id"}, {}),
    "POST /v1/workflow-checks": (SEE, {"content": GRAPH}, {}),
    "POST /v1/workflow-trials": (SEE, {"content": GRAPH}, {}),
    "POST /v1/workflow-files": (SEE, {"yaml": FILE}, {}),
    "GET /v1/workflow-templates": (SEE, None, {}),
    "GET /v1/workflow-vocabulary": (SEE, None, {}),
    "GET /v1/workflow-secrets": (SEE, None, {}),
    f"PUT {SECRET}": (EDIT, {"team_id": "$team_id", "value": "hush"}, {}),
    f"DELETE {SECRET}": (ADMINISTER, None, {}),  # without a team: everybody's
    "GET /v1/workflow-runs": (SEE, None, {}),
    "GET /v1/workflow-summaries": (SEE, None, {}),
    f"GET {RUN}": (SEE, None, {}),
    f"PUT {RUN}/cancellation": (RESPOND, None, {}),
    f"PUT {RUN}/pause": (RESPOND, None, {}),
    f"DELETE {RUN}/pause": (RESPOND, None, {}),
    # of a question that nobody asked: nothing is found by whoever may look
    f"PUT {RUN}/steps/{{step_id}}/answer": (PEOPLE, {"approved": True}, {}),
    f"GET {SUBSCRIPTIONS}": (SEE, None, {}),  # none to who may change none
    f"POST {SUBSCRIPTIONS}": (EDIT, RECEIVER, {}),
    f"GET {SUBSCRIPTION}": (EDIT, None, {}),
    f"PATCH {SUBSCRIPTION}": (EDIT, {"enabled": False}, {}),
    f"DELETE {SUBSCRIPTION}": (EDIT, None, {}),
    f"POST {SUBSCRIPTION}/secret": (EDIT, None, {}),
    f"GET {SUBSCRIPTION}/deliveries": (EDIT, None, {}),
    f"POST {SUBSCRIPTION}/deliveries/{{delivery_id}}/replay": (EDIT, None, {}),
    "POST /v1/workflow-hooks/{key}": (ANYBODY, {"a": 1}, {}),
    "POST /v1/workflow-callbacks/{workflow_run_id}/{proof}": (ANYBODY, {"a": 1}, {}),
}


async def own_workflow(make: Make, ids: dict[str, str]) -> None:
    """A workflow of the team, and a run of it that waits for nothing yet."""
    ids |= {"secret_name": "TOKEN", "key": "nobody-knows", "proof": "1234"}
    ids["delivery_id"] = str(uuid4())
    body = {"team_id": "$team_id", "name": "Ask", "content": GRAPH}
    ids["workflow_id"] = str((await make("/v1/workflows", body))["id"])
    workflow = f"/v1/workflows/{ids['workflow_id']}"
    ids["hook_id"] = str((await make(f"{workflow}/hooks", None))["id"])
    ids["subscription_id"] = str((await make(SUBSCRIPTIONS, RECEIVER))["id"])
    run = await make(f"{workflow}/runs", {"incident_id": "$incident_id"})
    ids["workflow_run_id"] = str(run["id"])
