"""Postmortems over HTTP: begun from incidents, written together, reviewed, published."""

from datetime import timedelta
from uuid import UUID

import pytest

from pagefree.core.access import Role
from tests.api.conftest import Api, Person
from tests.api.incident_world import Json, World, make_world, put

MINUTE = timedelta(minutes=1)


@pytest.fixture
async def world(api: Api) -> World:
    return await make_world(api)


async def resolved(world: World, title: str = "Disk full", minutes: int = 42) -> str:
    """An incident that Ana took, and that was over after a while."""
    incident_id = await world.burn_one(title)
    world.api.clock.advance(5 * MINUTE)
    await put(world.ana, f"{incident_id}/acknowledgement")
    note = {"text": "Rolled back the release"}
    answer = await world.bo.client.post(f"/v1/incidents/{incident_id}/notes", json=note)
    assert answer.status_code == 201, answer.text
    world.api.clock.advance((minutes - 5) * MINUTE)
    await put(world.ana, f"{incident_id}/resolution", {})
    return incident_id


async def ask(
    person: Person, method: str, path: str, body: Json | None = None, status: int = 200
) -> Json:
    answer = await person.client.request(method, f"/v1/postmortems{path}", json=body)
    assert answer.status_code == status, answer.text
    found: Json = answer.json() if answer.content else {}
    return found


async def begin(world: World, *incident_ids: str, **more: str) -> Json:
    asked = {"incident_ids": incident_ids or [await resolved(world)], **more}
    return await ask(world.ana, "POST", "", asked, 201)


async def save(
    person: Person, before: Json, status: int = 200, **changes: object
) -> Json:
    content = {**before["content"], **changes}
    body = {"based_on": before["version"], "content": content}
    return await ask(person, "PUT", f"/{before['id']}/content", body, status)


async def admin_of(world: World, name: str = "Tess") -> Person:
    return await world.api.user(name, teams={world.scene.team_id: Role.TEAM_ADMIN})


# -- beginning --------------------------------------------------------------------------


async def test_a_draft_knows_what_the_incident_knew(world: World) -> None:
    made = await begin(world)

    content, impact = made["content"], made["content"]["impact"]
    assert (made["state"], made["version"], made["can_write"]) == ("draft", 1, True)
    assert content["title"] == "Disk full"
    assert "42 min" in content["summary"]
    assert "## Root causes" in content["body"]
    assert impact["started_at"] == "2026-03-02T09:00:00Z"
    assert impact["acknowledged_at"] == "2026-03-02T09:05:00Z"
    assert impact["resolved_at"] == "2026-03-02T09:42:00Z"
    assert (impact["alerts"], impact["people"]) == (1, ["Ana", "Bo"])
    told = [item["text"] for item in content["timeline"]]
    assert "Ana acknowledged" in told
    assert "Bo noted: Rolled back the release" in told
    assert made["url"].endswith(f"/postmortems/{made['id']}")


async def test_two_incidents_are_one_story(world: World) -> None:
    first, second = await resolved(world), await resolved(world, "Shop is slow")

    made = await begin(world, second, first)

    assert [one["title"] for one in made["incidents"]] == ["Disk full", "Shop is slow"]
    assert made["content"]["title"] == "Disk full and 1 more"
    assert made["content"]["impact"]["alerts"] == 2
    told = [(item["at"], item["incident"]) for item in made["content"]["timeline"]]
    assert [at for at, _ in told] == sorted(at for at, _ in told)
    assert {number for _, number in told} == {
        one["number"] for one in made["incidents"]
    }


async def test_an_incident_tells_of_its_postmortem(world: World) -> None:
    incident_id = await resolved(world)
    made = await begin(world, incident_id)

    listed = await ask(world.eve, "GET", f"?incident_id={incident_id}")
    happened = await world.kinds(incident_id)

    assert [one["id"] for one in listed["items"]] == [made["id"]]
    assert happened[-1] == "postmortem.created"


async def test_another_incident_joins_later_and_its_events_with_it(
    world: World,
) -> None:
    made = await begin(world)
    other = await resolved(world, "Shop is slow")

    after = await ask(world.ana, "PUT", f"/{made['id']}/incidents/{other}")

    assert len(after["incidents"]) == 2
    assert len(after["content"]["timeline"]) > len(made["content"]["timeline"])
    assert after["content"]["impact"]["alerts"] == 2
    last = f"/{made['id']}/incidents/{made['incidents'][0]['id']}"
    assert len((await ask(world.ana, "DELETE", last))["incidents"]) == 1
    await ask(world.ana, "DELETE", f"/{made['id']}/incidents/{other}", None, 409)


