"""Workflows over HTTP: made, checked, versioned, tried, started, looked at."""

from typing import Any
from uuid import UUID

import pytest

from pagefree.core.access import Role
from pagefree.infra.db import transaction
from tests.api.conftest import Api, Person
from tests.workflows.graphs import action, chain, edge, graph, node, trigger

WORKFLOWS = "/v1/workflows"
CALL = action(
    "ask",
    "http_request",
    url="https://example.org/{{incident.number}}",
    headers={"Authorization": "Bearer {{secrets.TOKEN}}"},
    json_body={"title": "{{incident.title}}"},
)


@pytest.fixture
async def ana(api: Api) -> Person:
    team = await api.team("Web")
    return await api.user("Ana", teams={team.id: Role.TEAM_ADMIN})


async def team_of(person: Person) -> str:
    team: str = (await person.client.get("/v1/teams")).json()[0]["id"]
    return team


async def incident(person: Person) -> str:
    """One that is open, on a service of the team."""
    service = {"name": "Shop", "team_id": await team_of(person)}
    made = await person.client.post("/v1/services", json=service)
    declared = {"service_id": made.json()["id"], "title": "Shop <is> down"}
    opened = await person.client.post("/v1/incidents", json=declared)
    found: str = opened.json()["id"]
    return found


