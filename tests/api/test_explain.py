"""Explanations over HTTP: before it happens, while it happens, and afterwards."""

import json
from datetime import timedelta
from typing import Any

import pytest

from pagefree.alerts.ingest import Ingest
from pagefree.escalation import service as escalation
from pagefree.infra.db import transaction
from pagefree.infra.ids import new_id
from tests.api.conftest import Api
from tests.api.explained import FIRE, POLICIES, Shop, shop_of, step

MINUTE = timedelta(minutes=1)


def paged(story: dict[str, Any]) -> list[tuple[int, str, str]]:
    """Minute, name and channel of every message that reaches somebody outside the app."""
    return [
        (minute["minute"], page["user"]["name"], page["channel"])
        for minute in story["minutes"]
        for page in minute["pages"]
        if page["channel"] != "in_app"
    ]


@pytest.fixture
async def shop(api: Api) -> Shop:
    return await shop_of(api)


async def sweep(api: Api) -> None:
    async with transaction(api.engine) as tx:
        await escalation.escalate_due(tx, api.clock())


async def test_a_service_is_explained_minute_by_minute(shop: Shop) -> None:
    story = await shop.story(service_id=shop.service_id)

    assert paged(story) == [(0, "Ana", "email"), (5, "Bo", "email")]
    assert story["policy"] == {"id": shop.policy_id, "name": "Nights"}
    assert (story["routing"]["fate"], story["routing"]["urgency"]) == ("opens", "high")
    assert [one["kind"] for one in story["steps"]] == ["page", "page", "exhausted"]
    assert story["steps"][0]["people"][0]["user"]["name"] == "Ana"
    assert story["findings"] == []


async def test_an_event_is_read_by_the_parser_of_its_integration(shop: Shop) -> None:
    body = json.dumps({**FIRE, "severity": "warning", "dedup_key": "disk"})

    answer = await shop.explain(integration_id=shop.integration_id, body=body)

    (story,) = answer["stories"]
    assert answer["integration"]["name"] == "Probe"
    assert story["routing"]["event"] == {
        "title": "Disk full",
        "severity": "warning",
        "dedup_key": "disk",
        "group_key": story["routing"]["event"]["group_key"],
    }
    assert (story["routing"]["urgency"], story["routing"]["priority"]) == ("low", "P3")
    assert paged(story) == [(0, "Ana", "email"), (5, "Bo", "email")]


async def test_what_cannot_be_read_is_said(shop: Shop) -> None:
    answer = await shop.explain(integration_id=shop.integration_id, body="{")

    assert answer["stories"] == []
    assert answer["error"]


async def test_what_ends_nothing_pages_nobody(shop: Shop) -> None:
    body = json.dumps({**FIRE, "action": "resolve", "dedup_key": "disk"})

    story = await shop.story(integration_id=shop.integration_id, body=body)

    assert story["routing"]["fate"] == "unmatched"
    assert (story["steps"], story["minutes"]) == ([], [])


async def test_routing_rules_are_asked_and_named(shop: Shop) -> None:
    for name, title, actions in (
        ("Dev", "dev", {"suppress": {"reason": "nobody runs dev"}}),
        ("Batch", "batch", {"urgency": "low", "priority": "P5"}),
    ):
        rule = {
            "team_id": str(shop.team.id),
            "name": name,
            "condition": f'title == "{title}"',
            "actions": actions,
        }
        made = await shop.ana.client.post("/v1/routing-rules", json=rule)
        assert made.status_code == 201, made.text
    body = json.dumps({**FIRE, "title": "batch"})

    batch = await shop.story(integration_id=shop.integration_id, body=body)
    body = json.dumps({**FIRE, "title": "dev"})
    dev = await shop.story(integration_id=shop.integration_id, body=body)

    routing = batch["routing"]
    assert [rule["name"] for rule in routing["rules"]] == ["Batch"]
    assert (routing["urgency"], routing["priority"]) == ("low", "P5")
    assert paged(batch) == [(0, "Ana", "email"), (5, "Bo", "email")]
    assert dev["routing"]["fate"] == "suppressed"
    assert "nobody runs dev" in dev["routing"]["reason"]
    assert dev["minutes"] == []


