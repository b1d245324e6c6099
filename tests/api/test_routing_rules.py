"""Routing rules over HTTP: made, ordered, changed, tried on what was really sent."""

import pytest
from sqlalchemy import text

from pagefree.alerts.ingest import Ingest
from pagefree.core.access import Role
from pagefree.infra.db import transaction
from pagefree.infra.ids import new_id
from tests.api.conftest import Api, Person

JSON = dict[str, object]
QUIET: JSON = {"suppress": {"reason": "nobody runs dev"}}
PATH = "/v1/routing-rules"


@pytest.fixture
async def lead(api: Api) -> Person:
    """The admin of a team."""
    team = await api.team("Web")
    return await api.user("Ana", teams={team.id: Role.TEAM_ADMIN})


async def team_id(person: Person) -> str:
    me = (await person.client.get("/v1/me")).json()
    return str(me["memberships"][0]["team"]["id"])


async def make(person: Person, path: str, body: object) -> JSON:
    answer = await person.client.post(path, json=body)
    assert answer.status_code == 201, answer.text
    made: JSON = answer.json()
    return made


async def rule(person: Person, name: str, **more: object) -> JSON:
    team = await team_id(person)
    body = {"team_id": team, "name": name, "actions": QUIET, **more}
    return await make(person, PATH, body)


async def service(person: Person, name: str = "Shop") -> str:
    body = {"name": name, "team_id": await team_id(person)}
    return str((await make(person, "/v1/services", body))["id"])


async def problem(person: Person, **rule: object) -> str:
    """Why a rule is refused."""
    team = await team_id(person)
    body = {"team_id": team, "name": "rule", "actions": QUIET, **rule}
    answer = await person.client.post(PATH, json=body)
    assert answer.status_code == 422, answer.text
    return str(answer.json()["detail"])


async def test_a_rule_is_made_seen_changed_and_deleted(lead: Person) -> None:
    made = await rule(lead, "Dev is quiet", condition='labels.env == "dev"')
    path = f"{PATH}/{made['id']}"
    assert made["position"] == 0
    assert made["team"] == {"id": await team_id(lead), "name": "Web"}

    changed = await lead.client.put(
        path, json={"name": "Renamed", "actions": {"hold_s": 60}, "enabled": False}
    )
    assert changed.json()["name"] == "Renamed"
    assert changed.json()["condition"] == ""
    assert changed.json()["actions"]["hold_s"] == 60
    assert (await lead.client.get(path)).json() == changed.json()

    assert (await lead.client.delete(path)).status_code == 204
    assert (await lead.client.get(path)).status_code == 404


async def test_who_does_not_write_cel_puts_a_condition_together(lead: Person) -> None:
    lines = [
        {"field": "labels.env", "operator": "is", "values": ["dev"]},
        {"field": "severity", "operator": "is_not", "values": ["critical"]},
    ]

    made = await rule(lead, "Dev", builder={"lines": lines})

    assert made["builder"] == {"every": True, "lines": lines}
    assert made["condition"] == (
        '"env" in labels && labels["env"] == "dev" && !(severity == "critical")'
    )


async def test_rules_are_asked_in_the_order_they_are_put_into(lead: Person) -> None:
    first, second, third = [await rule(lead, name) for name in ("a", "b", "c")]
    order = [third["id"], first["id"], second["id"]]

    answer = await lead.client.put(
        f"{PATH}/order", json={"team_id": await team_id(lead), "rule_ids": order}
    )

    assert [r["name"] for r in answer.json()] == ["c", "a", "b"]
    assert (await lead.client.get(PATH)).json() == answer.json()


async def test_an_order_of_other_rules_is_refused(lead: Person) -> None:
    await rule(lead, "a")
    body = {"team_id": await team_id(lead), "rule_ids": [str(new_id())]}

    answer = await lead.client.put(f"{PATH}/order", json=body)

    assert answer.status_code == 409


async def test_the_installation_has_rules_of_its_own(
    admin: Person, lead: Person
) -> None:
    everybodys = await make(admin, PATH, {"name": "All", "actions": {"hold_s": 5}})
    own = await rule(lead, "Own")

    listed = (await lead.client.get(PATH)).json()
    installation = await lead.client.get(PATH, params={"installation": True})
    of_team = await lead.client.get(PATH, params={"team_id": await team_id(lead)})

    assert [r["id"] for r in listed] == [everybodys["id"], own["id"]]
    assert [r["id"] for r in installation.json()] == [everybodys["id"]]
    assert [r["id"] for r in of_team.json()] == [own["id"]]
    refused = await lead.client.post(PATH, json={"name": "x", "actions": QUIET})
    assert refused.status_code == 403


