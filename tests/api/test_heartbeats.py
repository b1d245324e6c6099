"""Heartbeats as people set them up."""

import httpx2
import pytest

from tests.api.conftest import Api, Person

Answer = dict[str, object]


@pytest.fixture
async def service_id(api: Api, admin: Person) -> str:
    team = await api.team()
    body = {"name": "Shop", "team_id": str(team.id)}
    made = await admin.client.post("/v1/services", json=body)
    return str(made.json()["id"])


async def make(
    client: httpx2.AsyncClient, service_id: str, **fields: object
) -> httpx2.Response:
    body = {"service_id": service_id, "name": "Nightly backup", **fields}
    return await client.post("/v1/heartbeats", json=body)


async def test_the_first_one_comes_with_the_ping_key(
    admin: Person, service_id: str
) -> None:
    first = await make(admin.client, service_id, period_s=600)
    second = await make(admin.client, service_id, cron="0 3 * * *", slug="other")

    assert first.status_code == 201
    heartbeat = first.json()
    assert heartbeat["ping_key"].startswith("pfi_")
    assert second.json()["ping_key"] is None
    assert heartbeat["slug"] == "nightly-backup"
    assert heartbeat["state"] == "new"
    assert heartbeat["ping_url"].startswith("http://127.0.0.1:8000/ping/")
    assert heartbeat["grace_s"] == 3600
    listed = await admin.client.get("/v1/heartbeats", params={"state": "new"})
    assert [item["slug"] for item in listed.json()["items"]] == [
        "other",
        "nightly-backup",
    ]
    kinds = await admin.client.get(f"/v1/services/{service_id}/integrations")
    assert [(i["kind"], i["name"]) for i in kinds.json()] == [
        ("heartbeat", "Heartbeats")
    ]


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"period_s": 600, "cron": "* * * * *"},
        {"cron": "soon"},
        {"cron": "* * * * *", "time_zone": "Mars/Olympus"},
        {"period_s": 5},
        {"period_s": 600, "slug": "Not a slug"},
        {"period_s": 600, "grace_s": 0},
    ],
    ids=str,
)
async def test_what_cannot_be_is_refused(
    admin: Person, service_id: str, fields: Answer
) -> None:
    refused = await make(admin.client, service_id, **fields)

    assert refused.status_code == 422
    assert refused.json()["code"] in {"invalid", "malformed"}


async def test_a_period_takes_the_place_of_cron_and_back(
    admin: Person, service_id: str
) -> None:
    made = (await make(admin.client, service_id, period_s=600)).json()
    path = f"/v1/heartbeats/{made['id']}"

    cron = {"cron": "0 3 * * *", "time_zone": "Europe/Berlin"}
    changed = (await admin.client.patch(path, json=cron)).json()
    assert (changed["period_s"], changed["cron"]) == (None, "0 3 * * *")
    back = (await admin.client.patch(path, json={"period_s": 60})).json()
    assert (back["period_s"], back["cron"]) == (60, None)
    both = await admin.client.patch(path, json={"period_s": 60, "cron": "* * * * *"})
    assert both.status_code == 422
    other = {"name": "Weekly", "tags": ["db"], "severity": "warning", "grace_s": 120}
    renamed = (await admin.client.patch(path, json=other)).json()
    assert {name: renamed[name] for name in other} == other
    assert (await admin.client.patch(path, json={"name": None})).status_code == 422


async def test_pausing_and_resuming_may_be_repeated(
    admin: Person, service_id: str
) -> None:
    made = (await make(admin.client, service_id, period_s=600)).json()
    pause = f"/v1/heartbeats/{made['id']}/pause"

    for _ in range(2):
        assert (await admin.client.put(pause)).json()["state"] == "paused"
    for _ in range(2):
        assert (await admin.client.delete(pause)).json()["state"] == "new"


async def test_times_to_come_are_shown_before_saving(admin: Person) -> None:
    query = {"cron": "0 3 * * *", "time_zone": "Europe/Berlin"}
    shown = await admin.client.get("/v1/heartbeat-times", params=query)
    wrong = await admin.client.get("/v1/heartbeat-times", params={"cron": "x"})

    assert shown.json()["times"][0] == "2026-03-03T02:00:00Z"
    assert len(shown.json()["times"]) == 5
    assert wrong.status_code == 422
    assert "cron" in wrong.json()["detail"]


async def test_a_deleted_one_is_gone(admin: Person, service_id: str) -> None:
    made = (await make(admin.client, service_id, period_s=600)).json()
    path = f"/v1/heartbeats/{made['id']}"

    assert (await admin.client.delete(path)).status_code == 204
    assert (await admin.client.get(path)).status_code == 404
    assert (await admin.client.get(f"{path}/pings")).status_code == 404