async def test_what_is_open_already_pages_nobody_anew(
    shop: Shop, ingest: Ingest
) -> None:
    """The sample of the integration, sent and then asked about."""
    await ingest.snapshot.load()
    path = f"/v1/integrations/{shop.integration_id}"
    sent = await shop.ana.client.post(f"{path}/test")
    assert sent.status_code == 202, sent.text
    request = f"/v1/requests/{sent.json()['request_id']}"
    body = (await shop.ana.client.get(request)).json()["body"]

    answer = await shop.explain(integration_id=shop.integration_id, body=body)

    fates = {story["routing"]["fate"] for story in answer["stories"]}
    numbers = {story["routing"]["incident"]["number"] for story in answer["stories"]}
    assert (fates, len(numbers)) == ({"duplicate"}, 1)
    assert all(story["minutes"] == [] for story in answer["stories"])


async def test_an_archived_service_pages_nobody(shop: Shop) -> None:
    path = f"/v1/services/{shop.service_id}"
    archived = await shop.ana.client.patch(path, json={"lifecycle": "archived"})
    assert archived.status_code == 200, archived.text

    story = await shop.story(service_id=shop.service_id)

    assert (story["routing"]["fate"], story["minutes"]) == ("suppressed", [])


async def test_a_policy_that_is_not_saved_is_explained_with_its_findings(
    shop: Shop,
) -> None:
    hours = {
        "time_zone": "UTC",
        "windows": [{"weekdays": [0, 1, 2, 3, 4], "start": "09:00", "end": "17:00"}],
    }
    draft = {
        "name": "Draft",
        "team_id": str(shop.team.id),
        "steps": [step(shop.bo, only_hours={**hours, "inside": False}), step(shop.ana)],
    }
    at = "2026-06-01T12:00:00+02:00"

    story = await shop.story(policy=draft, at=at)

    assert paged(story) == [(0, "Ana", "email")]
    skipped = story["steps"][0]
    assert (skipped["kind"], skipped["step"], skipped["reason"]) == ("skip", 0, "hours")
    assert skipped["at"] == "2026-06-01T10:00:00Z"
    assert story["routing"] is None


@pytest.mark.parametrize(
    ("question", "status"),
    [
        ({}, 422),
        ({"service_id": str(new_id()), "policy_id": str(new_id())}, 422),
        ({"service_id": str(new_id())}, 404),
        ({"integration_id": str(new_id()), "body": "{}"}, 404),
        ({"policy_id": str(new_id())}, 404),
        ({"policy_id": str(new_id()), "at": "9999-12-31T23:59:59Z"}, 422),
        ({"policy_id": str(new_id()), "at": "2026-06-01T12:00:00"}, 422),
    ],
    ids=["nothing", "two", "service", "integration", "policy", "far", "no zone"],
)
async def test_questions_without_an_answer_are_refused(
    shop: Shop, question: dict[str, str], status: int
) -> None:
    answer = await shop.ana.client.post("/v1/explain", json=question)

    assert answer.status_code == status, answer.text


async def test_the_rest_of_an_escalation_counts_down(api: Api, shop: Shop) -> None:
    incident = await shop.declare()
    await sweep(api)
    api.clock.now += MINUTE

    answer = await shop.bo.client.get(f"/v1/incidents/{incident}/plan")

    assert answer.status_code == 200, answer.text
    plan = answer.json()
    assert (plan["state"], plan["steps_done"], plan["rounds"]) == ("running", 1, 2)
    first = plan["steps"][0]
    assert (first["kind"], first["cause"], first["at"]) == (
        "page",
        "step 2",
        plan["due_at"],
    )
    assert [person["user"]["name"] for person in first["people"]] == ["Bo"]
    assert first["people"][0]["targets"] == [
        {"kind": "user", "id": str(shop.bo.id), "which": "current", "name": "Bo"}
    ]
    assert plan["steps"][-1]["kind"] == "exhausted"


async def test_messages_that_wait_already_name_whom_they_are_for(
    api: Api, shop: Shop
) -> None:
    incident = await shop.declare()
    await sweep(api)

    plan = (await shop.bo.client.get(f"/v1/incidents/{incident}/plan")).json()

    assert {one["user"]["name"] for one in plan["pending"]} == {"Ana"}
    assert {one["cause"] for one in plan["pending"]} == {"step 1"}


async def test_everybody_is_told_which_targets_mean_them(shop: Shop) -> None:
    team = {"kind": "team", "id": str(shop.team.id)}
    ana = {"kind": "user", "id": str(shop.ana.id)}
    policy = {
        "name": "All",
        "team_id": str(shop.team.id),
        "steps": [{"timeout_s": 300, "targets": [ana, team]}],
    }

    story = await shop.story(policy=policy)

    page, exhausted = story["steps"]
    because = {
        person["user"]["name"]: [target["name"] for target in person["targets"]]
        for person in page["people"]
    }
    assert because == {"Ana": ["Ana", "Web"], "Bo": ["Web"]}
    assert all(person["targets"] == [] for person in exhausted["people"])