async def test_a_rule_that_could_never_work_is_refused(lead: Person) -> None:
    assert "not valid" in await problem(lead, condition="title ==")
    assert "neither true nor false" in await problem(lead, condition="title")
    assert "no field 'host'" in await problem(lead, condition='host == "x"')
    assert "not valid" in await problem(lead, condition='title.matches("[")')
    twice = "labels.exists(a, labels.exists(b, a == b))"
    assert "at most once" in await problem(lead, condition=twice)
    assert "does nothing" in await problem(lead, actions={})
    assert "template" in await problem(lead, actions={"dedup_key": "{{#if}}"})
    elsewhere = {"service_id": str(new_id())}
    assert "no such service" in await problem(lead, actions=elsewhere)
    line = {"field": "host", "operator": "is", "values": ["x"]}
    assert "no field" in await problem(lead, builder={"lines": [line]})
    line = {"field": "title", "operator": "is", "values": []}
    assert "with nothing" in await problem(lead, builder={"lines": [line]})


async def test_a_team_routes_to_its_own_services_only(api: Api, lead: Person) -> None:
    other = await api.team("Data")
    them = await api.user("Dan", teams={other.id: Role.TEAM_ADMIN})
    theirs, own = await service(them, "Lake"), await service(lead)

    assert "another team's" in await problem(lead, actions={"service_id": theirs})
    await rule(lead, "own", actions={"service_id": own})


# -- tried on what was really sent -------------------------------------------------


@pytest.fixture
async def sent(api: Api, lead: Person, ingest: Ingest) -> str:
    """The service whose integration sent two alerts, and something unreadable."""
    service_id = await service(lead)
    path = f"/v1/services/{service_id}/integrations"
    made = await make(lead, path, {"kind": "generic", "name": "Checks"})
    address = f"/in/generic/{made['routing_key']}"
    sender = await api.browser()
    sender._transport.app = ingest.in_front_of(api.app)  # type: ignore[attr-defined]
    for name, env in (("Disk full", "dev"), ("CPU hot", "prod")):
        body = {"title": name, "labels": {"env": env}}
        assert (await sender.post(address, json=body)).status_code == 202
    assert (await sender.post(address, content=b"{")).status_code == 202
    return service_id


async def tried(person: Person, team: str | None, **rule: object) -> JSON:
    body = {"team_id": team, "name": "rule", "actions": QUIET, **rule}
    answer = await person.client.post(f"{PATH}/test", json=body)
    assert answer.status_code == 200, answer.text
    found: JSON = answer.json()
    return found


@pytest.mark.usefixtures("sent")
async def test_a_rule_is_tried_before_it_is_saved(lead: Person) -> None:
    condition = 'labels.env == "dev"'

    found = await tried(lead, await team_id(lead), condition=condition)

    counts = ("requests", "alerts", "matched", "suppressed", "held", "failures")
    assert [found[name] for name in counts] == [2, 2, 1, 1, 0, 0]
    examples = found["examples"]
    assert isinstance(examples, list)
    assert examples[0]["title"] == "Disk full"
    assert examples[0]["suppressed_by"] == "nobody runs dev"
    assert (await lead.client.get(PATH)).json() == []


@pytest.mark.usefixtures("sent")
async def test_a_trial_says_where_a_condition_fails(
    admin: Person, lead: Person
) -> None:
    everybodys = await tried(admin, None, condition="labels.env > 5")
    held = await tried(lead, await team_id(lead), actions={"hold_s": 60})

    assert (everybodys["matched"], everybodys["failures"]) == (0, 2)
    assert (held["matched"], held["suppressed"], held["held"]) == (2, 0, 2)


async def test_suppressed_and_unrouted_alerts_are_listed(
    api: Api, admin: Person, lead: Person, sent: str
) -> None:
    everything = (await lead.client.get("/v1/alerts")).json()["items"]
    async with transaction(api.engine) as tx:
        quiet = (
            "UPDATE alerts SET incident_id = NULL, suppression = 'rule',"
            " suppressed_by = 'noise', routed_by = 'catch_all' WHERE title = 'CPU hot'"
        )
        await tx.execute(text(quiet))

    async def titles(**wanted: object) -> list[str]:
        answer = await admin.client.get("/v1/alerts", params=wanted)  # type: ignore[arg-type]
        return [alert["title"] for alert in answer.json()["items"]]

    assert await titles(suppressed=True) == ["CPU hot"]
    assert await titles(unrouted=True) == ["CPU hot"]
    assert len(await titles(suppressed=False)) == len(everything) - 1
    assert {alert["service_id"] for alert in everything} == {sent}
    shown = await admin.client.get("/v1/alerts", params={"suppressed": True})
    assert shown.json()["items"][0]["suppression"] == {
        "reason": "rule",
        "says": "noise",
        "by_id": None,
        "until": None,
    }
