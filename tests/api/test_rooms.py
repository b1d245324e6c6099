"""The rooms of a team over HTTP: kept, proven by a code that is posted there, and tested."""

import hmac
import re

import pytest

from pagefree.core.access import Role
from pagefree.incidents.answers import HOW_TO_LINK
from pagefree.infra.ids import new_id
from tests.api.conftest import Api, Person
from tests.api.test_notifications import outbox, work

HOOK = "https://discord.example.org/api/webhooks/1/secret-token"


@pytest.fixture
async def lead(api: Api) -> Person:
    """Administers the team Web."""
    team = await api.team("Web")
    return await api.user("Lea", teams={team.id: Role.TEAM_ADMIN})


async def team_id(person: Person) -> str:
    teams = (await person.client.get("/v1/teams")).json()
    return str(next(team["id"] for team in teams if team["name"] == "Web"))


async def added(
    lead: Person, channel: str = "discord", name: str = "Ops"
) -> dict[str, object]:
    body = {
        "team_id": await team_id(lead),
        "channel": channel,
        "name": name,
        "address": {"url": HOOK},
    }
    answer = await lead.client.post("/v1/rooms", json=body)
    assert answer.status_code == 201, answer.text
    made: dict[str, object] = answer.json()
    return made


async def test_whoever_reads_a_room_proves_that_it_is_the_teams(
    api: Api, lead: Person
) -> None:
    api.app.state.demo = True
    room = await added(lead)
    path = f"/v1/rooms/{room['id']}"
    assert room["unverified_since"] is not None
    refused = await lead.client.post(f"{path}/test")
    assert refused.status_code == 409
    assert "ask for a code" in refused.json()["detail"]

    sent = await lead.client.post(f"{path}/verification")
    assert sent.status_code == 202
    await work(api)
    [message] = await outbox(lead)
    code = re.search(r"\d{6}", str(message["text"]))
    assert code is not None

    wrong = await lead.client.put(f"{path}/verification", json={"code": "no"})
    right = await lead.client.put(f"{path}/verification", json={"code": code[0]})
    tested = await lead.client.post(f"{path}/test")

    assert wrong.json() == {"verified": False}
    assert right.json() == {"verified": True}
    assert tested.status_code == 202
    shown = (await lead.client.get(path)).json()
    assert shown["unverified_since"] is None


async def test_only_who_may_change_a_room_sees_where_it_is(
    api: Api, lead: Person
) -> None:
    room = await added(lead)
    ana = await api.user("Ana")

    theirs = (await lead.client.get("/v1/rooms")).json()
    [seen] = (await ana.client.get("/v1/rooms")).json()

    assert theirs[0]["address"] == {"url": HOOK}
    assert seen["id"] == room["id"]
    assert seen["address"] is None
    assert seen["recipient"] == "discord.example.org"
    assert "secret-token" not in str(seen)


async def test_the_secret_of_a_signed_room_is_shown_once(lead: Person) -> None:
    room = await added(lead, "webhook")

    again = (await lead.client.get(f"/v1/rooms/{room['id']}")).json()

    assert str(room["secret"]).startswith("whsec_")
    assert room["unverified_since"] is None
    assert "secret" not in again


async def test_another_address_is_proven_anew_and_another_name_is_not(
    lead: Person,
) -> None:
    path = f"/v1/rooms/{(await added(lead, 'webhook'))['id']}"
    second = f"/v1/rooms/{(await added(lead, 'discord', 'Second'))['id']}"

    renamed = await lead.client.patch(path, json={"name": "Nights"})
    moved = await lead.client.patch(second, json={"address": {"url": HOOK + "2"}})
    off = await lead.client.patch(path, json={"disabled": True})

    assert renamed.json()["name"] == "Nights"
    assert moved.json()["unverified_since"] is not None
    assert off.json()["disabled_reason"] == "switched off"
    assert (await lead.client.post(f"{path}/test")).status_code == 409


@pytest.mark.parametrize(
    ("channel", "address", "detail"),
    [
        ("sms", {"number": "+4912345678"}, "there is no channel 'sms'"),
        ("nowhere", {}, "there is no channel 'nowhere'"),
        ("discord", {"url": HOOK, "mine": True}, "mine: Extra inputs"),
        ("discord", {}, "url: Field required"),
    ],
    ids=["nobody reads it together", "unknown", "a person's form", "without"],
)
async def test_what_is_no_room_is_refused(
    lead: Person, channel: str, address: dict[str, object], detail: str
) -> None:
    body = {
        "team_id": await team_id(lead),
        "channel": channel,
        "name": "Ops",
        "address": address,
    }

    answer = await lead.client.post("/v1/rooms", json=body)

    assert answer.status_code in {400, 409, 422}
    assert detail in answer.json()["detail"]