async def test_what_somebody_has_has_no_rest(api: Api, shop: Shop) -> None:
    incident = await shop.declare()
    await sweep(api)
    await shop.ana.client.put(f"/v1/incidents/{incident}/acknowledgement")

    plan = (await shop.bo.client.get(f"/v1/incidents/{incident}/plan")).json()

    assert (plan["state"], plan["due_at"], plan["steps"]) == ("stopped", None, [])
    assert plan["pending"] == []


async def test_a_step_that_wants_two_says_how_many_more(api: Api, shop: Shop) -> None:
    policy = {
        "name": "Two",
        "team_id": str(shop.team.id),
        "steps": [step(shop.ana, shop.bo, acknowledgements=2)],
    }
    path = f"{POLICIES}/{shop.policy_id}"
    assert (await shop.ana.client.put(path, json=policy)).status_code == 200
    incident = await shop.declare()
    await sweep(api)
    await shop.ana.client.put(f"/v1/incidents/{incident}/acknowledgement")

    plan = (await shop.bo.client.get(f"/v1/incidents/{incident}/plan")).json()

    assert (plan["state"], plan["wanted"]) == ("collecting", 1)
    assert [user["name"] for user in plan["acknowledged_by"]] == ["Ana"]
    assert plan["steps"][0]["kind"] == "remind"


async def test_why_tells_of_everybody_who_was_considered(api: Api, shop: Shop) -> None:
    incident = await shop.declare()
    await sweep(api)
    api.clock.now += MINUTE
    await shop.ana.client.put(f"/v1/incidents/{incident}/acknowledgement")

    answer = await shop.bo.client.get(f"/v1/incidents/{incident}/why")

    assert answer.status_code == 200, answer.text
    ana, bo = answer.json()["people"]
    assert (ana["user"]["name"], ana["paged"]) == ("Ana", True)
    assert [one["reason"] for one in ana["reasons"]] == ["paged"]
    assert {one["channel"] for one in ana["messages"]} >= {"email"}
    assert {one["skip_reason"] for one in ana["messages"]} == {"acknowledged"}
    assert (bo["user"]["name"], bo["paged"], bo["messages"]) == ("Bo", False, [])
    assert bo["reasons"] == [
        {
            "reason": "not_reached",
            "step": 1,
            "at": bo["reasons"][0]["at"],
            "detail": "Step 2 did not begin: Ana acknowledged it first.",
        }
    ]


async def test_why_tells_of_steps_that_were_skipped(api: Api, shop: Shop) -> None:
    policy = {
        "name": "Urgent",
        "team_id": str(shop.team.id),
        "steps": [step(shop.ana, only_urgency="low"), step(shop.bo)],
    }
    path = f"{POLICIES}/{shop.policy_id}"
    assert (await shop.ana.client.put(path, json=policy)).status_code == 200
    incident = await shop.declare(urgency="high")
    await sweep(api)

    why = (await shop.bo.client.get(f"/v1/incidents/{incident}/why")).json()

    bo, ana = why["people"]
    assert [one["reason"] for one in bo["reasons"]] == ["paged"]
    assert [one["reason"] for one in ana["reasons"]] == ["step_skipped"]


async def test_why_takes_no_step_of_an_earlier_policy_for_one_of_this(
    api: Api, shop: Shop
) -> None:
    incident = await shop.declare()
    await sweep(api)
    body = {"name": "Bo", "team_id": str(shop.team.id), "steps": [step(shop.bo)]}
    other = (await shop.ana.client.post(POLICIES, json=body)).json()["id"]
    path = f"/v1/incidents/{incident}"
    await shop.ana.client.put(f"{path}/assignee", json={"policy_id": other})
    await sweep(api)

    people = (await shop.bo.client.get(f"{path}/why")).json()["people"]

    told = {
        one["user"]["name"]: [why["detail"] for why in one["reasons"]] for one in people
    }
    assert told == {
        "Ana": ["Paged before it was reassigned (step 1)."],
        "Bo": ["Step 1 paged them."],
    }


@pytest.mark.parametrize("what", ["plan", "why"])
async def test_there_is_nothing_to_tell_of_an_incident_that_does_not_exist(
    shop: Shop, what: str
) -> None:
    answer = await shop.ana.client.get(f"/v1/incidents/{new_id()}/{what}")

    assert answer.status_code == 404
