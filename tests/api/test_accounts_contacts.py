"""How people are reached: who may see and change it, and what an address may be."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from pagefree.accounts import service
from pagefree.accounts.contacts import secret_purpose
from pagefree.accounts.queries import NewUser
from pagefree.core.access import Role
from pagefree.infra.db import transaction
from pagefree.infra.ids import new_id
from pagefree.tables.accounts import contact_methods
from pagefree.tables.notifications import notification_rules
from tests.api.conftest import Api, Person

WEBHOOK = {
    "channel": "webhook",
    "label": "Pager bot",
    "address": {"url": "https://example.org/pages"},
}


def url_of(person: Person) -> str:
    return f"/v1/users/{person.id}/contact-methods"


@pytest.fixture
async def ana(api: Api) -> Person:
    return await api.user("Ana")


async def test_a_new_person_is_reached_by_e_mail_and_in_the_web_app_at_once(
    ana: Person, api: Api
) -> None:
    listed = (await ana.client.get(url_of(ana))).json()

    assert [(one["channel"], one["address"]) for one in listed] == [
        ("in_app", {}),
        ("email", {"email": "ana@example.org"}),
    ]
    async with transaction(api.engine) as tx:
        rules = (await tx.execute(select(notification_rules))).all()
    assert {
        (rule.urgency, str(rule.contact_method_id), rule.delay) for rule in rules
    } == {
        (urgency, one["id"], timedelta(0))
        for urgency in ("high", "low")
        for one in listed
    }


async def test_an_account_that_cannot_be_mailed_is_reached_in_the_web_app(
    api: Api, admin: Person
) -> None:
    async with transaction(api.engine) as tx:
        user = await service.create_user(
            tx, NewUser("ro,ot@localhost", "Root"), api.clock()
        )

    listed = await admin.client.get(f"/v1/users/{user.id}/contact-methods")

    assert [one["channel"] for one in listed.json()] == ["in_app"]
    assert user.reachable is False


async def test_an_account_of_a_closed_network_is_reached_by_mail(
    api: Api, admin: Person
) -> None:
    async with transaction(api.engine) as tx:
        user = await service.create_user(
            tx, NewUser("root@localhost", "Root"), api.clock()
        )

    listed = await admin.client.get(f"/v1/users/{user.id}/contact-methods")

    assert {one["channel"] for one in listed.json()} == {"in_app", "email"}


async def test_a_webhook_gets_a_secret_that_is_shown_once_and_sealed(
    ana: Person, api: Api
) -> None:
    made = await ana.client.post(url_of(ana), json=WEBHOOK)

    body = made.json()
    secret = body.pop("secret")
    assert made.status_code == 201
    assert secret.startswith("whsec_")
    assert (await ana.client.get(url_of(ana))).json()[-1] == body
    async with transaction(api.engine) as tx:
        query = select(contact_methods).where(contact_methods.c.channel == "webhook")
        stored = (await tx.execute(query)).one()
    assert secret.encode() not in stored.secret
    opened = api.app.state.vault.open(stored.secret, secret_purpose(stored.id))
    assert opened.decode() == secret


async def test_an_address_is_stored_as_its_channel_reads_it(ana: Person) -> None:
    address = {"url": "https://EXAMPLE.org/a\0b"}

    made = await ana.client.post(url_of(ana), json={**WEBHOOK, "address": address})

    assert made.status_code == 201
    assert made.json()["address"] == {"url": "https://example.org/a%00b"}


async def test_an_e_mail_address_has_no_secret(ana: Person) -> None:
    made = await ana.client.post(
        url_of(ana),
        json={
            "channel": "email",
            "label": "Home",
            "address": {"email": "ana@home.example.org"},
        },
    )

    assert made.status_code == 201
    assert made.json()["secret"] is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"channel": "pigeon"},
        {"channel": "in_app", "address": {}},
        {"address": {}},
        {"address": {"url": "no address"}},
        {"address": {"url": "https://example.org", "more": 1}},
        {"address": []},
        {"label": ""},
        {"secret": "mine"},
    ],
)
async def test_an_address_must_be_as_its_channel_says(
    ana: Person, wrong: dict[str, object]
) -> None:
    answer = await ana.client.post(url_of(ana), json={**WEBHOOK, **wrong})

    assert answer.status_code == 422


async def test_a_contact_method_is_changed_switched_off_and_on_and_removed(
    ana: Person,
) -> None:
    made = (await ana.client.post(url_of(ana), json=WEBHOOK)).json()
    url = f"{url_of(ana)}/{made['id']}"

    changed = await ana.client.patch(
        url, json={"label": "Bot", "address": {"url": "https://example.org/2"}}
    )
    off = await ana.client.patch(url, json={"disabled": True})
    on = await ana.client.patch(url, json={"disabled": False})
    bad = await ana.client.patch(url, json={"address": {"url": "x"}})
    removed = [(await ana.client.delete(url)).status_code for _ in "12"]

    assert (changed.json()["label"], changed.json()["address"]) == (
        "Bot",
        {"url": "https://example.org/2"},
    )
    assert off.json()["disabled_at"] == "2026-03-02T09:00:00Z"
    assert off.json()["disabled_reason"] == "switched off"
    assert (on.json()["disabled_at"], on.json()["disabled_reason"]) == (None, None)
    assert bad.status_code == 422
    assert removed == [204, 204]
    assert len((await ana.client.get(url_of(ana))).json()) == 2


async def test_whoever_has_only_the_web_app_left_is_not_reachable(ana: Person) -> None:
    in_app, email = (await ana.client.get(url_of(ana))).json()

    kept = await ana.client.delete(f"{url_of(ana)}/{in_app['id']}")
    await ana.client.patch(f"{url_of(ana)}/{email['id']}", json={"disabled": True})

    assert kept.status_code == 409
    user = (await ana.client.get(f"/v1/users/{ana.id}")).json()
    assert user["reachable"] is False


async def test_admins_of_a_shared_team_may_help_and_nobody_else(
    api: Api, admin: Person
) -> None:
    web, ops = await api.team("Web"), await api.team("Ops")
    bo = await api.user("Bo", teams={web.id: Role.RESPONDER})
    asking = {
        "team admin": await api.user("Tea", teams={web.id: Role.TEAM_ADMIN}),
        "platform admin": admin,
        "responder": await api.user("Rob", teams={web.id: Role.RESPONDER}),
        "admin of another team": await api.user("Una", teams={ops.id: Role.TEAM_ADMIN}),
        "nobody": await api.user("Nob"),
    }

    codes = {
        who: (
            (await person.client.get(url_of(bo))).status_code,
            (await person.client.post(url_of(bo), json=WEBHOOK)).status_code,
        )
        for who, person in asking.items()
    }

    assert codes == {
        "team admin": (200, 201),
        "platform admin": (200, 201),
        "responder": (403, 403),
        "admin of another team": (403, 403),
        "nobody": (403, 403),
    }


async def test_a_contact_method_is_found_only_at_its_own_person(
    ana: Person, api: Api
) -> None:
    bo = await api.user("Bo")
    method = (await ana.client.get(url_of(ana))).json()[1]

    through_bo = f"{url_of(bo)}/{method['id']}"
    changed = await bo.client.patch(through_bo, json={"label": "mine"})
    removed = await bo.client.delete(through_bo)
    unknown = await ana.client.patch(f"{url_of(ana)}/{uuid4()}", json={"label": "x"})
    nobody = await ana.client.get(f"/v1/users/{new_id()}/contact-methods")

    assert (changed.status_code, unknown.status_code, nobody.status_code) == (404,) * 3
    assert removed.status_code == 204
    assert method in (await ana.client.get(url_of(ana))).json()


async def test_nobody_takes_over_a_platform_admins_pages_by_adding_them_to_a_team(
    api: Api, admin: Person
) -> None:
    team = await api.team()
    tea = await api.user("Tea", teams={team.id: Role.TEAM_ADMIN})
    member = f"/v1/teams/{team.id}/members/{admin.id}"

    added = await tea.client.put(member, json={"role": "observer"})
    seen = await tea.client.get(url_of(admin))

    assert (added.status_code, seen.status_code) == (200, 403)
