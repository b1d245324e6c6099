"""Services and integrations over HTTP: made, changed, ended; keys shown once and rotated."""

import pytest

from pagefree.core.access import Role
from pagefree.infra.ids import new_id
from pagefree.integrations import all_kinds
from pagefree.services import routing_keys
from tests.api.conftest import BASE_URL, Api, Person

JSON = dict[str, object]


@pytest.fixture
async def lead(api: Api) -> Person:
    """The admin of a team."""
    team = await api.team("Web")
    return await api.user("Ana", teams={team.id: Role.TEAM_ADMIN})


async def team_id(person: Person) -> str:
    """The person's first team."""
    me = (await person.client.get("/v1/me")).json()
    return str(me["memberships"][0]["team"]["id"])


async def service(person: Person, name: str = "Shop", **more: object) -> JSON:
    """A new service of the person's team."""
    body = {"name": name, "team_id": await team_id(person), **more}
    answer = await person.client.post("/v1/services", json=body)
    assert answer.status_code == 201, answer.text
    made: JSON = answer.json()
    return made


async def integration(person: Person, kind: str = "generic") -> JSON:
    """A new integration of a new service."""
    on = await service(person)
    path = f"/v1/services/{on['id']}/integrations"
    answer = await person.client.post(path, json={"kind": kind, "name": "Checks"})
    assert answer.status_code == 201, answer.text
    made: JSON = answer.json()
    return made


async def test_a_service_is_made_seen_changed_and_deleted(lead: Person) -> None:
    made = await service(lead, description="Sells things")
    path = f"/v1/services/{made['id']}"

    assert made == {
        "id": made["id"],
        "name": "Shop",
        "description": "Sells things",
        "team": {"id": await team_id(lead), "name": "Web"},
        "escalation_policy": None,
        "lifecycle": "active",
        "created_at": made["created_at"],
        "kind": "technical",
        "tags": [],
        "tier": None,
        "runbook_url": None,
        "open_incidents": 0,
        "state": "quiet",
        "because_of": None,
        "integration_count": 0,
        "set_up": made["set_up"],
    }
    assert (await lead.client.get(path)).json() == made
    changes = {"name": "Store", "lifecycle": "archived"}
    changed = (await lead.client.patch(path, json=changes)).json()
    assert changed == {**made, **changes, "set_up": changed["set_up"]}
    assert (await lead.client.delete(path)).status_code == 204
    assert (await lead.client.get(path)).status_code == 404


async def test_services_are_listed_in_pages_and_found_by_name_and_team(
    lead: Person,
) -> None:
    for name in ("One", "Two", "Three"):
        await service(lead, name)

    async def names(query: str) -> list[str]:
        page = (await lead.client.get(f"/v1/services?{query}")).json()
        return [item["name"] for item in page["items"]]

    first = (await lead.client.get("/v1/services?limit=2")).json()
    assert [item["name"] for item in first["items"]] == ["Three", "Two"]
    assert await names(f"limit=2&cursor={first['next_cursor']}") == ["One"]
    assert await names("query=tW") == ["Two"]
    assert await names("query=%25") == []
    assert await names(f"team_id={await team_id(lead)}&query=o") == ["Two", "One"]
    assert await names(f"team_id={new_id()}") == []


async def test_two_services_cannot_have_one_name(lead: Person) -> None:
    await service(lead, "Shop")
    other = await service(lead, "Store")
    body = {"name": "Shop", "team_id": await team_id(lead)}

    again = await lead.client.post("/v1/services", json=body)
    renamed = await lead.client.patch(
        f"/v1/services/{other['id']}", json={"name": "Shop"}
    )

    assert (again.status_code, again.json()["code"]) == (409, "conflict")
    assert renamed.status_code == 409


@pytest.mark.parametrize(
    "changes",
    [
        {"name": None},
        {"name": ""},
        {"lifecycle": "gone"},
        {"surprise": 1},
        {"escalation_policy_id": str(new_id())},
    ],
)
async def test_a_change_that_cannot_be_is_refused(lead: Person, changes: JSON) -> None:
    made = await service(lead)

    answer = await lead.client.patch(f"/v1/services/{made['id']}", json=changes)

    assert answer.status_code == 422


async def test_the_policy_of_a_service_is_set_and_taken_away(lead: Person) -> None:
    policy = {
        "name": "Web",
        "team_id": await team_id(lead),
        "repeats": 0,
        "steps": [
            {"timeout_s": 300, "targets": [{"kind": "user", "id": str(lead.id)}]}
        ],
    }
    made = (await lead.client.post("/v1/escalation-policies", json=policy)).json()
    on = await service(lead, escalation_policy_id=made["id"])
    assert on["escalation_policy"] == {"id": made["id"], "name": "Web"}

    answer = await lead.client.patch(
        f"/v1/services/{on['id']}", json={"escalation_policy_id": None}
    )

    assert answer.json()["escalation_policy"] is None