async def test_a_team_has_no_two_rooms_of_one_name(lead: Person) -> None:
    await added(lead)

    body = {
        "team_id": await team_id(lead),
        "channel": "webhook",
        "name": "Ops",
        "address": {"url": HOOK},
    }
    answer = await lead.client.post("/v1/rooms", json=body)

    assert answer.status_code == 409
    assert "a room named Ops already" in answer.json()["detail"]


async def test_a_policy_posts_to_a_room_and_keeps_it(lead: Person) -> None:
    room = await added(lead, "webhook")
    policy = {
        "name": "Nights",
        "team_id": await team_id(lead),
        "steps": [{"timeout_s": 300, "targets": [{"kind": "room", "id": room["id"]}]}],
    }

    made = await lead.client.post("/v1/escalation-policies", json=policy)
    found = await lead.client.get(
        f"/v1/escalation-policies/{made.json()['id']}/findings"
    )
    refused = await lead.client.delete(f"/v1/rooms/{room['id']}")

    assert made.status_code == 201
    assert made.json()["steps"][0]["targets"][0]["name"] == "Ops"
    assert [one["kind"] for one in found.json()] == ["only_rooms"]
    assert refused.status_code == 409
    assert "Nights" in refused.json()["detail"]


async def test_the_explanation_of_a_policy_says_where_it_posts(lead: Person) -> None:
    room = await added(lead, "webhook")
    me = (await lead.client.get("/v1/me")).json()
    draft = {
        "name": "Nights",
        "team_id": await team_id(lead),
        "steps": [
            {
                "timeout_s": 300,
                "targets": [
                    {"kind": "room", "id": room["id"]},
                    {"kind": "user", "id": me["id"]},
                ],
            }
        ],
    }

    answer = await lead.client.post("/v1/explain", json={"policy": draft})

    assert answer.status_code == 200, answer.text
    [story] = answer.json()["stories"]
    people = story["steps"][0]["people"]
    posted = [one for one in people if one["room"]]
    assert [one["user"]["name"] for one in posted] == ["Ops"]
    assert posted[0]["messages"][0]["channel"] == "webhook"
    assert any(page["room"] for page in story["minutes"][0]["pages"])


async def test_a_contact_method_of_a_person_is_no_room(lead: Person) -> None:
    me = (await lead.client.get("/v1/me")).json()
    methods = await lead.client.get(f"/v1/users/{me['id']}/contact-methods")
    method_id = methods.json()[0]["id"]

    assert (await lead.client.get(f"/v1/rooms/{method_id}")).status_code == 404
    assert (await lead.client.delete(f"/v1/rooms/{method_id}")).status_code == 404
    policy = {
        "name": "Nights",
        "team_id": await team_id(lead),
        "steps": [{"timeout_s": 300, "targets": [{"kind": "room", "id": method_id}]}],
    }
    made = await lead.client.post("/v1/escalation-policies", json=policy)
    assert made.status_code == 422


async def test_who_presses_in_a_group_and_is_unknown_is_told_how_to_link(
    api: Api, admin: Person
) -> None:
    values = {"bot_token": "123:secret", "webhook_secret": "x" * 20}
    await admin.client.put("/v1/channels/telegram/config", json={"values": values})
    provider = await api.browser(headers={})
    press = {"id": "9", "from": {"id": 77}, "data": f"a:{new_id().hex}"}

    answer = await provider.post(
        "/v1/channels/telegram/callbacks/updates",
        json={"update_id": 1, "callback_query": press},
        headers={"X-Telegram-Bot-Api-Secret-Token": "x" * 20},
    )

    assert answer.status_code == 200
    assert answer.json()["text"] == HOW_TO_LINK[:200]


async def test_a_command_in_slack_is_answered_to_whoever_typed_it(
    api: Api, admin: Person
) -> None:
    secret = "s" * 20
    values = {"bot_token": "xoxb-1", "signing_secret": secret}
    await admin.client.put("/v1/channels/slack/config", json={"values": values})
    body = b"command=%2Foncall&text=&team_id=T1&user_id=U9&trigger_id=1"
    stamp = str(int(api.clock().timestamp()))
    mac = hmac.digest(secret.encode(), f"v0:{stamp}:".encode() + body, "sha256")
    signed = {
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": f"v0={mac.hex()}",
    }
    provider = await api.browser(headers={})
    path = "/v1/channels/slack/callbacks/commands"

    forged = await provider.post(path, content=body)
    answer = await provider.post(path, content=body, headers=signed)

    assert forged.status_code == 403
    assert answer.json()["response_type"] == "ephemeral"
    assert answer.json()["text"].startswith("PageFree does not know who you are here")
