"""Notification rules, test messages, what was sent, notices and the outbox, over HTTP."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import insert

from pagefree.channels import all_channels
from pagefree.channels.base import Transports
from pagefree.core.access import Role
from pagefree.core.alerts import Severity
from pagefree.core.escalation import Policy, Step, Target, TargetKind
from pagefree.core.routing import Urgency
from pagefree.escalation import service as escalation
from pagefree.incidents.service import Opening, open_many
from pagefree.infra.crypto import Vault
from pagefree.infra.db import driver, transaction
from pagefree.infra.http import GuardedClient
from pagefree.infra.ids import new_id
from pagefree.notifications import delivery
from pagefree.notifications.delivery import Gateway
from pagefree.tables.services import services
from pagefree.timeline.service import SYSTEM
from tests.api.conftest import Api, Person

NOBODY = UUID(int=0)
FREE = dict.fromkeys(all_channels(), 50)


async def methods(person: Person) -> dict[str, str]:
    """The ids of one's contact methods by channel."""
    answer = await person.client.get(f"/v1/users/{person.id}/contact-methods")
    return {item["channel"]: item["id"] for item in answer.json()}


async def page(api: Api, *people: Person) -> UUID:
    """An incident that pages them now."""
    incident_id, service_id = new_id(), new_id()
    team = await api.team("Paged")
    targets = tuple(Target(TargetKind.USER, person.id) for person in people)
    policy = Policy(None, "p", (Step(timedelta(hours=1), targets),))
    opening = Opening(
        incident_id, service_id, team.id, policy, "Disk full", Severity.CRITICAL,
        "P1", Urgency.HIGH, None, 1, SYSTEM,
    )  # fmt: skip
    async with transaction(api.engine) as tx:
        await tx.execute(
            insert(services).values(
                id=service_id, team_id=team.id, name="Shop", created_at=api.clock()
            )
        )
        await open_many(await driver(tx), [opening], api.clock())
    await work(api)
    return incident_id


async def work(api: Api) -> None:
    """Escalate and send, as a worker in demo mode would."""
    transports = Transports(GuardedClient(), None)
    vault = Vault("a key for tests, long enough to be one")
    gateway = Gateway(transports, vault, "http://x", api.clock, demo=True)
    async with transaction(api.engine) as tx:
        await escalation.escalate_due(tx, api.clock(), 100)
        batch = await delivery.claim(tx, FREE, api.clock())
        attempts = [await delivery.attempt(gateway, a) for a in batch.assignments]
        outcomes = [outcome for each in attempts for outcome in each]
        await delivery.settle(tx, outcomes, api.clock())


async def test_channels_come_with_the_forms_of_their_addresses(api: Api) -> None:
    ana = await api.user()

    answer = await ana.client.get("/v1/channels")

    channels = {item["kind"]: item for item in answer.json()}
    assert channels.keys() == all_channels().keys()
    assert "email" in channels["email"]["address_schema"]["properties"]
    assert [kind for kind, item in channels.items() if not item["user_addable"]] == [
        "in_app"
    ]


async def test_rules_are_replaced_as_a_whole(api: Api) -> None:
    ana = await api.user()
    email = (await methods(ana))["email"]
    url = f"/v1/users/{ana.id}/notification-rules"
    rule = {"urgency": "high", "delay_s": 300, "contact_method_id": email}

    put = await ana.client.put(url, json=[rule, rule])
    got = await ana.client.get(url)

    assert put.status_code == 200
    assert put.json() == got.json()
    assert [{k: v for k, v in r.items() if k != "id"} for r in got.json()] == [rule]


async def test_a_rule_must_name_a_method_of_the_same_person(api: Api) -> None:
    ana, bo = await api.user("Ana"), await api.user("Bo")
    rule = {
        "urgency": "low",
        "delay_s": 0,
        "contact_method_id": (await methods(bo))["email"],
    }

    answer = await ana.client.put(f"/v1/users/{ana.id}/notification-rules", json=[rule])

    assert answer.status_code == 422
    assert answer.json()["code"] == "invalid"


async def test_delays_are_between_nothing_and_a_day(api: Api) -> None:
    ana = await api.user()
    email = (await methods(ana))["email"]
    url = f"/v1/users/{ana.id}/notification-rules"

    for delay in (-1, 86_401):
        rule = {"urgency": "high", "delay_s": delay, "contact_method_id": email}
        assert (await ana.client.put(url, json=[rule])).status_code == 422