async def test_a_service_moves_only_to_a_team_of_ones_own(
    api: Api, lead: Person
) -> None:
    elsewhere = await api.team("Elsewhere")
    made = await service(lead)

    answer = await lead.client.patch(
        f"/v1/services/{made['id']}", json={"team_id": str(elsewhere.id)}
    )

    assert answer.status_code == 403


async def test_every_kind_tells_how_it_is_set_up(lead: Person) -> None:
    kinds = (await lead.client.get("/v1/integration-kinds")).json()

    assert {kind["kind"] for kind in kinds} == set(all_kinds())
    for kind in kinds:
        assert "{{key}}" in kind["readme"]
        assert kind["ingest_path"].startswith("/")
        assert kind["sample"]
        assert kind["summary"]
    by_name = {kind["kind"]: kind for kind in kinds}
    assert by_name["generic"]["settings_schema"]["properties"]["dedup"]["title"]
    assert by_name["github"]["signature"] == "GitHub"
    assert by_name["uptime_kuma"]["category"] == "uptime"
    assert by_name["uptime_kuma"]["signature"] is None


@pytest.mark.parametrize("kind", all_kinds())
async def test_a_routing_key_is_shown_once_in_a_set_up_that_can_be_pasted(
    lead: Person, kind: str
) -> None:
    made = await integration(lead, kind)
    key, setup = str(made["routing_key"]), str(made["setup"])
    path = f"/v1/integrations/{made['id']}"

    assert routing_keys.well_formed(key)
    assert key in setup
    assert f"{BASE_URL}{all_kinds()[kind].path}" in setup
    assert "{{url}}" not in setup
    assert "{{key}}" not in setup
    assert "{{mail_domain}}" not in setup
    seen = (await lead.client.get(path)).json()
    assert seen["keys"][0]["prefix"] == key[:8]
    later = (await lead.client.get(f"{path}/setup")).json()["markdown"]
    assert key not in later
    assert seen["url"] in later


@pytest.mark.parametrize(
    ("domain", "shown"), [(None, "<mail domain>"), ("in.example.org", "in.example.org")]
)
async def test_the_address_for_mail_has_the_domain_that_mail_is_taken_for(
    api: Api, lead: Person, domain: str | None, shown: str
) -> None:
    api.app.state.mail_domain = domain

    made = await integration(lead, "email")
    kinds = (await lead.client.get("/v1/integration-kinds")).json()

    assert f"{made['routing_key']}@{shown}" in str(made["setup"])
    (mail,) = [kind for kind in kinds if kind["kind"] == "email"]
    assert "{{key}}@" + shown in mail["readme"]


async def test_a_key_for_pagerduty_clients_has_exactly_32_plain_characters(
    lead: Person,
) -> None:
    key = str((await integration(lead, "pagerduty_v2"))["routing_key"])

    assert len(key) == 32
    assert key.isascii()
    assert key.isalnum()
    assert key == key.lower()


def test_a_mistyped_key_is_known_without_asking_the_database() -> None:
    for shape in routing_keys.RANDOM_LENGTHS:
        key = routing_keys.make(shape)
        assert routing_keys.well_formed(key)
        swapped = key[:-6] + ("a" if key[-6] != "a" else "b") + key[-5:]
        for wrong in (swapped, key[:-1], key + "x", "", "ü" * len(key)):
            assert not routing_keys.well_formed(wrong)


async def test_keys_are_rotated_without_a_gap_and_a_third_is_refused(
    lead: Person,
) -> None:
    made = await integration(lead)
    path = f"/v1/integrations/{made['id']}"

    second = await lead.client.post(f"{path}/keys")
    third = await lead.client.post(f"{path}/keys")
    assert (second.status_code, third.status_code) == (201, 409)
    assert second.json()["routing_key"] in second.json()["setup"]
    old, new = (await lead.client.get(path)).json()["keys"]
    assert new["prefix"] == second.json()["prefix"]

    assert (await lead.client.delete(f"{path}/keys/{old['id']}")).status_code == 204
    assert (await lead.client.delete(f"{path}/keys/{old['id']}")).status_code == 404
    assert (await lead.client.get(path)).json()["keys"] == [new]


async def test_an_integration_is_renamed_switched_off_and_on_and_deleted(
    lead: Person,
) -> None:
    made = await integration(lead)
    path = f"/v1/integrations/{made['id']}"

    off = (await lead.client.patch(path, json={"name": "Old", "disabled": True})).json()
    assert (off["name"], off["disabled_at"] is None) == ("Old", False)
    on = (await lead.client.patch(path, json={"disabled": False})).json()
    assert on["disabled_at"] is None
    listed = (await lead.client.get("/v1/integrations")).json()["items"]
    assert [item["id"] for item in listed] == [made["id"]]
    assert (await lead.client.delete(path)).status_code == 204
    assert (await lead.client.get("/v1/integrations")).json()["items"] == []


async def test_a_kind_that_nobody_knows_is_refused(lead: Person) -> None:
    on = await service(lead)

    answer = await lead.client.post(
        f"/v1/services/{on['id']}/integrations", json={"kind": "fax", "name": "Fax"}
    )

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