async def test_whoever_is_of_no_team_reads_but_does_not_begin(world: World) -> None:
    incident_id = await resolved(world)

    body = {"incident_ids": [incident_id]}
    await ask(world.eve, "POST", "", body, 403)
    await ask(world.ana, "POST", "", {"incident_ids": [str(UUID(int=7))]}, 404)
    await ask(world.ana, "POST", "", {**body, "template": "none such"}, 422)


# -- writing ----------------------------------------------------------------------------


async def test_what_is_saved_is_there(world: World) -> None:
    made = await begin(world)

    saved = await save(world.ana, made, body="It was the **disk**.", tags=["storage"])

    after = await ask(world.bo, "GET", f"/{made['id']}")
    assert saved["version"] == after["version"] == 2
    assert after["content"]["body"] == "It was the **disk**."
    assert after["updated_by"]["name"] == "Ana"
    assert after["lock"]["holder"]["name"] == "Ana"


async def test_a_save_that_changes_nothing_is_no_version(world: World) -> None:
    made = await begin(world)

    assert (await save(world.ana, made))["version"] == 1


async def test_whoever_wrote_on_an_older_version_is_told_whose_came_between(
    world: World,
) -> None:
    made = await begin(world)
    await save(world.ana, made, body="Ana's")
    world.api.clock.advance(2 * MINUTE)  # her lock is over

    refused = await save(world.bo, made, 409, body="Bo's")

    assert refused["code"] == "overtaken"
    assert "Ana has saved version 2" in refused["detail"]


async def test_while_one_writes_the_other_waits_or_takes_over(world: World) -> None:
    made = await begin(world)
    await save(world.ana, made, body="Ana's")
    path = f"/{made['id']}/lock"

    refused = await ask(world.bo, "PUT", path, {}, 409)
    taken = await ask(world.bo, "PUT", path, {"take_over": True})
    late = await save(world.ana, taken, 409, body="Ana's, still")

    assert (refused["code"], refused["detail"]) == ("locked", "Ana is writing")
    assert taken["lock"]["holder"]["name"] == "Bo"
    assert (late["code"], late["detail"]) == ("locked", "Bo is writing")


async def test_a_lock_is_over_a_minute_after_the_last_save(world: World) -> None:
    made = await begin(world)
    await ask(world.ana, "PUT", f"/{made['id']}/lock", {})
    world.api.clock.advance(MINUTE)

    found = await ask(world.bo, "PUT", f"/{made['id']}/lock", {})
    await ask(world.bo, "DELETE", f"/{made['id']}/lock", None, 204)

    assert found["lock"]["holder"]["name"] == "Bo"
    assert (await ask(world.ana, "GET", f"/{made['id']}"))["lock"] is None


async def test_lines_of_the_timeline_are_hidden_reworded_added_and_sorted(
    world: World,
) -> None:
    made = await begin(world)
    first, *others = made["content"]["timeline"]
    added = {"id": "mine", "at": "2026-03-02T09:01:00Z", "text": "Sales noticed"}

    await save(world.ana, made, timeline=[*others, {**first, "hidden": True}, added])
    news = {"text": "One more thing"}
    path = f"/v1/incidents/{made['incidents'][0]['id']}/notes"
    await world.bo.client.post(path, json=news)
    after = await ask(world.ana, "POST", f"/{made['id']}/timeline")

    told = after["content"]["timeline"]
    assert told[0]["hidden"]
    assert "Sales noticed" in [item["text"] for item in told]
    assert told[-1]["text"] == "Bo noted: One more thing"
    assert len(told) == len(made["content"]["timeline"]) + 2


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "  "},
        {"body": "x" * 60_001},
        {"impact": {"started_at": "2026-03-02T09:00:00"}},
        {
            "impact": {
                "started_at": "2026-03-02T09:00:00Z",
                "resolved_at": "2026-03-02T08:00:00Z",
            }
        },
        {"timeline": [{"id": "<b>", "at": "2026-03-02T09:00:00Z", "text": ""}]},
    ],
    ids=["no title", "too long", "no zone", "ends before it begins", "hostile id"],
)
async def test_what_makes_no_sense_is_refused(world: World, changes: Json) -> None:
    made = await begin(world)

    await save(world.ana, made, 422, **changes)


# -- versions ---------------------------------------------------------------------------