async def test_rules_are_for_the_person_and_who_administers_them(api: Api) -> None:
    team = await api.team()
    ana = await api.user("Ana", teams={team.id: Role.RESPONDER})
    lead = await api.user("Lea", teams={team.id: Role.TEAM_ADMIN})
    peer = await api.user("Per", teams={team.id: Role.RESPONDER})
    admin = await api.user("Pia", platform_admin=True)
    url = f"/v1/users/{ana.id}/notification-rules"

    codes = [
        (
            (await p.client.get(url)).status_code,
            (await p.client.put(url, json=[])).status_code,
        )
        for p in (ana, lead, admin, peer)
    ]

    assert codes == [(200, 200), (200, 200), (200, 200), (403, 403)]
    unknown = f"/v1/users/{NOBODY}/notification-rules"
    assert (await admin.client.get(unknown)).status_code == 404


async def test_a_test_message_goes_to_one_address(api: Api) -> None:
    ana = await api.user()
    api.app.state.demo = True
    email = (await methods(ana))["email"]

    answer = await ana.client.post(f"/v1/users/{ana.id}/contact-methods/{email}/test")
    await work(api)

    assert answer.status_code == 202
    [message] = await outbox(ana)
    assert message["recipient"] == ana.email
    assert message["title"] == "Test from PageFree: this address works"


async def test_a_test_needs_a_method_that_is_there_and_on(api: Api) -> None:
    ana, bo = await api.user("Ana"), await api.user("Bo")
    email = (await methods(ana))["email"]
    base = f"/v1/users/{ana.id}/contact-methods"
    await ana.client.patch(f"{base}/{email}", json={"disabled": True})

    assert (await ana.client.post(f"{base}/{email}/test")).status_code == 409
    assert (await ana.client.post(f"{base}/{NOBODY}/test")).status_code == 404
    assert (await bo.client.post(f"{base}/{email}/test")).status_code == 403


async def test_an_incident_tells_who_was_told_how_and_what_became_of_it(
    api: Api,
) -> None:
    ana, bo = await api.user("Ana"), await api.user("Bo")

    incident = await page(api, ana)
    answer = await bo.client.get(f"/v1/incidents/{incident}/notifications")

    sent = {item["channel"]: item for item in answer.json()}
    assert sent.keys() == {"email", "in_app"}
    email = sent["email"]
    assert email["user"] == {"id": str(ana.id), "name": "Ana", "kind": "user"}
    assert (email["kind"], email["cause"], email["status"]) == (
        "page",
        "step 1",
        "delivered",
    )
    [attempt] = email["attempts"]
    assert (attempt["number"], attempt["outcome"]) == (1, "accepted")
    unknown = f"/v1/incidents/{NOBODY}/notifications"
    assert (await bo.client.get(unknown)).status_code == 404


async def test_notices_are_read_once(api: Api) -> None:
    ana, bo = await api.user("Ana"), await api.user("Bo")
    await page(api, ana)

    [notice] = await notices(ana, unread=True)
    assert notice["incident"]["title"] == "Disk full"
    assert await notices(bo) == []

    assert (await ana.client.put("/v1/me/notifications/read")).status_code == 204
    assert await notices(ana, unread=True) == []
    assert len(await notices(ana)) == 1


async def test_notices_come_in_pages(api: Api) -> None:
    ana = await api.user()
    app = (await methods(ana))["in_app"]
    for _ in range(3):
        await ana.client.post(f"/v1/users/{ana.id}/contact-methods/{app}/test")
    await work(api)

    first = (await ana.client.get("/v1/me/notifications?limit=2")).json()
    query = f"/v1/me/notifications?limit=2&cursor={first['next_cursor']}"
    second = (await ana.client.get(query)).json()

    items = (*first["items"], *second["items"])
    assert {item["kind"] for item in items} == {"test"}
    ids = [item["id"] for item in items]
    assert len(set(ids)) == 3
    assert ids == sorted(ids, reverse=True)
    assert second["next_cursor"] is None


async def test_the_outbox_shows_what_would_have_been_sent(api: Api) -> None:
    ana = await api.user()
    api.app.state.demo = True
    await page(api, ana)

    [message] = await outbox(ana)

    assert message["channel"] == "email"
    assert message["user"] == {"id": str(ana.id), "name": "Ana", "kind": "user"}
    assert "Disk full" in str(message["title"])
    assert "/act/" in str(message["html"])


async def test_there_is_no_outbox_outside_demo_mode(api: Api) -> None:
    ana = await api.user()

    assert (await ana.client.get("/v1/outbox")).status_code == 404


async def outbox(person: Person) -> list[dict[str, object]]:
    items: list[dict[str, object]] = (await person.client.get("/v1/outbox")).json()[
        "items"
    ]
    return items


async def notices(
    person: Person, *, unread: bool = False
) -> list[dict[str, dict[str, str]]]:
    answer = await person.client.get("/v1/me/notifications", params={"unread": unread})
    items: list[dict[str, dict[str, str]]] = answer.json()["items"]
    return items