async def make(person: Person, content: dict[str, Any]) -> dict[str, Any]:
    body = {"team_id": await team_of(person), "name": "Flow", "content": content}
    answer = await person.client.post(WORKFLOWS, json=body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def test_versions_are_kept_compared_and_gone_back_to(ana: Person) -> None:
    first = chain(trigger("begin", "manual"), node("wait", "delay", seconds=60))
    flow = await make(ana, first)
    path = f"{WORKFLOWS}/{flow['id']}"
    second = chain(trigger("begin", "manual"), node("wait", "delay", seconds=90))

    await ana.client.post(
        f"{path}/versions", json={"content": second, "note": "longer"}
    )
    compared = await ana.client.get(f"{path}/comparison?before=1&after=2")
    back = await ana.client.post(f"{path}/versions", json={"back_to": 1})
    listed = (await ana.client.get(f"{path}/versions")).json()["items"]

    assert compared.json()["changed"] == ["wait"]
    assert back.json()["version"] == 3
    assert [one["note"] for one in listed] == ["back to version 1", "longer", ""]


async def test_what_is_wrong_is_told_at_its_node_before_saving(ana: Person) -> None:
    content = chain(
        trigger(), CALL, action("note", "add_note", text="{{steps.ask.x}} {{nobody}}")
    )

    checked = await ana.client.post("/v1/workflow-checks", json={"content": content})
    refused = await ana.client.post(
        WORKFLOWS,
        json={"team_id": await team_of(ana), "name": "x", "content": content},
    )

    problems = {(one["node"], one["detail"]) for one in checked.json()["problems"]}
    assert problems == {
        ("ask", "there is no secret TOKEN"),
        ("note", "there is no variable nobody"),
    }
    assert refused.status_code == 422


async def test_a_dry_run_shows_every_request_and_no_secret(ana: Person) -> None:
    team_id, incident_id = await team_of(ana), await incident(ana)
    secret = {"team_id": team_id, "value": "hush-hush"}
    await ana.client.put("/v1/workflow-secrets/TOKEN", json=secret)
    content = graph(
        [trigger(), node("wait", "delay", seconds=600), CALL, action("end", "resolve")],
        [edge("begin", "wait"), edge("wait", "ask"), edge("ask", "end", "failed")],
    )

    tried = await ana.client.post(
        "/v1/workflow-trials",
        json={"team_id": team_id, "content": content, "incident_id": incident_id},
    )

    steps = {one["node"]: one for one in tried.json()["steps"]}
    assert steps["ask"]["shown"]["body"] == {"title": "Shop <is> down"}
    assert steps["end"]["status"] == "skipped"
    assert "hush-hush" not in tried.text
    after = (await ana.client.get(f"/v1/incidents/{incident_id}")).json()
    assert after["status"] == "triggered"


async def test_a_file_is_exported_and_read_again(ana: Person) -> None:
    flow = await make(ana, chain(trigger(), action("note", "add_note", text="hi")))

    file = (await ana.client.get(f"{WORKFLOWS}/{flow['id']}/file")).json()
    read = await ana.client.post("/v1/workflow-files", json=file)

    assert read.json()["name"] == "Flow"
    assert [one["id"] for one in read.json()["content"]["nodes"]] == ["begin", "note"]


async def test_an_address_starts_what_is_switched_on(api: Api, ana: Person) -> None:
    flow = await make(
        ana, chain(trigger("posted", "webhook"), node("wait", "delay", seconds=60))
    )
    path = f"{WORKFLOWS}/{flow['id']}"
    url = (await ana.client.post(f"{path}/hooks")).json()["url"]
    stranger = await api.browser(headers={})

    early = await stranger.post(url, json={"a": 1})
    await ana.client.patch(path, json={"enabled": True})
    started = await stranger.post(url, json={"a": 1})
    run = (await ana.client.get(f"/v1/workflow-runs/{started.json()['id']}")).json()

    assert (early.status_code, started.status_code) == (404, 202)
    assert [step["status"] for step in run["steps"]] == ["due"]
    shown = (await ana.client.get(f"{path}/hooks")).text
    assert url.rsplit("/", 1)[1] not in shown


async def test_runs_are_listed_paused_and_cancelled(ana: Person) -> None:
    flow = await make(
        ana, chain(trigger("begin", "manual"), node("wait", "delay", seconds=60))
    )
    incident_id = await incident(ana)
    body = {"incident_id": incident_id}
    run = (await ana.client.post(f"{WORKFLOWS}/{flow['id']}/runs", json=body)).json()
    path = f"/v1/workflow-runs/{run['id']}"

    statuses = []
    for method, what in (
        ("PUT", "pause"),
        ("DELETE", "pause"),
        ("PUT", "cancellation"),
    ):
        await ana.client.request(method, f"{path}/{what}")
        statuses.append((await ana.client.get(path)).json()["status"])
    listed = await ana.client.get(f"/v1/workflow-runs?incident_id={incident_id}")

    assert statuses == ["paused", "running", "cancelled"]
    assert [UUID(one["id"]) for one in listed.json()["items"]] == [UUID(run["id"])]


async def test_statistics_count_how_runs_ended_how_long_they_took_and_where_they_failed(
    api: Api, ana: Person
) -> None:
    broken = action("ask", "http_request", url="http://127.0.0.1:1/{{run.id}}")
    flow = await make(ana, chain(trigger("begin", "manual"), broken))
    path = f"{WORKFLOWS}/{flow['id']}"
    ended: dict[str, list[int | None]] = {
        "succeeded": [10, 20, 60],
        "failed": [40],
        "cancelled": [None],
    }
    for status, seconds in ended.items():
        for took in seconds:
            run = (await ana.client.post(f"{path}/runs", json={})).json()
            await ends(api, run["id"], status, took)
    old = (await ana.client.post(f"{path}/runs", json={})).json()
    await ends(api, old["id"], "failed", 5)
    months = "created_at = created_at - interval '31 days'"
    await sql(api, f"UPDATE workflow_runs SET {months} WHERE id = '{old['id']}'")

    found = (await ana.client.get(f"{path}/statistics")).json()
    listed = (await ana.client.get("/v1/workflow-summaries")).json()

    assert found == {
        "by_status": {"succeeded": 3, "failed": 1, "cancelled": 1},
        "median_s": 30.0,
        "failing": [{"node": "ask", "count": 1}],
    }
    (mine,) = [one for one in listed if one["workflow_id"] == flow["id"]]
    assert (mine["runs"], mine["failed"]) == (5, 1)


async def ends(api: Api, run_id: str, status: str, took_s: int | None) -> None:
    """The run is over as it would be after so many seconds."""
    end = "NULL" if took_s is None else f"started_at + interval '{took_s} s'"
    await sql(
        api,
        f"UPDATE workflow_runs SET status = '{status}', ended_at = {end}"
        f" WHERE id = '{run_id}'",
    )
    if status == "failed":
        failed = "UPDATE workflow_steps SET status = 'failed'"
        await sql(api, f"{failed} WHERE run_id = '{run_id}' AND node = 'ask'")


async def sql(api: Api, statement: str) -> None:
    async with transaction(api.engine) as tx:
        await tx.exec_driver_sql(statement)


async def test_a_workflow_says_how_often_it_may_run(ana: Person) -> None:
    flow = await make(
        ana, chain(trigger("begin", "manual"), action("n", "add_note", text="hi"))
    )
    path = f"{WORKFLOWS}/{flow['id']}"
    assert (flow["most_per_hour"], flow["capped_at"]) == (1000, None)
    await ana.client.patch(path, json={"most_per_hour": 1})

    answers = [await ana.client.post(f"{path}/runs", json={}) for _ in range(2)]

    assert [one.status_code for one in answers] == [201, 409]
    none = await ana.client.patch(path, json={"most_per_hour": 0})
    assert none.status_code == 422


async def test_the_vocabulary_describes_every_node(ana: Person) -> None:
    found = (await ana.client.get("/v1/workflow-vocabulary")).json()

    kinds = {one["kind"] for one in found["nodes"]}
    assert kinds == {"trigger", "condition", "delay", "loop", "join", "action"}
    assert all(one["form"]["type"] == "object" for one in found["nodes"])
    templates = (await ana.client.get("/v1/workflow-templates")).json()
    assert len(templates) >= 12