async def test_saves_shortly_after_each_other_are_one_version(world: World) -> None:
    made = await begin(world)
    for text in ("a", "ab", "abc"):
        await save(world.ana, made, body=text)
        made = await ask(world.ana, "GET", f"/{made['id']}")
    world.api.clock.advance(2 * MINUTE)
    await save(world.bo, made, body="Bo's")

    versions = (
        await world.eve.client.get(f"/v1/postmortems/{made['id']}/versions")
    ).json()

    found = [(one["number"], one["author"]["name"]) for one in versions]
    assert found == [(5, "Bo"), (4, "Ana"), (1, "Ana")]


async def test_an_earlier_version_comes_back_as_the_newest(world: World) -> None:
    made = await begin(world)
    await save(world.ana, made, body="Worse")

    before = await ask(world.ana, "GET", f"/{made['id']}/versions/1")
    after = await ask(world.ana, "POST", f"/{made['id']}/versions/1/restoration")
    lost = await ask(world.ana, "GET", f"/{made['id']}/versions/2")

    assert after["content"] == before["content"]
    assert after["version"] == 3
    assert lost["content"]["body"] == "Worse"
    await ask(world.ana, "GET", f"/{made['id']}/versions/9", None, 404)


# -- review and publication -------------------------------------------------------------


async def test_it_is_written_reviewed_and_published(world: World) -> None:
    incident_id = await resolved(world)
    made = await begin(world, incident_id)
    path = f"/{made['id']}"

    await ask(world.ana, "PUT", f"{path}/publication", None, 409)
    submitted = await ask(world.ana, "PUT", f"{path}/review")
    await ask(world.ana, "PUT", f"{path}/publication", None, 403)
    published = await ask(world.bo, "PUT", f"{path}/publication")

    assert (submitted["state"], submitted["moves"]) == ("in_review", ["returned"])
    assert published["state"] == "published"
    assert published["published_by"]["name"] == "Bo"
    assert (await world.kinds(incident_id))[-1] == "postmortem.published"
    assert (await save(world.ana, published, 409, body="More"))["code"] == "conflict"


async def test_only_an_admin_of_the_team_opens_it_again(world: World) -> None:
    made = await begin(world)
    admin = await admin_of(world)
    path = f"/{made['id']}"
    await ask(world.ana, "PUT", f"{path}/review")
    await ask(admin, "PUT", f"{path}/publication")

    await ask(world.bo, "DELETE", f"{path}/publication", None, 403)
    again = await ask(admin, "DELETE", f"{path}/publication")

    assert (again["state"], again["published_at"]) == ("draft", None)


async def test_what_is_removed_is_gone(world: World) -> None:
    made = await begin(world)

    await ask(world.ana, "DELETE", f"/{made['id']}", None, 403)
    await ask(await admin_of(world), "DELETE", f"/{made['id']}", None, 204)

    await ask(world.ana, "GET", f"/{made['id']}", None, 404)
    assert (await ask(world.ana, "GET", ""))["items"] == []


# -- finding ----------------------------------------------------------------------------


async def test_it_is_found_by_what_is_written_in_it(world: World) -> None:
    made = await begin(world)
    await save(world.ana, made, body="The deployments filled it.", tags=["storage"])
    service_id = str(world.scene.service_id)
    queries = {
        "q=deployment": 1,
        "q=kubernetes": 0,
        "q=disk -deployment": 0,
        "q='unbalanced": 0,
        "tag=storage": 1,
        "tag=network": 0,
        "state=draft": 1,
        "state=published": 0,
        f"team_id={world.scene.team_id}": 1,
        f"service_id={service_id}": 1,
        f"service_id={UUID(int=3)}": 0,
        "since=2026-03-02T09:00:00Z": 1,
        "until=2026-03-02T09:00:00Z": 0,
    }

    found = {
        query: len((await ask(world.eve, "GET", f"?{query}"))["items"])
        for query in queries
    }

    assert found == queries
    tags = await world.eve.client.get("/v1/postmortem-tags")
    assert tags.json() == ["storage"]


# -- templates --------------------------------------------------------------------------


async def test_a_team_has_templates_of_its_own(world: World) -> None:
    admin = await admin_of(world)
    path, team_id = "/v1/postmortem-templates", str(world.scene.team_id)
    body = {"team_id": team_id, "name": "Ours", "body": "## Ours"}

    refused = await world.ana.client.post(path, json=body)
    made = (await admin.client.post(path, json=body)).json()
    again = await admin.client.post(path, json=body)
    listed = (await world.ana.client.get(f"{path}?team_id={team_id}")).json()
    begun = await begin(world, template=made["key"])

    assert (refused.status_code, again.status_code) == (403, 409)
    assert [one["name"] for one in listed][-1] == "Ours"
    assert len((await world.eve.client.get(path)).json()) == 3
    assert begun["content"]["body"] == "## Ours"
